"""What who asks has typed → variables of the document. In: texts by name, from a command line or a URL. Out: values by name;
QuestionError that says which parameters there are.

A text that is blank is not given: its condition is dropped from the document, as of any variable. What is not mentioned has the
default of the question.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orggraph.graphql.shapes import Variable
from orggraph.questions.question import LANG, QuestionError, Ready

MOST_CHOICES = 12
"""Words of an enum that are told one by one."""
WORDS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


def defaults(ready: Ready, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The values of what whoever types that does not type."""
    entries = {name: ready.question.entry.parameters[name] for name in ready.parameters}
    return {
        name: entry.default
        for name, entry in entries.items()
        if entry.default is not None and not (typed or {}).get(entry.unless, "").strip()
    }


def variables(ready: Ready, typed: Mapping[str, str], lang: str) -> dict[str, Any]:
    """All variables of the document. Raises QuestionError, with the code BAD_PARAMETER."""
    for name in typed:
        if name not in ready.parameters:
            raise _bad(ready, f"{ready.name} has no parameter {name}")
    values = defaults(ready, typed)
    for name, text in typed.items():
        values.pop(name, None)
        if text.strip():
            values[name] = _value(ready, ready.parameters[name], text.strip())
    missing = [name for name, one in ready.parameters.items() if one.required and name not in values]
    if missing:
        raise _bad(ready, f"{ready.name} wants {missing[0]}")
    return values | ({LANG: lang.upper()} if LANG in ready.shape.variables else {})


def parameters_told(ready: Ready) -> str:
    """``date (Date, 2020-03-31), who (String)``."""
    if not ready.parameters:
        return "it has none"
    told = []
    given = defaults(ready)
    for name, one in ready.parameters.items():
        kind = "|".join(one.choices) if 0 < len(one.choices) <= MOST_CHOICES else one.type
        told.append(f"{name} ({kind}{f', {given[name]}' if name in given else ''})")
    return f"it has {', '.join(told)}"


def _bad(ready: Ready, message: str) -> QuestionError:
    return QuestionError(f"{message}; {parameters_told(ready)}", "BAD_PARAMETER")


def _value(ready: Ready, variable: Variable, text: str) -> Any:
    """A text as a value of the variable's type; whatever else a type wants is told by the schema."""
    match variable.type:
        case "Int":
            if not text.lstrip("-").isdecimal():
                raise _bad(ready, f"{variable.name}: {text} is no whole number")
            return int(text)
        case "Boolean":
            if text.lower() not in WORDS:
                raise _bad(ready, f"{variable.name}: {text} is neither true nor false")
            return WORDS[text.lower()]
    if variable.choices:
        by_word = {choice.lower(): choice for choice in variable.choices}
        if text.lower() not in by_word:
            raise _bad(ready, f"{variable.name}: {text} is none of {', '.join(variable.choices)}")
        return by_word[text.lower()]
    return text
