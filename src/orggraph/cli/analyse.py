"""``orggraph analyse``: measures of a scope of a store as a network."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from orggraph.analysis.asked import STEPS
from orggraph.cli.drawn import Asked, At, During, Ever, KnownAt, Load, Relations, Sure, draw
from orggraph.cli.options import DEFAULT_STORE, Language, Spoken, Store
from orggraph.cli.query import Format, print_table
from orggraph.output.csv_text import csv_pieces
from orggraph.output.sheet import Column, Sheet
from orggraph.plan.scope import Certainty


class Measures(StrEnum):
    ENTITIES = "entities"
    COMPONENTS = "components"
    BRIDGES = "bridges"
    BETWEEN = "between"


def analyse(
    measure: Annotated[
        Measures,
        typer.Argument(
            help="entities: degree, betweenness, core, component of each; components; bridges: records without which the graph "
            "falls apart; between: who is joined to two entities, or to two of a kind."
        ),
    ],
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY KEY]", help="The two between which somebody sits.")
    ] = None,
    store: Store = DEFAULT_STORE,
    at: At = None,
    during: During = None,
    ever: Ever = False,
    certainty: Sure = Certainty.POSSIBLE,
    known_at: KnownAt = None,
    load: Load = None,
    relation: Relations = None,
    kind: Annotated[
        str, typer.Option(help="Only entities of this kind; bridges that join two such; who sits between such.")
    ] = "",
    first: Annotated[int, typer.Option(min=0, help="How many rows; 0 for all.")] = 20,
    steps: Annotated[
        int,
        typer.Option(
            min=1,
            help="Steps along records that betweenness takes at most; beyond them it is an estimate, and says so.",
        ),
    ] = STEPS,
    format: Annotated[Format, typer.Option(help="How it is printed.")] = Format.TABLE,
    lang: Spoken = Language.ZH,
) -> None:
    """Measure a scope as a network: who is central, what holds it together, who sits between. · 网络分析

    Example: orggraph analyse between --kind Unit --at 2020-03-31
    """
    from orggraph.analysis.tables import Measure, measured, worded

    model, graph = draw(store, Asked(at, during, ever, known_at, load, certainty, tuple(relation or ())))
    told = measured(graph, model, Measure(measure), keys or (), kind, steps)
    shown = replace(told, rows=told.rows[: first or None])
    if format is Format.JSON:
        rows = [dict(zip(shown.columns, row, strict=True)) for row in shown.rows]
        about = {"load": graph.graph["load"], "total": len(told.rows), "sampled": told.sampled}
        print(json.dumps({**about, "rows": rows}, ensure_ascii=False))
        return
    columns, cells = worded(shown, graph, model, lang)
    notes = [note[lang == Language.EN] for note in told.notes]
    if format is Format.CSV:
        sys.stdout.buffer.writelines(csv_pieces(Sheet("", [Column(one) for one in columns], cells), mark=False))
        print("\n".join(notes), file=sys.stderr, end="\n" if notes else "")
        return
    print_table(columns, cells)
    if len(told.rows) > len(shown.rows):
        notes.append(f"共 {len(told.rows)} 行" if lang == Language.ZH else f"{len(told.rows)} rows in all")
    print("\n".join(notes), end="\n" if notes else "")
