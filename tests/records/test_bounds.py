"""Files that were made to fill memory or disk are refused in bounded memory, and what is only damaged without a trace."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from orggraph.errors import LoadError
from tests.records.refusals import refused, told
from tests.records.workbooks import SMALL, Cell, book, replaced, rewritten
from tests.small_model import FILES, MODEL, load, put

MB = 2**20
SHEET = "xl/worksheets/sheet2.xml"  # of people
MOST_MEMORY = 200


LOAD = "from orggraph.cli import main\ntry: main()\nexcept SystemExit: pass\n"
READ = """
import sys
from pathlib import Path
from orggraph.errors import Problems
from orggraph.model import load_model
from orggraph.records.files import loads
from orggraph.records.reading import read_rows
(files,) = loads([Path(sys.argv[2])])
for _ in read_rows(load_model(Path(sys.argv[4])), files[0], Problems(), False): pass
"""
PEAK = "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])\n"
measurable = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by /proc")


def peak(folder: Path, script: str = LOAD) -> tuple[int, str]:
    """What a load of a folder takes in memory (MB), and what it prints."""
    model, store = folder.parent / "small.yaml", folder.parent / "a.db"
    model.write_text(MODEL, "utf-8")
    arguments = ["load", str(folder), "--model", str(model), "--store", str(store)]
    command = [sys.executable, "-c", script + PEAK, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not store.exists()
    assert "Traceback" not in done.stderr
    return int(done.stdout.split()[-1]) // 1024, done.stderr


def bomb(mega: int) -> bytes:
    """So many megabytes of one character, packed to a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([packer.compress(b"a" * MB) for _ in range(mega)] + [packer.flush()])


def big_part(path: Path, part: str, head: bytes, piece: bytes, times: int) -> None:
    """A workbook with a part that grows large when it is unpacked."""
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist() if info.filename != part}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
        with new.open(part, "w") as stream:
            stream.write(head)
            for _ in range(times):
                stream.write(piece)


def cell_of_a_workbook(folder: Path) -> None:
    head = b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    big_part(book(folder / "book.xlsx", SMALL), SHEET, head, b"a" * MB, 1_000)


def blank_lines_of_a_workbook(folder: Path) -> None:
    big_part(book(folder / "book.xlsx", SMALL), SHEET, b"<worksheet><sheetData>", b"<row/>" * 170_000, 1_000)


def shared_texts(folder: Path) -> None:
    path = book(folder / "book.xlsx", SMALL)
    big_part(path, "xl/sharedStrings.xml", b"<sst>", b"<si><t>aaaaaaaa</t></si>" * 40_000, 1_000)


GROWING: dict[str, Callable[[Path], object]] = {
    "gzip of one line": lambda folder: put(folder, {"人员.csv.gz": bomb(1_000)}),
    "gzip of lines": lambda folder: put(folder, {"人员.csv.gz": gzip.compress(b"key,name\n" + b"p1,a\n" * 30_000_000)}),
    "gzip of JSON": lambda folder: put(folder, {"人员.jsonl.gz": bomb(1_000)}),
    "cell of a workbook": cell_of_a_workbook,
    "blank lines of a workbook": blank_lines_of_a_workbook,
    "shared texts of a workbook": shared_texts,
}


@measurable
@pytest.mark.parametrize("way", GROWING)
def test_what_unpacks_without_end_is_refused_in_little_memory(tmp_path: Path, way: str) -> None:
    (tmp_path / "in").mkdir()
    GROWING[way](tmp_path / "in")
    memory, said = peak(tmp_path / "in")
    assert memory < MOST_MEMORY
    assert any(word in said for word in ("split it", "too long", "one object a line")), said


@measurable
def test_a_cell_of_100_megabytes_is_refused_in_little_memory(tmp_path: Path) -> None:
    files = {
        "人员.csv": b"key,name\np1," + b"a" * 100 * MB + b"\n",
        "区.jsonl": b'{"key": "' + b"a" * 100 * MB + b'"}\n',
    }
    memory, said = peak(put(tmp_path / "in", files))
    assert memory < MOST_MEMORY
    assert "人员.csv:2" in said
    assert "区.jsonl:1" in said


@measurable
@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx"])
def test_memory_does_not_grow_with_a_file(tmp_path: Path, format: str) -> None:
    found = []
    for number in (60_000, 120_000):  # enough to fill what is kept ready
        folder = tmp_path / str(number)
        rows: list[list[Cell]] = [["key", "name", "staff"], *([f"o{i}", f"水务局{i}", i] for i in range(number))]  # type: ignore[list-item]  # a list of text and numbers is one of cells
        if format == "xlsx":
            book(folder / "in" / "office.xlsx", {"office": rows})
        elif format == "csv":
            put(folder / "in", {"office.csv": "".join(f"{a},{b},{c}\n" for a, b, c in rows)})
        else:
            lines = (json.dumps(dict(zip(map(str, rows[0]), row, strict=True))) for row in rows[1:])
            put(folder / "in", {"office.jsonl": "\n".join(lines)})
        found.append(peak(folder / "in", READ)[0])
    texts = 16 if format == "xlsx" else 0  # a workbook's texts stand in memory
    assert found[1] < found[0] + 8 + texts


def test_a_part_that_declares_too_little_or_too_much_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "in" / "book.xlsx", SMALL)
    content = path.read_bytes()
    info = zipfile.ZipFile(path).getinfo(SHEET)
    size = info.file_size.to_bytes(4, "little")
    assert content.count(size) >= 2
    for declared in (2**31 - 1, 20):
        path.write_bytes(content.replace(size, declared.to_bytes(4, "little")))
        found = {code for code, *_ in told(refused(tmp_path / "small.db", tmp_path / "in"))}
        assert found & {"XLSX", "TOO_LARGE"}


def entities(path: Path) -> None:
    declared = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>'
    rewritten(path, SHEET, lambda text: text.replace("<worksheet", declared + "<worksheet", 1))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "no zip": lambda path: path.write_bytes(b"key,name\np1,a\n"),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a password, or an old .xls": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(5_000)),
    "a damaged byte": lambda path: path.write_bytes(damaged(path.read_bytes())),
    "entities": entities,
    "no workbook": lambda path: zipfile.ZipFile(path, "w").writestr("a.txt", "a"),
    "no such sheet": lambda path: replaced(path, "xl/_rels/workbook.xml.rels", "sheet2.xml", "sheet9.xml"),
    "a part cut off": lambda path: rewritten(path, SHEET, lambda text: text[: len(text) // 2]),
    "no such text": lambda path: replaced(path, SHEET, '<c r="A2" t="s"><v>[0-9]+', '<c r="A2" t="s"><v>999'),
    "no such format": lambda path: replaced(path, SHEET, '<c r="A2" t="s">', '<c r="A2" s="999">'),
    "a text before the first": lambda path: replaced(path, SHEET, '<c r="A2" t="s"><v>[0-9]+', '<c r="A2" t="s"><v>-1'),
    "lines out of order": lambda path: replaced(path, SHEET, '<row r="3"', '<row r="2"'),
    "cells out of order": lambda path: replaced(path, SHEET, '<c r="B2"', '<c r="A2"'),
    "no such column": lambda path: replaced(path, SHEET, '<c r="B2"', '<c r="ZZZ2"'),
    "no such line": lambda path: replaced(path, SHEET, '<row r="3"', '<row r="three"'),
    "a cell without a name": lambda path: replaced(path, SHEET, '<c r="B2"', '<c r="#2"'),
}


def damaged(content: bytes) -> bytes:
    place = content.index(SHEET.encode()) + 200
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_workbook_is_told(tmp_path: Path, damage: str) -> None:
    DAMAGES[damage](book(tmp_path / "in" / "book.xlsx", SMALL))
    problems = refused(tmp_path / "small.db", tmp_path / "in")
    found = [one for one in problems if one.code in ("XLSX", "EMPTY")]
    assert found, problems
    assert found[0].mend


@pytest.mark.parametrize("name", ["人员.csv.gz", "人员.jsonl.gz"])
def test_a_damaged_packed_file_is_told(tmp_path: Path, name: str) -> None:
    content = FILES["人员.csv"].encode() if "csv" in name else b'{"key": "p1", "name": "a"}\n' * 9
    packed = gzip.compress(content)
    for damage in (packed[:-9], content, packed[:20] + b"\xff" + packed[21:], packed + b"more"):
        problems = refused(tmp_path / "small.db", put(tmp_path / "in", {name: damage}))
        assert "GZIP" in {one.code for one in problems}
    assert refused(tmp_path / "small.db", put(tmp_path / "in", {name: b""}))[0].code in ("EMPTY", "GZIP")


@pytest.mark.parametrize("name", ["人员.csv", "人员.jsonl", "人员.csv.gz", "book.xlsx"])
def test_a_file_damaged_anywhere_is_loaded_or_refused(tmp_path: Path, name: str) -> None:
    """Nothing else: no other exception, no warning, no partial load."""
    if name.endswith("xlsx"):
        content = book(tmp_path / "whole" / name, SMALL).read_bytes()
    else:
        content = FILES["人员.csv"].encode() if "csv" in name else b'{"key": "p1", "name": "a"}\n' * 3
        content = gzip.compress(content) if name.endswith("gz") else content
    chance = Random(name)
    for turn in range(60):
        bad = bytearray(content)
        for _ in range(chance.choice((1, 1, 3, 20))):
            place = chance.randrange(len(bad))
            bad[place : place + chance.choice((0, 1, 1, 9))] = chance.randbytes(chance.choice((0, 1, 1, 9)))
        folder = put(tmp_path / str(turn), {name: bytes(bad)})
        with suppress(LoadError):
            load(tmp_path / f"{turn}.db", folder)
