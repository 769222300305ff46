"""A plan → one statement. In: an ``Answer``. Out: SQL whose single row is the finished JSON text and the load it is of."""

from __future__ import annotations

from dataclasses import dataclass

from orggraph.model.model import Model
from orggraph.plan.nodes import Answer
from orggraph.stores.sqlite.listing import Printing
from orggraph.stores.sqlite.printing import Shown
from orggraph.stores.sqlite.rows import Names
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import Bind, Json, Writer, concat


@dataclass(frozen=True)
class Statement:
    """``sql`` with parameters ?1 … ?n; what each is bound to, in order."""

    sql: str
    binds: tuple[Bind, ...]


def compile_answer(model: Model, answer: Answer) -> Statement:
    """One statement for a whole operation."""
    writer = Writer()
    printing = Printing(Names(model), writer, Window(), False).in_scope(answer.scope)
    pieces = printing.object(answer.root, Shown())
    load = "(SELECT coalesce(max(k),0) FROM load)"
    text = concat([Json('{"data":'), *pieces, Json(',"extensions":{"load":'), load, Json("}}")])
    return Statement(*writer.finished(f"SELECT CAST({text} AS BLOB)"))
