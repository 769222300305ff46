"""A workbook with keys written into it. In: the file, keys by sheet and line. Out: the same workbook, but for these cells.

The cells are set into the XML of their sheets where they belong, and every other byte of every part stays: a library that
reads a workbook and writes it anew loses what it does not know (shapes, slicers, rules of newer Excels).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from orggraph.records.sheets import NewKeys, letters
from orggraph.records.unpacking import Unreadable
from orggraph.records.xlsx_book import SAVE_AGAIN, Book, new_parser, plain_name
from orggraph.records.xlsx_cells import PLACES

Edit = tuple[int, int, bytes]
"""What stands from here to there becomes this."""


def write_xlsx(path: Path, out: BinaryIO, shown: str, columns: Mapping[str, NewKeys]) -> None:
    """Writes the workbook with its keys."""
    with Book(path) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        changed = {plain_name(one.part): columns.get(f"{shown}[{one.name}]") for one in book.sheets}
        for info in book.zip.infolist():
            keys = changed.get(plain_name(info.filename))
            made = zipfile.ZipInfo(info.filename, info.date_time)
            made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
            if info.is_dir():
                new.writestr(made, b"")
            elif keys is None or not keys.keys:
                with new.open(made, "w", force_zip64=info.file_size >= 2**31) as part:
                    for chunk in book.chunks(info.filename):
                        part.write(chunk)
            else:
                new.writestr(made, with_keys(b"".join(book.chunks(info.filename)), keys))


def with_keys(xml: bytes, new: NewKeys) -> bytes:
    """The XML of a sheet with its keys."""
    if b"\x00" in xml[:8]:
        raise Unreadable("XLSX", "is in UTF-16, which keys are not written into", SAVE_AGAIN)
    pieces, at = [], 0
    for start, end, text in _Placing(xml, new).edits():
        pieces += [xml[at:start], text]
        at = end
    return b"".join([*pieces, xml[at:]])


class _Placing:
    """Finds where cells belong."""

    def __init__(self, xml: bytes, new: NewKeys) -> None:
        self.xml = xml
        self.place = new.width if new.place is None else new.place
        self.texts = dict(new.keys)
        if new.place is None:
            self.texts[new.header] = new.word
        self.header = new.header if new.place is None else -1
        self.found: list[Edit] = []
        self.line = 0
        self.text: str | None = None
        self.start = self.end = -1
        self.style = self.beside = self.prefix = ""

    def edits(self) -> list[Edit]:
        parser = self.parser = new_parser()
        parser.StartElementHandler, parser.EndElementHandler = self.begins, self.ends
        parser.Parse(self.xml, True)
        return sorted(self.found)

    def begins(self, name: str, given: dict[str, str]) -> None:
        here, kind = self.parser.CurrentByteIndex, name.rpartition(":")[2]
        if kind == "row":
            self.line = int(given["r"]) if "r" in given else self.line + 1
            self.text = self.texts.get(self.line)
            self.start = self.end = -1
            self.prefix = name.removesuffix("row")
            if self.text is not None:
                self.widen(here, rb'(spans="[0-9]+:)([0-9]+)', lambda old: str(max(int(old), self.place + 1)))
        elif kind == "dimension":
            self.widen(here, rb'(ref="[A-Z]+[0-9]+:)([A-Z]+)', lambda old: letters(max(PLACES[old], self.place)))
        elif kind == "c" and self.text is not None:
            self.cell(here, given)

    def cell(self, here: int, given: dict[str, str]) -> None:
        """A cell of a line that gets a key: it is replaced if it is at the key's place, else put before what is behind."""
        if "r" not in given:
            raise Unreadable("XLSX", "has cells without names, which keys are not written into", SAVE_AGAIN)
        place = PLACES[given["r"].rstrip("0123456789")]
        if self.start >= 0 and self.end < 0:
            self.end = here
        if place < self.place:
            self.beside = given.get("s", "")
        elif place == self.place:
            self.start, self.style = here, given.get("s", "")
        elif self.start < 0:
            self.start = self.end = here

    def ends(self, name: str) -> None:
        if name.rpartition(":")[2] != "row" or self.text is None:
            return
        here = self.parser.CurrentByteIndex
        start = self.start if self.start >= 0 else here
        end = self.end if self.end >= 0 else here
        self.found.append((start, end, self.made()))
        self.text = None

    def made(self) -> bytes:
        """The cell, with the format of the one above it; a heading with that of the one beside it."""
        style = self.beside if self.line == self.header else self.style
        styled = f' s="{style}"' if style else ""
        p, ref = self.prefix, f"{letters(self.place)}{self.line}"
        return f'<{p}c r="{ref}"{styled} t="inlineStr"><{p}is><{p}t>{self.text}</{p}t></{p}is></{p}c>'.encode()

    def widen(self, here: int, pattern: bytes, wider: Callable[[str], str]) -> None:
        """What a tag says of the width of its cells."""
        end = self.xml.index(b">", here)
        tag = self.xml[here:end]
        new = re.sub(pattern, lambda found: found[1] + wider(found[2].decode()).encode(), tag)
        if new != tag:
            self.found.append((here, end, new))
