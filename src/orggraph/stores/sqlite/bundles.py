"""Links of a derived relation that come about in several ways, or are counted: all of them as one table of rows.

In: a source over a derived relation, the entity at hand, what asks whether rows hold. Out: ``Rows`` whose table is a select of
links that possibly hold; of each it tells the far end, the interval, whether it certainly holds, which way it came about in and
by which versions of records. Grouped, it tells the far end and how many links there certainly and possibly are.

Example, grouped on a day: ``(SELECT e,max(t) t,max(syn) syn,sum(t) lo,count(*) hi FROM (SELECT r2.o e, … FROM r_RaisedBy r1
CROSS JOIN r_AcceptedBy r2 WHERE r1.o=a1.e AND …) GROUP BY e) c3``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol, Self

from orggraph.model.model import Relation
from orggraph.plan.filters import Along
from orggraph.plan.ways import Way, alike
from orggraph.stores.sqlite.rows import Bundle, Names, Part, Record, Rows, Spot, interval
from orggraph.stores.sqlite.sources import along, identity
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import Writer, conjunction


class Asking(Protocol):
    """What asks of rows and entities whether they are in a window."""

    @property
    def names(self) -> Names: ...

    @property
    def writer(self) -> Writer: ...

    @property
    def window(self) -> Window: ...

    def below(self, rows: Rows) -> Self: ...

    def rows_hold(self, rows: Rows, certain: bool) -> list[str]: ...

    def certainly(self, rows: Rows) -> list[str]: ...

    def there(self, spot: Spot, certain: bool) -> str: ...


def bundle(asking: Asking, source: Along, near: Spot) -> Rows:
    """The links of a source that has several ways, or is grouped."""
    c = asking.writer.alias("c")
    roles = source.roles if _by_roles(asking, source) else (source.ways,)
    links, parts = (_at_once if len(roles) > 1 else _one_by_one)(asking, source, roles, near)
    if source.grouped:
        links = f"SELECT e,max(t) t,max(syn) syn,sum(t) lo,count(*) hi FROM ({links}) GROUP BY e"
    record = Record(c, _any_relation(asking.names, source))
    found = Bundle(c, parts, source.grouped)
    far = Spot(f"{c}.e", source.kinds, record)
    records = () if source.grouped else (record,)
    return Rows(near, f"({links}) {c}", (), records, (), (), far, holding=True, bundle=found)


def _by_roles(asking: Asking, source: Along) -> bool:
    """Whether the chains of an overlap can be looked for role by role, and then be put together: on a day, which none of them
    narrows, and where no two roles are of the same records."""
    return source.least > 1 and asking.window.day is not None and not alike(source.ways)


def _any_relation(names: Names, source: Along) -> Relation:
    """A record of some relation stands for what all records of a link have in common: numbers."""
    relations = names.model.relations
    return relations[source.ways[0].strands[0].hop.relation] if source.ways else next(iter(relations.values()))


Links = tuple[str, tuple[Part, ...]]
"""A select of links, and by which columns their records are told."""


def _one_by_one(asking: Asking, source: Along, roles: Sequence[Sequence[Way]], near: Spot) -> Links:
    """Each link by the one way in which it comes about."""
    (ways,) = roles
    twice = alike(ways)
    columns = _columns(ways)
    arms = [_arm(asking, source, near, ways, number, f"{number} w", twice) for number in range(len(ways))]
    links = " UNION ALL ".join(arms) or f"SELECT {','.join(f'0 {column}' for column in columns)} WHERE 0"
    part = Part("w", "n", tuple(_relations(asking.names, way) for way in ways))
    return (_once(links, columns) if twice and arms else links), (part,)


def _at_once(asking: Asking, source: Along, roles: Sequence[Sequence[Way]], near: Spot) -> Links:
    """The chains of all roles, each looked for once, then as many of them together as make up a link."""
    ways = [way for role in roles for way in role]
    numbers = [number for number, role in enumerate(roles) for _ in role]
    arms = [_arm(asking, source, near, ways, i, f"{i} w,{number} p", twice=False) for i, number in enumerate(numbers)]
    found = asking.writer.alias("m")
    chains = [asking.writer.alias("m") for _ in range(source.least)]
    columns = [f"{chains[0]}.e e"]
    columns += [f"{most}({','.join(f'{one}.{number}' for one in chains)}) {number}" for most, number in SHARED]
    columns += [f"{' AND '.join(f'{one}.t' for one in chains)} t", f"{' OR '.join(f'{one}.syn' for one in chains)} syn"]
    versions = range(_versions(ways))
    columns += [f"{one}.w w{i},{','.join(f'{one}.n{n} n{i}_{n}' for n in versions)}" for i, one in enumerate(chains)]
    same = [f"{one}.e={chains[0]}.e AND {one}.p>{before}.p" for before, one in pairwise(chains)]
    tables = " CROSS JOIN ".join(f"{found} {one}" for one in chains)
    union = " UNION ALL ".join(arms)
    links = (
        f"WITH {found} AS MATERIALIZED ({union}) SELECT {','.join(columns)} FROM {tables} WHERE {' AND '.join(same)}"
    )
    relations = tuple(_relations(asking.names, way) for way in ways)
    return links, tuple(Part(f"w{i}", f"n{i}_", relations) for i in range(source.least))


SHARED = (("max", "f0"), ("max", "f1"), ("min", "u0"), ("min", "u1"))
"""What chains that hold at once leave of each other's interval."""


def _relations(names: Names, way: Way) -> tuple[Relation, ...]:
    return tuple(names.model.relations[strand.hop.relation] for strand in way.strands)


def _versions(ways: Sequence[Way]) -> int:
    return max((len(way.strands) for way in ways), default=0)


def _columns(ways: Sequence[Way]) -> list[str]:
    return ["e", "f0", "f1", "u0", "u1", "t", "syn", "w", *(f"n{i}" for i in range(_versions(ways)))]


def _arm(asking: Asking, source: Along, near: Spot, ways: Sequence[Way], number: int, told: str, twice: bool) -> str:
    """A select of the links, or chains, that come about in one way. ``told``: what tells it from the others."""
    rows = along(asking.names, asking.writer, source, ways[number], near)
    assert rows.far is not None
    holding, certain = asking.rows_hold(rows, False), asking.certainly(rows)
    if source.grouped:  # nothing is narrowed by what is counted: each chain is asked for its far end here
        below = asking.below(rows)
        holding.append(below.there(rows.far, False))
        certain.append(below.there(rows.far, True))
    synthetic = " OR ".join(f"{record.alias}.syn" for record in rows.records)
    f0, f1, u0, u1 = interval(rows)
    columns = [f"{rows.far.entity} e", f"{f0} f0", f"{f1} f1", f"{u0} u0", f"{u1} u1"]
    columns += [f"({conjunction(certain)}) t", f"({synthetic}) syn", told]
    columns += [f"{record.alias}.n n{i}" for i, record in enumerate(rows.records)]
    columns += [f"0 n{i}" for i in range(len(rows.records), _versions(ways))]
    if twice:
        columns += [f"{identity(rows.records, ways[number].same)} i", f"{chain_keys(rows.records)} k"]
    return f"SELECT {','.join(columns)} FROM {rows.tables} WHERE {conjunction(holding)}"


def chain_keys(records: tuple[Record, ...]) -> str:
    """The keys of records as one text, which sorts as their list does."""
    return "||' '||".join(f"(SELECT key FROM record WHERE r={record.alias}.r)" for record in records)


def _once(links: str, columns: list[str]) -> str:
    """The same with each link once, however many ways lead to it: certain if it is in one of them."""
    told = ",".join("max(t) OVER (PARTITION BY i) t" if column == "t" else column for column in columns)
    numbered = f"SELECT {told},row_number() OVER (PARTITION BY i ORDER BY k) y FROM ({links})"
    return f"SELECT * FROM ({numbered}) WHERE y=1"


def by_parts(writer: Writer, found: Bundle, printed: Callable[[tuple[Record, ...]], str], between: str) -> str:
    """What is told of the records of a link, of each part that it is made of: they are looked up by their versions."""
    return f"||'{between}'||".join(_by_way(writer, found.alias, part, printed) for part in found.parts)


def _by_way(writer: Writer, c: str, part: Part, printed: Callable[[tuple[Record, ...]], str]) -> str:
    whens = []
    for number, relations in enumerate(part.ways):
        records = tuple(Record(writer.alias("v"), relation) for relation in relations)
        tables = " CROSS JOIN ".join(f'"r_{record.relation.name}" {record.alias}' for record in records)
        same = conjunction([f"{record.alias}.n={c}.{part.versions}{i}" for i, record in enumerate(records)])
        whens.append(f"WHEN {number} THEN (SELECT {printed(records)} FROM {tables} WHERE {same})")
    return f"CASE {c}.{part.way} {' '.join(whens)} END" if whens else "NULL"
