"""Random valid operations. In: a graphql-core schema and what occurs in a world. Out: a document and its variables.

Nested selections, aliases, the same field twice with different parts, named and inline fragments, variables with and
without defaults, ``@include`` and ``@skip``, scopes within scopes.
"""

from __future__ import annotations

from collections.abc import Set
from itertools import count
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)

from tests.oracle.operation import Operation
from tests.oracle.random_inputs import Inputs, Pool

UNSELECTED = frozenset({
    "text", "value", "precision",
    "id", "cursor", "startCursor", "endCursor", "hasPreviousPage", "nodeCount", "groups", "days", "spells", "gaps",
    "history", "records", "known", "ends", "count", "share",
})  # fmt: skip
"""What the oracle does not tell: texts and cells of dates, tested elsewhere; what is still to come."""
ARGUMENTS = frozenset({"key", "where", "first", "date", "in", "from", "until", "certainty", "lang"})
DEPTH = 12
SCOPES = ("at", "during", "ever")
Composite = GraphQLObjectType | GraphQLInterfaceType


def random_operation(rng: Random, schema: GraphQLSchema, pool: Pool) -> Operation:
    """An operation that the schema accepts."""
    while True:
        writer = Writer(rng, schema, pool)
        operation = writer.operation()
        if not validate(schema, parse(operation.document)):
            return operation


class Writer:
    """Writes one operation; ``budget`` bounds how many fields it selects in all."""

    def __init__(self, rng: Random, schema: GraphQLSchema, pool: Pool) -> None:
        self.rng, self.schema = rng, schema
        self.inputs = Inputs(rng, pool)
        self.fragments: dict[str, tuple[str, str]] = {}  # type condition and text, by name
        self.numbers = count(1)
        self.budget = rng.choice((10, 20, 30, 45))

    def operation(self) -> Operation:
        query = self.schema.query_type
        assert query
        body = self.selection(query, DEPTH)
        declared = ", ".join(f"${name}: {type_}" for name, type_ in self.inputs.declared.items())
        head = f"query Random({declared})" if declared else self.rng.choice(("query Random", "query", ""))
        fragments = [f"fragment {name} on {on} {text}" for name, (on, text) in self.fragments.items()]
        return Operation("\n".join([f"{head} {body}".strip(), *fragments]), self.inputs.variables)

    def selection(self, type_: Composite, depth: int) -> str:
        """A selection set on a type; ``depth`` levels below it at most."""
        root = type_.name in ("Query", "Graph")
        fields = {name: get_named_type(field.type) for name, field in type_.fields.items() if self._told(name, root)}
        leaves = ["__typename", *(name for name, inner in fields.items() if is_leaf_type(inner))]
        inner = [name for name in fields if name not in leaves] if depth > 1 else []
        selected = [] if root else [self._leaf(name) for name in self._drawn(leaves, 2)]
        for name in self._onward(type_, inner, root):
            selected += self._composite(type_, name, depth)
        if not root and depth > 1 and self.rng.random() < 0.2:
            selected.append(self._fragment(type_, depth))
        if not selected:
            selected = [self._leaf("__typename")]
        self.rng.shuffle(selected)
        return "{ " + " ".join(selected) + " }"

    def _told(self, name: str, root: bool) -> bool:
        """Whether the oracle tells a field; at the root these are scopes, kinds and relations."""
        pool = self.inputs.pool
        return (
            name in SCOPES or name in pool.roots or name in pool.lists if root else name not in {*UNSELECTED, *SCOPES}
        )

    def _drawn(self, names: list[str], most: int) -> list[str]:
        """Some of the names, paid for from the budget."""
        if not names or self.budget <= 0:
            return []
        chosen = list(dict.fromkeys(self.rng.choices(names, k=self.rng.randint(1, most))))
        self.budget -= len(chosen)
        return chosen

    def _onward(self, type_: Composite, inner: list[str], root: bool) -> list[str]:
        """The fields with parts of their own: what makes up a list mostly, elsewhere what leads to other things."""
        if "edges" in inner:
            return self._each({"edges": 0.75, "nodes": 0.35, "pageInfo": 0.1})
        if "node" in inner:
            return self._each({"node": 0.85, "valid": 0.2, **({"record": 0.5} if "record" in inner else {})})
        return self._drawn(
            [name for name in inner for _ in range(self._weight(type_, name, len(inner)))], 1 if root else 2
        )

    def _each(self, chances: dict[str, float]) -> list[str]:
        return [name for name, chance in chances.items() if self.rng.random() < chance]

    def _weight(self, type_: Composite, name: str, number: int) -> int:
        """How often a field is drawn: mostly one that leads on, at the root mostly a scope and then a list."""
        if name in SCOPES:
            return 2 * number if type_.name == "Query" else 1
        if name in ("valid", "kind", "relation", "citations") or "key" in type_.fields[name].args:
            return 1
        return 12 if self._is_derived(type_.fields[name]) else 4

    @staticmethod
    def _is_derived(field: GraphQLField) -> bool:
        """Whether a field leads along a chain: few do, and few chains hold."""
        edges = getattr(get_named_type(field.type), "fields", {}).get("edges")
        record = getattr(get_named_type(edges.type), "fields", {}).get("record") if edges else None
        return record is not None and str(record.type) == "DerivedRecord!"

    def _leaf(self, name: str) -> str:
        if name == "totalCount" and self.rng.random() < 0.6:
            certainty = self.rng.choice(("CERTAIN", "POSSIBLE"))
            return f"{self._alias()}totalCount(certainty: {certainty}){self._directive()}"
        if name == "label" and self.rng.random() < 0.6:
            return f"{self._alias()}label(lang: {self.rng.choice(('ZH', 'EN'))}){self._directive()}"
        alias = self._alias() if self.rng.random() < 0.15 else ""
        return f"{alias}{name}{self._directive()}"

    def _composite(self, type_: Composite, name: str, depth: int) -> list[str]:
        """A field with a selection of its own; now and then twice, with other parts below."""
        field = type_.fields[name]
        head = f"{self._alias() if field.args or self.rng.random() < 0.3 else ''}{name}{self._arguments(name, field)}"
        inner = get_named_type(field.type)
        assert isinstance(inner, Composite)
        times = 2 if self.rng.random() < 0.06 else 1
        return [f"{head}{self._directive()} {self.selection(inner, depth - 1)}" for _ in range(times)]

    def _arguments(self, field_name: str, field: GraphQLField) -> str:
        written = []
        kept = self._range_arguments() if field_name == "during" else ARGUMENTS
        for name, argument in field.args.items():
            if name not in kept:
                continue
            if name in ("from", "until"):
                days = sorted(self.inputs.pool.days)
                half = len(days) // 2
                value: Any = self.rng.choice(days[:half] if name == "from" else days[half:])
            elif name == "key":
                pool = self.inputs.pool
                value = self.rng.choice((self.rng.random() < 0.9 and pool.roots[field_name]) or pool.keys)
            elif name == "first":
                if self.rng.random() < 0.9:
                    continue
                value = self.rng.randint(0, 3)
            elif name == "where":
                if self.rng.random() < 0.55:
                    continue
                assert isinstance(argument.type, GraphQLInputObjectType)
                value = self.inputs.where(argument.type, self.rng.choice((1, 2, 2, 3)))
            elif self.rng.random() < (0.95 if name in ("date", "in") else 0.35):
                value = self.inputs.value(argument.type, "", name, 0)
            else:
                continue
            written.append(f"{name}: {self.inputs.text(value, argument.type)}")
        return f"({', '.join(written)})" if written else ""

    def _range_arguments(self) -> Set[str]:
        """A range is said by one partial date or by its bounds, each of which may be absent."""
        return self.rng.choice(({"in"}, {"from"}, {"until"}, {"from", "until"}, {"from", "until"})) | {"certainty"}

    def _fragment(self, type_: Composite, depth: int) -> str:
        """An inline fragment or the spread of a named one, on the type itself, a type below it or one above."""
        on = self.rng.choice(self._overlapping(type_))
        known = [name for name, (condition, _) in self.fragments.items() if condition == on.name]
        if known and self.rng.random() < 0.4:
            return f"...{self.rng.choice(known)}{self._directive()}"
        text = self.selection(on, min(depth - 1, 3))
        if self.rng.random() < 0.5:
            condition = "" if on is type_ and self.rng.random() < 0.3 else f"on {on.name} "
            return f"... {condition}{self._directive()} {text}"
        name = f"F{next(self.numbers)}"
        self.fragments[name] = (on.name, text)
        return f"...{name}{self._directive()}"

    def _overlapping(self, type_: Composite) -> list[Composite]:
        found: list[Composite] = [type_, *type_.interfaces]
        if isinstance(type_, GraphQLInterfaceType):
            below: list[GraphQLNamedType] = [*self.schema.get_possible_types(type_)]
            found += [one for one in below if isinstance(one, Composite)]
        return found

    def _alias(self) -> str:
        return f"{self.rng.choice(('a', '_b', 'C'))}{next(self.numbers)}: "

    def _directive(self) -> str:
        """A condition now and then, literal or by variable; mostly one that keeps the field."""
        if self.rng.random() > 0.06:
            return ""
        kept = self.rng.random() < 0.7
        word, value = ("include", kept) if self.rng.random() < 0.5 else ("skip", not kept)
        if self.rng.random() < 0.5:
            return f" @{word}(if: {str(value).lower()})"
        name = f"v{len(self.inputs.declared)}"
        self.inputs.declared[name], self.inputs.variables[name] = "Boolean!", value
        return f" @{word}(if: ${name})"
