"""Writing a statement: short aliases, numbered parameters, JSON text assembled from constant and computed pieces.

Example: ``concat([Json('{"name":'), "json_quote(s1.name)", Json("}")])`` → ``'{"name":'||json_quote(s1.name)||'}'``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from orggraph.plan.scope import Value

MARK = "\0"  # stands around a parameter's number until the text is finished; no constant can hold it
MARKED = re.compile(f"{MARK}([0-9]+){MARK}")
CURRENT = 8388607
"""``k1`` of a version that is still known (``time.days.POS``); a literal, so that partial indexes serve it."""
MOST_BYTES = 2**31
NEWEST = "?1"
"""The number of the newest load, in a statement that answers an operation (``compile.py``)."""
STAMP, PUBLISHED = "?2", "?3"
"""The newest load's stamp (``paging.py``) and when it was published, in such a statement that prints cursors."""


@dataclass(frozen=True)
class Json:
    """JSON text that is the same in every answer."""

    text: str


Piece = Json | str


@dataclass(frozen=True)
class Bind:
    """A parameter: a plan's value, and the form it is bound in (``day``, ``first``, ``last``, ``text``, ``list``, …)."""

    value: Value
    form: str


@dataclass
class Writer:
    """What one statement has used so far. ``least``: the fewest bytes that a row of any of its lists is printed with."""

    binds: dict[Bind, int] = field(default_factory=dict)
    aliases: int = 0
    least: int = MOST_BYTES

    def bind(self, value: Value, form: str) -> str:
        """The parameter's place in the text; equal parameters share one."""
        number = self.binds.setdefault(Bind(value, form), len(self.binds))
        return f"{MARK}{number}{MARK}"

    def finished(self, sql: str, first: int = 1) -> tuple[str, tuple[Bind, ...], tuple[Bind, ...]]:
        """The text with its parameters numbered as they come from ``first`` on, what each is bound to, and those that it does
        not use."""
        binds, used = list(self.binds), dict[int, int]()

        def place(match: re.Match[str]) -> str:
            return f"?{used.setdefault(int(match[1]), len(used) + first)}"

        text = MARKED.sub(place, sql)
        rest = tuple(bind for number, bind in enumerate(binds) if number not in used)
        return text, tuple(binds[number] for number in used), rest

    def alias(self, letter: str) -> str:
        self.aliases += 1
        return f"{letter}{self.aliases}"


def quote(text: str) -> str:
    """A constant of ours as an SQL literal (never a client's value: those are bound)."""
    return "'" + text.replace("'", "''") + "'"


def concat(pieces: Sequence[Piece]) -> str:
    """Pieces joined by ``||``, constants merged, in a balanced tree (SQLite bounds the depth of expressions)."""
    texts: list[str] = []
    constant = ""
    for piece in pieces:
        if isinstance(piece, Json):
            constant += piece.text
            continue
        if constant:
            texts.append(quote(constant))
            constant = ""
        texts.append(piece)
    if constant or not texts:
        texts.append(quote(constant))
    return _balanced(texts)


def _balanced(texts: list[str]) -> str:
    if len(texts) <= 32:
        return "||".join(texts)
    half = len(texts) // 2
    return f"({_balanced(texts[:half])})||({_balanced(texts[half:])})"


def conjunction(conditions: Sequence[str]) -> str:
    """All of them that are not always true, once each; ``1`` for none."""
    return " AND ".join(dict.fromkeys(one for one in conditions if one != "1")) or "1"


def json_object(members: Sequence[tuple[str, Sequence[Piece]]]) -> list[Piece]:
    """The pieces of a JSON object, from the pieces of its members."""
    pieces: list[Piece] = [Json("{")]
    for i, (key, value) in enumerate(members):
        pieces.append(Json(f'{"," if i else ""}"{key}":'))
        pieces += value
    pieces.append(Json("}"))
    return pieces


def json_list(body: str) -> list[Piece]:
    """The pieces of a JSON list, from SQL that gives its items joined by commas, or null for none."""
    return [Json("["), f"coalesce({body},'')", Json("]")]
