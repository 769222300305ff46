"""What each GraphQL object prints, one small class per type, one method per field that needs more than a lookup.

In: the world, the thing, its scope. Out: values and further views; ``answer`` lets graphql-core walk over them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from orggraph.model.entries import Label
from orggraph.model.model import Field
from orggraph.model.values import Value
from tests.oracle.filters import link_passes, links_of, passes, record_passes
from tests.oracle.links import Link, leading, shown_link
from tests.oracle.spans import ALWAYS, NEVER, Day, Span, iso, partial
from tests.oracle.truth import Pair, Window, both, during, holds, on_day, printed, there
from tests.oracle.world import Citation, Entity, FieldValue, Record, World

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Scope:
    """The window and the certainty that everything below is seen in."""

    world: World
    n: Window
    certain: bool

    def certainty(self, pair: Pair) -> str:
        return "CERTAIN" if pair.certain else "POSSIBLE"

    def seen(self, x: Entity, n: Window) -> EntityView | None:
        """An entity in a window, or nothing if it is not there."""
        return EntityView(x, replace(self, n=n)) if there(x, n).at(self.certain) else None


@dataclass(frozen=True)
class TermView:
    code: str
    labels: Label
    iri: str

    def field(self, name: str, args: Arguments) -> Any:
        if name == "label":
            return self.labels.zh if args["lang"] == "ZH" else self.labels.en
        return getattr(self, name)


@dataclass(frozen=True)
class EndView:
    first: Day
    last: Day

    def field(self, name: str, _: Arguments) -> Any:
        return {"earliest": iso(self.first), "latest": iso(self.last)}[name]


@dataclass(frozen=True)
class ValidView:
    span: Span

    def field(self, name: str, _: Arguments) -> Any:
        s = self.span
        return {"from": EndView(s.f0, s.f1), "until": EndView(s.u0, s.u1), "through": EndView(s.u0 - 1, s.u1 - 1)}[name]


@dataclass(frozen=True)
class CitationView:
    citation: Citation
    scope: Scope

    def field(self, name: str, _: Arguments) -> Any:
        source = EntityView(self.scope.world.entities[self.citation.source], self.scope)
        return {"para": self.citation.para, "source": source, "title": source.state.name}[name]


@dataclass(frozen=True)
class EntityView:
    x: Entity
    scope: Scope

    @property
    def typename(self) -> str:
        return self.x.kind

    @property
    def state(self) -> Any:
        return printed(self.x, self.scope.n)

    def field(self, name: str, args: Arguments) -> Any:
        world, state = self.scope.world, self.state
        kind = world.model.kinds[self.x.kind]
        for described in kind.fields:
            if described.name == name:
                return value_view(world, described, state.said.fields[name])
        match name:
            case "key":
                return self.x.key
            case "iri":
                return f"{world.model.iri}{self.x.key}"
            case "name":
                return state.name
            case "kind":
                return TermView(kind.name, kind.label, kind.iri)
            case "valid":
                return ValidView(state.life)
            case "certainty":
                return self.scope.certainty(there(self.x, self.scope.n))
            case "synthetic":
                return state.said.synthetic
            case "citations":
                return [CitationView(citation, self.scope) for citation in state.said.citations]
            case _:
                return self.related(name, args)

    def related(self, name: str, args: Arguments) -> Any:
        """A field that leads over a relation: its plural, its to-one, its records."""
        scope, where = self.scope, args.get("where", {})
        for field in leading(scope.world.model, self.x.kind):
            if name not in (field.plural, field.singular, f"{field.singular}Records"):
                continue
            links = links_of(scope.world, self.x, field, scope.n)
            if name == field.plural:
                return connection(scope, args, (self._row(link, where) for link in links))
            if name == field.singular:
                shown = shown_link(links, scope.certain)
                return shown and EntityView(shown.far, replace(scope, n=shown.n))
            links.sort(key=lambda link: link.records[0].key)
            return connection(scope, args, (self._record_row(link, where) for link in links))
        raise KeyError(name)

    def _row(self, link: Link, where: Arguments) -> EdgeView:
        scope = self.scope
        pair = both([link.holds, link_passes(scope.world, link, where)])
        inner = replace(scope, n=link.n)
        record = DerivedView(link, scope) if link.derived else RecordView(link.records[0], scope, inner)
        return EdgeView(pair, inner, EntityView(link.far, inner), record)

    def _record_row(self, link: Link, where: Arguments) -> EdgeView:
        scope = self.scope
        pair = both([link.holds, record_passes(scope.world, link.records[0], where, link.n)])
        inner = replace(scope, n=link.n)
        return EdgeView(pair, inner, RecordView(link.records[0], scope, inner), None)


@dataclass(frozen=True)
class RecordView:
    """``scope`` is the one that the record holds in, ``inner`` what is left of it for its ends."""

    record: Record
    scope: Scope
    inner: Scope

    @property
    def typename(self) -> str:
        return f"{self.record.relation}Record"

    def field(self, name: str, _: Arguments) -> Any:
        world, said = self.scope.world, self.record.said
        relation = world.model.relations[self.record.relation]
        for described in relation.fields:
            if described.name == name:
                return value_view(world, described, said.fields[name])
        for end in relation.ends:
            if end.name == name:
                key = self.record.ends[end.role]
                return key and self.inner.seen(world.entities[key], self.inner.n)
        return {
            "key": self.record.key,
            "iri": f"{world.model.iri}{self.record.key}",
            "relation": TermView(relation.name, relation.label, relation.iri),
            "valid": ValidView(self.record.span),
            "certainty": self.scope.certainty(holds(world, self.record, self.scope.n)),
            "synthetic": said.synthetic,
            "citations": [CitationView(citation, self.inner) for citation in said.citations],
        }[name]


@dataclass(frozen=True)
class DerivedView:
    link: Link
    scope: Scope

    def field(self, name: str, _: Arguments) -> Any:
        link, inner = self.link, replace(self.scope, n=self.link.n)
        assert link.derived
        return {
            "relation": TermView(link.derived.name, link.derived.label, link.derived.iri),
            "valid": ValidView(link.span.tightened()),
            "certainty": self.scope.certainty(link.holds),
            "synthetic": any(record.said.synthetic for record in link.records),
            "via": [RecordView(record, self.scope, inner) for record in link.records],
        }[name]


@dataclass(frozen=True)
class EdgeView:
    """``pair``: how sure it is that the row belongs in its list; ``inner``: the scope of what stands below it."""

    pair: Pair
    inner: Scope
    node: EntityView | RecordView
    record: RecordView | DerivedView | None

    def field(self, name: str, _: Arguments) -> Any:
        n = self.inner.n
        match name:
            case "certainty":
                return self.inner.certainty(self.pair)
            case "valid":
                return ValidView(Span(n.a0, n.a1, n.b0, n.b1))
            case _:
                return getattr(self, name)


@dataclass(frozen=True)
class PageInfoView:
    more: bool

    def field(self, name: str, _: Arguments) -> Any:
        return {"hasNextPage": self.more}[name]


@dataclass(frozen=True)
class ConnectionView:
    """All possible rows in order; printed are those that the scope lists, the first so many of them."""

    certain: bool
    rows: tuple[EdgeView, ...]
    first: int | None

    def field(self, name: str, args: Arguments) -> Any:
        listed = [row for row in self.rows if row.pair.at(self.certain)]
        page = listed[: self.first]
        match name:
            case "edges":
                return page
            case "nodes":
                return [row.node for row in page]
            case "pageInfo":
                return PageInfoView(len(page) < len(listed))
            case "totalCount":
                certain = {"CERTAIN": True, "POSSIBLE": False, None: self.certain}[args.get("certainty")]
                return sum(row.pair.at(certain) for row in self.rows)
        raise KeyError(name)


@dataclass(frozen=True)
class RootView:
    scope: Scope

    def field(self, name: str, args: Arguments) -> Any:
        match name:
            case "at":
                day = args.get("date")
                return self.seen(on_day(partial(day)[0]) if day else self.scope.n, args)
            case "during":
                return self.seen(_range(args), args)
            case "ever":
                return self.seen(during(), args)
        model = self.scope.world.model
        for kind in model.kinds.values():
            if name == kind.singular:
                return self.entity(kind.name, args["key"])
            if name == kind.plural:
                return self.entities(kind.name, args)
        for relation in model.relations.values():
            if name == f"{relation.singular}Record":
                return self.record(relation.name, args["key"])
            if name == f"{relation.singular}Records":
                return self.records(relation.name, args)
        raise KeyError(name)

    def seen(self, n: Window, args: Arguments) -> RootView:
        """The same in another window, at the certainty given or else the same."""
        certainty = args.get("certainty")
        return RootView(replace(self.scope, n=n, certain=certainty == "CERTAIN" if certainty else self.scope.certain))

    def entity(self, kind: str, key: str) -> EntityView | None:
        x = self.scope.world.entities.get(key)
        return self.scope.seen(x, self.scope.n) if x and x.kind in self.scope.world.model.kinds[kind].concrete else None

    def entities(self, kind: str, args: Arguments) -> ConnectionView:
        scope, where = self.scope, args.get("where", {})
        rows = []
        for x in scope.world.of_kinds(kind):
            present = there(x, scope.n)
            if present.possible:
                pair = both([present, passes(scope.world, x, where, scope.n)])
                rows.append(EdgeView(pair, scope, EntityView(x, scope), None))
        return connection(scope, args, rows)

    def record(self, relation: str, key: str) -> RecordView | None:
        record = self.scope.world.records.get(key)
        if record is None or record.relation != relation:
            return None
        held = holds(self.scope.world, record, self.scope.n)
        return self._seen(record) if held.at(self.scope.certain) else None

    def records(self, relation: str, args: Arguments) -> ConnectionView:
        scope, where = self.scope, args.get("where", {})
        rows = []
        for record in scope.world.of_relation(relation):
            view, held = self._seen(record), holds(scope.world, record, scope.n)
            if held.possible:
                pair = both([held, record_passes(scope.world, record, where, view.inner.n)])
                rows.append(EdgeView(pair, view.inner, view, None))
        return connection(scope, args, rows)

    def _seen(self, record: Record) -> RecordView:
        return RecordView(record, self.scope, replace(self.scope, n=self.scope.n.within(record.span)))


View = (
    RootView | EntityView | RecordView | DerivedView | ConnectionView | EdgeView | ValidView | EndView
    | TermView | CitationView | PageInfoView
)  # fmt: skip


def _range(args: Arguments) -> Window:
    """Exactly the bounds given; an absent one is unbounded."""
    if within := args.get("in"):
        first, last = partial(within)
        return during(first, last + 1)
    start, end = args.get("from"), args.get("until")
    return during(partial(start)[0] if start else ALWAYS, partial(end)[0] if end else NEVER)


def connection(scope: Scope, args: Arguments, rows: Iterable[EdgeView]) -> ConnectionView:
    return ConnectionView(scope.certain, tuple(rows), args.get("first"))


def value_view(world: World, described: Field, value: FieldValue) -> FieldValue | TermView:
    """A field's value as printed: a term of a code list with its labels."""
    if described.type is not Value.TERM or value is None:
        return value
    term = world.model.terms[str(described.terms)].terms[str(value)]
    return TermView(term.code, term.label, term.iri)
