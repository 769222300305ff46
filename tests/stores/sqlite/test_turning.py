"""Days of turns are told by SQLite as everything else tells them."""

from __future__ import annotations

import json

import apsw
import pytest

from orggraph.stores.sqlite.turning import day_told
from orggraph.time.days import LAST, NEG, POS, iso


@pytest.mark.parametrize("day", [NEG - 1, NEG, 0, 1, 2, 730_119, 737_516, LAST - 1, LAST, POS - 1, POS])
def test_a_day_is_told_as_it_is_elsewhere(day: int) -> None:
    told = apsw.Connection(":memory:").execute(f"SELECT {day_told('?1')}", (day,)).get
    assert told == json.dumps(iso(day))
