"""Small pools that models, rows and documents draw from, so that what is asked for is often found.

Chinese is the normal case: names of two characters, full-width signs, characters beyond the BMP, and the characters
that quoting, LIKE and JSON trip over.
"""

from __future__ import annotations

from random import Random

from orggraph.model.model import Field, Model
from orggraph.model.values import Value
from orggraph.records.folding import fold
from orggraph.records.spelling import readings

TEXTS = (
    "李明", "王芳", "重庆银行", "國際區", "𠮷野", "乌鲁木齐路（示例）", "第一社区", "第二社区", "unit", "Unit", "a%b", "a_b",
    "a\"b", "a\\b", "it's",
    "两行\n文", "制\t表", "😀组", "Ａ区", "é", "0", "null",
)  # fmt: skip
NUMBERS = ("0", "1", "2", "3", "007", "-5", "2147483647", "-2147483648")
TRUTHS = ("true", "false", "是", "否", "1", "0", "yes", "no")
ADDRESSES = ("https://example.org/a?b=1&c=2", "urn:x:中文", "http://例子.example/#x")
DAYS = (
    "2019-01-01",
    "2019-12-31",
    "2020-02-29",
    "2020-03-01",
    "2020-03-31",
    "2020-04-01",
    "2020-07-15",
    "2021-01-01",
    "2021-06-30",
)


def day(rng: Random) -> str:
    """One of few days, so that ends often meet."""
    return rng.choice(DAYS)


def loosened(rng: Random, text: str) -> str:
    """A day, or the month or the year that it lies in."""
    return text[: rng.choice((10, 10, 7, 7, 4))]


def cell(rng: Random, model: Model, field: Field) -> str:
    """A field's value as a file may spell it."""
    match field.type:
        case Value.STRING:
            return rng.choice(TEXTS)
        case Value.INT:
            return rng.choice(NUMBERS)
        case Value.BOOLEAN:
            return rng.choice(TRUTHS)
        case Value.DATE:
            return loosened(rng, day(rng))
        case Value.URI:
            return rng.choice(ADDRESSES)
        case Value.TERM:
            term = rng.choice(list(model.terms[str(field.terms)].terms.values()))
            return rng.choice((term.code, term.label.zh, term.label.en, *term.aliases))


def piece(rng: Random, text: str) -> str:
    """A part of a text, or its beginning."""
    start = rng.randrange(len(text))
    return text[start : start + rng.randint(1, 3)]


def typed(rng: Random, text: str) -> str:
    """A part of a text as somebody may type it to search for it: in other characters, in pinyin, by first letters or mixed."""
    start = rng.randrange(len(text))
    part = text[rng.choice((0, start)) : start + rng.randint(1, 4)]
    made = "".join(_typed(rng, one) for one in part)
    made = made[: -rng.randint(1, 2)] if rng.random() < 0.2 else made
    return made if fold(made) else rng.choice(("明", "m", "示例", "qu"))


def _typed(rng: Random, character: str) -> str:
    syllable = rng.choice(readings(fold(character) or character, first=rng.random() < 0.5))
    other = {"区": "區", "第": "Ｄ", "国": "國", "a": "Ａ"}.get(character, character)
    return rng.choice((character, character, other, syllable, syllable[:1], syllable[:2].upper()))
