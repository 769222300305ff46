"""The chains of an overlap's roles, each looked for once, and as many of them put together as make up a link.

In: a source over an overlap, no two of whose roles are of the same records, and the entity at hand. Out: a select of links. On a day
a chain is looked at where it is found. A range is narrowed by all records of a link: what lies on its chains is looked at when
they are put together. That every two records meet, of which meaning speaks, is that each chain's do and that the chains do.

Example: ``WITH m1 AS MATERIALIZED (… UNION ALL …) SELECT m2.e e,max(m2.f0,m3.f0) f0,… FROM m1 m2 CROSS JOIN m1 m3 WHERE m3.e=m2.e
AND m3.p>m2.p``, in a range ``AND m2.f0<m3.u1 AND m2.u1>m3.f0 AND CASE m2.w WHEN 0 THEN EXISTS(… z.e=m2.p0 …) ELSE 1 END``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from msgspec.structs import replace

from orggraph.plan.filters import Along
from orggraph.plan.ways import Way
from orggraph.stores.sqlite.arms import Links, arm, relations_of, told_of, versions_of
from orggraph.stores.sqlite.looking import Asking
from orggraph.stores.sqlite.rows import Part, Record, Rows, Spot
from orggraph.stores.sqlite.sources import along
from orggraph.stores.sqlite.writing import conjunction

SHARED = (("max", "f0"), ("max", "f1"), ("min", "u0"), ("min", "u1"))
"""What chains that hold at once leave of each other's interval."""


def at_once(asking: Asking, source: Along, roles: Sequence[Sequence[Way]], near: Spot) -> Links:
    """The links, and of which chains they are made."""
    ways = [way for role in roles for way in role]
    told = [f"{i} w,{role} p" for i, role in enumerate(role for role, its in enumerate(roles) for _ in its)]
    found = asking.writer.alias("m")
    chains = [asking.writer.alias("m") for _ in range(source.least)]
    met = [f"{one}.e={chains[0]}.e AND {one}.p>{before}.p" for before, one in pairwise(chains)]
    certain = [f"{one}.t" for one in chains]
    if asking.window.day is not None:
        union = [arm(asking, source, near, ways, i, one, twice=False) for i, one in enumerate(told)]
    else:
        each = [along(asking.names, asking.writer, source, way, near) for way in ways]
        union = _chains(asking, near, each, told, versions_of(ways))
        met += _together(asking, near, chains, each, False)
        certain += _together(asking, near, chains, each, True)
    columns = [f"{chains[0]}.e e"]
    columns += [f"{most}({','.join(f'{one}.{number}' for one in chains)}) {number}" for most, number in SHARED]
    columns.append(f"({conjunction(certain)}) t")
    if source.grouped:
        columns.append(f"({' OR '.join(f'{one}.syn' for one in chains)}) syn")
    versions = range(versions_of(ways))
    columns += [f"{one}.w w{i},{','.join(f'{one}.n{n} n{i}_{n}' for n in versions)}" for i, one in enumerate(chains)]
    tables = " CROSS JOIN ".join(f"{found} {one}" for one in chains)
    all_chains = f"WITH {found} AS MATERIALIZED ({' UNION ALL '.join(union)})"
    relations = tuple(relations_of(asking.names, way) for way in ways)
    parts = tuple(Part(f"w{i}", f"n{i}_", relations) for i in range(source.least))
    return f"{all_chains} SELECT {','.join(columns)} FROM {tables} WHERE {conjunction(met)}", parts


def _chains(asking: Asking, near: Spot, each: Sequence[Rows], told: Sequence[str], versions: int) -> list[str]:
    """The chains whose records meet the range and each other; what lies on them is only told: ``p0``, ``p1``, …"""
    found = []
    most = max(len(_places(rows)) for rows in each)
    for rows, one in zip(each, told, strict=True):
        bare = replace(rows, near=None, passed=(), tests=())
        holding = [f"{rows.start}={near.entity}", *asking.rows_hold(bare, False)]
        places = [spot.entity for spot in _places(rows)]
        columns = told_of(rows, asking.certainly(bare), one, versions)
        columns += [f"{entity} p{i}" for i, entity in enumerate([*places, *["0"] * (most - len(places))])]
        found.append(f"SELECT {','.join(columns)} FROM {rows.tables} WHERE {conjunction(holding)}")
    return found


def _places(rows: Rows) -> list[Spot]:
    """What lies on a chain, or is tested of it."""
    return list({spot.entity: spot for spot in (*rows.passed, *(spot for spot, _ in rows.tests))}.values())


def _together(asking: Asking, near: Spot, chains: Sequence[str], each: Sequence[Rows], certain: bool) -> list[str]:
    """That chains meet each other, and what lies on them is there, and as it must be, in what all leave."""
    low, high = ("f1", "u0") if certain else ("f0", "u1")
    met = [f"{one}.{low}<{other}.{high} AND {one}.{high}>{other}.{low}" for one, other in combinations(chains, 2)]
    records = tuple(Record(one, each[0].records[0].relation) for one in chains)
    below = asking.below(replace(each[0], records=records))
    if not all(asking.below(rows).lies_within(rows.begun) for rows in each):
        met.append(below.there(near, certain))
    return [*met, *(_lying(asking, below, one, each, certain) for one in chains)]


def _lying(asking: Asking, below: Asking, chain: str, each: Sequence[Rows], certain: bool) -> str:
    """That all is so of one chain, whichever way it came about in."""
    whens = {number: _on_way(asking, below, chain, rows, certain) for number, rows in enumerate(each)}
    asked = [f"WHEN {number} THEN {met}" for number, met in whens.items() if met != "1"]
    return f"CASE {chain}.w {' '.join(asked)} ELSE 1 END" if asked else "1"


def _on_way(asking: Asking, below: Asking, chain: str, rows: Rows, certain: bool) -> str:
    """The same of a chain that came about in one way."""
    passed, tested = ({spot.entity for spot in spots} for spots in (rows.passed, [spot for spot, _ in rows.tests]))
    moved = {spot.entity: replace(spot, entity=f"{chain}.p{i}") for i, spot in enumerate(_places(rows))}
    own = asking.below(rows)
    known = {spot.entity for spot in rows.passed if own.lies_within(spot)}  # given that all records hold
    met = [below.there(moved[one], certain) for one in moved if one not in tested and one not in known]
    for spot, where in rows.tests:
        passes = below.stands if spot.entity in passed - known else below.passes
        met.append(passes(where, moved[spot.entity], certain))
    return conjunction(met)
