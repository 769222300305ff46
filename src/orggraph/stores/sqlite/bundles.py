"""Links of a derived relation that come about in several ways, or are counted: all of them as one table of rows.

In: a source over a derived relation, the entity at hand, what asks whether rows hold. Out: ``Rows`` whose table is a select of
links that possibly hold; of each it tells the far end, the interval, whether it certainly holds, which way it came about in and
by which versions of records. Grouped, it tells the far end and how many links there certainly and possibly are.

Example, grouped on a day: ``(SELECT e,max(t) t,max(syn) syn,sum(t) lo,count(*) hi FROM (SELECT r2.o e, … FROM r_RaisedBy r1
CROSS JOIN r_AcceptedBy r2 WHERE r1.o=a1.e AND …) GROUP BY e) c3``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orggraph.model.model import Relation
from orggraph.plan.filters import Along
from orggraph.plan.reads import by_roles
from orggraph.plan.ways import Way, alike
from orggraph.stores.sqlite.arms import Links, arm, relations_of, versions_of
from orggraph.stores.sqlite.looking import Asking
from orggraph.stores.sqlite.roles import at_once
from orggraph.stores.sqlite.rows import Bundle, Names, Part, Record, Rows, Spot
from orggraph.stores.sqlite.writing import Writer, conjunction


def bundle(asking: Asking, source: Along, near: Spot) -> Rows:
    """The links of a source that has several ways, or is grouped."""
    c = asking.writer.alias("c")
    roles = source.roles if by_roles(source, asking.window.day is not None) else (source.ways,)
    links, parts = (at_once if len(roles) > 1 else _one_by_one)(asking, source, roles, near)
    if source.grouped:
        links = f"SELECT e,max(t) t,max(syn) syn,sum(t) lo,count(*) hi FROM ({links}) GROUP BY e"
    record = Record(c, _any_relation(asking.names, source))
    found = Bundle(c, parts, source.grouped)
    far = Spot(f"{c}.e", source.kinds, record)
    records = () if source.grouped else (record,)
    return Rows(near, f"({links}) {c}", (), records, (), (), far, holding=True, bundle=found)


def _any_relation(names: Names, source: Along) -> Relation:
    """A record of some relation stands for what all records of a link have in common: numbers."""
    relations = names.model.relations
    return relations[source.ways[0].strands[0].hop.relation] if source.ways else next(iter(relations.values()))


def _one_by_one(asking: Asking, source: Along, roles: Sequence[Sequence[Way]], near: Spot) -> Links:
    """Each link by the one way in which it comes about."""
    (ways,) = roles
    twice = alike(ways)
    columns = _columns(ways, source.grouped)
    arms = [arm(asking, source, near, ways, number, f"{number} w", twice) for number in range(len(ways))]
    links = " UNION ALL ".join(arms) or f"SELECT {','.join(f'0 {column}' for column in columns)} WHERE 0"
    part = Part("w", "n", tuple(relations_of(asking.names, way) for way in ways))
    return (_once(links, columns) if twice and arms else links), (part,)


def _columns(ways: Sequence[Way], grouped: bool) -> list[str]:
    versions = [f"n{i}" for i in range(versions_of(ways))]
    return ["e", "f0", "f1", "u0", "u1", "t", "w", *versions, *(["syn"] if grouped else [])]


def _once(links: str, columns: list[str]) -> str:
    """The same with each link once, however many ways lead to it: certain if it is in one of them. The same records may lead to
    several ends."""
    told = ",".join("max(t) OVER (PARTITION BY i,e) t" if column == "t" else column for column in columns)
    numbered = f"SELECT {told},row_number() OVER (PARTITION BY i,e ORDER BY k) y FROM ({links})"
    return f"SELECT * FROM ({numbered}) WHERE y=1"


def by_parts(writer: Writer, found: Bundle, printed: Callable[[tuple[Record, ...]], str], between: str) -> str:
    """What is told of the records of a link, of each part that it is made of: they are looked up by their versions."""
    return f"||'{between}'||".join(_by_way(writer, found.alias, part, printed) for part in found.parts)


def made_up(writer: Writer, found: Bundle) -> str:
    """Whether a record of a link is made up."""
    if found.grouped:
        return f"{found.alias}.syn"

    def any_of(records: tuple[Record, ...]) -> str:
        return " OR ".join(f"{record.alias}.syn" for record in records)

    return "(" + " OR ".join(_by_way(writer, found.alias, part, any_of) for part in found.parts) + ")"


def _by_way(writer: Writer, c: str, part: Part, printed: Callable[[tuple[Record, ...]], str]) -> str:
    whens = []
    for number, relations in enumerate(part.ways):
        records = tuple(Record(writer.alias("v"), relation) for relation in relations)
        tables = " CROSS JOIN ".join(f'"r_{record.relation.name}" {record.alias}' for record in records)
        same = conjunction([f"{record.alias}.n={c}.{part.versions}{i}" for i, record in enumerate(records)])
        whens.append(f"WHEN {number} THEN (SELECT {printed(records)} FROM {tables} WHERE {same})")
    return f"CASE {c}.{part.way} {' '.join(whens)} END" if whens else "NULL"
