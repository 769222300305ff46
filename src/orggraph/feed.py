"""The feed of changes for other programs: a line for each, in the columns of files. In: a store. Out: pages of lines.

    {"load":{"number":2,"at":…},"what":"CORRECTED","kind":"Person","key":"p1","changed":["name"],"before":{…},"after":{…},"cursor":…}

``before`` and ``after`` are whole rows, of states and of records; ``relation`` stands in the place of ``kind`` for records. A client
goes on after the last cursor that it has kept. What was purged since is a line of its own: ``{"purge":{…}}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from orggraph.errors import OperationError
from orggraph.model.model import Kind, Model, Relation
from orggraph.plan import nodes as plan
from orggraph.plan.order import Page
from orggraph.plan.scope import OUTERMOST, Constant, Variable
from orggraph.stores.contract import Statement, Store

MARK = ("number", "at", "table", "field", "things", "versions", "why")
TESTS = ("kinds", "relations", "keys", "what", "citedFrom", "touching")
SORTS = ["ADDED", "CORRECTED", "WITHDRAWN"]
MOST = 10_000
"""Lines of a page."""


Where = Mapping[str, tuple[str, ...]]
"""Values by the name of a test (``ChangeWhere``'s)."""


class Edge(msgspec.Struct):
    cursor: str
    node: msgspec.Raw


class _Listed(msgspec.Struct):
    purges: list[msgspec.Raw]
    edges: list[Edge]
    all: str | None = None


class _Data(msgspec.Struct):
    changes: _Listed


class _Extensions(msgspec.Struct):
    load: int


class _Answer(msgspec.Struct):
    data: _Data
    extensions: _Extensions


DECODER = msgspec.json.Decoder(_Answer)


@dataclass(frozen=True)
class Part:
    """A page: marks of purges, changes with their cursors; ``load``: the newest when it was read; ``full``: there may be more; ``behind``:
    the cursor behind all changes, unless one was gone on from."""

    purges: tuple[bytes, ...]
    edges: tuple[Edge, ...]
    load: int
    full: bool
    behind: str | None = None

    @property
    def cursor(self) -> str | None:
        """What to go on after; None: what was gone on from."""
        return self.edges[-1].cursor if self.edges else self.behind

    def lines(self) -> list[bytes]:
        """A JSON text for each."""
        marks = [b'{"purge":' + mark + b"}" for mark in self.purges]
        return marks + [bytes(edge.node)[:-1] + b',"cursor":"' + edge.cursor.encode() + b'"}' for edge in self.edges]


def feed_plan(model: Model, where: Where, after: bool) -> plan.Answer:
    """What a page asks, of ``since``, ``first`` and (``after``) a cursor, which come as variables."""
    _check(model, where)
    asked = {name: Constant(tuple(where[name])) for name in TESTS if name in where}
    listed = {name: where.get(name) for name in ("kinds", "relations")}
    both = listed["kinds"] is None and listed["relations"] is None
    kinds = [one for one in model.concrete() if both or one.name in (listed["kinds"] or ())]
    relations = [one for one in model.relations.values() if both or one.name in (listed["relations"] or ())]
    tests = plan.ChangeTests(
        (*kinds, *relations),
        None,
        asked.get("keys"),
        asked.get("what"),
        asked.get("citedFrom"),
        asked.get("touching"),
    )
    page = Page(Variable(("first",)), None, Variable(("after",)) if after else None, None, "ChangeConnection")
    edges = plan.ChangeEdges((("cursor", "cursor"), ("node", tuple(map(_change, tests.tables)))))
    marks = plan.Purges(tuple((name, name) for name in MARK))
    members = (("purges", marks), ("edges", edges), *(() if after else (("all", plan.AllTold()),)))
    changes = plan.Changes(Variable(("since",)), None, tests, page, members)
    return plan.Answer(OUTERMOST, plan.Object("", (("changes", changes),)))


def _check(model: Model, where: Where) -> None:
    """Raises OperationError for names that there are none of."""
    known = {"kinds": [kind.name for kind in model.concrete()], "relations": [*model.relations], "what": SORTS}
    for name, those in known.items():
        for one in where.get(name, ()):
            if one not in those:
                raise OperationError(f"{name}: {one} is none of {', '.join(those)}", "BAD_VALUE")


def _change(table: Kind | Relation) -> plan.Change:
    load = plan.Object("", (("number", plan.Scalar("number")), ("at", plan.Scalar("at"))))
    name = plan.Text(msgspec.json.encode(table.name).decode())
    return plan.Change(table.name, (
        ("load", load), ("what", plan.Scalar("what")), ("kind" if isinstance(table, Kind) else "relation", name),
        ("key", plan.Scalar("key")), ("changed", plan.Scalar("changed")), ("before", plan.FileRow(True)),
        ("after", plan.FileRow(False)),
    ))  # fmt: skip


class Feed:
    """Reads pages of one store's changes. A statement is made for each shape of page."""

    def __init__(self, store: Store, where: Where) -> None:
        self._store, self._where = store, where
        self._statements: dict[bool, Statement] = {}

    def statement(self, after: str | None) -> Statement:
        begun = after is not None
        if begun not in self._statements:
            self._statements[begun] = self._store.compile(feed_plan(self._store.model, self._where, begun))
        return self._statements[begun]

    def page(self, since: int, after: str | None, first: int = MOST) -> Part:
        """Raises OperationError, StoreError."""
        return part_of(self._store.answer(self.statement(after), variables_of(since, after, first)), first)


def variables_of(since: int, after: str | None, first: int = MOST) -> dict[str, Any]:
    return {"since": since, "after": after, "first": first}


def part_of(answer: bytes, first: int = MOST) -> Part:
    """A page from its answer."""
    told = DECODER.decode(answer)
    changes = told.data.changes
    edges = tuple(changes.edges)
    return Part(tuple(map(bytes, changes.purges)), edges, told.extensions.load, len(edges) >= first, changes.all)
