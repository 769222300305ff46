"""Random rows that every load accepts. In: a Model. Out: rows of a first load by the model's own names.

Valid by construction: what one row may not be is drawn again; what rows may not be together (a second certain record
of a to-one) is left out; in a hierarchy records lead from earlier to later keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from orggraph.model.model import OBJECT, SUBJECT, Field, Model, Relation
from tests.oracle.ledger import Row, build
from tests.oracle.random_values import DAYS, TEXTS, cell, day, loosened
from tests.oracle.spans import RowError, Span
from tests.oracle.world import World

Drawn = dict[str, str]
RowLists = dict[str, list[Row]]
Keys = Mapping[str, list[str]]
"""Keys of entities by their kind."""


def first_rows(rng: Random, model: Model) -> RowLists:
    """The rows of a first load, by kind or relation."""
    rows: RowLists = {"Source": _sources(rng)}
    keys: dict[str, list[str]] = {"Source": [row["key"] for row in rows["Source"]]}
    in_hierarchies = {kind for one in model.relations.values() if one.hierarchy for kind in one.subject.kinds}
    for kind in model.concrete():
        if kind.name != "Source":
            number = rng.randint(3, 4) if kind.name in in_hierarchies else rng.randint(1, 3)
            keys[kind.name] = [new_key(rng, kind.name, i) for i in range(number)]
            rows[kind.name] = [row for key in keys[kind.name] for row in _states(rng, model, rows, kind.name, key)]
    for relation in model.relations.values():
        rows[relation.name] = []
        for i in range(rng.randint(3, 9)):
            _add_record(rng, model, rows, keys, relation, i)
    return {name: listed for name, listed in rows.items() if listed}


def new_key(rng: Random, name: str, number: int) -> str:
    """A key whose order is not that of its making; digits, capitals, ``-_.`` too."""
    return f"{rng.choice(('a', 'B', 'z', '0', '9'))}{rng.choice('-_.')}{name}{number}"


def _sources(rng: Random) -> list[Row]:
    """At least one of them dated; always there, so that every citation can be printed."""
    return [
        {
            "key": new_key(rng, "Src", i),
            "name": rng.choice(TEXTS),
            "nature": rng.choice(("register", "登记册", "document", "文件", "document")),
            "date": loosened(rng, day(rng)) if i == 0 or rng.random() < 0.6 else "",
            "publisher": rng.choice(("", *TEXTS)),
            "address": rng.choice(("", "https://example.org/s", "urn:来源")),
        }
        for i in range(rng.randint(1, 3))
    ]


def _drawn(draw: Callable[[], list[Row]], accepted: Callable[[list[Row]], object]) -> list[Row]:
    """The first draw that is accepted; none after 50."""
    for _ in range(50):
        rows = draw()
        try:
            accepted(rows)
        except RowError:
            continue
        return rows
    return []


def _states(rng: Random, model: Model, rows: RowLists, kind: str, key: str) -> list[Row]:
    """One to three states of an entity, some with a gap between them, some with an unknown day of change."""

    def draw() -> list[Row]:
        return [
            {"key": key, **state_content(rng, model, kind, source_keys(rows)), **dates} for dates in state_dates(rng)
        ]

    plain = {"key": key, **state_content(rng, model, kind, source_keys(rows))}
    return _drawn(draw, lambda made: build(model, {"Source": rows["Source"], kind: made})) or [plain]


def source_keys(rows: RowLists) -> list[str]:
    return [row["key"] for row in rows["Source"]]


def state_content(rng: Random, model: Model, kind: str, sources: list[str]) -> Drawn:
    """All that a state says but its dates."""
    return {"name": rng.choice(TEXTS), **values(rng, model, model.kinds[kind].fields), **said(rng, sources)}


def state_dates(rng: Random) -> list[Drawn]:
    count = rng.choice((1, 1, 1, 2, 2, 3))
    days = sorted(rng.sample(DAYS, 2 * count))
    dates: list[Drawn] = [{"from": loosened(rng, days[2 * i])} for i in range(count)]
    for i, one in enumerate(dates):
        following = days[2 * i + 2] if i < count - 1 else days[2 * i + 1]
        one |= rng.choice(
            (
                {},
                {},
                {"until": loosened(rng, following)},
                {"until": loosened(rng, days[2 * i + 1])},
                {"through": loosened(rng, days[2 * i + 1])},
                {"until": "?"} if rng.random() < 0.3 else {},
                {"until": "open"} if i == count - 1 else {},
            )
        )
        if rng.random() < 0.1:
            one["attested"] = loosened(rng, rng.choice(days))
    if rng.random() < 0.5:
        dates[0]["from"] = ""
    return dates


def _add_record(rng: Random, model: Model, rows: RowLists, keys: Keys, relation: Relation, number: int) -> None:
    """One more row of a relation, if its kinds have entities and no to-one forbids it."""
    ends = ends_of(rng, keys, relation)
    if ends is None:
        return
    key = new_key(rng, relation.name, number)

    def draw() -> list[Row]:
        content = {**values(rng, model, relation.fields), **said(rng, source_keys(rows))}
        return [{"key": key, **ends, **content, **record_dates(rng, relation)}]

    alone = {name: listed for name, listed in rows.items() if name != relation.name}
    made = _drawn(draw, lambda drawn: build(model, {**alone, relation.name: drawn}))
    together = [*rows[relation.name], *made]
    if fit_together(build(model, {**rows, relation.name: together}), relation):
        rows[relation.name] = together


def ends_of(rng: Random, keys: Keys, relation: Relation) -> Drawn | None:
    pairs = [
        (subject, object_)
        for subject_kind, object_kind in sorted(relation.pairs)
        for subject in keys[subject_kind]
        for object_ in keys[object_kind]
        if not relation.hierarchy or subject < object_
    ]
    if not pairs:
        return None
    subject, object_ = rng.choice(pairs)
    ends = {relation.subject.name: subject, relation.object.name: object_}
    for end in relation.further:
        choices = [key for kind in end.kinds for key in keys[kind]]
        ends[end.name] = rng.choice(choices if end.required else ["", *choices])
    return ends


def record_dates(rng: Random, relation: Relation) -> Drawn:
    start, end = sorted(rng.sample(DAYS, 2))
    if relation.once:
        return {"from": loosened(rng, start), "until": "open"}
    until: list[Drawn] = [
        {},
        {},
        {"until": "open"},
        {"until": "?"},
        {"through": loosened(rng, end)},
        {"until": loosened(rng, end)},
        {"until": loosened(rng, end)},
        {"until": end},
    ]
    dates = {"from": loosened(rng, start) if rng.random() < 0.85 else "", **rng.choice(until)}
    if rng.random() < 0.15:
        dates["attested"] = loosened(rng, day(rng))
    return dates


def fit_together(world: World, relation: Relation) -> bool:
    """Whether no two records of one entity overlap certainly where it has at most one, and none leads in a circle."""
    records = world.of_relation(relation.name)
    if relation.hierarchy and any(str(one.ends[SUBJECT]) >= str(one.ends[OBJECT]) for one in records):
        return False
    roles = {SUBJECT: relation.subject.one, OBJECT: relation.object.one}
    roles |= {hop.origin: True for hop in relation.to_one}
    return not any(
        roles[role] and this.ends[role] == other.ends[role] and _overlap(this.span, other.span)
        for role in (SUBJECT, OBJECT)
        for i, this in enumerate(records)
        for other in records[:i]
    )


def _overlap(this: Span, other: Span) -> bool:
    return max(this.f1, other.f1) < min(this.u0, other.u0)


def values(rng: Random, model: Model, fields: tuple[Field, ...]) -> Drawn:
    return {f.name: cell(rng, model, f) if f.required or rng.random() < 0.7 else "" for f in fields}


def said(rng: Random, sources: list[str]) -> Drawn:
    """One source or several, pairwise with their paragraphs; the first, that decides about blanks, mostly dated."""
    chosen = rng.sample(sources, rng.randint(1, len(sources)))
    paras = ";".join(rng.choice(("", "12", "第三段")) for _ in chosen)
    return {"source": ";".join(chosen), "para": paras, "synthetic": rng.choice(("", "", "true", "否", "是"))}
