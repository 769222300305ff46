"""One cell of a column → the clean values that are kept of it. In: text as written. Out: values, or a ValueError whose
words follow the text: what is wrong and, as a second argument, how to mend it.

A column keeps one value or several: text its sort key too, a date its first and last day. What few texts say is kept
ready; a cleaner is called for millions of cells.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orggraph.model.model import Field, Model
from orggraph.model.values import TYPES, Value, clean_boolean, clean_string
from orggraph.records.guessing import nearest
from orggraph.records.sorting import sort_key
from orggraph.time.partial import parse_partial

KEY, LONGEST_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}"), 64
OF_KEYS = (string.ascii_letters + string.digits + "_.-").encode()
OPEN = {"open": "open", "开放": "open", "至今": "open", "?": "?", "？": "?"}
EXCEL_DAY, FIRST_EXCEL_DAY = re.compile(r"[1-9][0-9]{4}"), date(1899, 12, 30)
OTHER_DATE = re.compile(r"([0-9]{4})\s*[年./-]\s*(?:([01]?[0-9])\s*月?(?:\s*[./-]?\s*([0-3]?[0-9])\s*日?)?)?")
MOST_READY = 50_000
Kept = str | int | None
Clean = Callable[[str], tuple[Kept, ...]]


class Ready(dict[str, Any]):
    """What texts mean, by text as written, for columns in which few are said often; bounded, so that memory stays flat."""

    def __init__(self, clean: Callable[[str], Any]) -> None:
        super().__init__()
        self.clean = clean

    def __missing__(self, text: str) -> Any:
        found = self.clean(text.strip())
        if len(self) >= MOST_READY:
            self.clear()
        self[text] = found
        return found


@dataclass(frozen=True)
class Column:
    """How the cells of a column are cleaned: by ``clean`` one at a time, or (``all``) all of them at once, into a list for
    each of the ``width`` values that are kept; both raise ValueError."""

    width: int
    clean: Clean
    all: Callable[[Sequence[str]], Sequence[Sequence[Kept]]]


def words(clean: Clean, width: int) -> Column:
    """A column that says few things."""
    if width > 1:
        ready = Ready(clean)
        return Column(width, clean, lambda texts: list(zip(*map(ready.__getitem__, texts), strict=True)))
    single = Ready(lambda text: clean(text)[0])
    return Column(1, clean, lambda texts: [list(map(single.__getitem__, texts))])


def keys(clean: Clean) -> Column:
    """A column of keys."""

    def all_(texts: Sequence[str]) -> Sequence[Sequence[Kept]]:
        stripped = list(map(str.strip, texts))
        if max(map(len, stripped), default=0) > LONGEST_KEY or not _is_of_keys("".join(stripped)):
            raise ValueError("is no key")
        return [stripped if all(stripped) else _filled(stripped, clean("")[0])]

    return Column(1, clean, all_)


def _is_of_keys(text: str) -> bool:
    """Whether a text has no character that no key has."""
    return text.isascii() and not text.encode().translate(None, OF_KEYS)


def _filled(texts: Sequence[str], blank: Kept) -> list[Kept]:
    return [text or blank for text in texts]


def texts(clean: Clean) -> Column:
    """A column of text that is mostly said once; its sort key beside it."""

    def all_(given: Sequence[str]) -> Sequence[Sequence[Kept]]:
        stripped = list(map(str.strip, given))
        clean_string("".join(stripped))  # what no text may have is looked for in all of them at once
        sorts = list(map(sort_key, stripped))
        return [stripped, sorts] if all(stripped) else list(map(_filled, (stripped, sorts), clean("")))

    return Column(2, clean, all_)


@dataclass(frozen=True, eq=False)
class Citing:
    """The sources that a row cites, with where in them (or None); one object for each text that says it."""

    sources: tuple[tuple[str, str | None], ...]


def clean_key(text: str) -> str:
    if not KEY.fullmatch(text):
        raise ValueError("is no key" if text else "is blank", "1 to 64 letters, digits and -_.")
    return text


def own_key(text: str) -> tuple[Kept, ...]:
    return (clean_key(text),)


def end_key(text: str) -> tuple[Kept, ...]:
    return (clean_key(text) if text else None,)


def clean_name(text: str) -> tuple[Kept, ...]:
    """A name and its sort key."""
    if not text:
        raise ValueError("is blank, and must not be", "give the name")
    return clean_string(text), sort_key(text)


def clean_date(text: str) -> tuple[Kept, ...]:
    """A date cell as it is kept: as written; None for a blank."""
    if text:
        partial_days(text)
    return (text or None,)


def clean_until(text: str) -> tuple[Kept, ...]:
    word = OPEN.get(text)
    return (word,) if word else clean_date(text)


def clean_flag(text: str) -> tuple[Kept, ...]:
    return (clean_boolean(text) if text else 0,)


def partial_days(text: str) -> tuple[int, int]:
    """First and last day; the ValueError fits behind the cell's text."""
    try:
        return parse_partial(text)
    except ValueError:
        raise ValueError("is no date", _mended(text)) from None


def _mended(text: str) -> str:
    """How to write a date that is written otherwise."""
    other = OTHER_DATE.fullmatch(text)
    if other:
        written = "-".join(part.zfill(2) for part in other.groups() if part)
        with suppress(ValueError):
            parse_partial(written)
            return f"write {written}"
    as_number = (
        f"; as a day number of Excel it is {FIRST_EXCEL_DAY + timedelta(int(text))}"
        if EXCEL_DAY.fullmatch(text)
        else ""
    )
    return f"write 2020-03-31, 2020-03 or 2020{as_number}"


def citing(text: str, para: str) -> Citing:
    """``a;b`` with ``3;`` → a at 3, b."""
    if not text.strip():
        if para.strip():
            raise ValueError("is blank, though there is a para", "give the source that the para is in")
        return Citing(())
    sources = [clean_key(one.strip()) for one in text.replace("；", ";").split(";")]
    paras = [clean_string(one.strip()) for one in para.replace("；", ";").split(";")] if para.strip() else []
    if len(paras) > len(sources):
        raise ValueError("has fewer sources than there are in para", "pair them by ;")
    paras += [""] * (len(sources) - len(paras))
    return Citing(tuple((source, where or None) for source, where in zip(sources, paras, strict=True)))


# ---------------------------------------------------------------- fields


def field_column(model: Model, field: Field) -> Column:
    clean = _field(model, field)
    return texts(clean) if field.type is Value.STRING else words(clean, kept_of(field))


def _field(model: Model, field: Field) -> Clean:
    """What cleans a cell of a field."""
    kept = _kept(model, field)
    blank: tuple[Kept, ...] = (None,) * kept_of(field)

    def clean(text: str) -> tuple[Kept, ...]:
        if text:
            return kept(text)
        if field.required:
            raise ValueError("is blank, and must not be", f"give its {field.label.en}")
        return blank

    return clean


def kept_of(field: Field) -> int:
    """How many values are kept of a field."""
    return {Value.DATE: 3, Value.STRING: 2}.get(field.type, 1)


def _kept(model: Model, field: Field) -> Clean:
    match field.type:
        case Value.TERM:
            return _term(model, field)
        case Value.DATE:
            return lambda text: (text, *partial_days(text))
        case Value.STRING:
            return lambda text: (clean_string(text), sort_key(text))
    clean = TYPES[field.type].clean
    return lambda text: (clean(text),)


def _term(model: Model, field: Field) -> Clean:
    known = spellings(model, field.terms or "")

    def clean(text: str) -> tuple[Kept, ...]:
        code = known.get(text.casefold())
        if code is None:
            near = nearest(text.casefold(), list(known))
            mend = f"did you mean {near}?" if near else f"one of {', '.join(dict.fromkeys(known.values()))}"
            raise ValueError(f"is no {field.label.en}", mend)
        return (code,)

    return clean


def spellings(model: Model, terms: str) -> dict[str, str]:
    """Every way that a file may spell a term → its code."""
    return {
        word.casefold(): term.code
        for term in model.terms[terms].terms.values()
        for word in (*term.aliases, term.label.en, term.label.zh, term.code)
    }
