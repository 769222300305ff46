"""A workbook of Excel, as far as its cells need it. In: a path. Out: its sheets, shared texts and formats; raises Unreadable.

An .xlsx is a zip of XML parts. They are read here as a stream, with the standard library: libraries for it read a sheet
into memory as the rectangle that it claims to be, or do not tell formulas from values, or take ten times as long. No part may
unpack to much more than the file, and none may declare entities.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from types import TracebackType
from typing import NoReturn
from xml.parsers import expat

from orggraph.records.excel_days import Shows, shows
from orggraph.records.unpacking import Unreadable, growth, open_file, too_large

CHUNK = 2**16
MOST_SHEETS = 10_000
MOST_TEXT = 2 * 10**8
LONGEST_TEXT = 100_000  # Excel's own limit is 32,767
OLE = b"\xd0\xcf\x11\xe0"
SAVE_AGAIN = "open it in Excel and save it as .xlsx"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]


@dataclass(frozen=True)
class BookSheet:
    """A worksheet: its name, its part of the package, whether it is hidden."""

    name: str
    part: str
    hidden: bool


class Book:
    """An open workbook; to be closed, as a context."""

    def __init__(self, path: Path) -> None:
        file = open_file(path)
        if file.read(4) == OLE:
            file.close()
            message = "has a password, or is an old .xls"
            raise Unreadable("XLSX", message, "take the password off and save it as .xlsx")
        self.left = growth(file.seek(0, 2))
        self.file = file
        try:
            self.zip = zipfile.ZipFile(file)
            self.parts = {plain_name(info.filename): info for info in self.zip.infolist()}
            self.sheets, self.since_1904, related = self._workbook()
            self.strings = self._strings(related.get("sharedStrings", ""))
            self.styles = self._styles(related.get("styles", ""))
        except UNREADABLE as error:
            file.close()
            unreadable(error)
        except Unreadable:
            file.close()
            raise

    def __enter__(self) -> Book:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.zip.close()
        self.file.close()

    def chunks(self, part: str, size: int = CHUNK) -> Iterator[bytes]:
        """A part, unpacked; raises Unreadable if it grows too much, whatever size it declares."""
        info = self.parts[plain_name(part)]
        if info.file_size > self.left:
            raise too_large()
        with self.zip.open(info) as stream:
            while chunk := stream.read(size):
                self.left -= len(chunk)
                if self.left < 0:
                    raise too_large()
                yield chunk

    def parse(
        self, part: str, start: Start, end: End | None = None, chars: Callable[[str], object] | None = None
    ) -> None:
        """Tells of a part's elements; names without their prefix."""
        parser = new_parser()
        parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
        if end is not None:
            parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        parser.CharacterDataHandler = chars
        for chunk in self.chunks(part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Parts that a part names, by the id that it names them by: what they are and where."""
        folder, _, name = part.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, given: dict[str, str]) -> None:
            if name == "Relationship" and given.get("TargetMode") != "External":
                where = normpath(join("/" + folder, given["Target"])).lstrip("/")
                found[given["Id"]] = (given["Type"].rpartition("/")[2], where)

        with suppress(KeyError):
            self.parse(join(folder, "_rels", f"{name}.rels"), start)
        return found

    def _workbook(self) -> tuple[Sequence[BookSheet], bool, dict[str, str]]:
        top = [where for what, where in self._related("").values() if what == "officeDocument"]
        part = top[0] if top else "xl/workbook.xml"
        related = self._related(part)
        sheets: list[BookSheet] = []
        since_1904 = False

        def start(name: str, given: dict[str, str]) -> None:
            nonlocal since_1904
            if name == "workbookPr":
                since_1904 = given.get("date1904") in ("1", "true", "on")
            elif name == "sheet":
                by_id = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
                what, where = related.get(by_id, ("", ""))
                if what == "worksheet":
                    sheets.append(BookSheet(given["name"], where, given.get("state", "visible") != "visible"))
                if len(sheets) > MOST_SHEETS:
                    raise too_large(f"has more than {MOST_SHEETS:,} sheets")

        self.parse(part, start)
        return sheets, since_1904, dict(related.values())

    def _strings(self, part: str) -> Sequence[str]:
        """The texts that cells name by number."""
        found: list[str] = []
        if plain_name(part) not in self.parts:
            return found
        text = Text()

        def end(name: str) -> None:
            if name == "si":
                found.append(text.take())
                text.all += len(found[-1])
                if text.all > MOST_TEXT:
                    raise too_large("has more text than can be read from a workbook")
            text.end(name)

        self.parse(part, lambda name, _: text.start(name), end, text.chars)
        return found

    def _styles(self, part: str) -> Mapping[str, Shows]:
        """What the formats show that cells name by number."""
        found: dict[str, Shows] = {}
        codes: dict[str, str] = {}
        inside = ""

        def start(name: str, given: dict[str, str]) -> None:
            nonlocal inside
            if name in ("cellXfs", "cellStyleXfs"):
                inside = name
            elif name == "numFmt" and "numFmtId" in given:
                codes.setdefault(given["numFmtId"], given.get("formatCode", ""))
            elif name == "xf" and inside == "cellXfs":
                number = given.get("numFmtId", "0")
                found[str(len(found))] = shows(int(number), codes.get(number))

        if plain_name(part) in self.parts:
            self.parse(part, start)
        return found


def plain_name(part: str) -> str:
    """The name of a part: case makes no difference, and some programs write ``\\``."""
    return part.replace("\\", "/").casefold()


class Text:
    """A text that is told in pieces: all ``t`` but those that say how it is pronounced."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.inside = self.spoken = False
        self.size = self.all = 0

    def start(self, name: str) -> None:
        if name == "t":
            self.inside = not self.spoken
        elif name == "rPh":
            self.spoken = True

    def end(self, name: str) -> None:
        if name == "t":
            self.inside = False
        elif name == "rPh":
            self.spoken = False

    def chars(self, piece: str) -> None:
        if self.inside:
            self.size += len(piece)
            if self.size > LONGEST_TEXT:
                raise too_large(f"has a cell of more than {LONGEST_TEXT:,} characters")
            self.pieces.append(piece)

    def take(self) -> str:
        """All of it; the next begins."""
        found = unescaped("".join(self.pieces))
        self.pieces.clear()
        self.size = 0
        return found


def unescaped(text: str) -> str:
    """``_x000D_`` is how a workbook writes what XML cannot; line ends are all alike."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n") if "\r" in text else text


def new_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _declares
    return parser


def _declares(*_: object) -> NoReturn:
    raise Unreadable("XLSX", "declares a document type, which no workbook does", SAVE_AGAIN)


UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, LookupError, ValueError, EOFError, OSError),
    NotImplementedError,  # zipfile's word for a way of packing that it does not know
    RuntimeError,  # zipfile's word for what is encrypted
)
"""What the libraries raise for what is no workbook."""


def unreadable(error: Exception) -> NoReturn:
    raise Unreadable("XLSX", f"cannot be read as a workbook: {error}"[:200], SAVE_AGAIN) from None
