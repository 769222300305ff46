"""A plan as text, for people: one node a line, what stands below it indented. In: an Answer. Out: lines."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct
from msgspec.structs import fields

from orggraph.model.model import Field, Hop, Kind, Link, Relation
from orggraph.plan.nodes import Answer
from orggraph.plan.order import Page
from orggraph.plan.scope import Constant, Joined, Today, Variable
from orggraph.plan.ways import Way


def print_plan(answer: Answer) -> str:
    """Example line: ``Listing Over(deputyHeads → Person)``."""
    return "\n".join(_lines(answer, 0))


def _lines(value: object, depth: int) -> list[str]:
    """The line of a node and the lines below it."""
    if isinstance(value, tuple):
        return [line for one in value for line in _item(one, depth)]
    if isinstance(value, Way):
        return _way(value, depth)
    assert isinstance(value, Struct)
    here, below = [], []
    for field in fields(value):
        inner = getattr(value, field.name)
        short = _short(inner)
        if short is None:
            below.append((field.name, inner))
        elif short:
            here.append(f"{field.name}={short}")
    lines = ["  " * depth + " ".join([type(value).__name__, *here])]
    for name, inner in below:
        if isinstance(inner, tuple):
            lines += _lines(inner, depth + 1)
        else:
            first, *rest = _lines(inner, depth + 1)
            lines += [f"{'  ' * (depth + 1)}{name}: {first.lstrip()}", *rest]
    return lines


def _way(way: Way, depth: int) -> list[str]:
    """Its strands with their places, where not all kinds may stand the kinds, then what is tested."""
    strands = (f"{one.start}–{one.end} {one.hop.kind}.{one.hop.plural}" for one in way.strands)
    places = (f"{place}: {','.join(kinds)}" for place, kinds in enumerate(way.places))
    lines = [f"{'  ' * depth}Way {'; '.join(strands)}", f"{'  ' * (depth + 1)}places {'; '.join(places)}"]
    return lines + [line for test in way.tests for line in _lines(test, depth + 1)]


def _item(one: object, depth: int) -> list[str]:
    """A member of a list: ``(key, node)`` puts the key before its node, and of several nodes one is enough."""
    if isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str):
        key, node = one
        short = _short(node)
        if short is not None:
            return [f"{'  ' * depth}{key}: {short}"]
        first, *rest = _lines(node, depth + 1) if not isinstance(node, tuple) else ["", *_lines(node, depth + 1)]
        return [f"{'  ' * depth}{key}: {first.lstrip()}", *rest]
    if isinstance(one, tuple) and len(one) == 3 and isinstance(one[0], str):
        key, part, node = one
        return _item((f"{key} {part}", node), depth)
    if isinstance(one, tuple) and len(one) > 1:
        return [f"{'  ' * depth}one of", *_lines(one, depth + 1)]
    return _lines(one, depth)


def _short(value: object) -> str | None:
    """What fits into its line; None if it does not, "" if it need not be said."""
    match value:
        case Constant(inner):
            return repr(inner)
        case Variable(path):
            return "$" + ".".join(map(str, path))
        case Today():
            return "today"
        case Joined(items):
            return "[" + ", ".join(str(_short(item)) for item in items) + "]"
        case Field(name=name) | Relation(name=name) | Kind(name=name):
            return name
        case Hop():
            return f"{value.kind}.{value.plural} → {value.far}"
        case Link():
            return f"{value.kind}.{value.plural} ⇢ {value.far}"
        case Enum():
            return str(value.value)
        case str() | bool() | int():
            return str(value)
        case None | () | Page(None, None, None, None):
            return ""
        case tuple() if all(isinstance(one, str | Relation | Kind) for one in value):
            return ",".join(one if isinstance(one, str) else one.name for one in value)
    return None
