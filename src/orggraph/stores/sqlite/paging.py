"""Which rows of a list are on a page: keyset bounds, order, limit, cursors. In: a plan's ``Page`` and the keys that the rows
are ordered by. Out: SQL.

A cursor is the hex of a JSON list: the load's stamp, the day that was looked at or the four numbers of a range, a mark (of the
list, its order and certainty), then what the row is ordered by; behind it, bare, the row's own key. What does not fit is refused
when it is bound (``cursors.py``) or by the statement (``refusals.py``). A stamp is the load's number and when it was published: of
two loads with one number (a copy was restored, and loaded into) each has its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from orggraph.plan.order import Page
from orggraph.plan.printed import PageInfo
from orggraph.plan.scope import Value
from orggraph.stores.sqlite.writing import NEWEST, STAMP, Json, Piece, Writer, concat, conjunction

BITS = 24
"""Of a stamp, for the time of its load: its milliseconds but for those that pass in more than four hours."""


class Key(Struct, frozen=True):
    """What rows are ordered by, as SQL; one that may be null comes last in both directions. ``own``: the row's own key, a text
    that is never empty."""

    sql: str
    descending: bool = False
    nullable: bool = False
    own: bool = False

    def ordered(self, forward: bool) -> str:
        way = "" if self.descending is not forward else " DESC"
        nulls = f"{self.sql} IS NULL{'' if forward else ' DESC'}," if self.nullable else ""
        return f"{nulls}{self.sql}{way}"


def mark_of(page: Page, certain: bool) -> str:
    """What a cursor of a list bears, so that it is not taken for one of another."""
    return hashlib.blake2b(f"{page.mark} {certain}".encode(), digest_size=4).hexdigest()


def head_of(page: Page, certain: bool, load: str, numbers: Sequence[str]) -> str:
    """What all cursors of a list in one scope begin with; a select of its own, so that it is made once for all rows."""
    return f"(SELECT hex({concat(_head(page, certain, load, numbers))}))"


def stamp_of(load: str) -> str:
    """The stamp of a load as SQL, given the SQL of its number; 0 for one that is not there."""
    moment = "CAST(round(unixepoch(at,'subsec')*1000) AS INTEGER)"
    return f"coalesce((SELECT (k<<{BITS})|({moment}&{2**BITS - 1}) FROM load WHERE k={load}),0)"


def _head(page: Page, certain: bool, load: str, numbers: Sequence[str]) -> list[Piece]:
    pieces: list[Piece] = [Json("["), STAMP if load == NEWEST else stamp_of(load)]
    for number in numbers:
        pieces += [Json(","), f"({number})"]
    return [*pieces, Json(f',"{mark_of(page, certain)}"')]


class Pager(Struct, frozen=True):
    """One list's page. ``most``: rows that a list may have; one more is looked for, to know of it. ``lone``: there is at
    most one row."""

    writer: Writer
    page: Page
    certain: bool
    keys: tuple[Key, ...]
    most: int
    lone: bool = False

    @property
    def by_key(self) -> bool:
        """Whether rows are in the order of keys alone, from the first."""
        (first, *rest), forward = self.keys, self.page.last is None
        return forward and not rest and first.sql.endswith(".key") and not first.descending

    @property
    def forward(self) -> bool:
        return self.page.last is None

    def limit(self) -> str:
        asked = self.page.last if self.page.first is None else self.page.first
        return str(self.most + 1) if asked is None else f"min({self.writer.bind(asked, 'rows')},{self.most + 1})"

    def cut(self) -> str:
        """The order of the rows, and how many of them."""
        order = "" if self.lone else " ORDER BY " + ",".join(key.ordered(self.forward) for key in self.keys)
        return "" if self.lone and self.page.whole else f"{order} LIMIT {self.limit()}"

    def rows(self, columns: Sequence[str], tables: str, conditions: Sequence[str], numbered: bool) -> str:
        """The rows of the page for ``FROM``; ``numbered``: ``i`` counts them, from the last where the last are asked for."""
        where = conjunction([*conditions, *self.bounds()])
        rows = f"SELECT {','.join(columns)} FROM {tables} WHERE {where}{self.cut()}"
        return f"SELECT *,row_number() OVER () i FROM ({rows})" if numbered or not self.forward else rows

    def joined(self, column: str) -> str:
        """A column of the page's rows as the items of a JSON list."""
        order = "" if self.forward else ",',' ORDER BY i DESC"
        return f"coalesce(group_concat({column}{order}),'')"

    # ------------------------------------------------------------ cursors

    def cursor(self, load: str, numbers: Sequence[str]) -> str:
        """The cursor of a row."""
        end = [] if self.ordered_by else [Json("]")]
        head = [*_head(self.page, self.certain, load, numbers), *end]
        return f"(SELECT hex({concat(head)}))||{self._row()}"

    def cursor_as(self, given: Value) -> str:
        """The same where a client's cursor is proved to be of this list: all begin as it does."""
        end = "" if self.ordered_by else f"||'{b']'.hex().upper()}'"
        return f"{self.part(given, 'head')}{end}||{self._row()}"

    @property
    def ordered_by(self) -> list[Key]:
        """But for the row's own key."""
        return [key for key in self.keys if not key.own]

    def _row(self) -> str:
        """What a cursor has of its row."""
        listed = self.ordered_by
        own = [key.sql for key in self.keys if key.own]
        tail = [piece for key in listed for piece in (Json(","), f"json_quote({key.sql})")]
        return f"hex({concat([*tail, *([Json(']')] if listed else []), *own])})"

    def part(self, cursor: Value, name: str) -> str:
        """A part of a client's cursor: ``head``, ``load``, ``a0`` … ``b1``, or the number of what follows."""
        return self.writer.bind(cursor, f"cursor {mark_of(self.page, self.certain)} {name}")

    def load_of(self, cursor: Value) -> str:
        """The number of the load that a client's cursor is of; one that this store does not have is refused."""
        stamp = self.part(cursor, "load")
        return f"iif({stamp}={stamp_of(f'({stamp}>>{BITS})')},{stamp}>>{BITS},refuse('CURSOR_LOAD'))"

    def seen(self, cursor: Value, printed: str) -> str:
        """What is printed, where the store has the load that a client's cursor is of."""
        return f"iif({self.load_of(cursor)} IS NOT NULL,{printed},NULL)"

    def places(self, cursor: Value) -> list[str]:
        """What a client's cursor has of each key: the row's own stands last in it."""
        listed = self.ordered_by
        return [self.part(cursor, str(len(listed) if key.own else listed.index(key))) for key in self.keys]

    def end_cursor(self, last: bool) -> str:
        """The cursor of the page's first or last row, where rows are numbered and have ``c``; JSON."""
        bound = "max" if last is self.forward else "min"
        return f"coalesce(json_quote(substr({bound}(printf('%09d',i)||c),10)),'null')"

    # ------------------------------------------------------------ bounds

    def bounds(self) -> list[str]:
        """That a row is after one cursor and before the other."""
        found = [] if self.page.after is None else [self.beyond(self.page.after, True)]
        return found if self.page.before is None else [*found, self.beyond(self.page.before, False)]

    def later(self, last: str) -> list[str]:
        """That a row comes after the page, of which ``last`` is the last key, in the order of keys alone; one bound, so that
        the index is entered at the page's end."""
        after, before = self.page.after, self.page.before
        start = "''" if after is None else self.part(after, "0")
        found = [f"{self.keys[0].sql}>coalesce({last},{start})"]
        return found if before is None else [*found, self.beyond(before, False)]

    def bounds_of(self, keys: tuple[Key, ...]) -> list[str]:
        """The same of rows with other keys."""
        return replace(self, keys=keys).bounds()

    def beyond(self, cursor: Value, forward: bool) -> str:
        """That a row comes after the place of a cursor, or before it."""
        places = self.places(cursor)
        found = ""
        for key, place in zip(reversed(self.keys), reversed(places), strict=True):
            found = _beyond(key, place, forward, found)
        first = self.keys[0]
        if first.nullable or len(self.keys) == 1:
            return found
        return f"{first.sql}{_way(first, forward)}={places[0]} AND {found}"


def _way(key: Key, forward: bool) -> str:
    return ">" if key.descending is not forward else "<"


def _beyond(key: Key, place: str, forward: bool, rest: str) -> str:
    """By one key, else by the rest of them."""
    ways = [f"{key.sql}{_way(key, forward)}{place}"]
    same = f"{key.sql}={place}"
    if key.nullable:
        mine, its = ("IS NULL", "IS NOT NULL") if forward else ("IS NOT NULL", "IS NULL")
        ways.append(f"({place} {its} AND {key.sql} {mine})")
        same = f"{key.sql} IS {place}"
    if rest:
        ways.append(f"({same} AND {rest})")
    return "(" + " OR ".join(ways) + ")" if len(ways) > 1 else ways[0]


def asks_cursors(part: object) -> bool:
    """Whether a part of a connection tells the cursors of its page."""
    return isinstance(part, PageInfo) and any(str(one).endswith("Cursor") for _, one in part.members)
