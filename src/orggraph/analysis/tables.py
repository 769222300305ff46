"""Measures as tables in Chinese or English. In: a model, rows of a measure. Out: headings, rows, and what must be said with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

import networkx as nx

from orggraph.analysis.asked import STEPS
from orggraph.analysis.between import Between, between, of_kind
from orggraph.analysis.measures import Bridge, Component, Entity, bridges, components, entities
from orggraph.errors import OrggraphError
from orggraph.exporting import tables_named
from orggraph.model.model import Kind, Model
from orggraph.tables import Cell


class Measure(StrEnum):
    """``entities``: each with its degree, betweenness, core and component; ``components``: the parts that nothing joins;
    ``bridges``: records without which the graph falls apart; ``between``: who is joined to two entities, or to two of a kind."""

    ENTITIES = "entities"
    COMPONENTS = "components"
    BRIDGES = "bridges"
    BETWEEN = "between"


WORDS = {
    "key": ("编号", "key"),
    "name": ("名称", "name"),
    "kind": ("类别", "kind"),
    "records": ("记录数", "records"),
    "neighbours": ("相邻数", "neighbours"),
    "betweenness": ("中介度", "betweenness"),
    "core": ("核数", "core"),
    "component": ("连通分量", "component"),
    "number": ("序号", "number"),
    "entities": ("实体数", "entities"),
    "relation": ("关系", "relation"),
    "subject": ("主体", "subject"),
    "object": ("客体", "object"),
    "smaller": ("较小一侧实体数", "smaller side"),
    "one": ("一方", "one"),
    "other": ("另一方", "other"),
    "other_relation": ("与另一方的关系", "relation to the other"),
    "certainty": ("确定程度", "certainty"),
    "alone": ("唯一", "alone"),
}
COLUMNS = {
    Measure.ENTITIES: Entity._fields,
    Measure.COMPONENTS: Component._fields,
    Measure.BRIDGES: Bridge._fields,
    Measure.BETWEEN: Between._fields,
}
CERTAINTY = {"CERTAIN": ("确定", "CERTAIN"), "POSSIBLE": ("可能", "POSSIBLE")}
FLAGS = {True: ("是", "yes"), False: ("否", "no")}
SAMPLED = (
    "中介度为估计值：{nodes} 个实体中取了 {pivots} 个",
    "betweenness is an estimate from {pivots} of {nodes} entities",
)
NAMED = ("subject", "object", "one", "other")
BEGINNING = {
    Measure.COMPONENTS: {"key": ("相邻最多者编号", "most joined, key"), "name": ("相邻最多者", "most joined")},
    Measure.BRIDGES: {"key": ("记录", "record")},
}


@dataclass(frozen=True)
class Told:
    """``columns``: the measure's own words; ``notes``: sentences that belong under the table. ``rows`` are plain values."""

    measure: Measure
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[tuple[str, str], ...] = ()
    sampled: bool = False


def measured(
    graph: nx.MultiDiGraph[str],
    model: Model,
    measure: Measure,
    keys: Sequence[str] = (),
    kind: str = "",
    work: int = STEPS,
) -> Told:
    """``kind``: of rows, or (``between``) of those between whom somebody sits; ``keys``: the two, instead. Raises OrggraphError."""
    wanted = _kind(model, kind)
    if keys and measure is not Measure.BETWEEN:
        raise OrggraphError(f"{measure} takes no keys; between does", "BAD_VALUE")
    match measure:
        case Measure.ENTITIES:
            found = entities(graph, work)
            kept = tuple(row for row in found.rows if wanted is None or row.kind in wanted.concrete)
            note = tuple(text.format(pivots=found.pivots, nodes=found.nodes) for text in SAMPLED)
            sampled = found.pivots < found.nodes
            return _told(measure, kept, ((note[0], note[1]),) if sampled else (), sampled)
        case Measure.COMPONENTS:
            return _told(measure, components(graph))
        case Measure.BRIDGES:
            return _told(measure, tuple(row for row in bridges(graph) if wanted is None or _joins(graph, row, wanted)))
        case Measure.BETWEEN:
            if bool(keys) == bool(wanted) or len(set(keys)) not in (0, 2):
                raise OrggraphError("between whom? give two keys, or --kind", "BAD_VALUE")
            for key in keys:
                if key not in graph:
                    raise OrggraphError(f"{key} is not there in this scope", "UNKNOWN_KEY")
            return _told(
                measure, between(graph, of_kind(graph, model, wanted.name) if wanted else set(keys).__contains__)
            )
        case _:
            assert_never(measure)


def worded(told: Told, graph: nx.MultiDiGraph[str], model: Model, lang: str) -> tuple[list[str], list[list[Cell]]]:
    """Headings and rows as people read them: names for keys, labels for codes."""
    place = 0 if lang == "zh" else 1
    words = {**WORDS, **BEGINNING.get(told.measure, {})}
    rows = [
        [_worded(name, cell, graph, model, lang) for name, cell in zip(told.columns, row, strict=True)]
        for row in told.rows
    ]
    return [words[name][place] for name in told.columns], rows


def _worded(name: str, cell: Any, graph: nx.MultiDiGraph[str], model: Model, lang: str) -> Cell:
    place = 0 if lang == "zh" else 1
    match name:
        case "kind":
            return str(getattr(model.kinds[cell].label, lang))
        case "relation" | "other_relation":
            return str(getattr(model.relations[cell].label, lang))
        case "certainty":
            return CERTAINTY[cell][place]
        case "alone":
            return FLAGS[cell][place]
        case "betweenness":
            return round(float(cell), 6)
    if name in NAMED:
        return f"{graph.nodes[cell]['name']}（{cell}）" if lang == "zh" else f"{graph.nodes[cell]['name']} ({cell})"
    return cell  # type: ignore[no-any-return]  # texts and numbers of named tuples


def _told(
    measure: Measure, rows: Sequence[Any], notes: tuple[tuple[str, str], ...] = (), sampled: bool = False
) -> Told:
    return Told(measure, COLUMNS[measure], tuple(map(tuple, rows)), notes, sampled)


def _joins(graph: nx.MultiDiGraph[str], row: Bridge, kind: Kind) -> bool:
    return all(graph.nodes[key]["kind"] in kind.concrete for key in (row.subject, row.object))


def _kind(model: Model, name: str) -> Kind | None:
    """A kind by any of its names; abstract ones by the model's own."""
    if not name:
        return None
    if name in model.kinds:
        return model.kinds[name]
    (found,) = tables_named(model, [name])
    if not isinstance(found, Kind):
        raise OrggraphError(f"{name} is a relation; name a kind", "UNKNOWN_TABLE")
    return found
