"""Rows → the plain objects that truth is told about. In: a Model and ``{file: [row]}``. Out: a ``World``.

A row is what a CSV file says, by the model's own column names (``random_rows`` writes other headers, the same thing).
One load; what later loads correct is not told here yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from orggraph.model.model import Field, Model
from orggraph.model.values import Value
from tests.oracle.spans import NEVER, Cells, Day, RowError, SourceDate, Span, partial, record_span, state_spans

Row = Mapping[str, str]
Rows = Mapping[str, Sequence[Row]]
FieldValue = str | int | bool | None
YES = ("true", "yes", "1", "是", "真")


@dataclass(frozen=True)
class Citation:
    source: str
    para: str | None


@dataclass(frozen=True)
class Statement:
    """What every row says besides its dates."""

    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    cells: Cells = field(default_factory=Cells)
    citations: tuple[Citation, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class State:
    """An entity between two changes. ``next_f0``, ``next_f1``: its next state's start; ``life``: its life's span."""

    name: str
    span: Span
    life: Span
    next_f0: Day
    next_f1: Day
    said: Statement


@dataclass(frozen=True)
class Entity:
    """States in order of start; ``lives`` are the spans of its runs of states without a gap."""

    key: str
    kind: str
    states: tuple[State, ...]
    lives: tuple[Span, ...]


@dataclass(frozen=True)
class Record:
    """``ends``: the entity's key by role ("subject", "object", further ends), None for a further end not given."""

    key: str
    relation: str
    ends: Mapping[str, str | None]
    span: Span
    said: Statement


@dataclass(frozen=True)
class World:
    model: Model
    entities: Mapping[str, Entity]
    records: Mapping[str, Record]

    def of_kinds(self, kind: str) -> list[Entity]:
        """The entities of a kind or of the kinds below it, by key."""
        concrete = self.model.kinds[kind].concrete
        return [self.entities[key] for key in sorted(self.entities) if self.entities[key].kind in concrete]

    def of_relation(self, relation: str) -> list[Record]:
        """The records of a relation, by key."""
        return [self.records[key] for key in sorted(self.records) if self.records[key].relation == relation]


def build(model: Model, rows: Rows) -> World:
    """The world that rows say; RowError where no load would accept them."""
    sources = {row["key"]: _source_date(row) for row in rows.get("Source", ())}
    entities: dict[str, Entity] = {}
    for kind in model.concrete():
        by_key: dict[str, list[Row]] = {}
        for row in rows.get(kind.name, ()):
            by_key.setdefault(row["key"], []).append(row)
        entities |= {key: _entity(model, kind.name, key, states, sources) for key, states in by_key.items()}
    records = {row["key"]: _record(model, name, row, sources) for name in model.relations for row in rows.get(name, ())}
    return World(model, entities, records)


def entity_of(key: str, kind: str, states: Sequence[tuple[str, Span, Statement]], gaps: Sequence[bool]) -> Entity:
    """An entity from its states in order of start, (name, span, statement), and after which of them there is a gap."""
    runs: list[list[Span]] = [[states[0][1]]]
    for (_, span, _), gap in zip(states[1:], gaps, strict=True):
        if gap:
            runs.append([])
        runs[-1].append(span)
    lives = [Span(run[0].f0, run[0].f1, run[-1].u0, run[-1].u1) for run in runs]
    life_of = [life for life, run in zip(lives, runs, strict=True) for _ in run]
    starts = [(span.f0, span.f1) for _, span, _ in states[1:]] + [(NEVER, NEVER)]
    made = [
        State(name, span, life, *start, said)
        for (name, span, said), life, start in zip(states, life_of, starts, strict=True)
    ]
    return Entity(key, kind, tuple(made), tuple(lives))


def _entity(model: Model, kind: str, key: str, rows: list[Row], sources: Mapping[str, SourceDate | None]) -> Entity:
    said = [_statement(model, model.kinds[kind].fields, row) for row in rows]
    ordered = sorted(zip(rows, said, strict=True), key=lambda one: _start(one[1].cells))
    starts = [_start(said.cells) for _, said in ordered]
    if any(this == then for this, then in pairwise(starts)):
        raise RowError(f"two states of {key} with one from")
    spans, gaps = state_spans([(said.cells, _first_source(said, sources)) for _, said in ordered])
    return entity_of(key, kind, [(row["name"], s, said) for (row, said), s in zip(ordered, spans, strict=True)], gaps)


def _start(cells: Cells) -> tuple[Day, Day]:
    return partial(cells.since) if cells.since else (-NEVER, -NEVER)


def _record(model: Model, relation: str, row: Row, sources: Mapping[str, SourceDate | None]) -> Record:
    described = model.relations[relation]
    said = _statement(model, described.fields, row)
    ends = {end.role: row.get(end.name) or None for end in described.ends}
    return Record(row["key"], relation, ends, record_span(said.cells, _first_source(said, sources)), said)


def _statement(model: Model, fields: Sequence[Field], row: Row) -> Statement:
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


def _first_source(said: Statement, sources: Mapping[str, SourceDate | None]) -> SourceDate | None:
    return sources[said.citations[0].source] if said.citations else None
