"""What things have that they are grouped by, and how sure it is. In: a part and a thing. Out: values, ``Pair``s.

Section 4 of the semantics: printed is what the printed states say; the bounds are those of filters that ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import structs

from orggraph.model.model import End, Field
from orggraph.model.parts import Part, Step
from tests.oracle.filters import links_of, on_states, some
from tests.oracle.scope import Scope
from tests.oracle.spans import ALWAYS, NEVER, Day, Span, iso, partial
from tests.oracle.truth import TRUE, Pair, Window, both, known, negated, there
from tests.oracle.world import Entity, Record, State

Value_ = Any
Keyed = tuple[Value_, ...]
"""What a group has for each part."""


def bucket(day: Day, unit: str) -> str | None:
    """The year, quarter or month of a day."""
    text = iso(day)
    if text is None:
        return None
    month = int(text[5:7])
    return {"year": text[:4], "month": text[:7], "quarter": f"{text[:4]}-Q{(month + 2) // 3}"}[unit]


def days_of(value: Field | str, span: Span, fields: Mapping[str, Any]) -> tuple[Day, Day] | None:
    """The earliest and the latest day of a date; none for a field that is missing."""
    if isinstance(value, Field):
        written = fields[value.name]
        return None if written is None else partial(str(written))
    return (span.f0, span.f1) if value == "from" else (span.u0, span.u1)


def printed_bucket(days: tuple[Day, Day] | None, unit: str) -> str | None:
    found = {bucket(day, unit) for day in days or ()}
    return found.pop() if len(found) == 1 else None


def bucket_pair(part: Part, days: tuple[Day, Day] | None, key: str | None) -> Pair:
    """That a date lies in the year, quarter or month of a group."""
    if key is None:
        none = {"from": ALWAYS, "until": NEVER}.get(str(part.value))
        if isinstance(part.value, Field):
            return known(days is None)
        assert days is not None
        return Pair(all(day == none for day in days), any(day == none for day in days))
    if days is None or days[0] == NEVER or days[1] == ALWAYS or (days[0] != ALWAYS and iso(days[0]) is None):
        return known(False)
    first, last = (bucket(day, part.unit) for day in days)
    return Pair(first == last == key, (first or "") <= key <= (last or "~"))


def state_value(part: Part, x: Entity, state: State) -> Value_:
    """What an entity has in one of its states."""
    if part.unit:
        return printed_bucket(days_of(part.value, state.life, state.said.fields), part.unit)
    match part.value:
        case Field() as field:
            return state.said.fields[field.name]
        case "node":
            return x.key
        case "kind":
            return x.kind
        case "name":
            return state.name
        case "synthetic":
            return state.said.synthetic
    raise KeyError(part.name)


def record_value(part: Part, record: Record) -> Value_:
    if part.unit:
        return printed_bucket(days_of(part.value, record.span, record.said.fields), part.unit)
    match part.value:
        case Field() as field:
            return record.said.fields[field.name]
        case "relation":
            return record.relation
        case "synthetic":
            return record.said.synthetic
    raise KeyError(part.name)


def led_to(view: Any, step: Step) -> Any:
    """The view of what a step leads to; None for nothing."""
    return view.end(step.role) if isinstance(step, End) else view.related(str(step.singular), {})


def printed_value(part: Part, view: Any, state: State | None = None) -> Value_:
    """What a row's node has; ``state``: in that state of it."""
    for step in part.steps:
        view = view and led_to(view, step)
    if view is None:
        return None
    if hasattr(view, "record"):
        return record_value(part, view.record)
    return state_value(part, view.x, state if state and not part.steps else view.state)


# ---------------------------------------------------------------- bounds


def node_pair(scope: Scope, node: Any, parts: Sequence[Part], key: Keyed) -> Pair:
    """That a row's node has a group's key."""
    asked = [*zip(parts, key, strict=True)]
    if hasattr(node, "record"):
        return both(_record_pair(scope, node.record, node.inner.n, part, value) for part, value in asked)
    x, n = node.x, node.scope.n
    return on_states(x, n, lambda state: both(_entity_pair(scope, x, state, n, part, value) for part, value in asked))


def _record_pair(scope: Scope, record: Record, n: Window, part: Part, value: Value_) -> Pair:
    if not part.steps:
        if part.unit:
            return bucket_pair(part, days_of(part.value, record.span, record.said.fields), value)
        return known(record_value(part, record) == value)
    end, *rest = part.steps
    assert isinstance(end, End)
    inner = structs.replace(part, steps=tuple(rest))
    if value is None:
        return negated(_at_end(scope, record, end, n, lambda x, state: _has(scope, x, state, n, inner)))
    return _at_end(scope, record, end, n, lambda x, state: _entity_pair(scope, x, state, n, inner, value))


def _at_end(scope: Scope, record: Record, end: End, n: Window, test: Callable[[Entity, State], Pair]) -> Pair:
    key = record.ends[end.role]
    if key is None:
        return known(False)
    x = scope.world.entities[key]
    passed = on_states(x, n, lambda state: test(x, state))
    return passed if end.role in ("subject", "object") else both([there(x, n), passed])


def _entity_pair(scope: Scope, x: Entity, state: State, n: Window, part: Part, value: Value_) -> Pair:
    if not part.steps:
        if part.unit:
            return bucket_pair(part, days_of(part.value, state.life, state.said.fields), value)
        return known(state_value(part, x, state) == value)
    if value is None:
        return negated(_over(scope, x, n, part, lambda far, one, left, inner: _has(scope, far, one, left, inner)))
    return _over(scope, x, n, part, lambda far, one, left, inner: _entity_pair(scope, far, one, left, inner, value))


def _over(scope: Scope, x: Entity, n: Window, part: Part, test: Callable[[Entity, State, Window, Part], Pair]) -> Pair:
    """Some link of a part's first step leads to what passes."""
    step, *rest = part.steps
    assert not isinstance(step, End)
    inner = structs.replace(part, steps=tuple(rest))
    links = links_of(scope.world, x, step, n)
    return some(links, lambda link: on_states(link.far, link.n, lambda state: test(link.far, state, link.n, inner)))


def _has(scope: Scope, x: Entity, state: State, n: Window, part: Part) -> Pair:
    """That there is something to group by."""
    if part.steps:
        return _over(scope, x, n, part, lambda far, one, left, inner: _has(scope, far, one, left, inner))
    return known(state.said.fields[part.value.name] is not None) if isinstance(part.value, Field) else TRUE
