"""Tables written out: rows of a second of processor time, and the most memory, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from orggraph.exporting import export_tables
from orggraph.opening import open_streaming
from orggraph.output.csv_text import csv_pieces
from orggraph.output.sheet import Cell, Choices, Column, Sheet
from orggraph.output.workbook import write_workbook
from orggraph.questions.question import find
from orggraph.questions.reading import read_questions
from orggraph.questions.spreadsheets import csv_of, xlsx_of
from orggraph.questions.whole import ask_paged
from orggraph.settings import Bounds
from orggraph.stores.sqlite.opening import open_store
from tests.bench.measuring import Figure
from tests.bench.shape import ROOT
from tests.bench.stores import store

MANY = 1_000_000
MOST_MEGABYTES = 200
TARGETS = {"CSV": "out", "JSONL": "out.jsonl", "XLSX": "out.xlsx"}
WIDE = Bounds(price=1e12, seconds=60)
"""A source of so large a graph says more than a question may look at unless that is set."""
FORMS = {".csv": csv_of, ".xlsx": xlsx_of}
HEADINGS = ("键", "人员", "组织", "派出单位", "离任原因", "起", "止", "止于", "见于", "来源", "段", "合成", "撤回")


def figures(scale: int) -> Iterator[Figure]:
    for name in TARGETS:
        rows, seconds, megabytes = _measured("export", name, str(store(scale)))
        yield Figure(f"tables exported, {name}: rows a second", scale, rows, rows / seconds, None)
        yield Figure(f"tables exported, {name}: MB of memory (at most)", scale, rows, megabytes, MOST_MEGABYTES, True)


def asked(scale: int) -> Iterator[Figure]:
    """Everything that one source says, a row each, as a named question answers it by pages of one load."""
    for name in ("CSV", "XLSX"):
        rows, seconds, megabytes = _measured("ask", name, str(store(scale)))
        yield Figure(f"a question answered, {name}: rows a second", scale, rows, rows / seconds, None)
        yield Figure(
            f"a question answered, {name}: MB of memory (at most)", scale, rows, megabytes, MOST_MEGABYTES, True
        )


def many() -> Iterator[Figure]:
    """As many rows as one sheet holds, from nowhere: what writing alone takes."""
    for name in ("CSV", "XLSX"):
        rows, seconds, megabytes = _measured("write", name, str(MANY))
        yield Figure(f"rows written, {name}: rows a second", 0, rows, rows / seconds, None)
        yield Figure(f"rows written, {name}: MB of memory (at most)", 0, rows, megabytes, MOST_MEGABYTES, True)


def _measured(*arguments: str) -> tuple[int, float, float]:
    command = [sys.executable, "-m", "tests.bench.tables", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    rows, seconds, kilobytes = done.stdout.split()
    return int(rows), float(seconds), int(kilobytes) / 1024


def _rows(number: int) -> Iterator[Sequence[Cell]]:
    for i in range(number):
        yield (f"first-secretary-{i}", f"person-{i}", f"joint-{i % 72}", None, "调动", "2018-03-17", "2020-03", None, None,
               "synthetic-register;article", f"{i % 27};", "是", None)  # fmt: skip


def _sheet(number: int) -> Sheet:
    choices = {"离任原因": Choices("离任原因", ("调动", "退休")), "合成": Choices("是/否", ("是",))}
    return Sheet("第一书记", [Column(one, choices=choices.get(one)) for one in HEADINGS], _rows(number))


def _answer(path: Path, target: Path) -> int:
    folder = read_questions(ROOT / "queries")
    question = find(folder.questions, "what-a-source-says")
    paged = ask_paged(open_streaming(path, WIDE), folder, question, {"source": "synthetic-register"}, "zh")
    with target.open("wb") as file:
        file.writelines(FORMS[target.suffix](paged, "zh"))
    return paged.taken


def main() -> None:
    """Prints rows, processor seconds, and the most memory in kB as Linux counts it."""
    what, format, given = sys.argv[1:]
    begun = process_time()
    with TemporaryDirectory() as folder:
        target = Path(folder) / TARGETS[format]
        if what == "export":
            rows = sum(export_tables(open_store(Path(given), served=True), [], target).rows.values())
        elif what == "ask":
            rows = _answer(Path(given), target.with_suffix(f".{format.lower()}"))
        else:
            rows = int(given)
            with target.open("wb") as file:
                write_workbook([_sheet(rows)], file) if format == "XLSX" else file.writelines(csv_pieces(_sheet(rows)))
    status = Path("/proc/self/status").read_text("utf-8")
    print(
        rows, process_time() - begun, next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    )


if __name__ == "__main__":
    main()
