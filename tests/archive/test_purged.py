"""A store of which something was purged: its history comes back as the same bytes, marks and all, and its bag is whole."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest

from orggraph.archive.making import make_bag
from orggraph.archive.proving import prove
from orggraph.errors import StoreError
from orggraph.graphql.schema import sdl
from orggraph.rdf.asked import Asked
from orggraph.rdf.importing import import_rdf
from orggraph.stores.sqlite.checking import check
from orggraph.stores.sqlite.purging import marks, purge
from tests.rdf import small
from tests.rdf.test_canonical import exported

HISTORY = Asked(history=True)
WHY = "清除：误载入"
PURGES = (
    (["p1"], "name"),
    (["c1"], "rank"),  # which is required: refused
    (["c1"], None),
    (["o1"], "staff"),
    (["o1"], "founded"),
    (["o2"], "para"),
    (["c2", "c4"], "para"),
    (["p2"], None),  # all that the third load has of persons
    (["c3"], None),
    (["a1"], None),
    (["p1-2"], None),
    (["o1"], None),
    (["c5"], "since"),
)


def comes_back(store: Path, folder: Path) -> None:
    """And is right, as ``orggraph check`` sees it."""
    folder.mkdir()
    (folder / "graph.nq").write_bytes(exported(store, HISTORY))
    import_rdf(folder / "graph.nq", folder / "new.db", {"small.yaml": small.MODEL}, sdl)
    assert exported(folder / "new.db", HISTORY) == (folder / "graph.nq").read_bytes()
    assert marks(folder / "new.db") == marks(store)
    for one in (store, folder / "new.db"):
        assert not [str(problem) for problem in check(one, sdl).problems.kept]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_purged_the_rest_comes_back(tmp_path: Path, seed: int) -> None:
    (tmp_path / "in").mkdir()
    store = small.store(tmp_path / "in")
    chance = random.Random(seed)
    done = 0
    for number, (keys, field) in enumerate(chance.sample(PURGES, len(PURGES))):
        with suppress(StoreError):
            purge(store, keys, field, WHY)
            done += 1
            if done % 4 == 1:
                comes_back(store, tmp_path / str(number))
    assert done > 6


def test_what_told_two_versions_apart_is_gone_and_so_is_the_second(tmp_path: Path) -> None:
    more = {"Office.csv": "key,staff,from,until\no1,31,,2018-03\n"}
    store = small.store(tmp_path, (small.FIRST, more))
    purge(store, ["o1"], "staff", WHY)
    comes_back(store, tmp_path / "again")


def test_a_bag_of_it_is_whole_and_says_what_was_purged(tmp_path: Path) -> None:
    store = small.store(tmp_path)
    purge(store, ["c1"], None, WHY)
    purge(store, ["o1"], "staff", WHY)
    make_bag(store, tmp_path / "bag")
    judged = prove(tmp_path / "bag")
    assert not [str(one) for one in judged.found.problems.kept]
    graph = (tmp_path / "bag/data/graph.nq").read_text("utf-8")
    assert f'<https://example.org/小/purge/1#Chief> <https://orggraph.example/ns#why> "{WHY}" .' in graph
    assert '<https://example.org/小/purge/2#Office> <https://orggraph.example/ns#field> "staff" .' in graph
    events = ElementTree.parse(tmp_path / "bag/data/premis.xml").iter("{http://www.loc.gov/premis/v3}eventType")
    assert [one.text for one in events] == ["ingestion"] * 3 + ["deletion"] * 2
