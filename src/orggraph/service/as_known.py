"""What the URL of a question asks beside the question's own parameters: as it was known at an earlier load, and with keys. In: texts
of the URL's query. Out: what to ask, or what is wrong, in the words of a language.

    /questions/part-time-members.csv?load=2&keys=true        /questions/part-time-members?knownAt=2026-11-27T12:00:00Z

A moment is looked up first: all pages of an answer, and the questions that count its figures, are of the load that it leads to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from orggraph.questions.question import QuestionError
from orggraph.time.steps import utc

KEYS, LOAD, KNOWN_AT = "keys", "load", "knownAt"
LOOKED_UP = "query($load: Int, $knownAt: DateTime) { at(load: $load, knownAt: $knownAt) { scope { load } } }"
"""Asks which load is meant; one that is not there is refused."""
FLAGS = {"": False, "false": False, "true": True}
MOST_DIGITS = 9
SAYS = {
    "zh": {
        KEYS: "keys：应为 true 或 false，而不是 {text}",
        LOAD: "load：应为装载号（0 或正整数），而不是 {text}",
        KNOWN_AT: "knownAt：应为带时区的时间，如 2020-03-31T12:00:00Z 或 2020-03-31T20:00%2B08:00（URL 中 + 写作 %2B），而不是 {text}",
        "BOTH": "load 与 knownAt 只能给一个",
        "NO_SUCH_LOAD": "没有第 {text} 次装载；最新的是第 {newest} 次",
        "NO_KEYS": "本问题的行来自几个列表，不能附上编号；请去掉 keys",
        "BAD_QUESTION": "附上编号后，此问题不能问这个库，请去掉 keys：{text}",
    },
    "en": {
        KEYS: "keys: {text} is neither true nor false",
        LOAD: "load: {text} is not the number of a load, or 0",
        KNOWN_AT: "knownAt: {text} is no time with its offset; write 2020-03-31T12:00:00Z or, as a URL has +, 2020-03-31T20:00%2B08:00",
        "BOTH": "give either load or knownAt",
        "NO_SUCH_LOAD": "there is no load {text}; the newest is {newest}",
        "NO_KEYS": "the rows of this question are of several lists, whose keys have no columns; leave keys out",
        "BAD_QUESTION": "with keys this question cannot be asked of this store, leave keys out: {text}",
    },
}


def wants_keys(ours: Mapping[str, str], lang: str) -> bool:
    """Raises QuestionError."""
    text = ours.get(KEYS, "").strip()
    if text not in FLAGS:
        raise _bad(KEYS, lang, text)
    return FLAGS[text]


def looked_back_to(ours: Mapping[str, str], lang: str) -> dict[str, int | str]:
    """Variables of ``LOOKED_UP``; none where the answer is of now. Raises QuestionError."""
    load, moment = (ours.get(name, "").strip() for name in (LOAD, KNOWN_AT))
    if load and moment:
        raise _bad("BOTH", lang, "")
    if load and not (load.isascii() and load.isdigit() and len(load) <= MOST_DIGITS):
        raise _bad(LOAD, lang, load)
    try:
        return {LOAD: int(load)} if load else {KNOWN_AT: utc(moment).isoformat()} if moment else {}
    except ValueError:
        raise _bad(KNOWN_AT, lang, moment) from None


def number_of(answer: bytes) -> int:
    """The load that ``LOOKED_UP`` was answered with."""
    return int(json.loads(answer)["data"]["at"]["scope"]["load"])


def refused(code: str, lang: str, text: object = "", newest: int = 0) -> QuestionError:
    """``NO_SUCH_LOAD``, ``NO_KEYS`` and ``BAD_QUESTION`` (of keys) in the words of a language."""
    return QuestionError(SAYS[lang][code].format(text=text, newest=newest), code)


def _bad(what: str, lang: str, text: str) -> QuestionError:
    return QuestionError(SAYS[lang][what].format(text=text), "BAD_PARAMETER")
