"""A bag, and the proof of one, against a plain export of the same store: N-Quads of what is known now, into a file, as a bag writes
its graph and a proof reads it. Each in turn; processor time of the process, as everything is done in one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time

from orggraph.archive.making import make_bag
from orggraph.archive.proving import prove
from orggraph.rdf.asked import EVERYTHING
from orggraph.rdf.export import Exported, Form, export
from orggraph.rdf.filing import whole_file
from tests.bench.measuring import Figure
from tests.bench.stores import FOLDER, store

MOST_TO_MAKE, MOST_TO_PROVE = 3.0, 6.0


def figures(scale: int, rounds: int) -> Iterator[Figure]:
    """What is written is taken away before more is: at scale 400 a plain export takes 26 GB, a bag 35."""
    path, bag, file = store(scale), FOLDER / "bag", FOLDER / "plain.nq"
    shutil.rmtree(bag, ignore_errors=True)
    plain, nowhere, made, proved = [], [], [], []
    for _ in range(rounds):
        plain.append(_seconds(lambda: _export(path, file)))
        file.unlink()
        nowhere.append(_seconds(lambda: _export_nowhere(path)))
        made.append(_seconds(lambda: make_bag(path, bag)))
        proved.append(_seconds(lambda: _prove(bag)))
        shutil.rmtree(bag)
    quads = _export_nowhere(path).quads
    seconds = {"export": median(plain), "nowhere": median(nowhere), "bag": median(made), "check": median(proved)}
    print(
        f"  bag, scale {scale}: " + ", ".join(f"{name} {one:.2f} s" for name, one in seconds.items()), file=sys.stderr
    )
    for name, what, goal in (("bag", "making", MOST_TO_MAKE), ("check", "check", MOST_TO_PROVE)):
        yield Figure(
            f"bag: {what} / plain export (at most)", scale, quads, seconds[name] / seconds["export"], goal, True
        )
        yield Figure(f"bag: {what} / an export into nothing", scale, quads, seconds[name] / seconds["nowhere"], None)


def _export(path: Path, file: Path) -> Exported:
    with whole_file(file, force=True) as write:
        return export(path, EVERYTHING, Form.NQUADS, write)


def _export_nowhere(path: Path) -> Exported:
    return export(path, EVERYTHING, Form.NQUADS, lambda _: None)


def _prove(bag: Path) -> None:
    judged = prove(bag)
    assert judged.valid
    assert judged.own


def _seconds(run: Callable[[], object]) -> float:
    begin = process_time()
    run()
    return process_time() - begin
