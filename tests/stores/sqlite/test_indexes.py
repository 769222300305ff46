"""Which index serves a list of records from one end: that of now, or that of all versions, and never the rows themselves."""

from __future__ import annotations

import apsw
import pytest

from orggraph.model import model_of
from orggraph.stores.sqlite.ddl import EVERY_VERSION, ddl
from orggraph.stores.sqlite.writing import CURRENT
from tests.small_model import MODEL

ENDS = ("s", "o", "x_area")
NUMBERS = "v.f0, v.f1, v.u0, v.u1"


def served(sql: str) -> str:
    """How SQLite finds the rows of a statement, on the tables of the small model."""
    connection = apsw.Connection(":memory:")
    connection.execute(ddl(model_of({"small.yaml": MODEL})))
    ((*_, how),) = connection.execute(f"EXPLAIN QUERY PLAN {sql}", (1, 2)).fetchall()
    return str(how)


@pytest.mark.parametrize("end", ENDS)
def test_what_is_known_now_is_read_from_the_index_of_now(end: str) -> None:
    how = served(f'SELECT {NUMBERS} FROM "r_Chief" v WHERE v.{end}=?1 AND v.k1={CURRENT} AND v.f0<=?2 AND v.u1>?2')
    assert f"COVERING INDEX r_Chief_{end} " in how


@pytest.mark.parametrize("end", ENDS)
def test_what_was_known_at_a_load_is_read_from_an_index_that_covers_it(end: str) -> None:
    how = served(f'SELECT {NUMBERS}, v.s, v.o FROM "r_Chief" v WHERE v.{end}=?1 AND v.k0<=?2 AND v.k1>?2')
    assert ("COVERING " in how) == (end != "x_area")  # the other end of a further end is looked up
    assert f"INDEX r_Chief_known_{end} ({end}=? AND k1>?)" in how


@pytest.mark.parametrize("end", ENDS)
def test_versions_of_any_load_are_found_by_an_end(end: str) -> None:
    assert f"r_Chief_known_{end} ({end}=?)" in served(
        f'SELECT v.r FROM "r_Chief" v WHERE v.{end}=?1+?2 AND {EVERY_VERSION}'
    )
