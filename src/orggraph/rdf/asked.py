"""What of a graph is to be exported. In: days, load and certainty as people say them. Out: an ``Extent`` of the store's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from orggraph.errors import OrggraphError
from orggraph.plan.quads import Extent
from orggraph.stores.sqlite.quads import Quads
from orggraph.time.partial import parse_partial
from orggraph.time.steps import utc

BETWEEN = ".."


@dataclass(frozen=True)
class Asked:
    """``at``: a day; ``during``: a day, month or year, or ``FROM..UNTIL`` (the first day no longer), either may be blank.
    ``known_at``: a time with its offset from UTC; ``load``: a load's number. ``history``: every version of every load.
    ``base``: of the IRIs made by rule, in place of the model's own."""

    at: str | None = None
    during: str | None = None
    known_at: str | None = None
    load: int | None = None
    certain: bool = False
    history: bool = False
    base: str | None = None


EVERYTHING = Asked()


def extent_of(asked: Asked, quads: Quads) -> Extent:
    """Raises OrggraphError that says what cannot be."""
    dated = asked.at is not None or asked.during is not None
    if asked.at is not None and asked.during is not None:
        raise OrggraphError("a day and a range cannot both be asked for; leave at or during out", "SCOPE")
    if asked.history and (dated or asked.certain):
        raise OrggraphError("a history is of all days; leave at, during and certainty out", "SCOPE")
    first, until = _range(asked.during)
    day = None if asked.at is None else _day(asked.at)
    load = _load(asked, quads)
    return Extent(dated or asked.certain, day, first, until, load, asked.certain, asked.history)


def _load(asked: Asked, quads: Quads) -> int | None:
    loads = quads.loads()
    if asked.load is not None and asked.known_at is not None:
        raise OrggraphError("a load and a time cannot both be asked for; leave one out", "SCOPE")
    if asked.load is not None:
        if not 0 <= asked.load <= len(loads):
            raise OrggraphError(f"there is no load {asked.load}; the newest is {len(loads)}", "NO_SUCH_LOAD")
        return asked.load
    if asked.known_at is None:
        return None
    try:
        moment = utc(asked.known_at)
    except ValueError as error:
        raise OrggraphError(f"known-at: {error}", "SCOPE") from None
    return quads.load_at(_written(moment))


def _written(moment: datetime) -> str:
    """As stores write times."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _day(text: str) -> int:
    first, last = _partial(text)
    if first != last:
        raise OrggraphError(f"{text} is no day; write 2020-03-31", "SCOPE")
    return first


def _range(text: str | None) -> tuple[int | None, int | None]:
    """``2019`` → its first day and the one after its last; ``2019-03-01..`` → from that day on."""
    if text is None:
        return None, None
    if BETWEEN not in text:
        first, last = _partial(text)
        return first, last + 1
    start, _, end = text.partition(BETWEEN)
    since, until = (_end(one, text) if one else None for one in (start, end))
    if since is not None and until is not None and since >= until:
        raise OrggraphError(f"{text}: ends before it begins", "SCOPE")
    return since, until


def _end(text: str, whole: str) -> int:
    """A month or a year as an end could be its first day or the one after its last: which is not guessed."""
    first, last = _partial(text)
    if first == last:
        return first
    start, _, end = whole.partition(BETWEEN)
    since, until = _partial(start)[0] if start else None, _partial(end)[1] + 1 if end else None
    mend = BETWEEN.join(map(_iso, (since, until)))
    message = f"{whole}: {text} is no day; the ends of a range are days, the second is the first no longer in it"
    raise OrggraphError(f"{message}: all of it is {mend}", "SCOPE")


def _iso(day: int | None) -> str:
    """Blank for no bound, and for a day after the last that there is."""
    return "" if day is None or day > date.max.toordinal() else date.fromordinal(day).isoformat()


def _partial(text: str) -> tuple[int, int]:
    try:
        return parse_partial(text)
    except ValueError as error:
        raise OrggraphError(str(error), "SCOPE") from None
