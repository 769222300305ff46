"""One thing measured: a document, the hand-written statement beside it, and what both are asked with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from orggraph.graphql.engine import Engine
from orggraph.model import model_of
from orggraph.model.reading import model_texts

ROOT = Path(__file__).parents[2]
DAY = "2020-03-31"
ON_DAY = date.fromisoformat(DAY).toordinal()
C = 8388607
"""What ``k1`` is of versions that are known now."""


@dataclass(frozen=True)
class Asked:
    """The variables of the document, and the same as parameters of the statement."""

    variables: Mapping[str, Any]
    parameters: Sequence[Any]


@dataclass(frozen=True)
class Shape:
    """``sizes``: by scale of the store, the numbers of rows asked for. ``row``: what each row of the answer has once."""

    name: str
    document: str
    statement: str
    asked: Callable[[Engine, int], Asked]
    sizes: Mapping[int, Sequence[int]]
    row: str = '"name"'
    goal: float = 0.8

    def goal_at(self, n: int) -> float | None:
        """The goal is for 20 rows and more; below, what is done once per operation tells."""
        return self.goal if n >= 20 else None


def first_on_day(_: Engine, n: int) -> Asked:
    """So many rows, on the day."""
    return Asked({"first": n, "date": DAY}, (n, ON_DAY))


@cache
def kind_number(kind: str) -> int:
    """The low bits of the numbers of a kind's entities."""
    return model_of(model_texts(ROOT / "schema")).kinds[kind].number


def on_day(row: str) -> str:
    """That a version is known now and may hold on the day ``?2``."""
    return f"{row}.k1={C} AND {row}.f0<=?2 AND {row}.u1>?2"


def answer(field: str, members: str, scope: str = "at") -> str:
    """The whole reply around the members of one connection."""
    return f"""SELECT CAST('{{"data":{{"{scope}":{{"{field}":{{'||{members}||'}}}}}},"extensions":{{"load":'
  ||(SELECT max(k) FROM load)||'}}}}' AS BLOB)"""


def joined(rows: str) -> str:
    """The items of a JSON list, from a select of them."""
    return f"coalesce((SELECT group_concat(j) FROM ({rows})),'')"


def nodes(rows: str) -> str:
    return f"""'"nodes":['||{joined(rows)}||']'"""
