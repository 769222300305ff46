"""How two are linked, every way walked; who stands in the most records: from the files alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.questions.register import CERTAIN, World, both
from tests.questions.second import Rows, cell, listed, question
from tests.questions.second_wide import labels

ONE, OTHER = "organ-1", "organ-5"
Hops = tuple[tuple[str, str, str], ...]
"""Where each leads, its record, its relation."""
Neighbours = dict[str, list[tuple[str, str, str, str]]]


@question("how-two-are-linked", "length through relations")
def linked(w: World, on: int, c: str) -> Rows:
    """The five first of all ways: by length, certain ones first, then by the keys of entity and record, hop by hop."""
    links = neighbours(w, on, c)
    for most in range(1, 7):  # the shortest that there are, and longer ones while five are not found
        ways = sorted(
            (one for one in walks(w, links, on, c, most)), key=lambda way: (len(way[0]), way[1] != CERTAIN, way[0])
        )
        if len(ways) >= 5 or most == 6:
            break
    for hops, sure in ways[:5]:
        through = cell(w.name(key, on) for key in (ONE, *(key for key, _, _ in hops)))
        yield (len(hops), through, cell(labels()[relation] for _, _, relation in hops)), sure


def neighbours(w: World, on: int, c: str) -> Neighbours:
    """From each thing where records lead that hold: there, the record, its relation, how certainly."""
    found: Neighbours = {}
    for relation in w.records:
        for record, sure in listed(w.of(relation, on), c):
            for here, there in ((record.subject, record.object), (record.object, record.subject)):
                found.setdefault(here, []).append((there, record.key, relation, sure))
    return found


def walks(w: World, links: Neighbours, on: int, c: str, most: int) -> Iterator[tuple[Hops, str]]:
    """All ways of at most so many hops that pass nothing twice."""
    left = distances(links, most)

    def onward(here: str, passed: tuple[str, ...], hops: Hops, sure: str) -> Iterator[tuple[Hops, str]]:
        if here == OTHER:
            yield hops, sure
            return
        for there, record, relation, held in links.get(here, ()):
            if there not in passed and left.get(there, most + 1) <= most - len(hops) - 1:
                yield from onward(there, (*passed, there), (*hops, (there, record, relation)), both(sure, held) or "")

    if w.there(ONE, on) in (CERTAIN, c) and w.there(OTHER, on) in (CERTAIN, c):
        yield from onward(ONE, (ONE,), (), CERTAIN)


def distances(links: Neighbours, most: int) -> dict[str, int]:
    """How many hops it is at least to the other, from whatever is near enough."""
    found, level = {OTHER: 0}, [OTHER]
    for far in range(1, most + 1):
        level = [there for here in level for there, *_ in links.get(here, ()) if there not in found]
        found |= dict.fromkeys(level, far)
    return found


@question("best-connected", "kind name key surely possibly")
def best_connected(w: World, on: int, c: str) -> Rows:
    """Twenty of each kind: those in the most records, equals by key; a record is one, at however many ends one stands."""
    counts: dict[str, list[str]] = defaultdict(list)
    for relation in w.records:
        for record, sure in w.of(relation, on):
            for key in {record.subject, record.object, *record.fields.values()} & w.kinds.keys():
                counts[key].append(sure)
    for kind, label in (("Person", "人员"), ("Unit", "单位")):
        here = [(key, sure) for key, sure in w.of_kind(kind, on) if sure in (CERTAIN, c)]
        most = {key: counts[key].count(CERTAIN) if c == CERTAIN else len(counts[key]) for key, _ in here}
        for key, sure in sorted(here, key=lambda one: (-most[one[0]], one[0]))[:20]:
            yield (label, w.name(key, on), key, counts[key].count(CERTAIN), len(counts[key])), sure
