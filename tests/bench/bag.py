"""A bag, and the proof of one, against a plain export of the same store: N-Quads of what is known now. Each in turn; processor
time of the process, as everything is done in one."""

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
from orggraph.rdf.export import Form, export
from tests.bench.measuring import Figure
from tests.bench.stores import FOLDER, store

ROUNDS = 3
MOST_TO_MAKE, MOST_TO_PROVE = 3.0, 6.0


def figures(scale: int, rounds: int = ROUNDS) -> Iterator[Figure]:
    path, bag = store(scale), FOLDER / "bag"
    plain, made, proved = [], [], []
    for _ in range(rounds):
        shutil.rmtree(bag, ignore_errors=True)
        plain.append(_seconds(lambda: export(path, EVERYTHING, Form.NQUADS, lambda _: None)))
        made.append(_seconds(lambda: make_bag(path, bag)))
        proved.append(_seconds(lambda: _prove(bag)))
    quads = export(path, EVERYTHING, Form.NQUADS, lambda _: None).quads
    shutil.rmtree(bag)
    seconds = {"export": median(plain), "bag": median(made), "check": median(proved)}
    print(
        f"  bag, scale {scale}: " + ", ".join(f"{name} {one:.2f} s" for name, one in seconds.items()), file=sys.stderr
    )
    yield Figure(
        "bag: making / plain export (at most)", scale, quads, seconds["bag"] / seconds["export"], MOST_TO_MAKE, True
    )
    yield Figure(
        "bag: check / plain export (at most)", scale, quads, seconds["check"] / seconds["export"], MOST_TO_PROVE, True
    )


def _prove(bag: Path) -> None:
    judged = prove(bag)
    assert judged.valid
    assert judged.own


def _seconds(run: Callable[[], object]) -> float:
    begin = process_time()
    run()
    return process_time() - begin
