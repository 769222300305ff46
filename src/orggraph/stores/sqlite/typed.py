"""What somebody typed, to find names by → patterns of spelled names. In: a text. Out: JSON rows for a statement.

A text is read in every way in which it may be meant: each character as itself, Latin letters also as syllables (``wang``), as
first letters of some (``w``, ``zh``), and at its end as the beginning of one. Each reading is a ``Reading``: snippets of names
whose ``column`` lies between two texts lead to names that may match, ``found`` is the pattern (GLOB) of those that do, ``whole`` of
those that have nothing else (null: it ends within a syllable). ``cells``: of how many it is, if they are so few that the snippet
that begins with the first has them all; ``place``: at which of its cells such a snippet begins; ``length``: of how many cells it is.
Example: ``王w`` → ``["characters", "王", "王\\U0010ffff", "*/王??????/?w?????*", "/王??????/?w?????", 2, 0, 2]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec

from orggraph.errors import OperationError
from orggraph.records.folding import fold
from orggraph.records.spelling import BAR, CELLS, LETTERS

MOST_READINGS = 16
MOST_CHARACTERS = 64
LAST = "\U0010ffff"
"""After every character."""
SYLLABLE = re.compile(
    "(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)(?:i?ang|i?ong|ian|iao|ia|ie|iu|ing|in|i|uang|uai|uan|ua|uo|ui|un|ue|u|ve|v|an|ai|ao|a|eng|en|ei|e|ou|o)"
    "|a|ai|an|ang|ao|e|ei|en|eng|er|o|ou"
)
"""Every syllable, and some that there is none of."""


class Token(NamedTuple):
    """``kind``: a ``character`` as itself, a ``syllable``, the ``start`` of one, the ``cut`` beginning of one at the text's end."""

    kind: str
    text: str


class Reading(NamedTuple):
    column: str
    low: str
    high: str
    found: str
    whole: str | None
    cells: int | None
    place: int
    length: int

    @property
    def begun(self) -> str:
        """The pattern of names that begin with it."""
        return self.found[1:]


@lru_cache(1024)  # who types is followed by others who type the same
def typed(text: str) -> str:
    """The rows of a text, as JSON. Raises OperationError where it has nothing that counts, or more than any name."""
    characters = fold(text)
    if not characters:
        raise OperationError("text: has no letter, digit or character to search for", "BAD_VALUE")
    if len(characters) > MOST_CHARACTERS:
        raise OperationError(f"text: has more than {MOST_CHARACTERS} characters; search for less", "BAD_VALUE")
    return msgspec.json.encode([_row(reading) for reading in _readings(characters)]).decode()


def _readings(text: str) -> list[tuple[Token, ...]]:
    """The ways to read a text, those of fewest tokens first; letter by letter is always one of them."""
    best: list[list[tuple[Token, ...]]] = [[()]]
    for i in reversed(range(len(text))):
        ways = [(token, *rest) for token in _tokens(text, i) for rest in best[-len(token.text)]]
        best.append(sorted(ways, key=len)[:MOST_READINGS])
    each = tuple(_tokens(text, i)[0] for i in range(len(text)))
    return list(dict.fromkeys([*best[-1], each]))


def _tokens(text: str, i: int) -> list[Token]:
    """What may begin at a place: a single character first."""
    if not _is_letter(text[i]):
        return [Token("character", text[i])]
    found = [Token("start", text[i])]
    for n in range(2, LETTERS + 1):
        part = text[i : i + n]
        if len(part) < n or not all(map(_is_letter, part)):
            break
        if SYLLABLE.fullmatch(part):
            found.append(Token("syllable", part))
        elif part in ("zh", "ch", "sh"):
            found.append(Token("start", part))
        elif i + n == len(text) and _begins(part):
            found.append(Token("cut", part))
    return found


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _begins(part: str) -> bool:
    """Whether some syllable begins so."""
    return any(SYLLABLE.fullmatch(part + rest) for rest in ("g", "ng", "ang", "n", "o"))


def _row(tokens: tuple[Token, ...]) -> Reading:
    cells = len(tokens) if len(tokens) <= CELLS else None
    _, place, column, low = max(_leads(tokens, 1 if cells else len(tokens)), key=lambda lead: lead[0])
    *others, last = tokens
    before = "".join(map(_pattern, others))
    loose = last if last.kind != "syllable" else Token("cut", last.text)
    whole = None if last.kind == "cut" else before + _pattern(last)
    return Reading(column, low, low + LAST, f"*{before}{_pattern(loose)}*", whole, cells, place, len(tokens))


def _pattern(token: Token) -> str:
    """``/王??????``, ``/?wang  ``, ``/?w?????``."""
    if token.kind == "character":
        return f"{BAR}{token.text}{'?' * LETTERS}"
    if token.kind == "syllable":
        return f"{BAR}?{token.text:<{LETTERS}}"
    return f"{BAR}?{token.text}{'?' * (LETTERS - len(token.text))}"


def _leads(tokens: tuple[Token, ...], places: int) -> Iterator[tuple[int, int, str, str]]:
    """What a snippet may begin with at one of the first so many places: how much it tells, where, by which column, the text."""
    for i in range(places):
        snippet = tokens[i : i + CELLS]
        characters = _while(snippet, "character")
        if characters:
            yield 10 * len(characters), i, "characters", "".join(one.text for one in characters)
            continue
        starts = [one.text[0] for one in _while(snippet, "start", "syllable", "cut")]
        yield 4 * len(starts), i, "initials", "".join(starts)
        syllables = _while(snippet, "syllable")
        after = snippet[len(syllables) : len(syllables) + 1]
        letters = "".join(one.text for one in (*syllables, *_while(after, "start", "cut")))[:LETTERS]
        yield 3 * len(letters), i, "letters", letters


def _while(tokens: tuple[Token, ...], *kinds: str) -> tuple[Token, ...]:
    for place, token in enumerate(tokens):
        if token.kind not in kinds:
            return tokens[:place]
    return tokens
