"""Many things → a connection: what is listed, tested, ordered and counted. In: selections. Out: ``Listing`` nodes."""

from __future__ import annotations

from orggraph.graphql import filters, orders
from orggraph.graphql.asking import constant
from orggraph.graphql.everything import RECORD
from orggraph.graphql.grouping import Grouping
from orggraph.graphql.selection import Asked
from orggraph.model import names
from orggraph.plan import nodes as plan

Members = list[tuple[str, plan.ListPart]]
EdgeMembers = list[tuple[str, plan.Text | plan.Scalar | plan.Dates | plan.TheRecord | plan.TheLink | plan.Shapes]]


class Lists(Grouping):
    """Plans connections."""

    def far_listing(self, asked: Asked, source: plan.Hanging) -> plan.Listing:
        match source:
            case plan.AnyRecords():
                return self.listing(asked, source, f"{RECORD}Connection", f"{RECORD}Edge")
            case plan.Over(hop, records=True):
                relation = hop.relation
                return self.listing(asked, source, names.record_connection(relation), names.record_edge(relation))
            case plan.Over(field) | plan.Along(field) | plan.Climb(field):
                return self.listing(asked, source, *names.hop_connection(field.kind, field.plural))

    def listing(self, asked: Asked, source: plan.Source, connection: str, edge: str) -> plan.Listing:
        given = self.argument(asked, "orderBy")
        order, words = ((), "") if given is None else orders.orders(self.words, source, given)
        page = self.page(asked, f"{connection} {words}")
        where = self.where(asked, source)
        source = filters.narrowed(source, where)
        below, members = self.many, Members()
        for one in self.asked(asked.below, connection):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(connection)))
                case "nodes":
                    members.append((one.key, plan.Nodes(below.nodes(one, source))))
                case "edges":
                    members.append((one.key, below.edges(one, source, edge)))
                case "totalCount" | "nodeCount":
                    members.append((one.key, plan.Total(self.certainty(one), one.name == "nodeCount")))
                case "days":
                    members.append((one.key, plan.Days()))
                case "spells" | "gaps":
                    members.append((one.key, self.stretches(one)))
                case "pageInfo":
                    members.append((one.key, plan.PageInfo(self.parts(one, "PageInfo"))))
                case "groups":
                    members.append((one.key, self.groups(one, source)))
        return plan.Listing(source, where, order, page, tuple(members))

    def stretches(self, asked: Asked) -> plan.Stretches:
        members: list[tuple[str, plan.Text | plan.Dates | plan.Days]] = []
        for one in self.asked(asked.below, "Stretch"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("Stretch")))
                case "days":
                    members.append((one.key, plan.Days()))
                case "valid":
                    members.append((one.key, self.dates(one)))
        return plan.Stretches(asked.name == "gaps", tuple(members))

    def where(self, asked: Asked, source: plan.Source) -> plan.Filter:
        given = self.argument(asked, "where")
        found = None if given is None else filters.source_filter(self.words, source, given)
        return plan.ANYTHING if found is None else found

    def nodes(self, asked: Asked, source: plan.Source) -> plan.Shapes:
        match source:
            case plan.RecordsOf(relation):
                return (self.record(asked.below, relation),)
            case plan.AnyRecords(relations):
                return tuple(self.record(asked.below, relation) for relation in relations)
            case plan.Over(hop, _, records=True):
                return (self.record(asked.below, self.words.model.relations[hop.relation]),)
        return self.shapes(asked.below, source.kinds)

    def edges(self, asked: Asked, source: plan.Source, edge: str) -> plan.Edges:
        members = EdgeMembers()
        for one in self.asked(asked.below, edge):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(edge)))
                case "certainty" | "cursor":
                    members.append((one.key, plan.Scalar(one.name)))
                case "valid":
                    members.append((one.key, self.dates(one)))
                case "node":
                    members.append((one.key, self.nodes(one, source)))
                case "record":
                    members.append((one.key, self.edge_record(one, source)))
        return plan.Edges(tuple(members))

    def edge_record(self, asked: Asked, source: plan.Source) -> plan.TheRecord | plan.TheLink:
        match source:
            case plan.Over(hop):
                return plan.TheRecord(self.record(asked.below, self.words.model.relations[hop.relation]))
            case plan.Along() | plan.Climb():
                return self.derived_record(asked, source)
        raise AssertionError(source)

    def derived_record(self, asked: Asked, source: plan.Along | plan.Climb) -> plan.TheLink:
        model = self.words.model
        described = model.derived.get(source.link.derived) or model.relations[source.link.derived]
        grouped = isinstance(source, plan.Along) and source.grouped
        members: list[tuple[str, plan.Text | plan.Scalar | plan.Dates | plan.Via | plan.Total]] = []
        for one in self.asked(asked.below, "DerivedRecord"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("DerivedRecord")))
                case "relation":
                    members.append((one.key, self.term(one, described.name, described.label, described.iri)))
                case "valid" | "via" if grouped:  # it stands for many chains, each with records and days of its own
                    members.append((one.key, constant(None if one.name == "valid" else [])))
                case "valid":
                    members.append((one.key, self.dates(one)))
                case "via":
                    shapes = tuple(self.record(one.below, model.relations[name]) for name in relations_of(source))
                    members.append((one.key, plan.Via(shapes)))
                case "count":
                    members.append((one.key, plan.Total(self.certainty(one))))
                case part:
                    members.append((one.key, plan.Scalar(part)))
        return plan.TheLink(tuple(members))


def relations_of(source: plan.Along | plan.Climb) -> tuple[str, ...]:
    """The relations that the records of a link may be of, each once."""
    if isinstance(source, plan.Climb):
        return (source.relation.name,)
    return tuple(dict.fromkeys(strand.hop.relation for role in source.roles for way in role for strand in way.strands))
