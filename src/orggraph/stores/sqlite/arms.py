"""One way in which links, or chains of an overlap, come about, as a select of them: the far end, the interval, whether it certainly
holds, which way it is and by which versions of records.

In: a source over a derived relation, the entity at hand, what asks whether rows hold. Out: SQL. Example: ``SELECT r2.o e,max(r1.f0,
r2.f0) f0, … ,0 w,r1.n n0,r2.n n1 FROM "r_RaisedBy" r1 CROSS JOIN "r_AcceptedBy" r2 WHERE r1.o=a1.e AND …``.
"""

from __future__ import annotations

from collections.abc import Sequence

from orggraph.model.model import Relation
from orggraph.plan.filters import Along
from orggraph.plan.ways import Way
from orggraph.stores.sqlite.looking import Asking
from orggraph.stores.sqlite.rows import Names, Part, Record, Rows, Spot, interval
from orggraph.stores.sqlite.sources import along, identity
from orggraph.stores.sqlite.writing import conjunction

Links = tuple[str, tuple[Part, ...]]
"""A select of links, and by which columns their records are told."""


def relations_of(names: Names, way: Way) -> tuple[Relation, ...]:
    return tuple(names.model.relations[strand.hop.relation] for strand in way.strands)


def versions_of(ways: Sequence[Way]) -> int:
    return max((len(way.strands) for way in ways), default=0)


def arm(asking: Asking, source: Along, near: Spot, ways: Sequence[Way], number: int, told: str, twice: bool) -> str:
    """A select of the links, or chains, that come about in one way. ``told``: what tells it from the others."""
    rows = along(asking.names, asking.writer, source, ways[number], near)
    assert rows.far is not None
    holding, certain = asking.rows_hold(rows, False), asking.certainly(rows)
    if source.grouped:  # nothing is narrowed by what is counted: each chain is asked for its far end here
        below = asking.below(rows)
        holding.append(below.there(rows.far, False))
        certain.append(below.there(rows.far, True))
    elif rows.far.optional:  # whoever asks for the far end is told only that it is one
        holding.append(f"{rows.far.entity} IS NOT NULL")
    columns = told_of(rows, certain, told, versions_of(ways))
    if source.grouped:
        columns.append(f"({' OR '.join(f'{record.alias}.syn' for record in rows.records)}) syn")
    if twice:
        columns += [f"{identity(rows.records, ways[number].same)} i", f"{chain_keys(rows.records)} k"]
    return f"SELECT {','.join(columns)} FROM {rows.tables} WHERE {conjunction(holding)}"


def chain_keys(records: tuple[Record, ...]) -> str:
    """The keys of records as one text, which sorts as their list does."""
    return "||' '||".join(f"(SELECT key FROM record WHERE r={record.alias}.r)" for record in records)


def told_of(rows: Rows, certain: Sequence[str], told: str, versions: int) -> list[str]:
    """The columns of a select of links; ``versions``: so many columns of them, which not every way needs. All are in the index by
    which records are found at an end."""
    assert rows.far is not None
    f0, f1, u0, u1 = interval(rows)
    columns = [f"{rows.far.entity} e", f"{f0} f0", f"{f1} f1", f"{u0} u0", f"{u1} u1"]
    columns += [f"({conjunction(certain)}) t", told]
    columns += [f"{record.alias}.n n{i}" for i, record in enumerate(rows.records)]
    return [*columns, *(f"0 n{i}" for i in range(len(rows.records), versions))]
