"""What is read in one go says what it says line by line: the same cells, the same line numbers, the same problems."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orggraph.errors import Problems
from orggraph.records import json_lines, unpacking
from orggraph.records.csv_rows import csv_sheets
from orggraph.records.json_blocks import as_text, columns_at_once
from orggraph.records.json_lines import json_sheets
from orggraph.records.sheets import Header
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.load import How
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import connect
from tests.small_model import FILES, load, put

TOKENS = st.sampled_from(
    ["a", "键", " ", ",", ",", "\n", "\n", "\n", "\r\n", "\r", '"', '""', '"a\n,键"', "\x85", "\u2028"]
)


def read(reader: Any, content: bytes) -> tuple[list[tuple[Header, int, list[str]]], Problems]:
    """Each line of a file with its header and number."""
    problems, found = Problems(), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "人员"
        path.write_bytes(content)
        for sheet in reader(path, "人员", problems):
            for part in sheet.parts:
                if isinstance(part, Header):
                    header = part
                else:
                    found += [
                        (header, number, list(cells)) for number, cells in zip(part.numbers, part.cells, strict=True)
                    ]
    return found, problems


def by_reader(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that Python's reader has, by the lines that they begin on; last, where it fails."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        yield line, []


@pytest.mark.parametrize("block", [5, 23, 2**18])
@example(tokens=["a,键,a\n", "a\n"], plain=2)  # one cell too many, and one too few
@settings(deadline=None)
@given(tokens=st.lists(TOKENS, max_size=40), plain=st.integers(0, 12))
def test_csv_is_what_pythons_reader_says(block: int, tokens: list[str], plain: int) -> None:
    text = "键,a\n" + "".join(f"k{i},{i}\n" for i in range(plain)) + "".join(tokens)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpacking, "BLOCK", block)
        found, problems = read(csv_sheets, text.encode())
    wanted = list(by_reader(text))
    bad = [line for line, cells in wanted if not cells]
    assert [(number, cells) for _, number, cells in found] == [one for one in wanted[1:] if one[1]]
    assert [problem.line for problem in problems.kept] == bad


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**30), st.sampled_from([1.5, 30.0, 1e300]),
    st.text('a:,{}[]键\\" \u2028', max_size=6),
)  # fmt: skip
PAIRS = st.lists(st.tuples(st.sampled_from(["key", "name", "键 a", "}"]), SCALARS), max_size=4)
ALIKE = st.tuples(st.text("ab", max_size=2), SCALARS).map(lambda values: [("key", values[0]), ("name", values[1])])
ODD = st.sampled_from(
    ['{"key": 1},{"key": 2}', '{"key":', '1}\n{"key": 2', "", "  ", "[]", '{"a": {"b": 1}}', '\ufeff{"key": 1}']
)


def written(pairs: list[tuple[str, Any]], ascii_only: bool = False) -> str:
    parts = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=ascii_only)}" for key, value in pairs)
    return "{" + ", ".join(parts) + "}"


FIRST = written([("key", "k1"), ("name", "王芳")])
LINE = st.one_of(
    ALIKE.map(written), ALIKE.map(written), PAIRS.map(written), PAIRS.map(lambda one: written(one, True)), ODD
)


def right(line: str) -> dict[str, str] | None:
    """The cells of a line that is right."""
    try:
        pairs = json.loads(line, object_pairs_hook=lambda found: found)
        texts = [(key, as_text(value)) for key, value in pairs if not isinstance(value, list)]
    except (ValueError, TypeError, KeyError):
        return None
    return dict(texts) if line.strip()[0] == "{" and len(dict(texts)) == len(pairs) and "\ufeff" not in line else None


@pytest.mark.parametrize("chunk", [40, 2**20])
@settings(deadline=None)
@given(lines=st.lists(LINE, min_size=1, max_size=12), ends=st.sampled_from(["\n", "\r\n"]))
def test_json_lines_are_what_each_line_says(chunk: int, lines: list[str], ends: str) -> None:
    lines = [one for line in (FIRST, *lines) for one in line.split("\n")]  # a mark is odd only behind the first line
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "CHUNK", chunk)
        patch.setattr(json_lines, "FIRST_CHUNK", chunk)
        found, problems = read(json_sheets, ends.join(lines).encode())
    said = {number: dict(zip(header.cells, cells, strict=True)) for header, number, cells in found}
    wanted = {number: right(line) for number, line in enumerate(lines, 1) if line.strip()}
    assert said == {number: cells for number, cells in wanted.items() if cells is not None}
    assert len(said) == len(found)
    assert {problem.line for problem in problems.kept} == {number for number, cells in wanted.items() if cells is None}


def test_lines_with_the_same_keys_are_decoded_as_columns() -> None:
    text = '{"a": "键", "b": null}\r\n{"b": true, "a": 30.0}\n'
    assert columns_at_once(text.encode()) == (("a", "b"), [["键", "30"], ["", "true"]])
    assert columns_at_once(b'{"a": "1", "a": "2"}') is None
    assert columns_at_once(b'{"a": "1"}\n{"b": "2"}') is None


@pytest.mark.parametrize("dry", [False, True])
def test_sources_may_stand_behind_what_cites_them(tmp_path: Path, dry: bool) -> None:
    people = [{"key": "p3", "name": "王芳", "from": "2015", "source": "reg2"}, {"key": "p4", "name": "李雷"}]
    source = {"kind": "Source", "key": "reg2", "name": "名册", "nature": "register", "date": "2020-03-31"}
    lines = [json.dumps(one, ensure_ascii=False) for one in [*people, source]]
    store = tmp_path / "small.db"
    load(store, put(tmp_path / "first", FILES))
    folder = put(tmp_path / "in", {"人员.jsonl": "\n".join(lines)})
    (report,) = load_files(store, None, lambda _: "", [folder], How(dry=dry))
    assert (report.rows, report.added) == (3, 3)
    if not dry:
        cited = "SELECT w_seen, c > 0 FROM k_Person JOIN entity USING (e) WHERE key = 'p3'"
        assert rows(connect(store), cited) == [("register 2020-03-31", 1)]
