"""Our own lines are read the same by patterns, line by line, and as a whole; in any cut; and what is not ours is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph.model import model_of
from orggraph.model.model import Model
from orggraph.model.reading import model_texts
from orggraph.rdf import rereading
from orggraph.rdf.asked import EVERYTHING, Asked
from orggraph.rdf.own import Own, take_all
from orggraph.rdf.reading import Properties, read
from orggraph.rdf.rereading import NotAsWritten, Rereading, reread
from orggraph.rdf.spooling import Spool
from tests.conftest import MODELS
from tests.rdf import small
from tests.rdf.test_canonical import exported

HISTORY = Asked(history=True)
Rows = dict[str, list[tuple[tuple[str, str], ...]]]


def nothing(_step: str, _number: int) -> None: ...


def rows(spool: Spool) -> Rows:
    """By load and table, whatever the order of columns."""
    import json

    return {
        f"{number}/{file.name}": [
            tuple(sorted(json.loads(line).items())) for line in file.read_text("utf-8").split("\n") if line
        ]
        for number in spool.loads()
        for file in spool.folder(number).iterdir()
    }


def by_patterns(file: Path, model: Model, folder: Path) -> Rows:
    folder.mkdir()
    spool = Spool(folder)
    reread(file, model, spool, nothing)
    return rows(spool)


def as_a_whole(file: Path, model: Model, folder: Path) -> Rows:
    folder.mkdir()
    own = Own(model, Spool(folder))
    take_all(own, read(file))
    assert own.is_own()
    return rows(own.spool)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.store(tmp_path_factory.mktemp("small"))


SMALL = model_of({"small.yaml": small.MODEL})


@pytest.mark.parametrize("asked", [EVERYTHING, HISTORY])
def test_patterns_read_what_is_read_line_by_line(
    store: Path, tmp_path: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "graph.nq"
    file.write_bytes(exported(store, asked))
    whole = as_a_whole(file, SMALL, tmp_path / "a")
    assert by_patterns(file, SMALL, tmp_path / "b") == whole
    monkeypatch.setattr(Rereading, "row", lambda *_: 0)
    assert by_patterns(file, SMALL, tmp_path / "c") == whole


@pytest.mark.parametrize("model", ["changji", "university"])
def test_nearly_all_of_a_graph_is_read_by_patterns(
    store_of: Callable[[str], Path], tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd: list[str] = []
    take = Own.take

    def watched(own: Own, subject: str, said: dict[str, Properties]) -> None:
        odd.append(subject)
        take(own, subject, said)

    monkeypatch.setattr(Own, "take", watched)
    file = tmp_path / "graph.nq"
    file.write_bytes(exported(store_of(model), EVERYTHING))
    read_again = by_patterns(file, model_of(model_texts(MODELS[model][0])), tmp_path / "a")
    ours = model_of(model_texts(MODELS[model][0])).iri
    things = [one for one in odd if "/" not in one.removeprefix(ours) and one != ours]
    assert len(things) <= sum(map(len, read_again.values())) // 100, things[:10]


@pytest.mark.parametrize("at_once", [1, 7, 100, 1000, 4096])
def test_it_is_the_same_however_it_is_cut(
    store: Path, tmp_path: Path, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "graph.nq"
    file.write_bytes(exported(store, HISTORY)[:40_000].rpartition(b"\n")[0] + b"\n")
    told = (f"<{SMALL.iri}> <http://purl.org/dc/terms/conformsTo> <{SMALL.iri}ontology> .\n").encode()
    assert told in file.read_bytes()
    whole = by_patterns(file, SMALL, tmp_path / "a")
    monkeypatch.setattr(rereading, "AT_ONCE", at_once)
    assert by_patterns(file, SMALL, tmp_path / "b") == whole


def test_another_order_and_other_lines_are_told(store: Path, tmp_path: Path) -> None:
    lines = exported(store, HISTORY).splitlines(keepends=True)
    file, chance = tmp_path / "graph.nq", random.Random(7)
    for number in range(20):
        broken = list(lines)
        one, other = sorted(chance.sample(range(len(lines)), 2))
        if number % 2:
            broken.insert(one, b"no line at all\n")
        elif lines[one].split(b" ")[0] != lines[other].split(b" ")[0]:
            broken[one], broken[other] = lines[other], lines[one]
        file.write_bytes(b"".join(broken))
        with pytest.raises(NotAsWritten):
            by_patterns(file, SMALL, tmp_path / str(number))


def test_an_unsorted_file_comes_back_all_the_same(store: Path, tmp_path: Path) -> None:
    lines = exported(store, HISTORY).splitlines(keepends=True)
    (tmp_path / "a.nq").write_bytes(b"".join(lines))
    random.Random(3).shuffle(lines)
    (tmp_path / "b.nq").write_bytes(b"".join(lines))
    one, other = (as_a_whole(tmp_path / f"{name}.nq", SMALL, tmp_path / name) for name in "ab")
    assert one == other
