"""A CSV file → its sheet. In: a path. Out: a header and lines of cells; what cannot be read becomes problems.

UTF-8 with or without BOM, or GB18030, or what a user says; comma, semicolon or tab, whichever the header has most of; as it is
or in a .gz. The apostrophe that keeps a text from being a formula is taken off (``formulas``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path

from orggraph.errors import Problem, Problems
from orggraph.formulas import APOSTROPHE, bared
from orggraph.records.encoding import encoding_of
from orggraph.records.sheets import BATCH, Header, Lines, Sheet
from orggraph.records.unpacking import Unreadable, bounded_blocks, lines_of, open_unpacked

LONGEST_CELL = 1_000_000
MARK, QUOTE = "\ufeff", '"'


def csv_sheets(path: Path, shown: str, problems: Problems, encoding: str | None = None) -> Iterator[Sheet]:
    """The one sheet of a file."""
    yield Sheet((path.name.partition(".")[0],), shown, _parts(path, shown, problems, encoding))


def _parts(path: Path, shown: str, problems: Problems, said: str | None) -> Iterator[Header | Lines]:
    try:
        encoding = encoding_of(path, said)
        with open_unpacked(path) as file, io.TextIOWrapper(file, encoding, newline="") as text:
            yield from _read(text, shown, problems)
    except Unreadable as found:
        problems.add(Problem(shown, found.line, "", found.code, "", found.message, found.mend))


def _read(text: io.TextIOWrapper, shown: str, problems: Problems) -> Iterator[Header | Lines]:
    """Each line by the number that it begins on; blank lines are passed over. As long as nothing is quoted or odd, a block is
    split into its cells at once, which takes half the time."""
    blocks = _unmarked(bounded_blocks(text))
    block = next(blocks, "")
    head = next(lines_of(block), "")
    mark, line = delimiter(head), 1
    names = _cells(head, mark)
    if any(names):
        yield Header(line, names)
        block, line = block[len(head) :], 2
        while (columns := _columns(block, mark, len(names))) is not None:
            number = len(columns[0])
            if number:
                yield Lines(range(line, line + number), columns, by_column=True)
            line += number
            try:
                block = next(blocks)
            except StopIteration:
                return
            except Unreadable as found:
                found.line = found.line or line
                raise
    yield from _one_by_one(chain([block], blocks), mark, line, shown, problems)


def _cells(line: str, mark: str) -> list[str]:
    """The cells of a line without quotes; none of another."""
    return [] if QUOTE in line else list(map(bared, line.rstrip("\r\n").split(mark)))


def _columns(block: str, mark: str, width: int) -> list[list[str]] | None:
    """The cells of whole lines, column by column; None where something is quoted, or a line is blank or has more or fewer."""
    if QUOTE in block or len(block) > LONGEST_CELL:
        return None
    plain = block.replace("\r\n", "\n").removesuffix("\n")
    if "\r" in plain:
        return None
    ends = plain.count("\n")
    cells = plain.replace("\n", f"{mark}\n{mark}").split(mark) if block else []
    step = width + 1
    if block and (len(cells) != ends * step + width or cells[width::step].count("\n") != ends):
        return None
    if APOSTROPHE in block:
        cells = list(map(bared, cells))
    columns = [cells[place::step] for place in range(width)]
    return columns if any(map(all, columns)) else None  # else some line may be blank


def _one_by_one(
    blocks: Iterator[str], mark: str, line: int, shown: str, problems: Problems
) -> Iterator[Header | Lines]:
    """Lines as a reader of CSV has them; ``line``: the number of the first, which is the header if it is 1."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(chain.from_iterable(map(lines_of, blocks)), delimiter=mark, strict=True)
    before, size, ended = line - 1, 1 if line == 1 else BATCH, False
    while not ended:
        rows: list[list[str]] = []
        wrong: Exception | None = None
        try:
            rows.extend(islice(reader, size))  # those before an error stay
        except (csv.Error, Unreadable) as error:
            wrong = error
        numbers, line = _numbers(rows, line, before + reader.line_num)
        rows = [list(map(bared, row)) for row in rows]
        ended = wrong is not None or len(rows) < size
        if not all(map(any, rows)):
            numbers = [number for number, row in zip(numbers, rows, strict=True) if any(row)]
            rows = list(filter(any, rows))
        if rows and size == 1:
            yield Header(numbers[0], rows[0])
            size = BATCH
        elif rows:
            yield Lines(numbers, rows)
        if wrong is not None:
            problems.add(_problem(shown, wrong, line, before + reader.line_num))


def _numbers(rows: Sequence[Sequence[str]], first: int, last: int) -> tuple[Sequence[int], int]:
    """The number of the line that each row begins on, and of the line behind them; ``last``: that of the last line read."""
    if last - first + 1 == len(rows):
        return range(first, last + 1), last + 1
    *numbers, behind = accumulate(map(_height, rows), initial=first)
    return numbers, behind


def _height(row: Sequence[str]) -> int:
    """How many lines a row takes: a quoted cell may have several."""
    return 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)


def _problem(shown: str, wrong: Exception, line: int, read: int) -> Problem:
    """``line``: where the row that cannot be read begins; ``read``: how many lines were."""
    if isinstance(wrong, Unreadable):
        return Problem(shown, wrong.line or read + 1, "", wrong.code, "", wrong.message, wrong.mend)
    return Problem(shown, line, "", "CSV", "", f"cannot be read: {wrong}", "look at quotes and line ends there")


def _unmarked(blocks: Iterator[str]) -> Iterator[str]:
    """All blocks; a byte order mark in the middle, where two files were joined, would make a key that looks like another."""
    for block in blocks:
        at = block.find(MARK)
        if at >= 0:
            yield block[: 1 + max(block.rfind("\n", 0, at), block.rfind("\r", 0, at))]
            message = "has a byte order mark, which stands only at the beginning of a file"
            raise Unreadable("ENCODING", message, "load joined files one by one, or take the mark out")
        yield block


def delimiter(header: str) -> str:
    """What separates the cells of a header."""
    return max(",;\t", key=lambda one: (header.count(one), one == ","))
