"""What a document would cost, before it is validated: rows that its statement would look at, from the store's fan-outs.

In: parsed AST (which may be invalid: what is unknown costs nothing here and is refused later). Out: a number of rows.
Memoised by selection set and type, so that fragments spread in fragments cost their text, not their expansion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from orggraph.graphql.vocabulary import Many, One, Vocabulary
from orggraph.plan.filters import Along, Climb, Leading, Over
from orggraph.stores.contract import Store

RECORD = "RelationRecord"


@dataclass
class Pricing:
    """Prices the operations of one document."""

    words: Vocabulary
    schema: GraphQLSchema
    store: Store
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    known: dict[tuple[int, str], float] = field(default_factory=dict)

    def operation(self, node: OperationDefinitionNode) -> float:
        """Rows that an operation would look at."""
        return self.below(node.selection_set, "Query")

    def below(self, selections: SelectionSetNode | None, type_: str) -> float:
        if selections is None:
            return 0.0
        memo = (id(selections), type_)
        if memo not in self.known:
            self.known[memo] = 0.0  # a fragment that spreads itself is invalid; here it ends
            self.known[memo] = sum(self.selection(node, type_) for node in selections.selections)
        return self.known[memo]

    def selection(self, node: Any, type_: str) -> float:
        match node:
            case FieldNode():
                return self.field(node, type_)
            case InlineFragmentNode():
                inner = node.type_condition.name.value if node.type_condition else type_
                return self.below(node.selection_set, inner)
            case FragmentSpreadNode():
                fragment = self.fragments.get(node.name.value)
                return self.below(fragment.selection_set, fragment.type_condition.name.value) if fragment else 0.0
        return 0.0

    def field(self, node: FieldNode, type_: str) -> float:
        parent = self.schema.type_map.get(type_)
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None:
            return 0.0
        inner = self.below(node.selection_set, get_named_type(definition.type).name)
        looked, listed = self.rows(node, type_)
        where = self.argument(node, "where")
        tested = self.filter(where, self.far_kind(node.name.value, type_)) if where is not None else 0.0
        return looked * (1.0 + tested) + listed * inner

    def rows(self, node: FieldNode, type_: str) -> tuple[float, float]:
        """Rows that a field looks at and rows that it lists, for each thing that it is asked of."""
        name = node.name.value
        count: float | None = None
        if type_ in ("Query", "Graph"):
            if name in self.words.by_plural:
                kinds = self.words.described[self.words.by_plural[name]].concrete
                count = float(sum(self.store.count(kind) for kind in kinds))
            elif name in self.words.record_by_plural:
                count = float(self.store.records(self.words.record_by_plural[name].name))
        elif isinstance(meaning := self.words.kinds.get(type_, {}).get(name), Many):
            count = self.fan_out(meaning.source)
        if count is None:
            return 1.0, 1.0
        first = self.argument(node, "first")
        bound = float(first) if isinstance(first, int) and first >= 0 else count
        looked = count if self.argument(node, "where") is not None else min(count, bound)
        return looked, min(count, bound)

    def fan_out(self, source: Leading) -> float:
        if isinstance(source, Over):
            return self.store.fan_out(source.hop.relation, source.hop.origin)
        if isinstance(source, Climb):
            return 8.0 * max(
                1.0, self.store.fan_out(source.relation.name, "subject" if source.link.forward else "object")
            )
        product = 1.0
        for step in source.steps:
            role = step.hop.origin if source.link.forward else step.hop.target
            product *= max(1.0, self.store.fan_out(step.hop.relation, role))
        return product

    # ------------------------------------------------------------ filters

    def far_kind(self, name: str, type_: str) -> str:
        """The kind or relation that a field's ``where`` is on."""
        if type_ in ("Query", "Graph"):
            relation = self.words.record_by_plural.get(name)
            return relation.name if relation else self.words.by_plural.get(name, "")
        return self.far(self.words.kinds.get(type_, {}).get(name))

    @staticmethod
    def far(meaning: object) -> str:
        match meaning:
            case One(Over(hop, _, records)) | Many(Over(hop, _, records)):
                return hop.relation if records else hop.far
            case One(Along(link) | Climb(link)) | Many(Along(link) | Climb(link)):
                return link.far
        return ""

    def filter(self, value: Any, kind: str) -> float:
        """Rows that a filter looks at for each thing that it tests."""
        if isinstance(value, list):
            return sum(self.filter(one, kind) for one in value)
        if not isinstance(value, dict):
            return 0.0
        total = 0.0
        for name, inner in value.items():
            meaning = self.words.kinds.get(kind, {}).get(name)
            if isinstance(meaning, One | Many):
                fan = self.fan_out(meaning.source) if isinstance(meaning, Many) else 1.0
                total += fan * (1.0 + self.filter(inner, self.far(meaning)))
            elif name == "is" and isinstance(inner, dict):
                total += sum(self.filter(one, self.words.by_singular.get(key, "")) for key, one in inner.items())
            else:
                twice = 2.0 if name == "count" and isinstance(inner, dict) and len(inner) > 1 else 1.0
                total += twice * self.filter(inner, self.end_kind(kind, name))
        return total

    def end_kind(self, kind: str, name: str) -> str:
        """Where a filter's word leads: to an end's kind in filters on records, else nowhere."""
        relation = self.words.model.relations.get(kind)
        end = next((end for end in relation.ends if end.name == name), None) if relation else None
        return end.kind if end else kind

    def argument(self, node: FieldNode, name: str) -> Any:
        for argument in node.arguments or ():
            if argument.name.value == name:
                return self.plain(argument.value)
        return None

    def plain(self, node: Any) -> Any:
        match node:
            case VariableNode():
                return self.variables.get(node.name.value)
            case ObjectValueNode():
                return {part.name.value: self.plain(part.value) for part in node.fields}
            case ListValueNode():
                return [self.plain(part) for part in node.values]
            case IntValueNode():
                return int(node.value)
        return getattr(node, "value", None)
