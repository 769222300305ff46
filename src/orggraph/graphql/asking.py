"""What a field asks for: its arguments, its words, the scope that it opens. In: AST fields. Out: a plan's values.

The ground that the planner stands on; nothing here knows what a field means.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec, Self, TypeVar

from orggraph.errors import OperationError
from orggraph.graphql.inputs import Dropped, Input, known, leaf, leaves, written
from orggraph.graphql.scopes import dates_of
from orggraph.graphql.selection import Asked, Document, Selections, collect
from orggraph.graphql.vocabulary import Vocabulary
from orggraph.model.entries import Label
from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.plan.order import Page

S = TypeVar("S")
P = ParamSpec("P")
R = TypeVar("R")
EACH_STEPS = (("from", "Date"), ("until", "Date"), ("step", "Duration"))


def located(plans: Callable[Concatenate[S, Asked, P], R]) -> Callable[Concatenate[S, Asked, P], R]:
    """The same; what it refuses is told with the field's place, or a place within it."""

    @wraps(plans)
    def planned(self: S, asked: Asked, /, *rest: P.args, **named: P.kwargs) -> R:
        try:
            return plans(self, asked, *rest, **named)
        except OperationError as refused:
            refused.at = refused.at or asked.field
            raise

    return planned


def constant(value: object) -> plan.Text:
    """JSON text that every answer repeats."""
    return plan.Text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True)
class Asking:
    """``single``: whether what is planned now stands below one thing only, so that a cursor can tell a place there;
    ``ranged``: whether it is seen in a range of days."""

    words: Vocabulary
    document: Document
    single: bool = True
    ranged: bool = False

    @property
    def many(self) -> Self:
        """The same below a list."""
        return replace(self, single=False)

    def asked(self, selections: Selections, *types: str) -> list[Asked]:
        return collect(self.document, selections, types)

    def argument(self, asked: Asked, name: str) -> Input | None:
        """An argument; None if it is not there, or is a variable that is not given."""
        for argument in asked.field.arguments or ():
            if argument.name.value == name:
                found = written(argument.value, self.document.variables)
                return None if isinstance(found, Dropped) else found
        return None

    def value(self, asked: Asked, name: str, scalar: str) -> scopes.Value | None:
        given = self.argument(asked, name)
        return None if given is None else leaf(given, scalar)

    def word(self, asked: Asked, name: str, default: str | None = None) -> str | None:
        """An argument that the plan's shape depends on."""
        given = self.argument(asked, name)
        return default if given is None else str(known(given))

    def label(self, asked: Asked, label: Label) -> str:
        return label.en if self.lang(asked) == "en" else label.zh

    def lang(self, asked: Asked) -> str:
        return str(self.word(asked, "lang", "ZH")).lower()

    def key(self, asked: Asked) -> scopes.Value:
        key = self.value(asked, "key", "ID")
        assert key is not None, "a valid document gives it"
        return key

    def parts(self, asked: Asked, type_: str) -> tuple[tuple[str, str | plan.Text], ...]:
        """The fields of a type without arguments, by response key."""
        return tuple(
            (one.key, constant(type_) if one.name == "__typename" else one.name)
            for one in self.asked(asked.below, type_)
        )

    # ------------------------------------------------------------ scopes

    def certainty(self, asked: Asked) -> scopes.Certainty | None:
        certainty = self.word(asked, "certainty")
        return None if certainty is None else scopes.Certainty(certainty)

    def scope(self, asked: Asked) -> scopes.Scope:
        """The scope that a field opens; what it does not say stays as it is around it."""
        number, moment = self.value(asked, "load", "Int"), self.value(asked, "knownAt", "DateTime")
        if number is not None and moment is not None:
            raise OperationError("say either load: or knownAt:", "BAD_VALUE")
        load = scopes.AsOf(number) if number is not None else None
        if moment is not None:
            load = scopes.AsOf(moment, moment=True)
        given = {name: value for name in ("date", "in", "from", "until") if (value := self.argument(asked, name))}
        return scopes.Scope(dates_of(asked.name, given), load, self.certainty(asked))

    def within(self, scope: scopes.Scope) -> Self:
        """The same in a scope."""
        return self if scope.dates is None else replace(self, ranged=isinstance(scope.dates, scopes.Range))

    def days(self, asked: Asked) -> scopes.Value:
        """The days of ``each``: as listed, or start, end and step."""
        listed = self.argument(asked, "dates")
        days = None if listed is None else leaves(listed, "Date")
        steps = [self.value(asked, name, scalar) for name, scalar in EACH_STEPS]
        if (days is None and None in steps) or (days is not None and any(step is not None for step in steps)):
            raise OperationError("each: wants either dates: or all of from:, until: and step:", "BAD_VALUE")
        nothing = scopes.Constant(None)
        return scopes.Joined((days or nothing, *(step or nothing for step in steps)))

    def page(self, asked: Asked, mark: str) -> Page:
        """The part of a list that is asked for."""
        first, last = (self.value(asked, name, "Int") for name in ("first", "last"))
        after, before = (self.value(asked, name, "String") for name in ("after", "before"))
        if first is not None and last is not None:
            raise OperationError("say either first: or last:", "BAD_VALUE")
        if not self.single and (after is not None or before is not None):
            message = f"{asked.name}: after: and before: go on in one list, and here there is one below each of many"
            raise OperationError(f"{message}; ask for one of them by its key, and page there", "CURSOR_PLACE")
        return Page(first, last, after, before, mark)
