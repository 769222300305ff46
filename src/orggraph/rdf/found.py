"""What was found in a file that others wrote: rows of files, and of what each was made, so that a row which loading refuses can
be left out and told like all that was left out before. In: rows as they are read. Out: rows that stay, what was left out, keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from orggraph.rdf.own import Row
from orggraph.rdf.taking import LeftOut, Taking


class Key(NamedTuple):
    """What an IRI became: ``table``: its kind or relation."""

    iri: str
    key: str
    table: str


class Origin(NamedTuple):
    """Of what a row was made: all of a resource, or (``what``) that it has such a property of this value."""

    resource: str
    what: str = ""
    value: str = ""


@dataclass
class Found:
    """``rows``: by table; each has a key of its own. ``origins``: by key. ``keys``: of resources with an IRI."""

    taking: Taking
    rows: dict[str, list[Row]] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)

    def add(self, table: str, row: Row, origin: Origin) -> None:
        self.rows.setdefault(table, []).append(row)
        self.origins[row["key"]] = origin

    def place(self, resource: str, table: str, key: str) -> None:
        """What in the model a resource became."""
        self.taking.places[resource] = table
        if not resource.startswith("_:"):
            self.keys.append(Key(resource, key, table))

    def leave(self, reasons: dict[str, str]) -> None:
        """Without the rows of these keys, each for its reason."""
        for key, reason in reasons.items():
            self.tell(self.origins.pop(key), reason)
        for table, lines in self.rows.items():
            self.rows[table] = [row for row in lines if row["key"] not in reasons]
        self.keys = [one for one in self.keys if one.key not in reasons]

    def tell(self, origin: Origin, reason: str) -> None:
        resource, what, value = origin
        self.taking.leave(resource, what, f"{value}: {reason}" if value else reason)

    def is_nothing(self) -> bool:
        return not self.origins

    def left_out(self) -> tuple[LeftOut, ...]:
        """In the order of IRIs."""
        return tuple(self.taking.rest())

    def named(self) -> tuple[Key, ...]:
        """In the order of IRIs."""
        return tuple(sorted(self.keys))

    def name(self, key: str) -> str:
        """What a row was made of, as the file calls it; the key of a row that was made of nothing in it."""
        return " ".join(one for one in self.origins.get(key, (key,)) if one)
