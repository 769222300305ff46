"""Tiny random worlds with few completions. In: a Model. Out: a World whose days lie in the ten from ``START``.

Made without files, so that a handful of unknown days gives a handful of completions.
"""

from __future__ import annotations

import datetime
import itertools
import math
from random import Random

from orggraph.model.model import Field, Model, Relation
from orggraph.model.values import Value
from tests.oracle.ledger import typed
from tests.oracle.random_values import DAYS, TEXTS, cell
from tests.oracle.spans import ALWAYS, NEVER, Day, RowError, Span
from tests.oracle.world import Entity, FieldValue, Record, Statement, World, entity_of

START = datetime.date(2020, 2, 25).toordinal()
"""A month ends among the days, so that partial dates in filters cut them."""
DAYS_LONG = 9


def tiny_world(rng: Random, model: Model, most: int) -> World:
    """A world of at most so many completions."""
    left = float(most)
    entities: dict[str, Entity] = {}
    in_hierarchies = {kind for one in model.relations.values() if one.hierarchy for kind in one.subject.kinds}
    for kind in model.concrete():
        for i in range(rng.randint(2, 3) if kind.name in in_hierarchies else rng.randint(1, 2)):
            x = _entity(rng, model, kind.name, f"{kind.name}{i}", left / most**0.5 if kind.name != "Source" else 1)
            entities[x.key] = x
            left /= math.prod(max(1.0, _width(state.span)) for state in x.states)
    records: dict[str, Record] = {}
    for relation in model.relations.values():
        for i in range(rng.randint(1, 4)):
            record = _record(rng, model, relation, f"{relation.name}-{i}", entities, left)
            if record:
                records[record.key] = record
                left /= max(1.0, _width(record.span))
    return World(model, entities, records)


def _width(span: Span) -> float:
    """How many completions a span has at most."""
    starts, ends = span.f1 - span.f0, span.u1 - span.u0
    return math.prod(4 if math.isinf(width) else 1 if math.isnan(width) else width + 1 for width in (starts, ends))


def _unknown(rng: Random, day: int, left: float) -> tuple[Day, Day]:
    """A day, or a few days in a row of which it is one, if completions are left for them."""
    wide = rng.choice((0, 0, 1, 1, 2)) if left >= 3 else 0
    early = rng.randint(0, wide)
    return day - early, day - early + wide


def _entity(rng: Random, model: Model, kind: str, key: str, left: float) -> Entity:
    """One or two states; the day of the change between them is one unknown day, or there is a gap."""
    while True:
        days = sorted(rng.sample(range(START, START + DAYS_LONG), 3 if rng.random() < 0.6 else 2))
        cuts = [_unknown(rng, day, left) for day in days]
        gap = len(cuts) == 3 and rng.random() < 0.3
        if rng.random() < 0.5:
            cuts[0] = (ALWAYS, ALWAYS)
        if rng.random() < 0.5:
            cuts[-1] = (NEVER, NEVER)
        spans = [Span(*this, *then) for this, then in itertools.pairwise(cuts)]
        if gap:
            end = _unknown(rng, days[1] - 1, left)
            if end[1] >= cuts[1][0]:
                continue
            spans[0] = Span(*cuts[0], *end)
        try:
            tight = [span.checked() for span in spans]
        except RowError:
            continue
        if tight == spans:
            states = [(rng.choice(TEXTS), span, _said(rng, model, model.kinds[kind].fields)) for span in spans]
            return entity_of(key, kind, states, [gap] * (len(spans) - 1))


def _record(
    rng: Random, model: Model, relation: Relation, key: str, entities: dict[str, Entity], left: float
) -> Record | None:
    pairs = [(s.key, o.key) for s in entities.values() for o in entities.values() if (s.kind, o.kind) in relation.pairs]
    if not pairs:
        return None
    subject, object_ = rng.choice(pairs)
    ends: dict[str, str | None] = {"subject": subject, "object": object_}
    for end in relation.further:
        choices = [x.key for x in entities.values() if x.kind in end.kinds]
        ends[end.role] = rng.choice([None, *choices])
    return Record(key, relation.name, ends, _span(rng, left), _said(rng, model, relation.fields))


def _span(rng: Random, left: float) -> Span:
    while True:
        start, end = sorted(rng.sample(range(START, START + DAYS_LONG), 2))
        first = _unknown(rng, start, left) if rng.random() < 0.9 else (ALWAYS, ALWAYS)
        until = _unknown(rng, end, left) if rng.random() < 0.7 else (NEVER, NEVER)
        try:
            return Span(*first, *until).checked()
        except RowError:
            continue


def _said(rng: Random, model: Model, fields: tuple[Field, ...]) -> Statement:
    """Fields as a file may spell them, dates to the day: a date that is no day would be one more unknown."""
    values: dict[str, FieldValue] = {}
    for described in fields:
        text = rng.choice(DAYS) if described.type is Value.DATE else cell(rng, model, described)
        values[described.name] = typed(model, described, text) if rng.random() < 0.8 else None
    return Statement(values, synthetic=rng.random() < 0.5)
