"""Random valid operations. In: a graphql-core schema and what occurs in a world. Out: a document and its variables.

Nested selections, aliases, the same field twice with different parts, named and inline fragments, variables with and
without defaults, ``@include`` and ``@skip``, scopes within scopes.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Mapping
from itertools import count
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)

from tests.oracle.operation import Operation
from tests.oracle.random_groups import random_groups
from tests.oracle.random_inputs import Inputs
from tests.oracle.random_pool import Pool
from tests.oracle.random_roots import changes_asked, paths_asked, search_asked
from tests.oracle.unordered import UNORDERED

UNSELECTED = frozenset({
    "text", "value", "precision", "cursor", "startCursor", "endCursor",
})  # fmt: skip
"""What the oracle does not tell: texts and cells of dates, cursors, tested elsewhere."""
DEPTH = 12
SCOPES = ("at", "during", "ever")
Composite = GraphQLObjectType | GraphQLInterfaceType
ROOTS = {
    "at": 8, "during": 6, "ever": 3, "each": 3, "scope": 1, "node": 4, "nodes": 5, "loads": 1, "model": 1,
    "entity": 1, "entities": 4, "record": 1, "records": 4, "turnover": 10, "search": 3,
    "paths": 4, "changes": 4,
}  # fmt: skip
"""How often what every model has is drawn at the root, of 100; the rest is a model's own, mostly lists."""
WEIGHTS = {
    "valid": 1, "kind": 1, "relation": 1, "citations": 1, "known": 2, "history": 1, "records": 2, "ends": 3,
    "at": 1, "during": 1, "ever": 1, "ancestors": 16, "descendants": 16,
}  # fmt: skip
"""How often a field is drawn below the root; what leads over a relation weighs 4, along a chain 12."""
FRAGMENTS = {"Node": 1, "Entity": 0.5, "RelationRecord": 0.5, "EntityState": 0.5}
"""How often a fragment is drawn on a type; elsewhere 0.2."""
PARTS = {"edges": 0.7, "nodes": 0.3, "pageInfo": 0.15, "groups": 0.3, "spells": 0.1, "gaps": 0.1}


ASKED = {"search": search_asked, "paths": paths_asked, "changes": changes_asked}
"""What draws the arguments of a root that is no list of things."""


def random_operation(rng: Random, schema: GraphQLSchema, pool: Pool) -> Operation:
    """An operation that the schema accepts."""
    while True:
        writer = Writer(rng, schema, pool)
        operation = writer.operation()
        if not validate(schema, parse(operation.document)):
            return operation


def arguments_of(type_: Composite, name: str) -> Container[str]:
    return type_.fields[name].args if name in type_.fields else ()


class Writer:
    """Writes one operation; ``budget`` bounds how many fields it selects in all."""

    def __init__(self, rng: Random, schema: GraphQLSchema, pool: Pool) -> None:
        self.rng, self.schema = rng, schema
        self.inputs = Inputs(rng, pool)
        self.fragments: dict[str, tuple[str, str]] = {}  # type condition and text, by name
        self.numbers = count(1)
        self.budget = rng.choice((10, 20, 30, 45))
        self.ranged = False  # whether what is written now is seen in a range of days

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
        fields = {name: get_named_type(field.type) for name, field in type_.fields.items() if self._told(name, type_)}
        leaves = [name for name, inner in fields.items() if is_leaf_type(inner)]
        inner = [name for name in fields if name not in leaves] if depth > 1 else []
        leaves = leaves if leaves and self.rng.random() < 0.85 else ["__typename"]
        selected = [] if root else [self._leaf(name, arguments_of(type_, name)) for name in self._drawn(leaves, 2)]
        for name in self._onward(type_, inner, root):
            selected += self._composite(type_, name, depth)
        if not root and depth > 1 and self.rng.random() < FRAGMENTS.get(type_.name, 0.2):
            selected.append(self._fragment(type_, depth))
        if not selected:
            selected = [self._leaf("__typename")]
        self.rng.shuffle(selected)
        return "{ " + " ".join(selected) + " }"

    def _told(self, name: str, type_: Composite) -> bool:
        """Whether the oracle tells a field."""
        pool = self.inputs.pool
        if type_.name in ("Query", "Graph"):
            return (name in ROOTS and (name != "turnover" or self.ranged)) or name in pool.roots or name in pool.lists
        return name not in UNSELECTED and (type_.name, name) != ("Load", "at")

    def _drawn(self, names: list[str], most: int) -> list[str]:
        """Some of the names, paid for from the budget."""
        if not names or self.budget <= 0:
            return []
        chosen = list(dict.fromkeys(self.rng.choices(names, k=self.rng.randint(1, most))))
        self.budget -= len(chosen)
        return chosen

    def _onward(self, type_: Composite, inner: list[str], root: bool) -> list[str]:
        """The fields with parts of their own: what makes up a list mostly, elsewhere what leads to other things."""
        if root:
            return self._rooted(type_, inner)
        if "edges" in inner:
            return self._each({name: chance for name, chance in PARTS.items() if name in inner}) or ["edges"]
        if "node" in inner:
            rest = {"valid": 0.2, "record": 0.5}
            return self._each({"node": 0.9, **{name: chance for name, chance in rest.items() if name in inner}})
        return self._drawn([name for name in inner for _ in range(self._weight(type_, name))], 2)

    def _each(self, chances: dict[str, float]) -> list[str]:
        return [name for name, chance in chances.items() if self.rng.random() < chance]

    def _rooted(self, type_: Composite, inner: list[str]) -> list[str]:
        """One field mostly, at times two, of which the second asks for something else."""
        if not inner or self.budget <= 0:
            return []
        own = [name for name in inner if name not in ROOTS for _ in range(1 if "key" in type_.fields[name].args else 6)]
        weights: dict[str, float] = {name: weight for name, weight in ROOTS.items() if name in inner}
        if type_.name == "Query":  # today is mostly after everything that is known
            weights |= {"at": 70, "during": 70, "ever": 50, "each": 16}
        weights |= {name: 60 / len(own) * own.count(name) for name in own}
        chosen = self.rng.choices([*weights], [*weights.values()], k=self.rng.choice((1, 1, 1, 2)))
        self.budget -= len(chosen)
        return list(dict.fromkeys(chosen))

    def _weight(self, type_: Composite, name: str) -> int:
        """How often a field is drawn: mostly one that leads on."""
        return WEIGHTS.get(name, 12 if self._is_derived(type_.fields[name]) else 4)

    @staticmethod
    def _is_derived(field: GraphQLField) -> bool:
        """Whether a field leads along a chain: few do, and few chains hold."""
        edges = getattr(get_named_type(field.type), "fields", {}).get("edges")
        record = getattr(get_named_type(edges.type), "fields", {}).get("record") if edges else None
        return record is not None and str(record.type) == "DerivedRecord!"

    def _leaf(self, name: str, args: Container[str] = ()) -> str:
        if name in ("totalCount", "nodeCount") and "certainty" in args and self.rng.random() < 0.6:
            certainty = self.rng.choice(("CERTAIN", "POSSIBLE"))
            return f"{self._alias()}{name}(certainty: {certainty}){self._directive()}"
        if name == "label" and self.rng.random() < 0.6:
            return f"{self._alias()}label(lang: {self.rng.choice(('ZH', 'EN'))}){self._directive()}"
        if name == "changed":
            return f"{self._unordered()}{name}{self._directive()}"
        alias = self._alias() if self.rng.random() < 0.15 else ""
        return f"{alias}{name}{self._directive()}"

    def _composite(self, type_: Composite, name: str, depth: int) -> list[str]:
        """A field with a selection of its own; now and then twice, with other parts below."""
        field = type_.fields[name]
        if "by" in field.args:
            return [f"{self._alias()}{random_groups(self, field, depth)}"]
        values = self.values(name, field.args)
        arguments = self.arguments(values, field)
        alias = self._alias() if field.args or self.rng.random() < 0.3 else ""
        head = f"{self._unordered() if type_.name == 'ChangeConnection' else alias}{name}{arguments}"
        inner = get_named_type(field.type)
        assert isinstance(inner, Composite)
        times = 2 if self.rng.random() < 0.06 else 1
        around, self.ranged = self.ranged, self._is_range(name, values)
        written = [f"{head}{self._directive()} {self.selection(inner, depth - 1)}" for _ in range(times)]
        self.ranged = around
        return written

    def _is_range(self, name: str, values: dict[str, Any]) -> bool:
        """Whether what stands below a field is seen in a range of days."""
        if name in ("during", "ever"):
            return True
        return self.ranged and name != "each" and not (name == "at" and "date" in values)

    def arguments(self, values: dict[str, Any], field: GraphQLField) -> str:
        """The arguments of a field as a document writes them; none, if it has none."""
        written = [f"{name}: {self.inputs.text(value, field.args[name].type)}" for name, value in values.items()]
        return f"({', '.join(written)})" if written else ""

    def values(self, field_name: str, args: Mapping[str, GraphQLArgument]) -> dict[str, Any]:
        """Values of a field's arguments: of a scope, of a list, of what asks for one thing."""
        rng, pool = self.rng, self.inputs.pool
        if field_name in SCOPES and "certainty" in args:
            return self._scope(field_name)
        match field_name:
            case "each":
                return self._days()
            case "node" if "id" in args:
                return {"id": pool.id(rng)}
            case "nodes" if "ids" in args:
                ids = [pool.id(rng) for _ in range(rng.choice((0, 1, 2, 3, 4)))]
                return {"ids": ids + rng.choices(ids, k=1) if ids and rng.random() < 0.3 else ids}
        if field_name in ASKED and args:
            return ASKED[field_name](rng, pool, args)
        if "key" in args:
            return {"key": pool.key(rng, pool.roots[field_name] if rng.random() < 0.9 else ())}
        return self._list(args)

    def _scope(self, word: str) -> dict[str, Any]:
        scope = self.inputs.days(word)
        if self.rng.random() < 0.35:
            scope["certainty"] = self.rng.choice(("CERTAIN", "POSSIBLE"))
        if self.rng.random() < 0.2:
            pool = self.inputs.pool
            load = self.rng.randint(1, pool.loads) if self.rng.random() < 0.9 else 0
            loads = [("load", load), ("knownAt", self.rng.choice(pool.moments))]
            scope.update([self.rng.choice(loads)])
        return scope

    def _days(self) -> dict[str, Any]:
        """Some days, or some by equal steps."""
        rng, pool = self.rng, self.inputs.pool
        if rng.random() < 0.5:
            return {"dates": [pool.day(rng) for _ in range(rng.randint(1, 3))]}
        start = datetime.date.fromisoformat(pool.day(rng))
        step, longest = rng.choice((("P1D", 2), ("P2W", 40), ("P1M", 100), ("P3M", 300), ("P1Y", 1000)))
        until = start + datetime.timedelta(days=rng.randint(0, longest))
        return {"from": start.isoformat(), "until": until.isoformat(), "step": step}

    def _list(self, args: Mapping[str, GraphQLArgument]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if "where" in args and self.rng.random() < 0.35:
            type_ = args["where"].type
            assert isinstance(type_, GraphQLInputObjectType)
            values["where"] = self.inputs.where(type_, self.rng.choice((1, 2, 2, 3)))
        if "orderBy" in args and self.rng.random() < 0.25:
            values["orderBy"] = self.inputs.order_by(args["orderBy"].type)
        if "first" in args and self.rng.random() < 0.15:
            values[self.rng.choice(("first", "last"))] = self.rng.randint(0, 3)
        return values

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
        found: list[Composite] = [type_, *type_.interfaces] if type_.name != "Node" else []
        if isinstance(type_, GraphQLInterfaceType):
            below = self.schema.get_implementations(type_)
            found += [*below.objects, *below.interfaces * (len(below.objects) if type_.name == "Node" else 1)]
        return found

    def _alias(self) -> str:
        return f"{self.rng.choice(('a', '_b', 'C'))}{next(self.numbers)}: "

    def _unordered(self) -> str:
        """A response key that says that the order of its list has no meaning."""
        return f"{UNORDERED}{next(self.numbers)}: "

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
