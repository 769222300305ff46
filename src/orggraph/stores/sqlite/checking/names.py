"""Names as they are searched: every name that a version has, and no other, spelled as it would be now, with its bearers.

In: a store. Out: findings.
"""

from __future__ import annotations

from itertools import groupby

from orggraph.model.model import Kind
from orggraph.records.spelling import snippet_of, snippets, spellings
from orggraph.stores.sqlite.checking.findings import Checking, table_of
from orggraph.stores.sqlite.ddl import PLACE_BITS
from orggraph.stores.sqlite.naming import degrees
from orggraph.stores.sqlite.writing import CURRENT

SNIPPETS = (
    """SELECT p.t, s.text, p.later, p.place, p.cells FROM snippet_of p JOIN snippet s ON s.h = p.h ORDER BY p.t"""
)


def check_names(checking: Checking) -> None:
    """All that is kept of names."""
    checking.watch("names", checking.versions)
    for kind in checking.model.concrete():
        with checking.reading("bearer"):
            _borne(checking, kind)
    with checking.reading("bearer"):
        _ranked(checking)
    with checking.reading("called"):
        _spelled(checking)
    with checking.reading("snippet"):
        _snippets(checking)


def _borne(checking: Checking, kind: Kind) -> None:
    """Who has a name is its bearer, and nobody else is."""
    table = table_of(kind)
    bearer = "SELECT 1 FROM called c JOIN bearer b ON b.t = c.t AND b.e = v.e WHERE c.name = v.name"
    bearer += f" AND c.t >> {PLACE_BITS} = {kind.number} AND b.key = (SELECT key FROM entity WHERE e = v.e)"
    for n, name in checking.every(f'SELECT n, name FROM "{table}" v WHERE NOT EXISTS({bearer})'):
        checking.problem(table, n, "name", "NOT_SEARCHED", f"{name} is not found by search", value=name)
    version = f'SELECT 1 FROM "{table}" v WHERE v.e = b.e AND v.name = c.name'
    wrong = f"""SELECT b.t, c.name FROM bearer b LEFT JOIN called c ON c.t = b.t WHERE b.e & 63 = {kind.number}
        AND (b.t >> {PLACE_BITS} <> {kind.number} OR NOT EXISTS({version}) OR b.still <> EXISTS({version} AND v.k1 = {CURRENT}))"""
    for t, name in checking.every(wrong):
        checking.problem("bearer", t, "name", "BEARER", f"{name} is told of one that does not have it so", value=name)


def _ranked(checking: Checking) -> None:
    kinds = ",".join(str(kind.number) for kind in checking.model.concrete())
    for t, e in checking.every(f"SELECT t, e FROM bearer WHERE e & 63 NOT IN ({kinds})"):
        checking.problem("bearer", t, "name", "BEARER", f"is told of {e}, which is of no kind")
    wrong = f"""SELECT b.t, b.degree, coalesce(d.d, 0) FROM bearer b LEFT JOIN ({degrees(checking.model)}) d ON d.e = b.e
        WHERE b.degree <> coalesce(d.d, 0)"""
    for t, kept, counted in checking.every(wrong):
        checking.problem("bearer", t, "degree", "DEGREE", f"is {kept}; counted: {counted}")


def _spelled(checking: Checking) -> None:
    """Spellings, and where their snippets are."""
    lone = "SELECT t, name FROM called c WHERE NOT EXISTS(SELECT 1 FROM bearer b WHERE b.t = c.t)"
    for t, name in checking.every(lone):
        checking.problem("called", t, "name", "BEARER", f"{name} is the name of nobody", value=name)
    kept = groupby(checking.every("SELECT t, text FROM spelling ORDER BY t, text"), key=lambda row: row[0])
    placed = groupby(checking.every(SNIPPETS), key=lambda row: row[0])
    texts, places = next(kept, (None, iter(()))), next(placed, (None, iter(())))
    for t, name in checking.every("SELECT t, name FROM called ORDER BY t"):
        ways = spellings(name)
        found = sorted(text for _, text in texts[1]) if texts[0] == t else []
        where = {row[1:] for row in places[1]} if places[0] == t else set()
        cut = {(text, int(i > 0), i, len(all_)) for all_ in map(snippets, ways) for i, text in enumerate(all_)}
        if found != sorted(ways) or where != cut:
            checking.problem("called", t, "name", "SPELLING", f"{name} is spelled in another way", value=name)
        texts = next(kept, (None, iter(()))) if texts[0] == t else texts
        places = next(placed, (None, iter(()))) if places[0] == t else places
    if texts[0] is not None or places[0] is not None:
        t = texts[0] if texts[0] is not None else places[0]
        checking.problem("called", t or 0, "name", "SPELLING", "is spelled, and is no name")


def _snippets(checking: Checking) -> None:
    for h, text, *typed in checking.every("SELECT h, text, characters, initials, letters FROM snippet"):
        if tuple(typed) != snippet_of(text):
            checking.problem("snippet", h, "text", "SPELLING", f"{text} is typed in another way", value=text)
    for (h,) in checking.every("SELECT h FROM snippet s WHERE NOT EXISTS(SELECT 1 FROM snippet_of p WHERE p.h = s.h)"):
        checking.problem("snippet", h, "text", "SPELLING", "is of no name")
