"""Walked page by page, forwards and backwards, a list is the whole list, whatever is loaded between the pages.

ORGGRAPH_PAGES says how many models (8); ORGGRAPH_ORACLE_SEED which to begin with (0).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from orggraph.model.model import Model
from tests.oracle.answer import schema_of
from tests.oracle.ledger import Ledger
from tests.oracle.product import Product
from tests.oracle.random_lists import WalkedList, random_list
from tests.oracle.random_loads import RandomLoads, random_loads
from tests.oracle.random_model import random_model
from tests.oracle.random_pool import pool_of

FIRST = int(os.environ.get("ORGGRAPH_ORACLE_SEED", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("ORGGRAPH_PAGES", "8")))
LISTS = 6
Rows = list[dict[str, Any]]


def asked(product: Product, walked: WalkedList, **paging: Any) -> dict[str, Any] | None:
    """A page: its edges, pageInfo and counts; None where nothing has such a list, or no statement can hold it."""
    text = product.answer(walked.page(**paging))
    if text.startswith("TOO_COMPLEX"):
        return None
    assert text.startswith('{"data"'), f"{text}\n{walked.document}\n{walked.variables}\n{paging}"
    found: dict[str, Any] | None = json.loads(text)["data"]
    for step in walked.path:
        found = found and found[step]
    return found


def told(rows: Rows) -> Rows:
    """Rows without their cursors, which may be spelled differently in a page and in the whole."""
    return [{name: value for name, value in row.items() if name != "cursor"} for row in rows]


def long_lists(rng: Random, product: Product, ledger: Ledger) -> list[tuple[WalkedList, dict[str, Any]]]:
    """Lists, mostly of several rows, each with the whole of it (as one long page)."""
    schema, pool = schema_of(product.sdl), pool_of(ledger)
    found: list[tuple[WalkedList, dict[str, Any]]] = []
    for _ in range(200):
        walked = random_list(rng, schema, pool)
        whole = asked(product, walked, first=1_000)
        if (
            whole is not None
            and goes_on_at_all(product, walked, whole)
            and (len(whole["edges"]) > 2 or rng.random() < 0.05)
        ):
            found.append((walked, whole))
        if len(found) == LISTS:
            break
    return found


def goes_on_at_all(product: Product, walked: WalkedList, whole: dict[str, Any]) -> bool:
    """Whether a statement can hold a page behind a cursor too: what a list is ordered by stands in it more often."""
    edges = whole["edges"]
    return not edges or asked(product, walked, first=1, after=edges[0]["cursor"]) is not None


class Walk:
    """Walks one list in pages of ``size``; ``between`` runs after each page."""

    def __init__(
        self, product: Product, walked: WalkedList, whole: dict[str, Any], size: int, between: Callable[[], None]
    ) -> None:
        self.product, self.walked, self.whole, self.size, self.between = product, walked, whole, size, between
        self.rows: Rows = whole["edges"]

    def forwards(self) -> None:
        self._walk("first", "after", "hasNextPage", "endCursor", lambda seen, page: [*seen, *page])

    def backwards(self) -> None:
        self._walk("last", "before", "hasPreviousPage", "startCursor", lambda seen, page: [*page, *seen])

    def _walk(self, size: str, place: str, more: str, cursor: str, joined: Callable[[Rows, Rows], Rows]) -> None:
        seen: Rows = []
        paging: dict[str, Any] = {size: self.size}
        while True:
            page = asked(self.product, self.walked, **paging)
            assert page is not None, self.situation(paging)
            seen = joined(seen, page["edges"])
            start = 0 if size == "first" else len(self.rows) - len(seen)
            start += len(seen) - len(page["edges"]) if size == "first" else 0
            self._check(page, start, paging)
            if not page["pageInfo"][more]:
                break
            paging[place] = page["pageInfo"][cursor]
            self.between()
        assert told(seen) == told(self.rows), self.situation(paging)

    def _check(self, page: dict[str, Any], start: int, paging: dict[str, Any]) -> None:
        """A page has its place in the whole list, says so, and counts the whole list."""
        end = start + len(page["edges"])
        assert told(page["edges"]) == told(self.rows[start:end]), self.situation(paging)
        cursors = [row["cursor"] for row in page["edges"]] or [None]
        assert page["pageInfo"] == {
            "hasNextPage": end < len(self.rows),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0],
            "endCursor": cursors[-1],
        }, self.situation(paging)
        for count in ("totalCount", "nodeCount"):
            assert page[count] == self.whole[count], self.situation(paging)

    def between_places(self, rng: Random) -> None:
        """The rows after one cursor and before another, from the one side or the other."""
        if not self.rows:
            return
        low, high = sorted(rng.choices(range(len(self.rows)), k=2))
        inner = self.rows[low + 1 : high] if low < high else []
        for size, kept in (("first", inner[: self.size]), ("last", inner[-self.size :])):
            paging = {"after": self.rows[low]["cursor"], "before": self.rows[high]["cursor"], size: self.size}
            page = asked(self.product, self.walked, **paging)
            assert page is not None, self.situation(paging)
            assert told(page["edges"]) == told(kept), self.situation(paging)

    def situation(self, paging: dict[str, Any]) -> str:
        return "\n".join(map(str, (self.walked.document, self.walked.variables, paging, *self.rows)))


@pytest.mark.parametrize("seed", SEEDS)
def test_pages_are_the_whole_list(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    loads = random_loads(rng, model)
    with Product(text, loads.files) as product:
        for walked, whole in long_lists(rng, product, loads.ledger):
            for size in range(1, 5):
                walk = Walk(product, walked, whole, size, lambda: None)
                walk.forwards()
                walk.backwards()
                walk.between_places(rng)


def test_cursors_of_a_whole_list_lead_on_in_it() -> None:
    """Those that are printed where neither ``first`` nor ``last`` is said."""
    rng = Random(FIRST)
    text, model = random_model(rng)
    loads = random_loads(rng, model)
    with Product(text, loads.files) as product:
        for walked, page in long_lists(rng, product, loads.ledger):
            whole = asked(product, walked)
            assert whole is not None
            assert told(whole["edges"]) == told(page["edges"])
            Walk(product, walked, whole, 2, lambda: None).between_places(rng)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_walk_stays_in_the_state_of_its_first_page(seed: int) -> None:
    """Each page but the first is asked for after one more load, as long as there are any."""
    rng = Random(1_000 + seed)
    text, model = random_model(rng)
    for backwards in (False, True):
        loads = several_loads(rng, model)
        with Product(text, files_of(loads, 1)) as product:
            first = Ledger(model, loads.ledger.worlds[:2], loads.ledger.loads[:1])
            lists = [one for one in long_lists(rng, product, first) if stays(loads.ledger, one[0])]
            walks = [Walk(product, *one, size=1, between=lambda: None) for one in lists]
            places = [(walk, asked(product, walk.walked, **{"last" if backwards else "first": 2})) for walk in walks]
            for number in range(2, len(loads.ledger.loads) + 1):
                product.load(files_of(loads, number))
                for walk, page in places:
                    assert page is not None
                    goes_on(walk, page, backwards)


def several_loads(rng: Random, model: Model) -> RandomLoads:
    while True:
        loads = random_loads(rng, model)
        if len(loads.ledger.loads) > 1:
            return loads


def files_of(loads: RandomLoads, number: int) -> dict[str, str]:
    numbered = sorted({name.partition("/")[0] for name in loads.files}, key=int)
    return {name: text for name, text in loads.files.items() if name.startswith(f"{numbered[number - 1]}/")}


def stays(ledger: Ledger, walked: WalkedList) -> bool:
    """Whether what a list is of is the same in all loads."""
    key = walked.key
    return key is None or all(world.entities.get(key) == ledger.last.entities[key] for world in ledger.worlds[1:])


def of_load(number: int, rows: Rows) -> Rows:
    """Rows with ids that say the load, as those of a page do that is of an earlier one than the newest."""
    return [row | {"node": row["node"] and row["node"] | {"id": _of_load(number, row["node"]["id"])}} for row in rows]


def _of_load(number: int, id_: str) -> str:
    head, mark, certainty = id_.partition("!")
    return id_ if "~" in head else f"{head}~{number}{mark}{certainty}"


def goes_on(walk: Walk, page: dict[str, Any], backwards: bool) -> None:
    """The rest of a list, after its first page, is what it was when that was taken."""
    info = page["pageInfo"]
    if not info["hasPreviousPage" if backwards else "hasNextPage"]:
        return
    paging = {"before": info["startCursor"], "last": 3} if backwards else {"after": info["endCursor"], "first": 3}
    rest = asked(walk.product, walk.walked, **paging)
    assert rest is not None
    wanted = walk.rows[:-2][-3:] if backwards else walk.rows[2:5]
    assert told(rest["edges"]) == of_load(1, told(wanted)), walk.situation(paging)
    assert (rest["totalCount"], rest["nodeCount"]) == (walk.whole["totalCount"], walk.whole["nodeCount"])
