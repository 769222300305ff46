"""What entities and records print, in their scope. In: a thing and its scope. Out: values and further views.

``answer`` lets graphql-core walk over them; one method per field that needs more than a lookup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from orggraph.model.entries import Label
from orggraph.model.model import Field, Hop
from tests.oracle import order
from tests.oracle.filters import link_passes, links_of, passes, record_passes
from tests.oracle.links import Link, leading, shown_link
from tests.oracle.lists import ConnectionView, EdgeView, PlainConnectionView, certainty, connection
from tests.oracle.order import By, Key
from tests.oracle.parts import Arguments, KnownView, ValidView, in_language, term, value_view
from tests.oracle.scope import Scope
from tests.oracle.spans import Span
from tests.oracle.truth import Pair, both, holds, printed, there
from tests.oracle.world import Citation, Entity, Record, State, Statement


def entity_view(key: str | None, scope: Scope) -> EntityView | None:
    """An entity in a scope, or nothing if it is not known or not there."""
    x = scope.world.entities.get(key or "")
    return EntityView(x, scope) if x and there(x, scope.n).at(scope.certain) else None


def record_view(key: str, scope: Scope) -> RecordView | None:
    """A record in a scope, or nothing if it is not known or does not hold."""
    record = scope.world.records.get(key)
    if record is None or not holds(scope.world, record, scope.n).at(scope.certain):
        return None
    return RecordView(record, scope, scope.within(record.span))


def entity_rows(scope: Scope, kind: str, where: Arguments) -> Iterable[EdgeView]:
    """The rows of a root list, by key."""
    for x in scope.world.of_kinds(kind):
        present = there(x, scope.n)
        if present.possible:
            yield EdgeView(present, partial(_entity_passes, scope, x), where, scope, EntityView(x, scope))


def record_rows(
    scope: Scope, records: Iterable[Record], where: Arguments, near: Entity | None = None
) -> Iterable[EdgeView]:
    """Records that hold; of an entity at hand, that must be there in what is left of a range."""
    for record in records:
        inner = scope.within(record.span)
        held = holds(scope.world, record, scope.n)
        if near is not None and scope.n.narrows:
            held = both([held, there(near, inner.n)])
        if held.possible:
            yield EdgeView(held, partial(_record_passes, inner, record), where, inner, RecordView(record, scope, inner))


def _entity_passes(scope: Scope, x: Entity, where: Arguments) -> Pair:
    return passes(scope.world, x, where, scope.n)


def _record_passes(inner: Scope, record: Record, where: Arguments) -> Pair:
    return record_passes(inner.world, record, where, inner.n)


def _link_passes(scope: Scope, link: Link, where: Arguments) -> Pair:
    return link_passes(scope.world, link, where)


@dataclass(frozen=True)
class CitationView:
    citation: Citation
    scope: Scope

    def field(self, name: str, _: Arguments) -> Any:
        source = EntityView(self.scope.world.entities[self.citation.source], self.scope)
        return {"para": self.citation.para, "source": source, "title": source.state.name}[name]


def cited(said: Statement, scope: Scope) -> list[CitationView]:
    return [CitationView(citation, scope) for citation in said.citations]


@dataclass(frozen=True)
class EntityView:
    x: Entity
    scope: Scope

    @property
    def typename(self) -> str:
        return self.x.kind

    @property
    def key(self) -> str:
        return self.x.key

    @property
    def span(self) -> Span:
        return self.state.life

    @property
    def state(self) -> State:
        return printed(self.x, self.scope.n)

    @property
    def fields(self) -> dict[str, Field]:
        return {one.name: one for one in self.scope.world.model.kinds[self.x.kind].fields}

    def field(self, name: str, args: Arguments) -> Any:
        scope, state = self.scope, self.state
        if name in self.fields:
            return value_view(scope.world, self.fields[name], state.said.fields[name])
        match name:
            case "at" | "during" | "ever":
                return entity_view(self.key, scope.opened(name, args))
            case "id":
                return scope.id_of(self.key)
            case "iri":
                return f"{scope.world.model.iri}{self.key}"
            case "kind":
                return term(scope.world.model.kinds[self.x.kind])
            case "valid":
                return ValidView(state.life)
            case "certainty":
                return certainty(there(self.x, scope.n))
            case "citations":
                return cited(state.said, scope)
            case "history":
                return PlainConnectionView([StateView(self.x, one, scope) for one in self.x.states], {})
            case "records":
                records = [r for r in scope.world.all_records() if self.key in r.ends.values()]
                return connection(scope, args, record_rows(scope, records, args.get("where", {}), self.x), "")
            case "key" | "name" | "synthetic":
                return self._said(name)
            case _:
                return self.related(name, args)

    def _said(self, name: str) -> Any:
        return {"key": self.key, "name": self.state.name, "synthetic": self.state.said.synthetic}[name]

    def related(self, name: str, args: Arguments) -> Any:
        """A field that leads over a relation: its plural, its to-one, its records."""
        scope, where = self.scope, args.get("where", {})
        for field in leading(scope.world.model, self.x.kind):
            if name not in (field.plural, field.singular, f"{field.singular}Records"):
                continue
            links = links_of(scope.world, self.x, field, scope.n)
            if name == field.plural:
                return connection(scope, args, [self._row(link, where) for link in links], field.far)
            if name == field.singular:
                shown = shown_link(links, scope.certain)
                return shown and EntityView(shown.far, scope.in_window(shown.n))
            assert isinstance(field, Hop)
            links.sort(key=lambda link: link.records[0].key)
            return connection(scope, args, [self._record_row(link, where) for link in links], field.relation)
        raise KeyError(name)

    def _row(self, link: Link, where: Arguments) -> EdgeView:
        scope, inner = self.scope, self.scope.in_window(link.n)
        record = DerivedView(link, scope) if link.derived else RecordView(link.records[0], scope, inner)
        test = partial(_link_passes, scope, link)
        return EdgeView(link.holds, test, where, inner, EntityView(link.far, inner), record)

    def _record_row(self, link: Link, where: Arguments) -> EdgeView:
        scope, inner = self.scope, self.scope.in_window(link.n)
        test = partial(_record_passes, inner, link.records[0])
        return EdgeView(link.holds, test, where, inner, RecordView(link.records[0], scope, inner))

    def by(self, by: By) -> Key:
        name, below = order.only(by)
        if name in self.fields:
            return order.of_field(self.scope.world.model, self.fields[name], self.state.said.fields[name])
        match name:
            case "name":
                return order.of_text(self.state.name)
            case "key" | "synthetic":
                return self._said(name)
            case "valid":
                return order.of_span(self.state.life, below)
        related = self.field(name, {}) if name == "records" else self.related(name, {})
        if isinstance(related, ConnectionView):
            return related.by(below)
        return related and related.by(below)


@dataclass(frozen=True)
class StateView:
    """A state in the history of an entity."""

    x: Entity
    state: State
    scope: Scope

    @property
    def typename(self) -> str:
        return f"{self.x.kind}State"

    def field(self, name: str, _: Arguments) -> Any:
        said, scope = self.state.said, self.scope
        for described in scope.world.model.kinds[self.x.kind].fields:
            if described.name == name:
                return value_view(scope.world, described, said.fields[name])
        match name:
            case "name":
                return self.state.name
            case "valid":
                return ValidView(self.state.span)
            case "known":
                return KnownView(*scope.ledger.known(self.state, self.x.key, scope.load))
            case "synthetic":
                return said.synthetic
            case "citations":
                return cited(said, scope)
        raise KeyError(name)


@dataclass(frozen=True)
class RecordEndView:
    name: str
    label: Label
    entity: EntityView | None

    def field(self, name: str, args: Arguments) -> Any:
        return in_language(self.label, args) if name == "label" else getattr(self, name)


@dataclass(frozen=True)
class RecordView:
    """``scope`` is the one that the record was found in, ``inner`` what is left of it for its ends."""

    record: Record
    scope: Scope
    inner: Scope

    @property
    def typename(self) -> str:
        return f"{self.record.relation}Record"

    @property
    def key(self) -> str:
        return self.record.key

    @property
    def span(self) -> Span:
        return self.record.span

    @property
    def fields(self) -> dict[str, Field]:
        return {one.name: one for one in self.scope.world.model.relations[self.record.relation].fields}

    def field(self, name: str, _: Arguments) -> Any:
        world, said = self.scope.world, self.record.said
        relation = world.model.relations[self.record.relation]
        if name in self.fields:
            return value_view(world, self.fields[name], said.fields[name])
        for end in relation.ends:
            if end.name == name:
                return self.end(end.role)
        match name:
            case "id":
                return self.scope.id_of(self.key)
            case "iri":
                return f"{world.model.iri}{self.key}"
            case "relation":
                return term(relation)
            case "ends":
                return [RecordEndView(end.name, end.label, self.end(end.role)) for end in relation.ends]
            case "valid":
                return ValidView(self.record.span)
            case "certainty":
                return certainty(holds(world, self.record, self.scope.n))
            case "known":
                return KnownView(*self.scope.ledger.known(self.record, self.key, self.scope.load))
            case "citations":
                return cited(said, self.inner)
            case _:
                return {"key": self.key, "synthetic": said.synthetic}[name]

    def end(self, role: str) -> EntityView | None:
        return entity_view(self.record.ends[role], self.inner)

    def by(self, by: By) -> Key:
        name, below = order.only(by)
        world, said = self.scope.world, self.record.said
        if name in self.fields:
            return order.of_field(world.model, self.fields[name], said.fields[name])
        match name:
            case "key":
                return self.key
            case "synthetic":
                return said.synthetic
            case "valid":
                return order.of_span(self.record.span, below)
        ends = world.model.relations[self.record.relation].ends
        there_ = self.end(next(end.role for end in ends if end.name == name))
        return there_ and there_.by(below)


@dataclass(frozen=True)
class DerivedView:
    """What stands for a link that is not stored; ``scope`` is the list's."""

    link: Link
    scope: Scope

    def field(self, name: str, args: Arguments) -> Any:
        link = self.link
        assert link.derived
        match name:
            case "relation":
                return term(link.derived)
            case "valid":
                return None if link.chains is not None else ValidView(link.span.tightened())
            case "certainty":
                return certainty(link.holds)
            case "synthetic":
                chains = (link,) if link.chains is None else link.chains
                return any(record.said.synthetic for chain in chains for record in chain.records)
            case "count":
                return self.count({"CERTAIN": True, "POSSIBLE": False, None: self.scope.certain}[args.get("certainty")])
            case "via":
                return [self._record(i) for i in range(len(link.records))]
        raise KeyError(name)

    def count(self, certain: bool) -> int:
        """How many chains it stands for."""
        if self.link.chains is None:
            return int(self.link.holds.at(certain))
        return self.link.counted[0 if certain else 1]

    def by(self, by: By) -> Key:
        assert order.only(by)[0] == "count"
        return self.count(self.scope.certain)

    def _record(self, i: int) -> RecordView:
        """A record of the chain: found in what all others leave; its ends stand in what all leave."""
        found = self.scope
        for record in (*self.link.records[:i], *self.link.records[i + 1 :]):
            found = found.within(record.span)
        return RecordView(self.link.records[i], found, self.scope.in_window(self.link.n))
