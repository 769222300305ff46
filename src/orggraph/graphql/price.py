"""What an operation would cost, before it is validated: rows that its statement would look at, parts it is written in.

In: parsed AST (which may be invalid: what is unknown costs nothing here and is refused later), variables as they come, the
store's fan-outs. Out: ``Figures``; OperationError where it nests too deeply.

Selections are merged as the planner merges them, and what stands below a field is priced once for each type and set of
selections: fragments spread in fragments cost their text here, and count as often as they are planned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, get_named_type

from orggraph.graphql.each_days import EACH, days
from orggraph.graphql.figures import NOTHING, Figures, dearest, mean, together
from orggraph.graphql.merging import Asked, Merging
from orggraph.graphql.price_changes import changes
from orggraph.graphql.price_groups import groups
from orggraph.graphql.price_search import paths_found, searched
from orggraph.graphql.price_tests import DAY, Tests, Thing, length, narrowed, narrowing, seen
from orggraph.graphql.price_turns import turnover
from orggraph.graphql.values import Values, too_complex, too_deep
from orggraph.graphql.vocabulary import Many, One, Vocabulary
from orggraph.model import names
from orggraph.model.model import Relation
from orggraph.plan.filters import AllOf, Along, AnyRecords, Climb, Over, RecordsOf, Source
from orggraph.plan.ids import parse_id
from orggraph.settings import Bounds
from orggraph.stores.contract import Store

Selections = tuple[Any, ...]
NARROWED = ("Valid", "End", "DerivedRecord")
"""Types that print the days of a range, narrowed by all hops."""
DATES = 8.0
"""Parts in which the four numbers and the cells of an interval are written, each time that something is told of it."""
SELECT = 5.0
"""Parts of a select of what hangs on a thing: its citations, its load, a term."""
SCOPES = ("at", "during", "ever")
FEW = 2.0
"""Citations of a thing, states of an entity, loads: a guess."""


class At(NamedTuple):
    """What is at hand: its type, that of which it is (for fragments), and how far a range is narrowed there."""

    type: str
    hops: int = DAY


@dataclass
class Pricing:
    """Prices the operation of one document. ``pages``: the variables whose values it looked at, not only their shape."""

    words: Vocabulary
    schema: GraphQLSchema
    store: Store
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    bounds: Bounds
    pages: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.values = Values(self.variables, self.bounds)
        self.tests = Tests(self.words, self.store)
        self.merging = Merging(self.fragments, self.values)
        self.records = {names.record_type(one.name): one for one in self.words.model.relations.values()}
        self.states = {names.state_type(kind.name): kind.name for kind in self.words.model.concrete()}
        self.known: dict[tuple[At, tuple[int, ...]], Figures] = {}
        self.depth = 0

    def operation(self, node: OperationDefinitionNode) -> Figures:
        """All of an operation."""
        return self.object(At("Query"), (node.selection_set,))

    # ------------------------------------------------------------ objects

    def object(self, at: At, below: Selections) -> Figures:
        """What is printed of one thing."""
        key = (at, tuple(map(id, below)))
        found = self.known.get(key)
        if found is None:
            self.deeper(1)
            self.known[key] = NOTHING  # a fragment that spreads itself is invalid; here it ends
            asked, looked_at = self.merging.collect(below, self.type_names(at.type))
            found = together(self.printed(one, at) for one in asked).above(0.0, 1.0 + looked_at / 16)
            self.known[key] = found
            self.depth -= 1
            if self.merging.work > self.bounds.size * 16:
                raise too_complex(self.merging.work / 16, self.bounds)
        elif self.depth + found.height > self.bounds.depth:
            raise too_deep(self.bounds)
        return found

    def deeper(self, by: int) -> None:
        self.depth += by
        if self.depth > self.bounds.depth:
            raise too_deep(self.bounds)

    def type_names(self, type_: str) -> tuple[str, ...]:
        """A type and all its interfaces."""
        if type_ in self.words.model.kinds:
            return (type_, "Entity", "Node", *self.words.model.kinds[type_].supers)
        if type_ in self.records:
            return (type_, "RelationRecord", "Node", "Version")
        return (type_, "EntityState", "Version") if type_ in self.states else (type_,)

    def printed(self, asked: Asked, at: At) -> Figures:
        named = Figures(0.0, len(asked.key) / 64)
        return together((named, self.field(asked, at)))

    def field(self, asked: Asked, at: At) -> Figures:
        if at.type in ("Query", "Graph"):
            return self.root(asked, at)
        if asked.name in SCOPES and at.type in self.words.model.kinds:
            return self.object(self.scoped(asked, at), asked.below).above(1.0, 4.0)
        match self.words.kinds.get(at.type, {}).get(asked.name):
            case One(source):
                link = 8.0 + 3 * self.tests.link(source, (at.type,), at.hops)
                return self.shapes(source, asked.below, at).above(FEW, link)
            case Many(source):
                return self.listing(asked, source, at)
        if at.type in self.records:
            return self.record_field(asked, self.records[at.type], at)
        return self.plain(asked, at)

    def plain(self, asked: Asked, at: At) -> Figures:
        """A field that leads to nothing but what hangs on the thing at hand."""
        definition = getattr(self.schema.type_map.get(at.type), "fields", {}).get(asked.name)
        size = 2.0 * length(at.hops) if asked.name in ("certainty", "id") else 1.0
        if definition is None or not asked.below:
            written = DATES * length(at.hops if at.hops == DAY else 2 * at.hops) if at.type in NARROWED else size
            return Figures(0.0, written, 1)
        type_ = get_named_type(definition.type).name
        if at.type in self.words.model.kinds and asked.name == "history":
            return self.history(asked, at)
        if at.type == "Model" and type_ == "Term":
            described: Mapping[str, Any] = getattr(self.words.model, asked.name, {})
            return Figures(0.0, self.object(At("Term"), asked.below).size * len(described), 2)
        inner = self.object(At(type_, at.hops if at.type in NARROWED else DAY), asked.below)
        return Figures(1.0 + FEW * inner.rows, (1.0 if at.type in NARROWED else SELECT) + inner.size, inner.height + 1)

    def history(self, asked: Asked, at: At) -> Figures:
        """The states of an entity: a connection whose nodes are of the kind's own type."""
        state = At(names.state_type(at.type), at.hops)
        parts = []
        for one in self.collect(asked, "EntityStateConnection"):
            nodes = (
                [one] if one.name == "nodes" else self.collect(one, "EntityStateEdge") if one.name == "edges" else []
            )
            parts += [self.object(state, node.below).above(1.0, 3.0).times(FEW) for node in nodes]
        return together(parts).above(FEW, 3.0)

    def collect(self, asked: Asked, type_: str) -> list[Asked]:
        return self.merging.collect(asked.below, (type_,))[0]

    # ------------------------------------------------------------ records

    def record_field(self, asked: Asked, relation: Relation, at: At) -> Figures:
        if asked.name == "certainty":
            return Figures(FEW, self.tests.link(RecordsOf(relation), (), at.hops))
        ends = relation.ends if asked.name == "ends" else [end for end in relation.ends if end.name == asked.name]
        if not ends:
            return self.plain(asked, at)
        entities = [asked]
        if asked.name == "ends":
            entities = [one for one in self.collect(asked, "RecordEnd") if one.name == "entity"]
        each = (self.kinds(end.kinds, one.below, at.hops).above(1.0, 2.0) for end in ends for one in entities)
        return together(each).above(0.0, 2.0)

    def each_record(
        self, relations: Iterable[Relation], below: Selections, hops: int, sought: bool = False
    ) -> list[tuple[float, Figures]]:
        """A record of each relation, and how many there are; ``sought``: by its key, so that it may not hold."""
        found = []
        for one in relations:
            holds = self.tests.ends(one) * length(hops) if sought else 3.0
            printed = self.object(At(names.record_type(one.name), hops), below).above(1.0, holds)
            found.append((float(self.store.records(one.name)), printed))
        return found

    def of_records(self, relations: Iterable[Relation], below: Selections, hops: int, sought: bool = False) -> Figures:
        """A record of one of many relations, the dearest."""
        return dearest(one for _, one in self.each_record(relations, below, hops, sought))

    # ------------------------------------------------------------ entities

    def each_kind(self, kinds: Iterable[str], below: Selections, hops: int) -> list[tuple[float, Figures]]:
        """An entity of each kind, and how many there are."""
        return [
            (float(self.store.count(kind)), self.object(At(kind, hops), below).above(1.0, 2.0 * length(hops)))
            for kind in kinds
        ]

    def kinds(self, kinds: Iterable[str], below: Selections, hops: int) -> Figures:
        """An entity of one of these kinds, the dearest."""
        return dearest(one for _, one in self.each_kind(kinds, below, hops))

    def shapes(self, source: Source, below: Selections, at: At) -> Figures:
        """What a source leads to, printed."""
        return self.each_node(source, below, at.hops)

    def each_node(self, source: Source, below: Selections, hops: int) -> Figures:
        match source:
            case RecordsOf(relation):
                return self.of_records((relation,), below, narrowed(hops))
            case AnyRecords(relations, here=False):
                return mean(self.each_record(relations, below, narrowed(hops)))
            case AnyRecords(relations):
                return self.of_records(relations, below, narrowed(hops))
            case Over(hop, _, records=True):
                return self.of_records((self.words.model.relations[hop.relation],), below, narrowed(hops))
            case Along(_, kinds):
                return self.kinds(kinds, below, narrowed(hops, narrowing(source)))
            case Over(_, kinds) | Climb(_, _, kinds):
                return self.kinds(kinds, below, narrowed(hops))
            case AllOf(_, kinds):
                return mean(self.each_kind(kinds, below, hops))

    # ------------------------------------------------------------ roots

    def root(self, asked: Asked, at: At) -> Figures:
        words, name = self.words, asked.name
        model = words.model
        if name in SCOPES:
            return self.object(self.scoped(asked, at), asked.below).above(1.0, 2.0)
        if name == "each":
            found = self.object(At("Graph"), asked.below)
            return Figures(self.days(asked) * (1.0 + found.rows), 2.0 + found.size, found.height + 1)
        if name in ("node", "nodes"):
            return self.nodes(asked, at)
        if name == "record":
            return self.of_records(model.relations.values(), asked.below, at.hops, sought=True).above(1.0, 2.0)
        if name == "search":
            return searched(self, asked, at.hops)
        if name == "paths":
            return paths_found(self, asked, at.hops)
        if name == "records":
            return self.listing(asked, AnyRecords(tuple(model.relations.values()), words.any), at)
        if name == "changes":
            return changes(self, asked, lambda type_, below: self.object(At(type_, 0), below))
        if name == "turnover":
            return turnover(self, asked, at.hops)
        if name in words.by_singular:
            return self.kinds(words.described[words.by_singular[name]].concrete, asked.below, at.hops).above(1.0, 2.0)
        if name in words.by_plural:
            kind = words.described[words.by_plural[name]]
            return self.listing(asked, AllOf(kind.name, kind.concrete), at)
        if name in words.record_by_singular:
            relation = words.record_by_singular[name]
            return self.of_records((relation,), asked.below, at.hops, sought=True).above(1.0, 2.0)
        if name in words.record_by_plural:
            return self.listing(asked, RecordsOf(words.record_by_plural[name]), at)
        return self.plain(asked, at)

    def scoped(self, asked: Asked, at: At) -> At:
        dates = {} if self.argument(asked, "date") is None else {"date": True}
        return At("Graph" if at.type == "Query" else at.type, seen(asked.name, dates, Thing("", (), "", at.hops)).hops)

    def nodes(self, asked: Asked, at: At) -> Figures:
        """Entities or records of ids; what is asked is written for each form that the ids have."""
        ids = self.argument(asked, "ids" if asked.name == "nodes" else "id", page=asked.name == "nodes")
        given = ids if isinstance(ids, list) else [ids]
        found = (parse_id(one) for one in islice(given, self.bounds.ids) if isinstance(one, str))
        forms = {one.form for one in found if one is not None}
        model = self.words.model
        size = Figures(0.0, 0.0)
        for form in forms:
            hops = {"day": DAY, "range": 0}.get(form.dates, at.hops)
            entity = self.kinds((kind.name for kind in model.concrete()), asked.below, hops)
            records = self.of_records(model.relations.values(), asked.below, hops, sought=True)
            size = together((size, entity.times(1.5), records.times(1.5)))
        return Figures(len(given) * (1.0 + size.rows), 2.0 + size.size, size.height + 1)

    def days(self, asked: Asked) -> float:
        return days({name: self.argument(asked, name, page=True) for name in EACH}, self.bounds.days)

    # ------------------------------------------------------------ lists

    def listing(self, asked: Asked, source: Source, at: At) -> Figures:
        """A connection: its rows are tested, ordered, cut and printed; whatever counts them looks again."""
        near = (at.type,) if at.type in self.words.model.kinds else ()
        far = self.tests.far(source, at.hops)
        where = self.tests.passes(self.argument(asked, "where"), far, at.hops)
        orders = self.tests.orders(self.argument(asked, "orderBy"), far)
        link = self.tests.link(source, near, at.hops)
        number = self.tests.fan_out(source)
        begun = number * self.tests.share(self.argument(asked, "where"), far)
        again = Figures(begun * (1.0 + where.rows), link + where.size, where.height)
        turned = sum(self.argument(asked, word) is not None for word in ("after", "before"))
        ordered = together(orders).above(0.0, 6.0 * length(at.hops))
        keys = ordered.times(2.0 + 4.0 * turned)  # where rows are sorted, and where they are compared with cursors
        parts, totals = list[Figures](), list[Figures]()
        printed = NOTHING
        for one in self.merging.collect(asked.below, (self.connection(source),))[0]:
            match one.name:
                case "nodes":
                    printed = together((printed, self.shapes(source, one.below, at)))
                case "edges":
                    printed = together((printed, self.edges(one, source, at, again, ordered)))
                case "totalCount" | "nodeCount":
                    totals.append(again)
                case "groups":
                    parts.append(groups(self, one, source, at.hops, link + where.size))
                case "days" | "spells" | "gaps":
                    inner = self.object(At("Stretch"), one.below) if one.below else NOTHING
                    parts += [again, self.tests.stretches(at.hops), inner.times(number)]
                case "pageInfo":
                    asked_for = [part.name for part in self.collect(one, "PageInfo")]
                    looks = sum(name.startswith("has") for name in asked_for)
                    parts.append(together((again, keys.times(turned / 2))).times(looks))
                    if any(name.endswith("Cursor") for name in asked_for):  # its rows are looked at for that alone
                        printed = together((printed, Figures(0.0, ordered.size, 1)))
        # where no rows are printed, one look at them tells all totals
        parts.append(dearest(totals) if printed is NOTHING else together(totals))
        listed = min(number, self.page(asked))
        if printed is not NOTHING:
            plain = at.type in ("Query", "Graph") and not where.height and not orders and not turned
            paged = turned or any(self.argument(asked, word) is not None for word in ("first", "last"))
            looked = listed if plain else number if paged else begun
            rows = looked * (1.0 + where.rows + ordered.rows) + listed * printed.rows
            parts.append(Figures(rows, link + where.size + keys.size + printed.size, max(where.height, printed.height)))
        return together(parts).above(1.0, 2.0)

    def edges(self, asked: Asked, source: Source, at: At, again: Figures, keys: Figures) -> Figures:
        hops = narrowed(at.hops, narrowing(source))
        parts = [Figures(0.0, 2.0, 1)]
        for one in self.collect(asked, self.edge(source)):
            match one.name:
                case "node":
                    parts.append(self.shapes(source, one.below, at))
                case "record" if isinstance(source, Over):
                    relation = self.words.model.relations[source.hop.relation]
                    parts.append(self.object(At(names.record_type(relation.name), hops), one.below))
                case "record" if isinstance(source, Along | Climb):
                    parts.append(self.derived(one, source, hops))
                case "certainty":
                    number = max(1.0, self.tests.fan_out(source))
                    parts.append(Figures(1.0 + again.rows / number, again.size, again.height))
                case "cursor":
                    parts.append(Figures(0.0, keys.size + 2.0 * length(hops)))
                case "valid":
                    parts.append(self.object(At("Valid", hops), one.below))
        return together(parts)

    def derived(self, asked: Asked, source: Along | Climb, hops: int) -> Figures:
        found: list[Iterable[str]] = [[source.relation.name]] if isinstance(source, Climb) else []
        if isinstance(source, Along) and not source.grouped:
            found = [[strand.hop.relation for strand in way.strands] for way in source.ways]
        parts = [Figures(0.0, 1.0, 1)]
        for one in self.collect(asked, "DerivedRecord"):
            if one.name == "via":
                for names_ in found:  # written for each way, looked at in one
                    records = [self.words.model.relations[name] for name in names_]
                    printed = [self.of_records((record,), one.below, hops) for record in records]
                    parts.append(together(part.above(1.0, 4.0 * length(hops)) for part in printed))
            else:
                parts.append(self.plain(one, At("DerivedRecord", hops)))
                parts.append(Figures(0.0, self.tests.link(source, (), hops) if one.name == "certainty" else 0.0))
        return together(parts)

    def connection(self, source: Source) -> str:
        match source:
            case AllOf(kind):
                return names.root_connection(kind)
            case RecordsOf(relation) | AnyRecords(any=relation):
                return names.record_connection(relation.name) if isinstance(source, RecordsOf) else "RecordConnection"
            case Over(hop, _, records=True):
                return names.record_connection(hop.relation)
            case Over(hop):
                return names.hop_connection(hop.kind, hop.plural)[0]
            case Along(link) | Climb(link):
                return names.hop_connection(link.kind, link.plural)[0]

    def edge(self, source: Source) -> str:
        return self.connection(source).removesuffix("Connection") + "Edge"

    def page(self, asked: Asked) -> float:
        """Rows that are listed at most; more stop the operation."""
        given = (self.argument(asked, word, page=True) for word in ("first", "last"))
        asked_for = [one for one in given if isinstance(one, int | float) and one >= 0]
        return float(min((*asked_for, self.bounds.list_rows)))

    def argument(self, asked: Asked, name: str, page: bool = False) -> Any:
        """An argument's value; ``page``: the price depends on it, not only on its shape."""
        node = asked.arguments.get(name)
        if node is None:
            return None
        if page:
            self.pages |= self.values.variables_in(node)
        return self.values.of(node)
