"""Loads → what is known after each of them. In: a Model and, load by load, ``{table: [row]}``. Out: a ``Ledger``.

A row is what a CSV file says, by the model's own column names (``random_rows`` writes other headers, the same thing). The
rules are "Files in" of the API and sections 9.1, 9.2 and 9.13 of the semantics: the same key with other content corrects,
an absent column keeps what is known, a blank cell empties it, a state is named by its key and its ``from`` as written.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise

from orggraph.model.model import Field, Model
from orggraph.model.values import Value
from tests.oracle.spans import NEVER, Cells, Day, RowError, SourceDate, partial, record_span, state_spans
from tests.oracle.world import Citation, Entity, FieldValue, Record, State, Statement, World, entity_of

Row = Mapping[str, str]
Rows = Mapping[str, Sequence[Row]]
YES = ("true", "yes", "1", "是", "真")
ALTERNATIVES = (("until", "through"), ("through", "until"))
"""Who says the one says anew the other too, though its column may be absent."""


@dataclass(frozen=True)
class Told:
    """What is known of a state or a record: its cells, and what its first source bore when a load first brought them."""

    row: Row
    seen: SourceDate | None


Name = tuple[str, str, str]
"""What a row is of: its table, its key, and the ``from`` that names a state ("" for a record)."""
Book = Mapping[Name, Told]


@dataclass(frozen=True)
class Load:
    """A load that took a number. ``files``: name and SHA-256, by name; ``at``: when, where a test knows it."""

    number: int
    added: int
    corrected: int
    withdrawn: int
    files: tuple[tuple[str, str], ...] = ()
    at: datetime.datetime | None = None


@dataclass(frozen=True)
class Ledger:
    """``worlds``: what is known at each load, the first before any; ``book``: the cells that are known now."""

    model: Model
    worlds: tuple[World, ...]
    loads: tuple[Load, ...] = ()
    book: Book | None = None

    @property
    def last(self) -> World:
        return self.worlds[-1]

    def then(self, rows: Rows, files: Mapping[str, str] | None = None) -> Ledger:
        """The ledger after one more load; the same, if the load changes nothing. RowError where none would be accepted."""
        before = self.book or {}
        after = _turned(self.model, before, rows)
        world = _world(self.model, self.last, after)
        counts = _counts(before, after, self.last, world)
        if self.loads and not any(counts):
            return self
        hashes = tuple(sorted((name, sha256(text.encode()).hexdigest()) for name, text in (files or {}).items()))
        load = Load(len(self.loads) + 1, *counts, hashes)
        return Ledger(self.model, (*self.worlds, world), (*self.loads, load), after)

    def at_times(self, times: Sequence[datetime.datetime]) -> Ledger:
        """The same, with the moments at which the loads were published."""
        loads = tuple(replace(load, at=at) for load, at in zip(self.loads, times, strict=True))
        return replace(self, loads=loads)

    def published_by(self, moment: datetime.datetime) -> int:
        """The last load that was published by a moment; 0 before the first."""
        return max((load.number for load in self.loads if load.at and load.at <= moment), default=0)

    def known(self, thing: State | Record, key: str, load: int) -> tuple[Load, Load | None]:
        """The load since which a version is known that is known at ``load``, and the one that took it back."""
        first = after = load
        while self._has(thing, key, first - 1):
            first -= 1
        while after < len(self.loads) and self._has(thing, key, after):
            after += 1
        return self.loads[first - 1], None if self._has(thing, key, after) else self.loads[after - 1]

    def _has(self, thing: State | Record, key: str, load: int) -> bool:
        world = self.worlds[load]
        if isinstance(thing, Record):
            return world.records.get(key) == thing
        return key in world.entities and thing in world.entities[key].states


def ledger_of(model: Model, loads: Sequence[Rows]) -> Ledger:
    ledger = Ledger(model, (World(model, {}, {}),))
    for rows in loads:
        ledger = ledger.then(rows)
    return ledger


def build(model: Model, rows: Rows) -> World:
    """The world that one load of rows says; RowError where no load would accept them."""
    return ledger_of(model, [rows]).last


# ---------------------------------------------------------------- cells


def _turned(model: Model, book: Book, rows: Rows) -> Book:
    """The cells that are known after a load; sources first, because rows may cite what the same load brings."""
    after, named = dict(book), set()
    for table in ("Source", *(name for name in (*model.kinds, *model.relations) if name != "Source")):
        for row in rows.get(table, ()):
            name = _name(model, book, table, row)
            if name in named:
                raise RowError(f"{name} stands twice")
            named.add(name)
            if row.get("withdrawn", "") in YES:
                if after.pop(name, None) is None:
                    raise RowError(f"{name} is not known")
                continue
            known = after.get(name)
            cells = _merged(row, known.row if known else {}) | {"key": name[1]}
            after[name] = Told(cells | ({"from": name[2]} if table in model.kinds else {}), _seen(after, cells, known))
    return after


def _name(model: Model, book: Book, table: str, row: Row) -> Name:
    """An absent ``from`` names the state that is known, if there is just one."""
    if table not in model.kinds:
        return table, row["key"], ""
    known = [start for of, key, start in book if (of, key) == (table, row["key"])]
    return table, row["key"], row["from"] if "from" in row else known[0] if len(known) == 1 else ""


def _merged(row: Row, known: Row) -> dict[str, str]:
    cells = {**known, **row}
    for said, other in ALTERNATIVES:
        if row.get(said) and other not in row:
            cells[other] = ""
    if "para" not in row and row.get("source", known.get("source")) != known.get("source"):
        cells["para"] = ""  # other sources: where in the ones before is nothing to them
    cells.pop("withdrawn", None)
    return cells


def _seen(book: Book, cells: Row, known: Told | None) -> SourceDate | None:
    """The date of the first source: as it was when a load first brought the row with that source."""
    cited = _citations(cells)
    if not cited:
        return None
    if known and [one.source for one in _citations(known.row)[:1]] == [cited[0].source]:
        return known.seen
    return next(
        _source_date(told.row) for (table, key, _), told in book.items() if (table, key) == ("Source", cited[0].source)
    )


def _counts(before: Book, after: Book, was: World, is_: World) -> tuple[int, int, int]:
    """How many states and records a load added, corrected, withdrew; numbers that only followed are no correction."""
    both = [name for name in after if name in before]
    corrected = sum(_content(was, name) != _content(is_, name) for name in both)
    return len(after) - len(both), corrected, len(before) - len(both)


def _content(world: World, name: Name) -> object:
    table, key, start = name
    if table in world.model.relations:
        record = world.records[key]
        return record.ends, record.said
    return next((state.name, state.said) for state in world.entities[key].states if state.said.cells.since == start)


# ---------------------------------------------------------------- things


def _world(model: Model, before: World, book: Book) -> World:
    """What the cells say; an entity that is known no more is still what records end at."""
    states: dict[tuple[str, str], list[Told]] = {(x.kind, x.key): [] for x in before.entities.values()}
    records: dict[str, Record] = {}
    for (table, key, _), told in book.items():
        if table in model.kinds:
            states.setdefault((table, key), []).append(told)
        else:
            records[key] = _record(model, table, told)
    entities = {key: _entity(model, kind, key, listed) for (kind, key), listed in states.items()}
    return World(model, entities, records)


def _entity(model: Model, kind: str, key: str, listed: list[Told]) -> Entity:
    said = [(told, _statement(model, model.kinds[kind].fields, told.row)) for told in listed]
    said.sort(key=lambda one: _start(one[1].cells))
    starts = [_start(statement.cells) for _, statement in said]
    if any(this == then for this, then in pairwise(starts)):
        raise RowError(f"two states of {key} with one from")
    spans, gaps = state_spans([(statement.cells, told.seen) for told, statement in said]) if said else ([], [])
    states = [(_required(told.row, "name"), span, one) for (told, one), span in zip(said, spans, strict=True)]
    return entity_of(key, kind, states, gaps)


def _start(cells: Cells) -> tuple[Day, Day]:
    return partial(cells.since) if cells.since else (-NEVER, -NEVER)


def _record(model: Model, relation: str, told: Told) -> Record:
    described, row = model.relations[relation], told.row
    said = _statement(model, described.fields, row)
    ends = {end.role: _required(row, end.name) if end.required else row.get(end.name) or None for end in described.ends}
    cells = said.cells
    if described.once and not cells.until and not cells.through:
        cells = replace(cells, until="open")  # it has happened, and that does not end
    return Record(row["key"], relation, ends, record_span(cells, told.seen), said)


def _required(row: Row, column: str) -> str:
    if not row.get(column):
        raise RowError(f"{column} is blank")
    return row[column]


def _statement(model: Model, fields: Sequence[Field], row: Row) -> Statement:
    for one in fields:
        if one.required:
            _required(row, one.name)
    if row.get("until") and row.get("through"):
        raise RowError("until and through say the same end")
    return Statement(
        fields={one.name: typed(model, one, row.get(one.name, "")) for one in fields},
        cells=Cells(*(row.get(name, "") for name in ("from", "until", "through", "attested"))),
        citations=_citations(row),
        synthetic=row.get("synthetic", "") in YES,
    )


def typed(model: Model, described: Field, cell: str) -> FieldValue:
    """A cell as the value it means; a blank is a missing one."""
    if not cell:
        return None
    match described.type:
        case Value.INT:
            return int(cell)
        case Value.BOOLEAN:
            return cell in YES
        case Value.TERM:
            return term_code(model, described.terms or "", cell)
        case _:
            return cell


def term_code(model: Model, terms: str, spelled: str) -> str:
    """The code of a term spelled by its code, a label or an alias."""
    for term in model.terms[terms].terms.values():
        if spelled in (term.code, term.label.zh, term.label.en, *term.aliases):
            return term.code
    raise RowError(f"{spelled} is no term of {terms}")


def _citations(row: Row) -> tuple[Citation, ...]:
    if not row.get("source"):
        return ()
    sources, paras = row["source"].split(";"), row.get("para", "").split(";")
    paras += [""] * (len(sources) - len(paras))
    return tuple(Citation(source, para or None) for source, para in zip(sources, paras, strict=True))


def _source_date(row: Row) -> SourceDate | None:
    if not row.get("date"):
        return None
    first, last = partial(row["date"])
    return SourceDate(row["nature"] in ("register", "登记册"), first, last)
