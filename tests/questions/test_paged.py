"""Answers of many pages: one page is held at a time, all are of one load, and what is written is what one page would give."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from python_calamine import CalamineWorkbook

from orggraph.graphql.engine import Engine
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.opening import open_engine
from orggraph.questions.formats import json_pieces, markdown_pieces
from orggraph.questions.paged import Paged
from orggraph.questions.question import find
from orggraph.questions.reading import read_questions
from orggraph.questions.spreadsheets import csv_of, xlsx_of
from orggraph.questions.whole import ask_paged
from orggraph.stores.sqlite.load import How, load
from tests.conftest import ROOT
from tests.questions.folders import put
from tests.service.serving import serving

DOCUMENT = """query Everybody($size: Int! = 1000, $after: String, $lang: Lang! = ZH) {
  ever {
    memberRecords(first: $size, after: $after) {
      total: totalCount
      pageInfo { hasNextPage endCursor }
      edges { certainty node { key player { player: name } club { club: name } fee valid { term: text(lang: $lang) } } }
    }
  }
}"""
ENTRY = """title: {zh: 全部会员, en: Everybody}
answers: {zh: 每名会员一行。, en: A row for each member.}
parameters: {size: {zh: 每页, en: rows of a page, default: 1000}}
pages: {after: memberRecords.pageInfo}
columns:
  key: {zh: 编号, en: key, path: node.key}
  player: {zh: 棋手, en: player}
  club: {zh: 社团, en: club}
  fee: {zh: 会费, en: fee}
  term: {zh: 任期, en: term}
  certainty: {zh: 确定程度, en: certainty}
numbers: {total: {zh: 合计, en: in all, path: total}}
"""
MODEL = ROOT / "tests" / "models" / "minimal"
MANY, FEW = 60_000, 2_500
MOST_MORE = 20
"""MB that so many rows more may take, 16 of which are what is kept of the store: as lists of Python's they are more than 50."""
PEAK = """
from orggraph.cli import main
try: main()
except SystemExit as done: assert not done.code, done.code
print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])
"""


def members(folder: Path, first: int, last: int) -> Path:
    """Files with members of these numbers."""
    folder.mkdir()
    (folder / "Source.csv").write_text("key,name,nature,date\nlist,名册,register,2024-05-01\n", "utf-8")
    (folder / "Club.csv").write_text("key,name\nc1,东城棋社\n", "utf-8")
    for name, heading, line in (
        ("Player", "key,name", "p{0},棋手{0}（示例）"),
        ("Member", "key,player,club,fee,from,source", "m{0},p{0},c1,{0},2023-04,list"),
    ):
        rows = "".join(f"{line.format(f'{n:06}')}\n" for n in range(first, last))
        (folder / f"{name}.csv").write_text(f"{heading}\n{rows}", "utf-8")
    return folder


def loaded(folder: Path, number: int) -> Path:
    store = folder / "many.db"
    load(store, model_texts(MODEL), sdl, [members(folder / "in", 0, number)], How())
    return store


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return loaded(tmp_path_factory.mktemp("few"), FEW)


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("queries"), "01-everybody", DOCUMENT, ENTRY)


@pytest.fixture
def engine(few: Path) -> Iterator[Engine]:
    engine = open_engine(few)
    yield engine
    engine.store.close()


def paged(engine: Engine, folder: Path, size: int) -> Paged:
    read = read_questions(folder)
    return ask_paged(engine, read, find(read.questions, "everybody"), {"size": str(size)}, "zh")


def test_what_is_written_is_the_same_however_long_its_pages_are(engine: Engine, questions: Path) -> None:
    def told(one: Paged) -> bytes:
        return b"".join(json_pieces(one)).replace(f'"size": {len(one.first.rows)}'.encode(), b"")

    assert told(paged(engine, questions, 700)) == told(paged(engine, questions, FEW))
    for write in (csv_of, markdown_pieces):
        assert b"".join(write(paged(engine, questions, 700), "zh")) == b"".join(
            write(paged(engine, questions, FEW), "zh")
        )


def test_a_workbook_has_all_pages_and_says_how_many_rows_there_are(
    engine: Engine, questions: Path, tmp_path: Path
) -> None:
    path = tmp_path / "everybody.xlsx"
    path.write_bytes(b"".join(xlsx_of(paged(engine, questions, 700), "zh")))
    book = CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name("全部会员").to_python()
    about = {row[0]: row[1] for row in book.get_sheet_by_name("#说明").to_python()}
    assert [row[0] for row in rows[1:]] == [f"m{n:06}" for n in range(FEW)]
    assert (about["行数"], about["合计"]) == (FEW, FEW)


def test_all_pages_are_of_the_load_that_the_first_one_was_of(questions: Path, tmp_path: Path) -> None:
    store = loaded(tmp_path, 30)
    engine = open_engine(store)
    asked = paged(engine, questions, 20)
    rows = asked.rows()
    first = [next(rows)[0] for _ in range(20)]
    load(store, None, sdl, [members(tmp_path / "more", 30, 60)], How())
    assert engine.execute("{ memberRecords { totalCount } }", {}).count(b":60") == 1
    assert [*first, *(row[0] for row in rows)] == [f"m{n:06}" for n in range(30)]
    engine.store.close()


def test_the_service_gives_the_same_files_page_by_page(few: Path, questions: Path, engine: Engine) -> None:
    with serving(few, questions=questions) as url:
        answer = httpx.get(f"{url}/questions/everybody.csv?size=300&lang=zh")
        assert (answer.status_code, answer.headers["transfer-encoding"]) == (200, "chunked")
        assert answer.content == b"".join(csv_of(paged(engine, questions, 300), "zh"))
        assert len(httpx.get(f"{url}/questions/everybody.json?size=300").json()["rows"]) == FEW
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(httpx.get(f"{url}/questions/everybody.xlsx?size=300&lang=zh").content)
        )
        assert len(book.get_sheet_by_name("全部会员").to_python()) == FEW + 1
        head = httpx.head(f"{url}/questions/everybody.csv?size=300")
        assert (head.status_code, head.content) == (200, b"")
        held = {"if-none-match": answer.headers["etag"]}
        assert httpx.get(f"{url}/questions/everybody.csv?size=300&lang=zh", headers=held).status_code == 304
        assert url.service.piecewise.under_way == 0


def test_who_leaves_ends_it(many: Path, questions: Path) -> None:
    """Pages of one row take minutes for all, so that it is not over by itself."""
    with serving(many, questions=questions, exports=1) as url:
        plain = {"accept-encoding": "identity"}  # packed, the first line would wait for more
        with httpx.stream("GET", f"{url}/questions/everybody.csv?size=1", headers=plain) as slow:
            reading = slow.iter_raw()
            next(reading)
            refused = httpx.get(f"{url}/questions/everybody.csv?size=1")
            assert refused.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_EXPORTS"
        again = httpx.Client(transport=httpx.HTTPTransport(retries=0), timeout=30)
        while (answer := again.get(f"{url}/questions/everybody.csv?size=2000")).status_code == 503:
            pass
        assert len(list(csv.reader(answer.text.splitlines()))) == MANY + 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by /proc")
@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "md"])
def test_memory_does_not_grow_with_the_rows(many: Path, few: Path, questions: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"out.{form}"
    small, large = (peak(store, questions, out) for store in (few, many))
    assert large - small < MOST_MORE
    assert out.stat().st_size > MANY * 10


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return loaded(tmp_path_factory.mktemp("many"), MANY)


def peak(store: Path, questions: Path, out: Path) -> int:
    """The most memory of a command, in MB."""
    arguments = ["ask", "everybody", "--store", str(store), "--questions", str(questions), "-o", str(out), "--force"]
    done = subprocess.run([sys.executable, "-c", PEAK, *arguments], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) // 1024
