"""Text that a spreadsheet would take for a formula. In: a cell's text. Out: the same with an apostrophe before it, and back.

A CSV has no types: what begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end (or the full-width forms of the signs) runs
when a spreadsheet opens the file. An apostrophe before it keeps it text; one more where there is one already, so that nothing
is lost on the way back.

Example: ``=1+1`` → ``'=1+1``; ``'=1+1`` → ``''=1+1``; ``it's`` stays.
"""

from __future__ import annotations

import re

APOSTROPHE = "'"
BEGINNINGS = frozenset("=+-@\t\r\n＝＋－＠")
_RISKY = re.compile(f"'*[{re.escape(''.join(sorted(BEGINNINGS)))}]")
_GUARDED = re.compile(f"'{_RISKY.pattern}")


def guarded(text: str) -> str:
    """A text as it may stand in a CSV."""
    return APOSTROPHE + text if _RISKY.match(text) else text


def bared(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if text[:1] == APOSTROPHE and _GUARDED.match(text) else text
