"""An interval as people read it, and its ends one by one. In: four day numbers, and the cells as written (or None).

Cells say what tightened numbers cannot give back; a derived link has none, and is read from its numbers alone. Pure and
quick: a store calls these for every row that is printed.
"""

from __future__ import annotations

import calendar
from datetime import date
from functools import lru_cache

from orggraph.time.days import LAST, NEG, POS, iso

Cell = str | None
MONTHS = tuple(calendar.month_name)
PRECISION = {4: "YEAR", 7: "MONTH", 10: "DAY"}
ZH = {
    "since": "{from}起",
    "to": "{from}至{through}",
    "ended": "{from}起，已止，止日不详",
    "unknown": "{from}起，止日不详",
    "seen": "{seen}在任",
    "seen day": "{seen}在任",
    "by seen": "不晚于{seen}起",
    "always": "一直",
    "some day": "起日不详",
    "between": "{0}与{1}之间",
    "by": "不晚于{1}",
    "after": "不早于{0}",
    "tail to": "，至{through}",
    "tail ended": "，已止，止日不详",
    "tail unknown": "，止日不详",
    "tail open": "",
}
EN = {
    "since": "since {from}",
    "to": "{from} to {through}",
    "ended": "since {from}, ended on an unknown day",
    "unknown": "since {from}, end unknown",
    "seen": "in office in {seen}",
    "seen day": "in office on {seen}",
    "by seen": "since {seen} or before",
    "always": "always",
    "some day": "since an unknown day",
    "between": "between {0} and {1}",
    "by": "{1} or before",
    "after": "{0} or after",
    "tail to": ", to {through}",
    "tail ended": ", ended on an unknown day",
    "tail unknown": ", end unknown",
    "tail open": "",
}


@lru_cache(65536)
def valid_text(
    lang: str, f0: int, f1: int, u0: int, u1: int, from_: Cell, until: Cell, through: Cell, attested: Cell
) -> str:
    """``("zh", 2019-03 …, POS, POS, "2019-03", …)`` → ``2019年3月起``; lang is "zh" or "en"."""
    words = ZH if lang == "zh" else EN
    cells = (from_, until, through, attested)
    start, tail = end_text("from", lang, f0, f1, u0, u1, *cells), _tail(u0, u1, until, through)
    last = end_text("through", lang, f0, f1, u0, u1, *cells) or end_text("until", lang, f0, f1, u0, u1, *cells)
    if valid_end("from", "precision", f0, f1, u0, u1, *cells) not in ("OPEN", "UNKNOWN"):
        if tail == "to" and start == last:
            return start
        return words[{"open": "since"}.get(tail, tail)].format(**{"from": start, "through": last})
    return _unwritten_start(words, lang, f0, f1, tail, attested) + words[f"tail {tail}"].format(through=last)


def _unwritten_start(words: dict[str, str], lang: str, f0: int, f1: int, tail: str, attested: Cell) -> str:
    """How a text begins where no start is written: always, seen on some day, or on an unknown day."""
    if f0 == f1 == NEG:
        return words["always"]
    if not attested:
        return words["some day"]
    seen = "by seen" if tail == "open" else "seen day" if len(attested) == 10 else "seen"
    return words[seen].format(seen=_written(lang, attested))


def _tail(u0: int, u1: int, until: Cell, through: Cell) -> str:
    if u0 == POS:
        return "open"
    if until == "?" and u0 != u1:
        return "ended"
    return "unknown" if u1 == POS or (u0 < 1 and not until and not through) else "to"


@lru_cache(65536)
def valid_end(
    end: str, part: str, f0: int, f1: int, u0: int, u1: int, from_: Cell, until: Cell, through: Cell, attested: Cell
) -> str | None:
    """A part (value, precision, earliest, latest, zh, en) of an end (from, until, through); None where there is none."""
    if part in ("zh", "en"):
        return end_text(end, part, f0, f1, u0, u1, from_, until, through, attested)
    low, high, cell = _numbers(end, f0, f1, u0, u1, from_, until, through)
    match part:
        case "earliest":
            return iso(low)
        case "latest":
            return iso(high)
    value, precision = _value(low, high, cell)
    return value if part == "value" else precision


def _numbers(
    end: str, f0: int, f1: int, u0: int, u1: int, from_: Cell, until: Cell, through: Cell
) -> tuple[int, int, Cell]:
    match end:
        case "from":
            return f0, f1, from_
        case "until":
            return u0, u1, until
    return u0 if u0 in (NEG, POS) else u0 - 1, u1 if u1 in (NEG, POS) else u1 - 1, "?" if until == "?" else through


def _value(low: int, high: int, cell: Cell) -> tuple[str | None, str]:
    """The value and precision of an end: as written; else as its numbers say."""
    if cell and cell not in ("?", "open"):
        return cell, PRECISION[len(cell)]
    if low == high:
        return (None, "OPEN") if low in (NEG, POS) else (iso(low), "DAY" if iso(low) else "BETWEEN")
    if cell == "?" or low == NEG or high == POS:
        return None, "UNKNOWN"
    if (
        not 1 <= low <= high < LAST
    ):  # SQLite may ask with a number that another condition wants, before it looks at that one
        return None, "BETWEEN"
    first, last = date.fromordinal(low), date.fromordinal(high)
    if first.day == 1 and last.year == first.year:
        if first.month == 1 and (last.month, last.day) == (12, 31):
            return f"{first.year:04}", "YEAR"
        if first.month == last.month and last.day == calendar.monthrange(last.year, last.month)[1]:
            return f"{first.year:04}-{first.month:02}", "MONTH"
    return None, "BETWEEN"


def end_text(
    end: str, lang: str, f0: int, f1: int, u0: int, u1: int, from_: Cell, until: Cell, through: Cell, attested: Cell
) -> str:
    """An end by itself: ``2019年3月``, ``between 5 March 2019 and 7 April 2019``, ``不晚于2020年3月31日``."""
    del attested
    words = ZH if lang == "zh" else EN
    low, high, cell = _numbers(end, f0, f1, u0, u1, from_, until, through)
    value, precision = _value(low, high, cell)
    if end == "through" and precision in ("BETWEEN", "UNKNOWN") and cell != "?":
        end_value, end_precision = _value(u0, u1, until)
        if end_value and end_precision != "DAY":
            return _written(lang, end_value)  # "until 2019-05" is read "to May 2019"; its last day is no month
    if value is not None:
        return _written(lang, value)
    if precision == "OPEN":
        return ""
    first, last = iso(low), iso(high)
    if first and last:
        return words["between"].format(_written(lang, first), _written(lang, last))
    if last:
        return words["by"].format("", _written(lang, last))
    return words["after"].format(_written(lang, first), "") if first else ""


def _written(lang: str, partial: str) -> str:
    """A partial date in words: ``2019-03`` → ``2019年3月``, ``March 2019``; ``0019`` → ``公元19年``, ``AD 19``."""
    year, month, day = ([int(part) for part in partial.split("-")] + [0, 0])[:3]
    early = year < 100  # without a word before it, 19年 is read as 2019, and March 19 as a day
    if lang == "zh":
        return ("公元" if early else "") + f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    named = f"AD {year}" if early else str(year)
    return " ".join([*([str(day)] if day else []), *([MONTHS[month]] if month else []), named])
