"""Which rows a source has. In: a plan's source and the entity at hand. Out: ``Rows``. Semantics.md sections 3 and 5."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from orggraph.model.model import OBJECT, SUBJECT, Hop, Relation
from orggraph.plan.filters import AllOf, Along, AnyRecords, Climb, Over, RecordsOf, Source
from orggraph.plan.ways import FIRST, LAST, Part, Way
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.rows import (
    Names,
    Record,
    Rows,
    Spot,
    ends_of,
    holds,
    kind_is,
    relation_number,
    there,
)
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import Writer, conjunction


def rows_of(
    names: Names,
    writer: Writer,
    source: Source,
    near: Spot | None,
    window: Window,
    printed: bool = True,
    within: Sequence[str] = (),
) -> Rows:
    """The rows of a source; ``near`` is the entity at hand (None for roots), ``window`` the days that it is seen on;
    ``printed``: not only counted or tested; ``within``: between which keys (``q.key``) records of any relation are wanted."""
    match source:
        case AllOf(_, kinds):
            alias = writer.alias("a")
            spot = Spot(f"{alias}.e", kinds, many=True)
            return Rows(None, f"entity {alias}", (kind_is(names, spot.entity, kinds),), (), (), (), spot)
        case RecordsOf(relation):
            return rows_of_record(Record(writer.alias("r"), relation))
        case AnyRecords():
            return _any_records(names, writer, source, near if source.here else None, window, printed, within)
        case Over(hop):
            assert near is not None
            return _over(names, writer, source, hop, near)
        case Along():
            assert near is not None
            assert source.plain is not None, "several ways are put together in bundles.py"
            return along(names, writer, source, source.plain, near)
        case Climb():
            assert near is not None
            return _climb(names, writer, source, near, window)


def rows_of_record(record: Record) -> Rows:
    """A record by itself: it holds where it and both its ends do."""
    return Rows(None, f'"r_{record.relation.name}" {record.alias}', (), (record,), ends_of(record), (), None)


SHARED = "n,r,s,o,f0,f1,u0,u1,k0,k1,w_from,w_until,w_through,w_attested,c,syn"
"""The columns that the records of every relation have."""
TESTED = "r,s,o,f0,f1,u0,u1,k0,k1,w_from,w_until,w_through,w_attested,c,syn"
"""Those of them that are read of records that are only counted or tested."""


def _any_records(
    names: Names,
    writer: Writer,
    source: AnyRecords,
    near: Spot | None,
    window: Window,
    printed: bool,
    within: Sequence[str],
) -> Rows:
    """Records of many relations, all of them or those in which the entity at hand stands; each is there once.

    Where they are printed each relation gives its rows in the order of keys, which SQLite merges; ``LIMIT -1`` keeps it
    from copying what is printed into each of them, and from beginning each where a page begins: ``within`` does.
    """
    record = Record(writer.alias("r"), source.any)
    columns, key = (SHARED.split(","), ",'' key") if printed else (TESTED.split(","), "")
    arms = [
        arm
        for relation in source.relations
        for arm in _records_of(names, writer, relation, near, window, columns, printed, within)
    ] or [f"SELECT {','.join(f'0 {one}' for one in columns)},'' t{key} WHERE 0"]
    tables = f"({' UNION ALL '.join(arms)}{' ORDER BY key LIMIT -1' if printed else ''}) {record.alias}"
    return Rows(near, tables, (), (record,), ends_of(record), (), None, holding=True)


def _records_of(
    names: Names,
    writer: Writer,
    relation: Relation,
    near: Spot | None,
    window: Window,
    columns: Sequence[str],
    keyed: bool,
    within: Sequence[str],
) -> Iterator[str]:
    """Selects of a relation's records that possibly hold; by each end that the entity at hand may stand at."""
    table, number = f'"r_{relation.name}"', relation_number(names.model, relation.name)

    def select(v: str, at: list[str]) -> str:
        record = Record(v, relation)
        below = window.narrowed(v)
        there_ = [there(names, writer, spot, below, False) for spot in ends_of(record)]
        read = [*(f"{v}.{column}" for column in columns), f"'{relation.name}' t", *(["q.key"] if keyed else [])]
        tables = f"{table} {v}"
        if keyed and near is None:
            tables, at = f"record q CROSS JOIN {tables}", [f"(q.r&1023)={number}", f"{v}.r=q.r"]
        elif keyed:
            tables, at = f"{tables} CROSS JOIN record q", [*at, f"q.r={v}.r"]
        at = [*at, *within] if keyed else at
        where = conjunction([*at, holds(record, window, False), *there_])
        return f"SELECT {','.join(read)} FROM {tables} WHERE {where}"

    if near is None:
        yield select(writer.alias("v"), [])
        return
    before: list[str] = []
    for end in relation.ends:
        if set(end.kinds) & set(near.kinds):
            v, column = writer.alias("v"), end_column(end.role)
            yield select(v, [f"{v}.{column}={near.entity}", *(f"{v}.{one} IS NOT {near.entity}" for one in before)])
            before.append(column)


def _over(names: Names, writer: Writer, source: Over, hop: Hop, near: Spot) -> Rows:
    record = Record(writer.alias("r"), names.model.relations[hop.relation])
    joined = []
    far = Spot(record.end(hop.target), source.kinds, record)
    if source.kinds != names.all_kinds(record, hop.target):
        joined.append(kind_is(names, far.entity, source.kinds))
    passed = _other_ends(record, hop)
    table, start = f'"r_{hop.relation}" {record.alias}', record.end(hop.origin)
    return Rows(near, table, tuple(joined), (record,), passed, (), far, start)


def _other_ends(record: Record, hop: Hop) -> tuple[Spot, ...]:
    """The ends of a record that a hop neither starts from nor leads to, but that must be there for it to hold."""
    return tuple(
        spot for spot in ends_of(record) if spot.entity not in (record.end(hop.origin), record.end(hop.target))
    )


def along(names: Names, writer: Writer, source: Along, way: Way, near: Spot) -> Rows:
    """The links of a derived relation that come about in one way: a row for each, of all their records."""
    forward = source.link.forward
    records = tuple(Record(writer.alias("r"), names.model.relations[strand.hop.relation]) for strand in way.strands)
    subject = Spot(records[0].end(way.strands[0].hop.origin), way.places[FIRST], records[0])
    stands = {FIRST: subject}
    joined = _begun(way, records, FIRST, subject, 1)
    passed: list[Spot] = []
    for i, (strand, record) in enumerate(zip(way.strands, records, strict=True)):
        arrival = Spot(record.end(strand.hop.target), way.places[strand.end], record)
        if strand.end in stands:
            joined.append(f"{arrival.entity}={stands[strand.end].entity}")
        else:
            stands[strand.end] = arrival
            joined += _begun(way, records, strand.end, arrival, i + 1)
            joined += _of_kinds(names, arrival, strand.hop.target)
            passed += [arrival] if strand.end != LAST else []
        passed += _other_ends(record, strand.hop)
        joined += [_differ(records, pair) for pair in way.apart if max(_numbers(pair)) == i]
    tests = ((replace(stands[test.place], record=records[test.strand]), test.where) for test in way.tests)
    far, begin = (stands[LAST], subject) if forward else (subject, stands[LAST])
    if not forward:
        joined += _of_kinds(names, replace(subject, kinds=source.kinds), way.strands[0].hop.origin)
    order = records if forward else records[::-1]
    tables = " CROSS JOIN ".join(f'"r_{record.relation.name}" {record.alias}' for record in order)
    far = replace(far, kinds=source.kinds)
    return Rows(near, tables, tuple(joined), records, tuple(passed), tuple(tests), far, begin.entity)


def _begun(way: Way, records: Sequence[Record], place: int, spot: Spot, first: int) -> list[str]:
    """That the strands from some number on that begin at a place do so."""
    return [
        f"{record.end(strand.hop.origin)}={spot.entity}"
        for strand, record in zip(way.strands[first:], records[first:], strict=True)
        if strand.start == place
    ]


def _of_kinds(names: Names, spot: Spot, role: str) -> list[str]:
    """That the end of a record is of the kinds that may stand at its spot, if it may be of others."""
    assert spot.record is not None
    return [] if spot.kinds == names.all_kinds(spot.record, role) else [kind_is(names, spot.entity, spot.kinds)]


def _numbers(parts: Sequence[Part]) -> list[int]:
    return [one for part in parts for one in ([part] if isinstance(part, int) else _numbers(part.parts))]


def _differ(records: Sequence[Record], pair: tuple[Part, Part]) -> str:
    """That two parts of a way are not of the same records. Of one record one version is known, whose number indexes have at hand."""
    one, other = (f"{records[part].alias}.n" if isinstance(part, int) else identity(records, part) for part in pair)
    return f"{other}<>{one}"


def identity(records: Sequence[Record], part: Part) -> str:
    """What tells links apart, as SQL: the number of a record; those of several as text."""
    if isinstance(part, int):
        return f"{records[part].alias}.r"
    parts = [identity(records, one) for one in part.parts]
    if not part.any_order:
        return "(" + "||','||".join(parts) + ")"
    values = ",".join(f"({one}||'')" for one in parts)
    return f"(SELECT group_concat(column1,';' ORDER BY column1) FROM (VALUES{values}))"


def _climb(names: Names, writer: Writer, source: Climb, near: Spot, window: Window) -> Rows:
    """Chains of any length over a hierarchy, one row each.

    ``e`` far end, ``path`` entities from the near one on, ``ns`` versions of its records from below to above, ``f0 … u1``
    what they share, ``t`` whether each certainly meets the window and all others, ``syn``. On a day the entities are
    looked at on the way; in a range only what all records leave can tell (``Conditions.rows_hold``).
    """
    c, v, u = writer.alias("c"), writer.alias("v"), writer.alias("u")
    start, end = ("s", "o") if source.link.forward else ("o", "s")
    arrival = Spot(f"{v}.{end}", source.relation.end(OBJECT if source.link.forward else SUBJECT).kinds)
    meets, certain = f"{window.known(v)} AND {window.record_meets(v, False)}", window.record_meets(v, True)
    together, surely = "", ""
    if window.day is None:
        together = f" AND {v}.f0<{u}.u1 AND {v}.u1>{u}.f0"
        surely = f" AND {v}.f1<{u}.u0 AND {v}.u0>{u}.f1"
    else:
        meets += f" AND {there(names, writer, arrival, window, False)}"
        certain += f" AND {there(names, writer, arrival, window, True)}"
    ns = f"{u}.ns||','||{v}.n" if source.link.forward else f"{v}.n||','||{u}.ns"
    table = f'"r_{source.relation.name}" {v}'
    tables = (
        f"(WITH RECURSIVE w(e,path,ns,f0,f1,u0,u1,t,syn) AS (SELECT {v}.{end},','||{v}.{start}||','||{v}.{end}||',',"
        f"{v}.n,{v}.f0,{v}.f1,{v}.u0,{v}.u1,{certain},{v}.syn FROM {table} WHERE {v}.{start}={near.entity} AND {meets} "
        f"UNION ALL SELECT {v}.{end},{u}.path||{v}.{end}||',',{ns},max({u}.f0,{v}.f0),max({u}.f1,{v}.f1),"
        f"min({u}.u0,{v}.u0),min({u}.u1,{v}.u1),{u}.t AND {certain}{surely},{u}.syn OR {v}.syn "
        f"FROM w {u} CROSS JOIN {table} WHERE {v}.{start}={u}.e AND {meets}{together} "
        f"AND instr({u}.path,','||{v}.{end}||',')=0) SELECT * FROM w) {c}"
    )
    far = Spot(f"{c}.e", source.kinds)
    return Rows(near, tables, (), (Record(c, source.relation),), (), (), far, holding=True, climb=c)
