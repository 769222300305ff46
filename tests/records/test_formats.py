"""CSV in its encodings, JSON lines, packed files: what is right is loaded alike, what is wrong is told with its place."""

from __future__ import annotations

import gzip
import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from orggraph.errors import LoadError, Problems
from orggraph.records.csv_rows import csv_sheets
from orggraph.records.encoding import codec
from orggraph.records.sheets import Lines
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.load import How, LoadReport
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import connect
from tests.records.refusals import refused, told
from tests.small_model import CHIEFS, FILES, MODEL, OFFICES, PEOPLE, load, put

LINES = {
    "Source.jsonl": '{"key": "reg", "name": "名册", "nature": "登记册", "date": "2020-03-31"}\n',
    "人员.ndjson": '\ufeff{"key": "p1", "name": "王芳"}\r\n\n{"name": "李𠮷", "key": "p2"}\n',
    "office.jsonl": '{"key": "o1", "name": "水务局", "staff": 30.0, "成立": 1990, "开放": true}\n'
    '{"key": "o2", "name": "林草局", "staff": null, "成立": "2001-05", "开放": false}',
    "Chief.jsonl": '{"key": "c1", "person": "p1", "office": "o1", "rank": "高", "from": "2015-03", "until": 2018, "source": "reg"}\n'
    '{"key": "c2", "person": "p2", "office": "o1", "rank": "\\u4f4e", "from": 2019, "source": "reg"}\n',
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("packed", [False, True])
def test_csv_is_loaded_in_any_of_its_encodings(tmp_path: Path, encoding: str, ends: str, packed: bool) -> None:
    files: dict[str, str | bytes] = {}
    for name, text in FILES.items():
        content = text.replace("\n", ends).encode(encoding)
        files[f"{name}.gz" if packed else name] = gzip.compress(content) if packed else content
    assert [one.added for one in load(tmp_path / "small.db", put(tmp_path / "in", files))] == [9]


def test_mixed_line_ends_count_as_lines(tmp_path: Path) -> None:
    files = FILES | {"人员.csv": "键,姓名\r\np1,王芳\np2,李𠮷\rp3,\n"}
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", files))
    assert told(problems) == [("VALUE", "人员.csv", 4, "name")]


def test_empty_columns_that_excel_leaves_at_the_end_are_nothing(tmp_path: Path) -> None:
    files = FILES | {"人员.csv": "键,姓名,,\np1,王芳,,\np2,李𠮷,,,,\n,,,\n"}
    assert [one.added for one in load(tmp_path / "small.db", put(tmp_path / "in", files))] == [9]


def test_json_lines_say_the_same_as_csv(tmp_path: Path) -> None:
    assert [one.added for one in load(tmp_path / "a.db", put(tmp_path / "in", LINES))] == [7]
    again = load(tmp_path / "a.db", put(tmp_path / "csv", FILES))
    assert [(one.added, one.corrected) for one in again] == [(2, 0)], "two sources more, and all else is the same"


@pytest.mark.parametrize("packed", [False, True])
def test_an_absent_key_of_a_line_leaves_what_is_known_and_null_empties_it(tmp_path: Path, packed: bool) -> None:
    load(tmp_path / "small.db", put(tmp_path / "in", FILES))
    text = b'{"key": "o1", "staff": null}\n{"key": "o2", "founded": ""}\n{"founded": "2002", "key": "o1"}\n'
    name = "office.jsonl.gz" if packed else "office.jsonl"
    problems = refused_again(tmp_path, name, gzip.compress(text) if packed else text)
    assert [code for code, *_ in problems] == ["KEY_TWICE"]
    text = text.replace(b'"founded": "2002", "key": "o1"', b'"name": "\\u6797\\u5c40", "key": "o3"')
    report = load(tmp_path / "small.db", put(tmp_path / "more", {name: gzip.compress(text) if packed else text}))
    assert [(one.added, one.corrected) for one in report] == [(1, 2)]


def refused_again(tmp_path: Path, name: str, content: bytes) -> list[tuple[str, str, int, str]]:
    with pytest.raises(LoadError) as error:
        load(tmp_path / "small.db", put(tmp_path / "more", {name: content}))
    return told(error.value.problems)


GOOD = '{"key": "p1", "name": "王芳"}\n{"key": "p2", "name": "李𠮷"}\n'
BAD_LINES: list[tuple[str | bytes, str, int, str, str]] = [
    ('{"key": "p3"\n', "JSON", 3, "", "one object a line"),
    ("p3,王芳\n", "JSON", 3, "", "one object a line"),
    ("[1]\n", "JSON", 3, "", "like {"),
    ('"p3"\n', "JSON", 3, "", "like {"),
    ('{"key": "p3", "name": "a"} {"key": "p4", "name": "b"}\n', "JSON", 3, "", "one object a line"),
    ('{"key": "p3", "name": "a"},{"key": "p4",\n"name": "b"}\n', "JSON", 3, "", "one object a line"),
    ('\n\n{"key": "p3", "name": NaN}\n', "JSON", 5, "", "one object a line"),
    ('{"key": "p3", "name": 1e999}\n', "JSON", 3, "", "one object a line"),
    ('{"key": "p3", "name": ["a"]}\n', "NESTED", 3, "name", "one value"),
    ('{"key": "p3", "name": {"zh": "a"}}\n', "NESTED", 3, "name", "one value"),
    ('{"key": "p3", "name": "a", "name": "b"}\n', "COLUMN_TWICE", 3, "name", "keep one"),
    ('{"key": "p3", "name": "a", "n\\u0061me": "b"}\n', "COLUMN_TWICE", 3, "name", "keep one"),
    ('{"key": "p3", "name": "a", "姓名": "b"}\n', "COLUMN_TWICE", 3, "name", "keep one"),
    ('{"key": "p3", "name": "\\u0000"}\n', "VALUE", 3, "name", ""),
    ('{"key": "p3", "name": ""}\n', "VALUE", 3, "name", "give the name"),
    ('{"key": 3.5, "name": true, "staf": 1}\n', "UNKNOWN_COLUMN", 3, "staf", "columns of Person"),
    ('{"name": "a"}\n', "NO_KEY", 3, "key", "add a column key"),
    ('{"key": "p3", "name": "a", "身份证号": "1"}\n', "PRIVATE", 3, "身份证号", "take the column out"),
    ('{"key": "p3", "name": "a", "": "1"}\n', "UNNAMED", 3, "", "name the column"),
    ('{"key": "p3", "name": "陈刚"}\n'.encode("gb18030"), "ENCODING", 3, "", "UTF-8"),
    ('\ufeff{"key": "p3", "name": "陈刚"}\n', "JSON", 3, "", "one object a line"),
    ('{"key": "\ufeffp3", "name": "陈刚"}\n', "ENCODING", 3, "", "take the mark out"),
    ("[" * 100_000 + "\n", "JSON", 3, "", "one object a line"),
    ('{"name": "' + "长" * 2_000_000 + '", "key": "p3"}\n', "TOO_LARGE", 3, "", "one object a line"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "code", "line", "column", "mend"), BAD_LINES, ids=[f"{b[1]}-{i}" for i, b in enumerate(BAD_LINES)]
)
def test_a_bad_line_of_json_is_told(
    tmp_path: Path, bad: str | bytes, code: str, line: int, column: str, mend: str
) -> None:
    content = GOOD.encode() + (bad if isinstance(bad, bytes) else bad.encode())
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", {"人员.jsonl": content}))
    found = [one for one in problems if (one.code, one.line, one.column) == (code, line, column)]
    assert found, problems
    assert mend in found[0].mend


def test_bad_lines_are_counted_once(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"人员.jsonl": "nothing\n" * 3_000})
    with pytest.raises(LoadError) as error:
        load(tmp_path / "small.db", folder)
    assert error.value.counts == {"JSON": 3_000}


@pytest.mark.parametrize("end", ["p3\n", '"a\n'])
def test_what_is_wrong_in_a_file_of_sources_is_told(tmp_path: Path, end: str) -> None:
    files = FILES | {"Source.csv": FILES["Source.csv"] + end}
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", files))
    assert [one.line for one in problems] == [5]


def test_many_lines_with_keys_of_their_own_are_read(tmp_path: Path) -> None:
    lines = [json.dumps({"key": f"p{i}", "name": "王芳", f"备注{i}": "x"}, ensure_ascii=False) for i in range(6_000)]
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", {"人员.jsonl": "\n".join(lines)}))
    assert len(problems) == 1_000


@pytest.mark.parametrize(
    "line", [{"种类": "人员", "key": "p1", "name": "a"}, {"name": "a", "key": "p1", "Kind": "person"}]
)
def test_a_line_of_json_may_say_what_it_is(tmp_path: Path, line: dict[str, str]) -> None:
    text = (
        json.dumps(line, ensure_ascii=False) + '\n{"kind": "Source", "key": "s1", "name": "a", "nature": "register"}\n'
    )
    files = {"all.jsonl": text + '{"relation": "Boss", "key": "b1"}\n{"key": "x1"}\n'}
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", files))
    assert told(problems) == [("UNKNOWN_TABLE", "all.jsonl", 3, "relation"), ("UNKNOWN_TABLE", "all.jsonl", 4, "")]
    assert [one.added for one in load(tmp_path / "small.db", put(tmp_path / "in", {"all.jsonl": text}))] == [2]


ENCODED: list[tuple[str, bytes, str, int, str]] = [
    ("UTF-16", PEOPLE.encode("utf-16"), "ENCODING", 1, "is in UTF-16"),
    ("UTF-16 without a mark", PEOPLE.encode("utf-16-le"), "ENCODING", 1, "GB18030"),
    ("Latin-1", "key,name\np1,Müller\np2,José\n".encode("latin-1"), "ENCODING", 2, "neither UTF-8 nor"),
    ("Big5", "key,name\np1,陳剛強\np2,劉備圖\n".encode("big5"), "ENCODING", 2, "neither UTF-8 nor"),
    ("GB18030 cut off", (PEOPLE + "p3,陈刚").encode("gb18030")[:-1], "ENCODING", 1, "neither UTF-8 nor"),
    ("UTF-8 cut off", (PEOPLE + "p3,陈刚").encode()[:-1], "ENCODING", 4, "cut off"),
    ("UTF-8 and GB18030", (PEOPLE * 50).encode() + "p3,陈刚\n".encode("gb18030"), "ENCODING", 151, "neither UTF-8 nor"),
    ("two marks", b"\xef\xbb\xbf" * 2 + PEOPLE.encode(), "ENCODING", 1, "byte order mark"),
    ("a mark in the middle", PEOPLE.encode() + b"\xef\xbb\xbf" + PEOPLE.encode(), "ENCODING", 4, "byte order mark"),
    ("Latin letters in GB18030", "key,name\np1,Müller àé\n".encode("gb18030"), "ENCODING", 2, "neither UTF-8 nor"),
    ("nothing", b"", "EMPTY", 0, "no header"),
    ("blank lines", b"\n\r\n\n", "EMPTY", 0, "no header"),
    ("NUL", PEOPLE.encode() + b"p3,\x00\n", "VALUE", 4, "U+0000"),
    ("NUL in a key", PEOPLE.encode() + b"p\x003,a\n", "KEY", 4, "no key"),
    ("a quote never closed", PEOPLE.encode() + b'p3,"a\n' + b"p4,b\n" * 300_000, "CSV", 4, "cannot be read"),
    ("a quote inside", PEOPLE.encode() + b'p3,"a"b\n', "CSV", 4, "cannot be read"),
    ("a long cell", PEOPLE.encode() + b"p3," + b"a" * 1_500_000 + b"\n", "CSV", 4, "cannot be read"),
    ("a long line", PEOPLE.encode() + b"p3," + b"a," * 3_000_000 + b"\n", "TOO_LARGE", 4, "line of more"),
    ("a value without a name", b"key,name,\np1,a,\np2,b,c\n", "UNNAMED", 3, "without a name"),
    ("too many cells", b"key,name\np1,a\np2,b,c\n", "RAGGED", 3, "has 3 cells"),
    ("too few cells", b"key,name\np1,a\np2\n", "RAGGED", 3, "has 1 cells"),
    ("para alone", b"key,name,para\np1,a,3\n", "PARA", 1, "without a column source"),
    ("para without source", b"key,name,source,para\np1,a,,3\n", "VALUE", 2, "though there is a para"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code", "line", "message"), [e[1:] for e in ENCODED], ids=[e[0] for e in ENCODED])
@pytest.mark.parametrize("packed", [False, True])
def test_what_a_file_of_people_cannot_be(
    tmp_path: Path, content: bytes, code: str, line: int, message: str, packed: bool
) -> None:
    files = {"人员.csv.gz": gzip.compress(content)} if packed else {"人员.csv": content}
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", files))
    found = [one for one in problems if (one.code, one.line) == (code, line)]
    assert found, problems
    assert message in found[0].message
    assert found[0].mend or code == "VALUE"
    assert "--encoding" in found[0].mend or "byte order mark" in message or code != "ENCODING"


SAID = [("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16", "utf-16-le"), ("UTF_16BE", "utf-16-be"), ("gb2312", "gb18030"),
    ("gbk", "gb18030"), ("utf8", "utf-8-sig")]  # fmt: skip


@pytest.mark.parametrize(("said", "written"), [*SAID, ("big5", "big5"), ("cp1252", "cp1252")])
@pytest.mark.parametrize("packed", [False, True])
def test_an_encoding_that_is_said_is_taken(tmp_path: Path, said: str, written: str, packed: bool) -> None:
    names = {"big5": ["陳剛上", "劉備圖"], "cp1252": ["Müller", "José"]}.get(written, ["Lǐ Yǔ", "Āyí ê"])
    content = "key,name\np1,{}\np2,{}\n".format(*names).encode(written)
    folder = put(tmp_path / "in", {"人员.csv.gz": gzip.compress(content)} if packed else {"人员.csv": content})
    with nullcontext() if said == "utf8" else pytest.raises(LoadError):
        load(tmp_path / "seen.db", folder)
    (report,) = load_in(said, tmp_path / "said.db", folder)
    found = rows(connect(tmp_path / "said.db"), "SELECT name FROM k_Person ORDER BY e")
    assert (report.added, [name for (name,) in found]) == (2, names)


def load_in(encoding: str, store: Path, folder: Path) -> list[LoadReport]:
    return load_files(store, {"small.yaml": MODEL}, lambda _: "", [folder], How(encoding=codec(encoding)))


@pytest.mark.parametrize(
    ("said", "content", "line"),
    [("utf-8", "键,姓名\np1,王芳\n".encode("gb18030"), 1), ("gb18030", b"key,name\np1,a\np2,\xe9\n", 3),
     ("utf-16", "key,name\np1,上上\np2,\ud800\n".encode("utf-16", "surrogatepass"), 3), ("ascii", b"key,name\np1,\xff\n", 2)],
)  # fmt: skip
def test_what_is_not_in_the_encoding_that_is_said_is_told(tmp_path: Path, said: str, content: bytes, line: int) -> None:
    folder = put(tmp_path / "in", {"人员.csv": content})
    with pytest.raises(LoadError) as error:
        load_in(said, tmp_path / "s.db", folder)
    (problem,) = error.value.problems
    assert (problem.code, problem.line) == ("ENCODING", line)
    assert "as was said" in problem.message


def test_what_is_no_encoding_of_text_has_no_codec() -> None:
    assert [codec(one) for one in ("hex", "rot13", "no such", "x\0", "", "cp936")] == [None] * 5 + ["gb18030"]


def test_a_column_of_a_code_list_in_chinese_is_suggested_in_chinese(tmp_path: Path) -> None:
    files = FILES | {"office.csv": OFFICES.replace("成立", "成立日"), "Chief.csv": CHIEFS.replace("rank", "职及")}
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", files))
    mends = {one.mend for one in problems if one.code == "UNKNOWN_COLUMN"}
    assert mends == {"did you mean 成立?", "did you mean 职级?"}


def test_a_csv_that_is_guarded_against_formulas_says_what_was_guarded(tmp_path: Path) -> None:
    """As ``output.csv_text`` writes it; in lines that are split at once, and in quoted ones."""
    for name, quote in (("plain", ""), ("quoted", '"')):
        text = f"key,name\n{quote}'-p1{quote},{quote}''=王芳{quote}\np2,{quote}it's{quote}\n"
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        problems = Problems()
        (sheet,) = csv_sheets(tmp_path / f"{name}.csv", "x", problems)
        cells = [list(row) for part in sheet.parts if isinstance(part, Lines) for row in part.cells]
        assert cells == [["-p1", "'=王芳"], ["p2", "it's"]]
        assert not problems
