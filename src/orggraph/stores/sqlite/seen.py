"""The scope that things are printed in, and how other scopes open inside it. In: a plan's scopes. Out: SQL around what
is printed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from msgspec import structs

from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.plan.ids import IdForm
from orggraph.plan.order import Page
from orggraph.plan.scope import Value
from orggraph.stores.sqlite.conditions import Conditions
from orggraph.stores.sqlite.paging import Pager, head_of
from orggraph.stores.sqlite.rows import Names, Rows
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.window import Window, window_of
from orggraph.stores.sqlite.writing import NEWEST, Json, Piece, Writer, concat, json_list, json_object

NULL = "'null'"
GIVEN = ("dates", "load", "certainty")


@dataclass(frozen=True)
class Seen(ABC):
    """``given``: which parts of the scope were asked for (``dates``, ``load``, ``certainty``): those that ids carry.
    ``most``: rows that a list may have. ``past``: cursors may be of an earlier load than the newest. ``counting``: each
    list tells how many rows it has."""

    names: Names
    writer: Writer
    window: Window
    certain: bool
    most: int
    past: bool = False
    counting: bool = False
    given: frozenset[str] = frozenset()

    @property
    def conditions(self) -> Conditions:
        return Conditions(self.names, self.writer, self.window)

    @property
    def load(self) -> str:
        """The number of the load that is looked at."""
        return self.window.load or NEWEST

    @abstractmethod
    def object(self, shape: plan.Object, shown: Shown) -> list[Piece]:
        """The JSON object of a thing."""

    def below(self, rows: Rows) -> Self:
        """The same in the window that the rows' records leave."""
        return replace(self, window=self.conditions.below(rows).window)

    def in_scope(self, scope: scopes.Scope, printed: Callable[[Self], str]) -> str:
        """What is printed in another scope; a load that is asked for is found first."""
        window = self.window if scope.dates is None else self.window.on(window_of(scope.dates, self.writer))
        given = {part for part in GIVEN if getattr(scope, part) is not None}
        inner = replace(self, window=window, given=self.given | given)
        if scope.certainty is not None:
            inner = replace(inner, certain=scope.certainty is scopes.Certainty.CERTAIN)
        if scope.load is None:
            return printed(inner)
        return inner.at_load(load_asked(scope.load, self.writer), printed, sole=True)

    def at_load(self, select: str, printed: Callable[[Self], str], sole: bool = False) -> str:
        """What is printed at the load ``k`` that a select finds; ``sole``: the same in all of the statement."""
        found = self.writer.alias("l")
        window = structs.replace(self.window, load=f"{found}.k", loaded=found if sole else "")
        text = printed(replace(self, window=window))
        if f"FROM {found})" in text:
            return f"(WITH {found}(k) AS ({select}) SELECT {text} FROM {found})"
        return f"(SELECT {text} FROM ({select}) {found})"

    def at_cursors(self, page: Page, printed: Callable[[Self], str]) -> str:
        """What is printed in the scope of a page's cursors: on their day, where none was asked for, and of their load.

        A cursor of the newest load is served as other reads are; one of an earlier load is found out when the statement
        runs, and asked again as ``past``.
        """
        cursors = [cursor for cursor in (page.after, page.before) if cursor is not None]

        pager = Pager(self.writer, page, self.certain, (), self.most)

        def part(name: str, cursor: Value = cursors[0]) -> str:
            return pager.part(cursor, name)

        known = "dates" in self.given or self.window.day is None
        there = self if known else replace(self, window=self.window.on(Window(day=part("a0"))))

        def fits(scope: Self) -> str:
            head, then = head_of(page, scope.certain, scope.load, scope.window.place()), printed(scope)
            stray = "refuse('CURSOR_SCOPE')"
            if scope.window.load is None:
                stray = f"stray({part('head')},{','.join(scope.window.place())})"
            same = [f"{part('head', cursor)}={head}" for cursor in cursors]
            return f"iif({' AND '.join(same)},{then},{stray})"

        if self.window.load is not None or not self.past:
            return fits(there)
        select = f"SELECT {pager.load_of(cursors[0])} k"
        # what is printed is of a load that is no longer the newest, and so its ids say which
        return replace(there, given=there.given | {"load"}).at_load(select, fits, sole=True)

    def each_day(self, node: plan.EachDay, shown: Shown) -> list[Piece]:
        d = self.writer.alias("d")
        inner = replace(self, window=self.window.on(Window(day=f"{d}.value")), given=self.given | {"dates"})
        days = f"json_each({self.writer.bind(node.days, 'days')}) {d}"
        printed = concat(inner.object(node.object, shown))
        return json_list(f"(SELECT group_concat(j) FROM (SELECT {printed} j FROM {days} ORDER BY {d}.key))")

    def the_scope(self, node: plan.TheScope) -> list[Piece]:
        window = self.window
        parts = {
            "date": iso(window.day),
            "from": iso(window.a0[0] if window.a0 else None),
            "until": iso(window.b0[0] if window.b0 else None),
            "load": self.load,
            "certainty": Json('"CERTAIN"' if self.certain else '"POSSIBLE"'),
        }
        return json_object(
            [(key, [Json(part.json) if isinstance(part, plan.Text) else parts[part]]) for key, part in node.members]
        )

    def as_identified(self, form: IdForm, part: Callable[[str], str], printed: Callable[[Self], str]) -> str:
        """What is printed in the scope that an id carries; ``part``: SQL of its day, a0 … b1 and load."""
        days = form.dates
        dates = Window(day=part("day")) if days == "day" else Window()
        if days == "range":
            a0, a1, b0, b1 = ((part(number),) for number in ("a0", "a1", "b0", "b1"))
            dates = Window(None, a0, a1, b0, b1)
        parts = {"dates": bool(days), "load": form.load, "certainty": bool(form.certainty)}
        given = frozenset(part for part, there in parts.items() if there)
        window = self.window.on(dates) if days else self.window
        inner = replace(self, window=window, certain=form.certainty == "C", given=given)
        if not form.load:
            return printed(inner)
        number = part("load")
        return inner.at_load(f"SELECT iif({number}<=coalesce(max(k),0),{number},-1) k FROM load", printed)

    def id_suffix(self, window: Window) -> list[Piece]:
        """What an id has behind the key: the parts of the scope that were given; ``window``: where the thing is found."""
        pieces: list[Piece] = []
        if "dates" in self.given and window.day is not None:
            pieces += [Json("@"), f"date({window.day}+1721424.5)"]
        elif "dates" in self.given:
            for mark, number in zip("@...", window.numbers(), strict=True):
                pieces += [Json(mark), f"iif({number} BETWEEN -8388607 AND 8388606,{number},'')"]
        if "load" in self.given:
            pieces += [Json("~"), self.load]
        if "certainty" in self.given:
            pieces.append(Json("!C" if self.certain else "!P"))
        return pieces


def iso(day: str | None) -> Piece:
    """A day number's SQL as JSON; nothing for no day."""
    return Json("null") if day is None else f"json_quote(date({day}+1721424.5))"  # the Julian day before 0001-01-01


def load_asked(load: scopes.AsOf, writer: Writer) -> str:
    """A select of the number ``k`` of a load: the one of that number, or the last published by a moment."""
    if load.moment:
        return f"SELECT coalesce(max(k),0) k FROM load WHERE at<={writer.bind(load.value, 'moment')}"
    number = writer.bind(load.value, "int")
    return f"SELECT iif({number} BETWEEN 0 AND coalesce(max(k),0),{number},refuse('NO_SUCH_LOAD')) k FROM load"
