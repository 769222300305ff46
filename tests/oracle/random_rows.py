"""Random rows that every load accepts. In: a Model. Out: rows by the model's own names, and CSV texts that say them.

Valid by construction: what one row may not be is drawn again; what rows may not be together (a second certain record
of a to-one) is left out; in a hierarchy records lead from earlier to later keys.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from orggraph.model.model import OBJECT, SUBJECT, Field, Model, Relation
from tests.oracle.random_values import DAYS, TEXTS, cell, day, loosened
from tests.oracle.spans import RowError, Span
from tests.oracle.world import Row, World, build

DATE_COLUMNS = {"from": "起", "until": "止", "through": "止于(含)", "attested": "见于"}
BUILTIN = {"key": "键", "name": "名称", "source": "来源", "para": "段", "synthetic": "合成", **DATE_COLUMNS}
Drawn = dict[str, str]
RowLists = dict[str, list[Row]]


@dataclass(frozen=True)
class RandomRows:
    """``rows``: by kind or relation. ``files``: CSV texts by file name, headers spelled at random."""

    rows: RowLists
    files: Mapping[str, str]
    world: World


def random_rows(rng: Random, model: Model) -> RandomRows:
    rows: RowLists = {"Source": _sources(rng)}
    keys: dict[str, list[str]] = {"Source": [row["key"] for row in rows["Source"]]}
    for kind in model.concrete():
        if kind.name != "Source":
            keys[kind.name] = [_key(rng, kind.name, i) for i in range(rng.randint(1, 3))]
            rows[kind.name] = [row for key in keys[kind.name] for row in _states(rng, model, rows, kind.name, key)]
    for relation in model.relations.values():
        rows[relation.name] = []
        for i in range(rng.randint(3, 9)):
            _add_record(rng, model, rows, keys, relation, i)
    rows = {name: listed for name, listed in rows.items() if listed}
    return RandomRows(rows, _files(rng, model, rows), build(model, rows))


def _key(rng: Random, name: str, number: int) -> str:
    """A key whose order is not that of its making; digits, capitals, ``-_.`` too."""
    return f"{rng.choice(('a', 'B', 'z', '0', '9'))}{rng.choice('-_.')}{name}{number}"


def _sources(rng: Random) -> list[Row]:
    """At least one of them dated; always there, so that every citation can be printed."""
    return [
        {
            "key": _key(rng, "Src", i),
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
    fields = model.kinds[kind].fields
    plain = [{"key": key, "name": rng.choice(TEXTS), **_values(rng, model, fields), **_said(rng, rows)}]

    def draw() -> list[Row]:
        return [
            {"key": key, "name": rng.choice(TEXTS), **_values(rng, model, fields), **_said(rng, rows), **dates}
            for dates in _state_dates(rng)
        ]

    return _drawn(draw, lambda made: build(model, {"Source": rows["Source"], kind: made})) or list(plain)


def _state_dates(rng: Random) -> list[Drawn]:
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


def _add_record(
    rng: Random, model: Model, rows: RowLists, keys: Mapping[str, list[str]], relation: Relation, number: int
) -> None:
    """One more row of a relation, if its kinds have entities and no to-one forbids it."""
    ends = _ends(rng, keys, relation)
    if ends is None:
        return
    key = _key(rng, relation.name, number)

    def draw() -> list[Row]:
        values, said = _values(rng, model, relation.fields), _said(rng, rows)
        return [{"key": key, **ends, **values, **said, **_record_dates(rng, relation)}]

    alone = {name: listed for name, listed in rows.items() if name != relation.name}
    made = _drawn(draw, lambda drawn: build(model, {**alone, relation.name: drawn}))
    together = [*rows[relation.name], *made]
    if _one_at_a_time(build(model, {**rows, relation.name: together}), relation):
        rows[relation.name] = together


def _ends(rng: Random, keys: Mapping[str, list[str]], relation: Relation) -> Drawn | None:
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


def _record_dates(rng: Random, relation: Relation) -> Drawn:
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


def _one_at_a_time(world: World, relation: Relation) -> bool:
    """Whether no two records of one entity overlap certainly where it has at most one."""
    records = world.of_relation(relation.name)
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


def _values(rng: Random, model: Model, fields: tuple[Field, ...]) -> Drawn:
    return {f.name: cell(rng, model, f) if f.required or rng.random() < 0.7 else "" for f in fields}


def _said(rng: Random, rows: RowLists) -> Drawn:
    """One source or several, pairwise with their paragraphs; the first, that decides about blanks, mostly dated."""
    sources = [row["key"] for row in rows["Source"]]
    chosen = rng.sample(sources, rng.randint(1, len(sources)))
    paras = ";".join(rng.choice(("", "12", "第三段")) for _ in chosen)
    return {"source": ";".join(chosen), "para": paras, "synthetic": rng.choice(("", "", "true", "否", "是"))}


def _files(rng: Random, model: Model, rows: RowLists) -> dict[str, str]:
    return {
        f"{_file_name(rng, model, name)}.csv": _csv(rng, _headers(rng, model, name), listed)
        for name, listed in rows.items()
    }


def _file_name(rng: Random, model: Model, name: str) -> str:
    described = model.kinds.get(name) or model.relations[name]
    return rng.choice((name, name, described.label.zh, described.label.en))


def _headers(rng: Random, model: Model, name: str) -> dict[str, str]:
    """How each column is headed: by its name or, now and then, its Chinese label."""
    described = model.kinds.get(name) or model.relations[name]
    headers = BUILTIN | {field.name: field.label.zh for field in described.fields}
    return {column: zh if rng.random() < 0.3 else column for column, zh in headers.items()}


def _csv(rng: Random, headers: Mapping[str, str], rows: list[Row]) -> str:
    """Columns in any order; one that is blank in every row may be absent."""
    named = sorted({column for row in rows for column in row})
    columns = [column for column in named if rng.random() < 0.5 or any(row.get(column) for row in rows)]
    rng.shuffle(columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=rng.choice(("\n", "\r\n")))
    writer.writerow([headers.get(column, column) for column in columns])
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue()
