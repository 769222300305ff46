"""What a row's date cells mean: a span of four day numbers. In: cells as written, the source's nature and date.

The rules are those of "Files in": ``from``, ``until`` (first day no longer) or ``through`` (last day), ``attested``, blanks
by the nature of the source. A span is a start in [f0, f1] and an end in [u0, u1], start before end.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from orggraph.time.days import NEG, POS
from orggraph.time.partial import parse_partial


class Span(NamedTuple):
    f0: int
    f1: int
    u0: int
    u1: int


class Cells(NamedTuple):
    """Date cells as written; blank is ""."""

    from_: str = ""
    until: str = ""
    through: str = ""
    attested: str = ""


class Dated(Struct, frozen=True):
    """What decides about blanks: whether the source is a register, and the first and last day of its date."""

    register: bool
    first: int
    last: int


class DateError(ValueError):
    """Cells that say no span; ``column`` is the one to mend."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def tighten(span: Span, column: str = "until") -> Span:
    """Without the days that "start before end" rules out; DateError at ``column`` if nothing is left."""
    f0, f1, u0, u1 = span
    f1 = f1 if u1 == POS else min(f1, u1 - 1)
    u0 = u0 if f0 == NEG else max(u0, f0 + 1)
    if f0 > f1 or u0 > u1:
        raise DateError(column, "ends before it begins")
    return Span(f0, f1, u0, u1)


def record_span(cells: Cells, source: Dated | None) -> Span:
    """The span of a record's row; ``source`` is None where its first source bears no date."""
    f0, f1 = partial_cell("from", cells.from_) if cells.from_ else (NEG, POS)
    u0, u1 = until_range(cells, source)
    seen = _seen(cells, source, f0)
    return tighten(attest(Span(f0, f1, u0, u1), seen), end_column(cells))


def once_open(cells: Cells) -> Cells:
    """The cells of what happens once: it holds from its day on, so that a blank ``until`` is open whatever the source."""
    return cells if cells.until or cells.through else cells._replace(until="open")


def attest(span: Span, seen: tuple[int, int] | None) -> Span:
    """A span that held on some day from the first to the last of ``seen``; None asks nothing."""
    if seen is None:
        return span
    first, last = seen
    if last < span.f0:
        raise DateError("attested", "is before from")
    if first >= span.u1:
        raise DateError("attested", "is when it has ended")
    return Span(span.f0, min(span.f1, last), max(span.u0, first + 1), span.u1)


def end_column(cells: Cells) -> str:
    """The column to mend where a row ends too early."""
    return "through" if cells.through else "until"


def until_range(cells: Cells, source: Dated | None) -> tuple[int, int]:
    """Earliest and latest end that the cells say, blanks by the source."""
    if cells.through:
        if cells.until:
            raise DateError("through", "stands beside until; write one of them")
        first, last = partial_cell("through", cells.through)
        return first + 1, last + 1
    match cells.until:
        case "open":
            return POS, POS
        case "?":
            return NEG, _dated(source, "until").last
        case "":
            return (POS if _dated(source, "until").register else NEG), POS
    return partial_cell("until", cells.until)


def _seen(cells: Cells, source: Dated | None, f0: int) -> tuple[int, int] | None:
    """First and last day of what the row is attested on: its own cell, else the source's date where it goes on."""
    if cells.attested:
        return partial_cell("attested", cells.attested)
    if not cells.through and cells.until in ("", "open") and source is not None and f0 <= source.last:
        return source.first, source.last
    if not cells.from_:
        _dated(source, "from")
    return None


def _dated(source: Dated | None, column: str) -> Dated:
    if source is None:
        raise DateError(
            column, "is blank or ?, which only a dated source can explain, and source names none that is known"
        )
    return source


def partial_cell(column: str, text: str) -> tuple[int, int]:
    """First and last day of a cell; DateError at its column if it is no date."""
    try:
        return parse_partial(text)
    except ValueError as error:
        raise DateError(column, str(error)) from None
