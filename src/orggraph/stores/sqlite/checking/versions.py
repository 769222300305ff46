"""Every version of a table, read once in the order of things: its cells, its day numbers, its place among the others.

In: a table that is as the model wants it. Out: findings. Memory holds the versions of one thing at a time.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache, partial
from itertools import groupby, pairwise
from typing import Any

import apsw

from orggraph.model.model import Kind, Relation
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.checking.cells import Rule, rules_of
from orggraph.stores.sqlite.checking.findings import Checking, Table, table_of
from orggraph.stores.sqlite.staging import dated
from orggraph.stores.sqlite.versions import CELLS, NUMBERS, PLACES
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.span import Cells, DateError, once_open, record_span
from orggraph.time.states import Placed, begun, place_states

BETWEEN_LOOKS = 20_000
HEAD = ("n", "thing", "k0", "k1", "c", "w_seen", *CELLS)
Row = tuple[Any, ...]


def check_versions(checking: Checking, table: Table) -> None:
    """All that single versions, and the versions of one thing, must keep."""
    with checking.reading(table_of(table)):
        TableCheck(checking, table).check()


class TableCheck:
    """Looks at one table."""

    def __init__(self, checking: Checking, table: Table) -> None:
        self.checking, self.table, self.name = checking, table, table_of(table)
        self.kind = isinstance(table, Kind)
        numbers = (*NUMBERS, *PLACES) if isinstance(table, Kind) else NUMBERS
        rules = rules_of(checking.model, table)
        cells = dict.fromkeys(column for rule in rules for column in rule.columns)
        columns = (*HEAD, *numbers, *cells)
        self.numbers = slice(len(HEAD), len(HEAD) + len(numbers))
        self.rules = [(rule, [columns.index(column, len(HEAD)) for column in rule.columns]) for rule in rules]
        self.borne = lru_cache(65536)(partial(_borne, checking.connection))
        thing = "e" if self.kind else "r"
        listed = ", ".join(f'"{thing if column == "thing" else column}"' for column in columns)
        order = "e" if self.kind else "r, k1"
        self.sql = f'SELECT {listed} FROM "{self.name}" ORDER BY {order}'

    def check(self) -> None:
        looked = 0
        for _, group in groupby(self.checking.every(self.sql), key=lambda row: row[1]):
            versions = list(group)
            for row in versions:
                self.version(row)
            self.sequences(versions)
            if self.kind:
                self.states(versions)
            looked += len(versions)
            if looked >= BETWEEN_LOOKS:
                self.looked(looked)
                looked = 0
        self.looked(looked)

    def looked(self, number: int) -> None:
        self.checking.versions += number
        self.checking.watch(f"versions of {self.table.name}", self.checking.versions)

    def problem(self, row: Row, column: str, code: str, message: str, value: Any = "") -> None:
        self.checking.problem(self.name, row[0], column, code, message, value=value)

    # ------------------------------------------------------------ one version

    def version(self, row: Row) -> None:
        for rule, places in self.rules:
            wrong = rule.says(*[row[place] for place in places])
            if wrong:
                self.tell(rule, row, row[places[0]], wrong)
        k0, k1 = row[2], row[3]
        newest = self.checking.newest
        if not (1 <= k0 < k1 and k0 <= newest and (k1 == CURRENT or k1 <= newest)):
            self.problem(row, "known", "KNOWN", f"is known from load {k0} until {k1}, of {newest} loads")
        self.cited(row)
        if not self.kind:
            self.span(row)

    def tell(self, rule: Rule, row: Row, value: Any, wrong: str) -> None:
        self.problem(row, rule.column, rule.code, wrong, value)

    def cited(self, row: Row) -> None:
        """What a version cites is there, and bore the date that the version was judged by."""
        c, seen, k0 = row[4], row[5] or "", row[2]
        if not c:
            if seen:
                self.problem(row, "source", "SEEN", f"is judged by {seen}, and cites nothing")
            return
        borne = self.borne(c)
        if borne is None:
            self.problem(row, "source", "NO_CITATION", f"cites set {c}, which is not there")
        elif not any(seen == date and known <= k0 for date, known in borne) and (seen or self.table.name != "Source"):
            self.problem(row, "source", "SEEN", f"is judged by {seen or 'no date'}, which its source never bore")

    def span(self, row: Row) -> None:
        """A record's four numbers follow from its cells."""
        once = isinstance(self.table, Relation) and self.table.once
        found = _record_numbers(once, row[5], *row[6:10])
        if isinstance(found, str):
            self.problem(row, found.partition(" ")[0], "DATE", found.partition(" ")[2])
        elif found != row[self.numbers]:
            self.problem(row, "valid", "NUMBERS", f"its day numbers are {row[self.numbers]}; its cells say {found}")

    # ------------------------------------------------------------ versions of one thing

    def sequences(self, versions: list[Row]) -> None:
        """Versions of one record, of one state, follow each other."""
        checking = self.checking
        if len(versions) == 1:
            (_, _, k0, k1, *_) = versions[0]
            checking.opened[k0] += 1
            checking.begun[k0] += 1
            checking.closed[k1] += k1 != CURRENT
            return
        by_state: dict[Any, list[Row]] = defaultdict(list)
        for row in versions:
            by_state[row[6] if self.kind else None].append(row)
        for sequence in by_state.values():
            sequence.sort(key=lambda row: (row[2], row[3]))
            begins, ends = {row[2] for row in sequence}, {row[3] for row in sequence}
            for row in sequence:
                checking.opened[row[2]] += 1
                checking.begun[row[2]] += row[2] not in ends
                checking.closed[row[3]] += row[3] != CURRENT and row[3] not in begins
            for before, then in pairwise(sequence):
                if then[2] < before[3]:
                    message = f"is known at the same load as version {before[0]} of the same thing"
                    self.problem(then, "known", "VERSIONS_OVERLAP", message)

    def states(self, versions: list[Row]) -> None:
        """At each load, the states that were known give each other their numbers."""
        if len(versions) == 1:
            self.placed(versions)
            return
        for load in sorted({row[2] for row in versions} | {row[3] for row in versions if row[3] != CURRENT}):
            known = [row for row in versions if row[2] <= load < row[3]]
            if known and not self.placed(known):
                return

    def placed(self, known: list[Row]) -> bool:
        """Whether states that are known together have the numbers that their cells say."""
        try:
            known = sorted(known, key=lambda row: begun(_cells(row)))
            found = _states(tuple((row[5], *row[6:10]) for row in known))
        except DateError as error:
            found = f"{error.column} {error}"
        if isinstance(found, str):
            self.problem(known[0], found.partition(" ")[0], "DATE", found.partition(" ")[2])
            return False
        for row, numbers in zip(known, found, strict=True):
            if row[self.numbers] != numbers:
                message = f"its day numbers are {row[self.numbers]}; its cells say {numbers}"
                self.problem(row, "valid", "NUMBERS", message)
                return False
        return True


def _cells(row: Row) -> Cells:
    return Cells(*(one or "" for one in row[6:10]))


@lru_cache(65536)
def _record_numbers(once: bool, seen: str | None, *dates: str | None) -> tuple[int, ...] | str:
    """A record's numbers, or what is wrong with its cells: the column, then words."""
    try:
        told = Cells(*(one or "" for one in dates))
        return tuple(record_span(once_open(told) if once else told, _dated(seen)))
    except DateError as error:
        return f"{error.column} {error}"


@lru_cache(65536)
def _states(states: tuple[tuple[str | None, ...], ...]) -> tuple[tuple[int, ...], ...] | str:
    """The numbers of states in their order, or what is wrong."""
    try:
        return tuple(
            _numbers(one)
            for one in place_states([(Cells(*(cell or "" for cell in cells)), _dated(seen)) for seen, *cells in states])
        )
    except DateError as error:
        return f"{error.column} {error}"


def _numbers(placed: Placed) -> tuple[int, ...]:
    return (*placed.span, placed.next_f0, placed.next_f1, *placed.life)


def _dated(seen: str | None) -> Any:
    try:
        return dated(seen)
    except ValueError as error:
        raise DateError("source", str(error)) from None


def _borne(connection: apsw.Connection, c: int) -> list[tuple[str, int]] | None:
    """What the first source of a set bore as nature and date, with the load since which it is known; None for no set."""
    source = value(connection, "SELECT s FROM cite WHERE c = ? AND i = 0", (c,))
    if source is None:
        return None
    bore = f"""SELECT iif(_date IS NULL, '', concat(_nature, ' ', _date)), k0 FROM "k_Source" WHERE e = ?1 AND n0 = {CURRENT}
        UNION SELECT '', k1 FROM "k_Source" WHERE e = ?1 AND k1 < {CURRENT}"""
    return rows(connection, bore, (source,))
