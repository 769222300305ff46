"""What a spreadsheet would run stays text, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orggraph.formulas import bared, guarded

RISKY = "=+-@\t\r\n＝＋－＠"


@given(st.text(alphabet=st.sampled_from([*RISKY, "'", "a", "水", "𠮷", " "]), max_size=6))
def test_what_is_guarded_begins_no_formula_and_comes_back(text: str) -> None:
    written = guarded(text)
    assert not written.startswith(tuple(RISKY))
    assert bared(written) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("'=1", "''=1"), ("it's", "it's"), ("'李", "'李"), ("＝甲", "'＝甲"), ("", "")],
)
def test_only_what_must_be_is_guarded(text: str, written: str) -> None:
    assert guarded(text) == written
