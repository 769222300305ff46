"""Which entities can pass a filter at all, where a key or a name in it says so: few, to begin from, instead of all.

In: a filter on entities. Out: a select of numbers that all that pass are among, whatever the days (the filter itself is
still asked of each), or nothing. Example: ``{firstSecretaries: {some: {key: {eq: "p1"}}}}`` → ``SELECT r.o FROM
r_FirstSecretary r WHERE r.s IN (SELECT e FROM entity WHERE key=?)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orggraph.plan.filters import (
    AllTrue,
    Along,
    AnyTrue,
    Climb,
    Compare,
    Filter,
    OfEnd,
    OfKind,
    Op,
    Over,
    Some,
    Source,
)
from orggraph.plan.scope import Value
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import CURRENT, Writer

MOST_PARTS = 8
"""Branches of an ``or`` that are worth beginning from."""


@dataclass(frozen=True)
class Driving:
    writer: Writer
    window: Window

    def entities(self, where: Filter, kinds: Sequence[str]) -> str | None:
        """The select, for a filter on entities of these kinds."""
        match where:
            case Compare("key", Op.EQ | Op.IN, value):
                return f"SELECT e FROM entity WHERE {self.keys(value, where.op)}"
            case Compare("name", Op.EQ, value) if self.window.load is None:
                named = self.writer.bind(value, "plain")
                tables = (f'SELECT e FROM "k_{kind}" WHERE k1={CURRENT} AND name={named}' for kind in kinds)
                return " UNION ALL ".join(tables) if len(kinds) <= MOST_PARTS else None
            case AllTrue(parts):
                return next((found for part in parts if (found := self.entities(part, kinds))), None)
            case AnyTrue(parts):
                return self.union([self.entities(part, kinds) for part in parts])
            case OfKind(cases):
                return self.union([self.entities(part, (kind,)) for kind, part in cases])
            case Some(source, inner):
                return self.along(source, inner)
        return None

    def keys(self, value: Value, op: Op) -> str:
        if op is Op.EQ:
            return f"key={self.writer.bind(value, 'key')}"
        return f"key IN (SELECT value FROM json_each({self.writer.bind(value, 'keys')}))"

    @staticmethod
    def union(parts: Sequence[str | None]) -> str | None:
        found = [part for part in parts if part is not None]
        return " UNION ALL ".join(found) if len(found) == len(parts) <= MOST_PARTS else None

    def along(self, source: Source, inner: Filter) -> str | None:
        """Whence links lead to entities that can pass."""
        match source:
            case Over(hop, _, records=True):
                return self.of_record(hop.relation, hop.origin, inner)
            case Over(hop, kinds):
                far = self.entities(inner, kinds)
                return far and self.back(hop.relation, hop.origin, hop.target, far)
            case Along(link, kinds, steps):
                found = self.entities(inner, kinds)
                for hop in [step.hop for step in (reversed(steps) if link.forward else steps)]:
                    origin, target = (hop.origin, hop.target) if link.forward else (hop.target, hop.origin)
                    found = found and self.back(hop.relation, origin, target, found)
                return found
            case Climb(link, relation, kinds):
                near, far = ("s", "o") if link.forward else ("o", "s")
                top = self.entities(inner, kinds)
                table = f'"r_{relation.name}" v'
                step = f"SELECT v.{near} FROM w CROSS JOIN {table} WHERE v.{far}=w.e{self.known('v')}"
                return top and f"SELECT e FROM (WITH RECURSIVE w(e) AS ({top} UNION {step}) SELECT e FROM w)"
        return None

    def of_record(self, relation: str, origin: str, where: Filter) -> str | None:
        """Whence records lead at whose ends stand entities that can pass."""
        match where:
            case AllTrue(parts):
                return next((found for part in parts if (found := self.of_record(relation, origin, part))), None)
            case OfEnd(described, role, inner):
                found = self.entities(inner, described.end(role).kinds)
                return found and self.back(relation, origin, role, found)
        return None

    def back(self, relation: str, origin: str, target: str, far: str) -> str:
        r = self.writer.alias("r")
        where = f"{r}.{end_column(target)} IN (SELECT * FROM ({far})){self.known(r)}"
        return f'SELECT {r}.{end_column(origin)} FROM "r_{relation}" {r} WHERE {where}'

    def known(self, alias: str) -> str:
        """The version that is known now, which partial indexes serve; of earlier loads any version will do."""
        return f" AND {alias}.k1={CURRENT}" if self.window.load is None else ""
