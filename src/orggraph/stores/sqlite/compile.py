"""A plan → one statement. In: an ``Answer``. Out: SQL whose single row is the finished JSON text and the load it is of."""

from __future__ import annotations

from dataclasses import dataclass

from orggraph.model.model import Model
from orggraph.plan.nodes import Answer
from orggraph.plan.scope import Certainty, Scope
from orggraph.stores.contract import Measures
from orggraph.stores.sqlite.facts import Facts
from orggraph.stores.sqlite.paths import Pathing
from orggraph.stores.sqlite.refusals import STALE
from orggraph.stores.sqlite.rows import Names
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.window import window_of
from orggraph.stores.sqlite.writing import NEWEST, PUBLISHED, STAMP, Bind, Json, Writer, concat, quote


@dataclass(frozen=True)
class Statement:
    """``sql`` with parameters ?2 … ?n; what each is bound to, in order; what else was said, and may be wrong. ?1 is the newest
    load as the store last saw it: a statement that runs when there is a newer one refuses itself as stale. ``least``: the
    fewest bytes that a row of its lists is printed with. ``stamped``: ?2 is that load's stamp and ?3 when it was published, which
    the statement asserts too, and what is bound begins with ?4."""

    sql: str
    binds: tuple[Bind, ...]
    unused: tuple[Bind, ...]
    least: int
    stamped: bool


def compile_answer(
    model: Model,
    answer: Answer,
    facts: Facts,
    measures: Measures,
    most: int,
    past: bool = False,
    counting: bool = False,
) -> Statement:
    """One statement for a whole operation. ``facts``: what is true of the rows while they are of this epoch; ``measures``: how
    many there were of them; ``most``: rows that a list may have; ``past``: its cursors are of earlier loads; ``counting``: it
    tells how many rows each list has."""
    writer = Writer()
    assert answer.scope.dates is not None
    certain = answer.scope.certainty is Certainty.CERTAIN
    window = window_of(answer.scope.dates, writer)
    printing = Pathing(Names(model, facts, measures), writer, window, certain, most, past, counting)
    pieces = printing.object(answer.root, Shown())
    if answer.scope.load is not None:
        known = Scope(load=answer.scope.load)
        pieces = [printing.in_scope(known, lambda there: concat(there.object(answer.root, Shown())))]
    text = concat([Json('{"data":'), *pieces, Json(',"extensions":{"load":'), NEWEST, Json("}}")])
    same = f"(SELECT max(k) FROM load) IS nullif({NEWEST},0) AND (SELECT value FROM meta WHERE name='epoch')={quote(facts.epoch)}"
    if stamped := STAMP in text:
        same += f" AND (SELECT at FROM load WHERE k={NEWEST}) IS {PUBLISHED}"
    finished = writer.finished(f"SELECT CAST(iif({same},{text},refuse('{STALE}')) AS BLOB)", first=4 if stamped else 2)
    return Statement(*finished, writer.least, stamped)
