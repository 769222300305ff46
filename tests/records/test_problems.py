"""Each way a file can be bad: the problem says file, line, column, what is wrong and how to mend it; nothing is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.records.refusals import refused
from tests.small_model import CHIEFS, FILES, OFFICES, PEOPLE, SOURCES, load, put

BAD: list[tuple[str, str, str | bytes, int, str]] = [
    ("UNKNOWN_COLUMN", "office.csv", OFFICES.replace("staff", "staf"), 1, "did you mean staff?"),
    ("PRIVATE", "人员.csv", "键,姓名,身份证号\np1,王芳,1\np2,李𠮷,2\n", 1, "take the column out"),
    ("PRIVATE", "人员.csv", "key,name,Phone\np1,王芳,1\np2,李𠮷,2\n", 1, "take the column out"),
    ("PRIVATE", "人员.csv", "key,name,民族\np1,王芳,\np2,李𠮷,\n", 1, "take the column out"),
    ("PRIVATE", "Chief.csv", CHIEFS.replace("from,until", "from,address"), 1, "take the column out"),
    ("NO_KEY", "人员.csv", "姓名\n王芳\n", 1, "add a column key"),
    ("COLUMN_TWICE", "人员.csv", "键,姓名,name\np1,王芳,王芳\n", 1, "keep one"),
    ("EMPTY", "人员.csv", "", 0, "begin with a line"),
    ("RAGGED", "人员.csv", PEOPLE + "p3\n", 4, "comma"),
    ("CSV", "人员.csv", PEOPLE + 'p3,"陈\n', 4, "quotes"),
    ("CSV", "人员.csv", PEOPLE + 'p3,"陈"刚\n', 4, "quotes"),
    ("ENCODING", "人员.csv", PEOPLE.encode() + "p3,陈刚\n".encode("gb18030"), 4, "UTF-8"),
    ("VALUE", "人员.csv", PEOPLE + "p3,陈\x00刚\n", 4, ""),
    ("KEY", "人员.csv", PEOPLE + "p 3,陈刚\n", 4, "letters, digits"),
    ("KEY", "人员.csv", PEOPLE + ",陈刚\n", 4, "letters, digits"),
    ("VALUE", "人员.csv", PEOPLE + "p3,\n", 4, "give the name"),
    ("VALUE", "office.csv", OFFICES.replace("30", "3o"), 2, ""),
    ("VALUE", "office.csv", OFFICES.replace("30", str(2**31)), 2, ""),
    ("VALUE", "office.csv", OFFICES.replace("是", "也许"), 2, ""),
    ("VALUE", "office.csv", OFFICES.replace("2001-05", "2001-13"), 3, "write 2020-03-31"),
    ("DATE", "Chief.csv", CHIEFS.replace("2015-03", "2019-02-30"), 2, "write 2020-03-31"),
    ("DATE", "Chief.csv", CHIEFS.replace("2015-03", "0000"), 2, "write 2020-03-31"),
    ("DATE", "Chief.csv", CHIEFS.replace("2015-03", "2015年3月1日"), 2, "write 2015-03-01"),
    ("DATE", "Chief.csv", CHIEFS.replace("2015-03", "2015.3"), 2, "write 2015-03"),
    ("DATE", "Chief.csv", CHIEFS.replace("2015-03", "2015/3/1"), 2, "write 2015-03-01"),
    ("DATE", "Chief.csv", CHIEFS.replace("2015-03", "2015年"), 2, "write 2015"),
    ("DATE", "Chief.csv", CHIEFS.replace("2015-03", "43921"), 2, "as a day number of Excel it is 2020-03-31"),
    ("VALUE", "Chief.csv", CHIEFS.replace("lower", "lwer"), 3, "did you mean lower?"),
    ("VALUE", "Chief.csv", CHIEFS.replace("高", ""), 2, "give its rank"),
    ("UNKNOWN_KEY", "Chief.csv", CHIEFS.replace("p1,o1", "p11,o1"), 2, "did you mean p1?"),
    ("WRONG_KIND", "Chief.csv", CHIEFS.replace("p1,o1", "o2,o1"), 2, "it wants Person"),
    ("UNKNOWN_SOURCE", "Chief.csv", CHIEFS.replace("2018,reg", "2018,regg"), 2, "did you mean reg?"),
    ("KEY_TWICE", "Chief.csv", CHIEFS.replace("c2,", "c1,"), 3, "keep one"),
    ("KEY_TWICE", "人员.csv", PEOPLE + "p2,李𠮷\n", 4, "keep one"),
    ("KEY_TAKEN", "Chief.csv", CHIEFS.replace("c2,", "o2,"), 3, "another key"),
    ("NO_END", "Chief.csv", CHIEFS.replace("p1,o1", ",o1"), 2, "give the key"),
    ("DATE", "Chief.csv", CHIEFS.replace("2015-03,2018", "2019-03,2018"), 2, "look at its dates"),
    ("DATE", "Chief.csv", CHIEFS.replace("2019,,reg", "2019,,bare"), 3, "source's date"),
    ("DATE", "Chief.csv", CHIEFS.replace("2019,,reg", ",2020,bare"), 3, "source's date"),
    ("TWO_AT_ONCE", "Chief.csv", CHIEFS.replace("2015-03,2018,reg", "2015-03,,reg"), 3, "end the earlier one"),
    ("KEY_TWICE", "office.csv", "key,name,from\no1,水务局,2001-01-01\no1,水利局,2001-01-01\no2,林草局,\n", 3, "keep one"),
    ("NOT_KNOWN", "Chief.csv", "key,withdrawn\nc9,yes\n", 2, "look at its key"),
    ("CIRCLE", "下级.csv", "key,lower,upper,from,source\nb1,o1,o2,2010,reg\nb2,o2,o1,2012,reg\n", 3, "take one"),
    ("UNKNOWN_TABLE", "ofice.csv", "key,name\n", 0, "did you mean Office?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name", "content", "line", "mend"), BAD, ids=[f"{b[0]}-{i}" for i, b in enumerate(BAD)]
)
def test_a_bad_file_is_told_with_its_place(
    tmp_path: Path, code: str, name: str, content: str | bytes, line: int, mend: str
) -> None:
    store = tmp_path / "small.db"
    problems = refused(store, put(tmp_path / "in", FILES | {name: content}))
    told = [one for one in problems if one.code == code and (Path(one.file).name == name or code == "KEY_TAKEN")]
    assert told, problems
    assert any(one.line == line for one in told), told
    assert any(mend in one.mend for one in told), told


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    files = FILES | {"人员.csv": PEOPLE + "p3\n", "office.csv": OFFICES.replace("30", "x").replace("no", "nein")}
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", files))
    assert [(Path(one.file).name, one.line) for one in problems] == [
        ("office.csv", 2),
        ("office.csv", 3),
        ("人员.csv", 4),
    ]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_a_byte_order_mark_are_read(tmp_path: Path, separator: str) -> None:
    files: dict[str, str | bytes] = {name: text.replace(",", separator) for name, text in FILES.items()}
    files["人员.csv"] = b"\xef\xbb\xbf" + PEOPLE.replace(",", separator).encode()
    assert [one.added for one in load(tmp_path / "small.db", put(tmp_path / "in", files))] == [9]


def test_a_quoted_cell_may_hold_separators_and_lines(tmp_path: Path) -> None:
    files = FILES | {"人员.csv": 'key,name\np1,"王,\n芳"\np2,"李""𠮷"""\np3,bad,row\n', "Source.csv": SOURCES}
    problems = refused(tmp_path / "small.db", put(tmp_path / "in", files))
    assert [(one.code, one.line) for one in problems] == [("RAGGED", 5)]
