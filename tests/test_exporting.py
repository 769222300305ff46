"""Tables that are written out and loaded back: unchanged they take no number, corrected they correct; whatever the format.

ORGGRAPH_EXPORTS says how many random stores.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from orggraph.errors import ModelError, OrggraphError
from orggraph.exporting import FORMATS, How, export_tables, scope_asked
from orggraph.formulas import bared
from orggraph.graphql.engine import Engine
from orggraph.model.model import Model
from orggraph.records.words import Words
from orggraph.stores.sqlite.load import LoadReport
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import open_store
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model
from tests.small_model import FILES, load, put

STORES = int(os.environ.get("ORGGRAPH_EXPORTS", "12"))
UNLESS_SAID = How()
TARGETS = ("out", "out.xlsx", "out.jsonl")
Rows = dict[str, list[dict[str, str]]]


def exported(store: Path, target: Path, how: How = UNLESS_SAID, *names: str) -> dict[str, int]:
    opened = open_store(store)
    try:
        return export_tables(opened, names, target, how).rows
    finally:
        opened.close()


def again(store: Path, *files: Path) -> LoadReport:
    (report,) = load_files(store, None, lambda _: "", list(files))
    return report


def read(folder: Path) -> Rows:
    """CSV files by the names of their tables."""
    found: Rows = {}
    for path in sorted(folder.glob("*.csv")):
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        found[path.stem] = [{name: bared(cell) for name, cell in row.items()} for row in rows]
    return found


@pytest.mark.parametrize(
    ("name", "words"),
    [("changji", Words.ZH), *((name, words) for name in ("university", "minimal") for words in Words)],
)
@pytest.mark.parametrize("target", TARGETS)
def test_what_is_loaded_back_takes_no_number(
    store_of: Callable[[str], Path], name: str, target: str, words: Words, tmp_path: Path
) -> None:
    store = Path(shutil.copy(store_of(name), tmp_path / "store.db"))
    rows = exported(store, tmp_path / target, How(words=words))
    report = again(store, tmp_path / target)
    assert (report.number, report.rows, report.added, report.corrected) == (None, sum(rows.values()), 0, 0)


def sound_model(rng: Random) -> tuple[str, Model]:
    while True:
        with suppress(ModelError):
            return random_model(rng)


@pytest.mark.parametrize("seed", range(STORES))
def test_random_stores_are_written_and_corrected(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    text, model = sound_model(rng)
    store = tmp_path / "store.db"
    put_all(tmp_path / "in", random_loads(rng, model, 3).files)
    load_files(store, {"random.yaml": text}, lambda _: "", [tmp_path / "in"])
    for number, target in enumerate((*TARGETS, "xlsx", "jsonl")):
        words = rng.choice([*Words])
        format = f".{target}" if f".{target}" in FORMATS else ".csv"
        exported(store, tmp_path / f"{number}{target}", How(format, words))
        assert again(store, tmp_path / f"{number}{target}").number is None, (target, words)
    renames_one(rng, store, tmp_path)


def renames_one(rng: Random, store: Path, tmp_path: Path) -> None:
    """One name in one row is corrected, all others stay."""
    exported(store, tmp_path / "names")
    tables = read(tmp_path / "names")
    named = [(name, row) for name, rows in tables.items() for row in rows if "name" in row]
    table, row = rng.choice(named)
    row["name"] = "=新𠮷"
    line = io.StringIO()
    writer = csv.DictWriter(line, row)
    writer.writeheader()
    writer.writerows(tables[table])
    put(tmp_path / "corrected", {f"{table}.csv": line.getvalue()})
    report = again(store, tmp_path / "corrected")
    assert (report.added, report.corrected, report.withdrawn) == (0, 1, 0)
    exported(store, tmp_path / "after")
    assert read(tmp_path / "after") == tables


def put_all(folder: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode())


@pytest.mark.parametrize("seed", range(STORES))
def test_rows_of_an_earlier_load_are_those_that_were_known(seed: int, tmp_path: Path) -> None:
    rng = Random(1_000 + seed)
    text, model = sound_model(rng)
    loads = random_loads(rng, model, 3)
    put_all(tmp_path / "in", loads.files)
    store, first = tmp_path / "store.db", tmp_path / "first.db"
    load_files(store, {"random.yaml": text}, lambda _: "", [tmp_path / "in"])
    load_files(first, {"random.yaml": text}, lambda _: "", [tmp_path / "in" / "1"])
    exported(store, tmp_path / "known", How(scope=scope_asked(None, None, None, 1)))
    exported(first, tmp_path / "was")
    assert read(tmp_path / "known") == read(tmp_path / "was")


@pytest.mark.parametrize("days", [("2020-03-31", None), ("2016-02-29", None), (None, "2019"), (None, "2018-07")])
@pytest.mark.parametrize(
    ("model", "roots"),
    [
        (
            "changji",
            {"FirstSecretary": "firstSecretaryRecords", "PartTimeMember": "partTimeMemberRecords", "WorkOrder": ""},
        ),
        ("university", {"UnitOf": "unitOfRecords", "Teaches": "teachesRecords", "Holds": "holdsRecords"}),
    ],
)
def test_a_day_leaves_what_may_hold_on_it(
    store_of: Callable[[str], Path],
    engine_of: Callable[[str], Engine],
    tmp_path: Path,
    model: str,
    roots: dict[str, str],
    days: tuple[str | None, str | None],
) -> None:
    at, during = days
    exported(store_of(model), tmp_path / "out", How(scope=scope_asked(at, during, None, None)), *roots)
    scope = f'at(date: "{at}")' if at else f'during(in: "{during}")'
    for table, root in roots.items():
        if root:
            document = f"{{ {scope} {{ {root} {{ nodes {{ key }} }} }} }}"
            answer = json.loads(engine_of(model).execute(document, {}))["data"]
            keys = [one["key"] for one in next(iter(answer.values()))[root]["nodes"]]
            assert keys
            assert sorted(keys) == [row["key"] for row in read(tmp_path / "out")[table]]


ODD = [
    "=1+1",
    "'=x",
    "-5",
    "@甲",
    "+86",
    "＝一",
    "_x0041_",
    "<r><t>乙</t></r>",
    "李𠮷\n𬭚\t丙",
    '说"，;"',
    "#名",
    "007",
    "2020-03",
]


@pytest.mark.parametrize("target", TARGETS)
def test_odd_texts_come_back_as_they_were(tmp_path: Path, target: str) -> None:
    store = tmp_path / "small.db"
    lines = [
        json.dumps({"key": f"-{i}", "name": name, "source": "doc;reg", "para": f";{i}"}) for i, name in enumerate(ODD)
    ]
    put(tmp_path / "in", FILES | {"人员.jsonl": "\n".join(lines), "人员.csv": "key,name\np1,王芳\np2,李𠮷\n"})
    load(store, tmp_path / "in")
    exported(store, tmp_path / target)
    assert again(store, tmp_path / target).number is None
    exported(store, tmp_path / "read")
    assert {row["name"] for row in read(tmp_path / "read")["Person"]} == {*ODD, "王芳", "李𠮷"}


def test_a_row_is_withdrawn_where_its_column_says_so(tmp_path: Path) -> None:
    store = tmp_path / "small.db"
    load(store, put(tmp_path / "in", FILES))
    exported(store, tmp_path / "out", How(words=Words.ZH), "Chief")
    text = (tmp_path / "out" / "主任.csv").read_text("utf-8")
    put(tmp_path / "mended", {"主任.csv": text.replace("c2,p2,o1,,低,2019,,,,reg,,,", "c2,p2,o1,,低,2019,,,,reg,,,是")})
    report = again(store, tmp_path / "mended")
    assert (report.added, report.corrected, report.withdrawn) == (0, 0, 1)


def test_a_reader_sees_one_load_while_others_are_published(tmp_path: Path) -> None:
    store = tmp_path / "small.db"
    load(store, put(tmp_path / "in", FILES))
    opened = open_store(store)
    written = opened.written(
        [opened.model.kinds["Person"], opened.model.relations["Chief"]], scope_asked(None, None, None, None)
    )
    _, people = next(written)
    load(store, put(tmp_path / "more", {"人员.csv": "key,name\np3,新\n", "Chief.csv": "key,until\nc1,2017\n"}))
    assert [row[0] for row in people] == ["p1", "p2"]
    _, chiefs = next(written)
    assert [row[6] for row in chiefs] == ["2018", None]
    assert next(written, None) is None
    opened.close()


@pytest.mark.parametrize(
    ("names", "target", "words"),
    [
        (["Nobody"], "out", "Nobody is no kind or relation"),
        (["人远"], "out", "did you mean Person?"),
        (["Person", "Chief"], "out.csv", "a CSV holds one table"),
        (["Person"], "no/out.csv", "there is no folder"),
    ],
)
def test_what_cannot_be_written_is_told(tmp_path: Path, names: list[str], target: str, words: str) -> None:
    store = tmp_path / "small.db"
    load(store, put(tmp_path / "in", FILES))
    with pytest.raises(OrggraphError, match=words):
        exported(store, tmp_path / target, How(), *names)
    assert sorted(one.name for one in tmp_path.iterdir() if "small.db" not in one.name) == ["in"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("2020-03", None, None, None), "is no day"),
        (("2020-03-31", "2020", None, None), "not both"),
        ((None, None, "2020-03-31T12:00", None), "has no offset"),
        ((None, "Mai", None, None), "is no date"),
    ],
)
def test_a_scope_that_cannot_be_is_told(
    asked: tuple[str | None, str | None, str | None, int | None], words: str
) -> None:
    with pytest.raises(OrggraphError, match=words):
        scope_asked(*asked)


def test_a_load_that_is_not_there_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    store = tmp_path / "small.db"
    load(store, put(tmp_path / "in", FILES))
    with pytest.raises(OrggraphError, match="load"):
        exported(store, tmp_path / "out", How(scope=scope_asked(None, None, None, 7)))
    assert not (tmp_path / "out").exists()
    exported(store, tmp_path / "out", How(scope=scope_asked(None, None, "2020-03-31T12:00Z", None)), "Person")
    assert read(tmp_path / "out") == {"Person": []}


@pytest.mark.parametrize(
    ("target", "says"), [("out.csv", True), ("会员.csv", False), ("out.jsonl", True), ("member.jsonl", False)]
)
def test_rows_say_what_they_are_where_the_name_of_their_file_does_not(
    store_of: Callable[[str], Path], tmp_path: Path, target: str, says: bool
) -> None:
    store = Path(shutil.copy(store_of("minimal"), tmp_path / "store.db"))
    assert exported(store, tmp_path / target, UNLESS_SAID, "Member") == {"Member": 3}
    assert ("relation" in (tmp_path / target).read_text("utf-8").splitlines()[0]) is says
    assert again(store, tmp_path / target).number is None
