"""Groups of a list as JSON: ids and codes are grouped, names looked up afterwards. In: ``Groups``, the list they are of, and
the entity at hand. Out: pieces.

The rows that stand for groups (``group_rows.py``) are tested by ``having``, ordered, cut and printed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from orggraph.model.model import Field
from orggraph.model.values import Value as FieldType
from orggraph.plan import groups as plan
from orggraph.plan import nodes
from orggraph.plan.filters import ANYTHING, AllTrue, Filter
from orggraph.plan.order import Page
from orggraph.plan.reads import leads_to_records
from orggraph.plan.scope import Certainty
from orggraph.stores.sqlite.comparing import SYMBOLS
from orggraph.stores.sqlite.group_rows import GroupRows, Telling
from orggraph.stores.sqlite.ordering import Found, Ordered
from orggraph.stores.sqlite.paging import Key
from orggraph.stores.sqlite.reckoning import Tally, decimal, mean, share
from orggraph.stores.sqlite.rows import Rows, Spot, record_of, select_where
from orggraph.stores.sqlite.seen import NULL
from orggraph.stores.sqlite.writing import Json, Piece, concat, conjunction, json_object, quote


class Grouping(GroupRows, ABC):
    """Groups the rows of lists."""

    @abstractmethod
    def printed_node(self, shapes: nodes.Shapes, found: Found) -> str:
        """What a row leads to, printed (listing.py)."""

    def groups(self, node: nodes.Groups, listing: nodes.Listing, near: Spot | None) -> list[Piece]:
        where = _both(listing.where, node.where)
        grouped = self.grouped(listing.source, near, where)
        told = Telling(node, listing, near, where, grouped, Tally(), self.writer.alias("g"))
        told.tally.of("count", "1")
        printed = concat(json_object([(key, self.member(part, told)) for key, part in node.members]))
        having = [f"{self.measured(one.measure, told)}{SYMBOLS[one.op]}{self.bound(one)}" for one in node.having]
        keys = [key for each in node.order for key in self.group_keys(each, told)]
        keys += [key for i in range(len(node.parts)) for key in self.group_keys(plan.GroupOrder(i, False), told)]
        order = " ORDER BY " + ",".join(key.ordered(True) for key in dict.fromkeys(keys)) if keys else ""
        limit = self.most + 1
        cut = str(limit) if node.first is None else f"min({self.writer.bind(node.first, 'rows')},{limit})"
        rows = (
            f"SELECT {printed} j FROM ({self.each_group(told)}) {told.g} WHERE {conjunction(having)}{order} LIMIT {cut}"
        )
        self.writer.least = min(self.writer.least, len("{},"))
        checked = f"iif(count(*)>{self.most} OR {int(self.counting)},listed(count(*)),'')"
        return [f"(SELECT '['||coalesce(group_concat(j),'')||{checked}||']' FROM ({rows}))"]

    def group_keys(self, order: plan.GroupOrder, told: Telling) -> list[Key]:
        """What groups are ordered by, as SQL; a part of the key that is missing comes last."""
        if not isinstance(order.by, int):
            return [Key(self.measured(order.by, told), order.descending, nullable=True)]
        p, leaf = f"{told.g}.p{order.by}", plan.leaf_of(told.node.parts[order.by])
        keys = [p]
        match leaf:
            case plan.Itself():
                keys = [f"(SELECT key FROM entity WHERE e={p})"]
            case plan.OwnValue("name"):
                keys = [f"{told.g}.o{order.by}"]
            case plan.OwnValue("kind"):
                numbers = (f"WHEN {kind.number} THEN {quote(kind.name)}" for kind in self.names.model.concrete())
                keys = [f"CASE {p} {' '.join(numbers)} END"]
            case plan.OwnValue(Field(type=FieldType.STRING)):
                keys = [f"{told.g}.o{order.by}"]
            case plan.OwnValue(Field(type=FieldType.TERM, terms=terms)):
                keys = [f"(SELECT place FROM term WHERE l={quote(terms or '')} AND code={p})"]
            case plan.OwnValue(Field(type=FieldType.DATE)):  # by its first day, then by its last
                keys = [f"substr({p}||'-01-01',1,10)", f"-length({p})"]
        return [Key(key, order.descending, nullable=True) for key in keys]

    # ------------------------------------------------------------ what is told

    def measured(self, measure: plan.Measure, told: Telling) -> str:
        """A number that is told of a group; shares and means as ten-thousandths."""
        tally, g = told.tally, told.g
        count = f"{g}.{tally.of('count', '1')}"
        match measure:
            case plan.CountOf():
                return self.counted_of(measure, told)
            case plan.ShareOf(None):
                return share(count, f"{g}.t")
            case plan.ShareOf(where):
                assert where is not None
                return share(self.counted_of(plan.CountOf(where), told), count)
            case plan.Figure(reckoning, field):
                below = self.below(
                    told.grouped.rows
                )  # what is told of a far end is so in what its link leaves of a range
                column = below.column(f'"_{field.name}"', told.grouped.thing)
                match reckoning:
                    case plan.Reckoning.SUM:
                        return f"coalesce({g}.{tally.of('sum', column)},0)"
                    case plan.Reckoning.AVG:
                        return mean(f"{g}.{tally.of('sum', column)}", f"{g}.{tally.of('count', column)}")
                return f"{g}.{tally.of(reckoning.value, column)}"
            case _:
                assert_never(measure)

    def counted_of(self, measure: plan.CountOf, told: Telling) -> str:
        """How many rows (or far ends) of a group there are: with the others where one look tells, else looked up again."""
        asked = None if measure.certainty is None else measure.certainty is Certainty.CERTAIN
        if asked is not None and (self.certain or not self.parts_told(told)):
            return self.counted_again(measure, told, asked)
        grouped, source = told.grouped, told.listing.source
        below, conditions = self.below(grouped.rows).conditions, list[str]()
        if asked:
            conditions.append(self.row_certain(told))
        if measure.where != ANYTHING:
            conditions.append(below.row_passes(source, grouped.rows, measure.where, bool(asked) or self.certain))
        passes = conjunction(conditions)
        far = self.far_of(grouped.rows, source)
        function, value = ("count(DISTINCT", far) if measure.nodes else ("count", grouped.rows.number)
        if passes != "1":
            value = f"iif({passes},{value},NULL)"
        return f"{told.g}.{told.tally.of(function, value if measure.nodes or passes != '1' else '1')}"

    @staticmethod
    def far_of(rows: Rows, source: nodes.Source) -> str:
        """What tells the far ends apart."""
        if rows.far is None or leads_to_records(source):
            return f"{rows.records[0].alias}.r"
        return rows.far.entity

    def row_certain(self, told: Telling) -> str:
        """That a row is certainly in the list."""
        grouped, source = told.grouped, told.listing.source
        rows, below = grouped.rows, self.below(grouped.rows)
        parts = self.conditions.certainly(rows)
        if grouped.thing.state and rows.far is not None:
            parts.append(below.state_certain(grouped.thing.state, rows.far))
        elif rows.far is not None:
            parts.append(below.conditions.there(rows.far, True))
        spot = None if leads_to_records(source) else rows.far
        if told.where != ANYTHING and not below.conditions.told(told.where, spot):
            parts.append(below.conditions.row_passes(source, rows, told.where, True))
        return conjunction(parts)

    def parts_told(self, told: Telling) -> bool:
        """Whether every row certainly has the key that is printed of it."""
        spot = None if leads_to_records(told.listing.source) else told.grouped.rows.far
        return all(self.part_told(part, spot) for part in told.node.parts)

    def part_told(self, part: plan.Part, spot: Spot | None) -> bool:
        match part:
            case plan.Itself():
                return True
            case plan.OwnValue(field):
                name = field if isinstance(field, str) else field.name
                kinds = () if spot is None or name == "kind" else spot.kinds
                return all(self.names.settled(kind, {name}, self.window) for kind in kinds)
            case plan.AtEnd(relation, "subject" | "object" as role, inner):
                return self.part_told(inner, Spot("", relation.end(role).kinds))
        return False

    def counted_again(self, measure: plan.CountOf, told: Telling, certain: bool) -> str:
        """How many rows of the list have a group's key at a certainty."""
        source = told.listing.source
        rows = self.conditions.rows(source, told.near)
        below = self.conditions.below(rows)
        conditions = self.conditions.rows_hold(rows, certain)
        parts = (plan.same(part, f"{told.g}.p{i}") for i, part in enumerate(told.node.parts))
        tests = (told.where, measure.where, AllTrue(tuple(parts)))
        conditions += [below.row_passes(source, rows, one, certain) for one in tests if one != ANYTHING]
        if rows.far is not None:
            conditions.append(below.there(rows.far, certain))
        far = f"DISTINCT {self.far_of(rows, source)}" if measure.nodes else "*"
        return f"(SELECT count({far}) FROM {select_where(rows, conditions)})"

    def bound(self, one: plan.Bound) -> str:
        scaled = isinstance(one.measure, plan.ShareOf) or getattr(one.measure, "reckoning", "") == plan.Reckoning.AVG
        return self.writer.bind(one.value, "scaled" if scaled else "number")

    # ------------------------------------------------------------ what is printed

    def member(self, part: object, told: Telling) -> Sequence[Piece]:
        match part:
            case nodes.Text(text):
                return [Json(text)]
            case nodes.KeyObject(members):
                return json_object([(key, [self.key_part(one, told)]) for key, one in members])
            case nodes.FigureObject(members):
                return json_object([(key, [self.number(one, told)]) for key, one in members])
            case nodes.GroupNodes():
                return [self.group_nodes(part, told)]
            case plan.CountOf() | plan.ShareOf():
                return [self.number(part, told)]
        raise AssertionError(part)

    def number(self, measure: plan.Measure | nodes.Text, told: Telling) -> Piece:
        match measure:
            case nodes.Text(text):
                return Json(text)
            case plan.ShareOf() | plan.Figure(plan.Reckoning.AVG):
                return decimal(self.measured(measure, told))
        return f"coalesce({self.measured(measure, told)},{NULL})"

    def key_part(self, part: nodes.KeyPart | nodes.Text, told: Telling) -> Piece:
        if isinstance(part, nodes.Text):
            return Json(part.json)
        p, leaf = f"{told.g}.p{part.place}", plan.leaf_of(told.node.parts[part.place])
        match part.printed:
            case nodes.Labelled():
                return self.term_of(part.printed, p)
            case nodes.OneOfFew(cases):
                return f"CASE {p} {' '.join(self.case(name, text, leaf) for name, text in cases)} ELSE {NULL} END"
            case (_, *_) as shapes:
                kinds = tuple(shape.type for shape in shapes)
                return f"coalesce({self.entity(shapes, Spot(p, kinds))},{NULL})"
        match leaf:
            case plan.OwnValue("synthetic") | plan.OwnValue(Field(type=FieldType.BOOLEAN)):
                return f"CASE {p} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {NULL} END"
            case plan.OwnValue(Field(type=FieldType.INT)):
                return f"coalesce({p},{NULL})"
        return f"json_quote({p})"

    def case(self, name: str, text: nodes.Text, leaf: object) -> str:
        value = str(self.names.number(name)) if leaf == plan.OwnValue("kind") else quote(name)
        return f"WHEN {value} THEN {quote(text.json)}"

    def group_nodes(self, part: nodes.GroupNodes, told: Telling) -> str:
        """The far ends of a group's rows, in the order of the list."""
        asked = nodes.Nodes(part.shapes)
        listing = replace(told.listing, page=Page(part.first), members=(("nodes", asked),))
        found = self.find(listing.source, told.near, told.where, True, listing.order)
        thing = Ordered(found.node.spot, found.node.state, record_of(found.rows) or found.node.record, found.node.key)
        if leads_to_records(listing.source):
            thing = Ordered(record=found.rows.records[0], key=found.node.key)
        below = self.below(found.rows)
        same = [f"{below.part(one, thing)[0]} IS {told.g}.p{i}" for i, one in enumerate(told.node.parts)]
        pager = self.pager(listing.page, self.all_keys(listing, found), found.lone)
        rows = pager.rows(
            [f"{self.printed_node(part.shapes, found)} j"], found.tables, [*found.conditions, *same], False
        )
        self.writer.least = min(self.writer.least, len("{},"))
        checked = f"iif(count(*)>{self.most} OR {int(self.counting)},listed(count(*)),'')"
        return f"(SELECT '['||{pager.joined('j')}||']'||{checked} FROM ({rows}))"


def _both(first: Filter, second: Filter) -> Filter:
    found = tuple(one for one in (first, second) if one != ANYTHING)
    return AllTrue(found) if len(found) > 1 else (found[0] if found else ANYTHING)
