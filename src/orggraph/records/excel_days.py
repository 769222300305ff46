"""What a number of Excel shows as. In: the number as stored and the format of its cell. Out: text, and whether it is a day.

Excel keeps days as numbers and turns what is typed into them: ``2020-03`` becomes 2020-03-01, shown as a month. What is kept
here is what the analyst sees: a format that shows no day makes a month or a year, if the number is its first day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

Shows = Literal["", "day", "month", "year"] | int
"""A format: of numbers, of days, months or years, or (a number) filled up with zeros to so many digits."""

MONTHS, DAYS = {17, 27, 36, 50, 52, 57}, {14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58}
LAST = 2_958_465  # 9999-12-31
MOST_DIGITS = 15
_PLAIN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ZEROS = re.compile("0{2,}")


def shows(number: int, code: str | None) -> Shows:
    """What the format with a number, or with a code of its own, shows; built-in ones as in a Chinese Excel."""
    if code is None:
        return "day" if number in DAYS else "month" if number in MONTHS else ""
    code = code.partition(";")[0]
    if _ZEROS.fullmatch(code):
        return len(code)
    letters = _PLAIN.sub("", code).casefold()
    if letters.startswith("general") or "@" in letters or any(one in letters for one in "0#?"):
        return ""
    year = "y" in letters or "e" in letters
    if "d" in letters or (year and ("h" in letters or "s" in letters)):
        return "day"
    return ("month" if "m" in letters else "year") if year else ""


def number_text(text: str, shown: Shows, since_1904: bool) -> tuple[str, bool]:
    """(30.0, "") → 30; (43921, "day") → 2020-03-31, True. A number whose last digits Excel has lost raises ValueError."""
    if shown == "" and text.isdigit() and len(text) <= MOST_DIGITS:
        return text, False
    value = float(text)
    if isinstance(shown, str) and shown and 0 < value <= LAST:
        return _day_text(value, shown, since_1904), True
    if not value.is_integer():
        return repr(value), False
    if abs(value) >= 10**MOST_DIGITS:
        raise ValueError(text)
    return str(int(value)).zfill(shown if isinstance(shown, int) else 0), False


def _day_text(value: float, shown: str, since_1904: bool) -> str:
    number = int(value)
    if since_1904:
        day = date(1904, 1, 1) + timedelta(number)
    elif number == 60:
        return "1900-02-29"  # a day that Excel has and no calendar
    else:
        day = date(1899, 12, 31 if number < 60 else 30) + timedelta(number)
    seconds = round((value - number) * 86400)
    if seconds:
        return f"{day}T{timedelta(seconds=seconds)}"
    if shown == "year" and (day.month, day.day) == (1, 1):
        return f"{day.year:04}"
    return f"{day.year:04}-{day.month:02}" if shown != "day" and day.day == 1 else day.isoformat()
