"""Selections merged as the planner merges them, of a document that may be invalid. In: selection sets and a type's names.
Out: fields by response key, each with all that stands below it.

``selection.py`` does the same for valid documents; this one has no say in what is answered, only in what it may cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode, ValueNode

from orggraph.graphql.values import Values


class Asked(NamedTuple):
    """One response key: the field, its arguments, and all selections below it."""

    key: str
    name: str
    arguments: Mapping[str, ValueNode]
    below: tuple[Any, ...]


@dataclass
class Merging:
    """``work``: selections looked at so far."""

    fragments: Mapping[str, FragmentDefinitionNode]
    values: Values
    work: int = 0
    _included: dict[int, bool] = field(default_factory=dict)

    def collect(self, below: Iterable[Any], types: tuple[str, ...]) -> tuple[list[Asked], int]:
        """The fields asked of a thing with these types, and how many selections were looked at for them."""
        before = self.work
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in below:
            self._gather(selection_set.selections, types, found, seen)
        asked = [
            Asked(
                key,
                nodes[0].name.value,
                {one.name.value: one.value for one in nodes[0].arguments or ()},
                tuple(node.selection_set for node in nodes if node.selection_set),
            )
            for key, nodes in found.items()
        ]
        return asked, self.work - before

    def _gather(
        self, selections: Iterable[Any], types: tuple[str, ...], found: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for node in selections:
            self.work += 1
            if node.directives and not self._is_included(node):
                continue
            match node:
                case FieldNode():
                    found.setdefault((node.alias or node.name).value, []).append(node)
                case InlineFragmentNode(type_condition=condition):
                    if condition is None or condition.name.value in types:
                        self._gather(node.selection_set.selections, types, found, seen)
                case FragmentSpreadNode():
                    fragment = self.fragments.get(node.name.value)
                    if fragment is None or node.name.value in seen:
                        continue
                    seen.add(node.name.value)
                    if fragment.type_condition.name.value in types:
                        self._gather(fragment.selection_set.selections, types, found, seen)

    def _is_included(self, node: Any) -> bool:
        """Whether @include and @skip leave a selection in; with anything but a boolean they do."""
        if id(node) not in self._included:
            self._included[id(node)] = not any(
                self.values.of(directive.arguments[0].value) is (directive.name.value == "skip")
                for directive in node.directives
                if directive.arguments and directive.name.value in ("include", "skip")
            )
        return self._included[id(node)]
