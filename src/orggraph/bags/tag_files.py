"""A bag's own files: ``bagit.txt``, ``bag-info.txt``, ``fetch.txt``. In: a place. Out: what they say; what is wrong is told.

Before 1.0 much was left open that the RFC then fixed; so each rule is that of the version that the bag says it is of.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper

from orggraph.bags.found import Found
from orggraph.bags.places import UNREADABLE, Place

VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
LONGEST_LINE, LARGEST = 65_536, 1024 * 1024 * 1024
"""Characters of a line, bytes of a tag file: beyond them it is not read."""
NO_TEXT = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
VERSION = re.compile(r"BagIt-Version\s*:\s*(\S*)\s*")
ENCODING = re.compile(r"Tag-File-Character-Encoding\s*:\s*(\S*)\s*")
LABELLED = re.compile(r"([^:\s][^:]*?)(\s*):([ \t]*)(.*)")
FETCHED = re.compile(r"(\S+)[ \t]+(-|\d+)[ \t]+(.+)")


@dataclass(frozen=True)
class Declared:
    """``strict``: it is of 1.0, the RFC."""

    version: str = "1.0"
    encoding: str = "utf-8"

    @property
    def strict(self) -> bool:
        return self.version not in VERSIONS[:-1]


def lines(place: Place, name: str, encoding: str, found: Found) -> Iterator[tuple[int, str]]:
    """Numbered, without their ends; nothing more after what cannot be read."""
    if place.sizes[name] > LARGEST:
        found.problem(name, "TOO_LARGE", f"is larger than {LARGEST} bytes", "make it smaller")
        return
    try:
        with place.open(name) as raw, TextIOWrapper(raw, encoding) as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    found.problem(name, "TOO_LARGE", "a line is too long to be one", "mend the line", number)
                    return
                if number == 1 and line[0] == "\ufeff":
                    found.warning(name, "BYTE_ORDER_MARK", "begins with a byte order mark", "write it without")
                    line = line[1:]
                yield number, line.rstrip("\n")
    except UnicodeError:
        found.problem(name, "ENCODING", f"is not in {encoding}, as bagit.txt says", "write it in that encoding")
    except UNREADABLE as error:
        found.problem(name, "UNREADABLE", f"cannot be read: {error}", "take it from another copy of the bag")


def declared(place: Place, found: Found) -> Declared:
    name = "bagit.txt"
    mend = "write two lines: BagIt-Version: 1.0 and Tag-File-Character-Encoding: UTF-8"
    if name not in place.sizes:
        found.problem(name, "NO_DECLARATION", "is missing: nothing says that this is a bag", mend)
        return Declared()
    try:
        with place.open(name) as file:
            text = file.read(LONGEST_LINE).decode("utf-8")
    except UNREADABLE as error:
        found.problem(name, "UNREADABLE", f"cannot be read as UTF-8: {error}", mend)
        return Declared()
    if text.startswith("\ufeff"):
        found.problem(name, "BYTE_ORDER_MARK", "begins with a byte order mark, which it must not", "write it without")
        text = text[1:]
    told = [*text.splitlines(), "", ""]
    if len(told) > 4:
        found.problem(name, "DECLARATION", "has more than two lines", mend)
    version = _declared(VERSION, told[0], "BagIt-Version: ", 1, found) or "1.0"
    if version not in VERSIONS:
        found.problem(name, "VERSION", f"{version[:40]!r} is no version of BagIt", f"one of {', '.join(VERSIONS)}", 1)
    return Declared(version, _encoding(_declared(ENCODING, told[1], "Tag-File-Character-Encoding: ", 2, found), found))


def _declared(pattern: re.Pattern[str], line: str, label: str, number: int, found: Found) -> str | None:
    match = pattern.fullmatch(line)
    if match is None or not match[1]:
        found.problem(
            "bagit.txt", "DECLARATION", f"line {number} does not say {label.strip()}", f"write {label}…", number
        )
        return None
    if line.rstrip() != label + match[1]:
        found.problem(
            "bagit.txt", "DECLARATION", "has other spaces than one after the colon", f"write {label}…", number
        )
    elif line != label + match[1]:
        found.warning("bagit.txt", "SPACES", "has spaces at the end of a line", "take them away", number)
    return match[1]


def _encoding(name: str | None, found: Found) -> str:
    if name is None:
        return "utf-8"
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        known = None
    if known is None or not getattr(known, "_is_text_encoding", True) or known.name.replace("-", "_") in NO_TEXT:
        found.problem(
            "bagit.txt", "ENCODING", f"{name[:40]!r} is no character encoding", "name that of the tag files", 2
        )
        return "utf-8"
    return known.name


def info(place: Place, how: Declared, found: Found) -> list[tuple[str, str]]:
    """What ``bag-info.txt`` says (``package-info.txt`` before 0.96): labels and values, in order, none if there is no such file."""
    name = "package-info.txt" if how.version in VERSIONS[:3] else "bag-info.txt"
    said: list[tuple[str, str]] = []
    if name not in place.sizes:
        return said
    for number, line in lines(place, name, how.encoding, found):
        if line[:1].isspace() and said:
            said[-1] = (said[-1][0], f"{said[-1][1]} {line.strip()}")
        elif match := LABELLED.fullmatch(line):
            if match[2]:
                found.either(how.strict, name, "SPACES", "has a space before the colon", "take it away", number)
            said.append((match[1], match[4].strip()))
        elif line.strip() or how.strict:
            found.either(how.strict, name, "LABEL", "is no line LABEL: VALUE", "write it so", number)
    return said


def fetched(place: Place, how: Declared, found: Found) -> Iterator[tuple[int, str, int | None]]:
    """Line, path as it is written, bytes if they are said, for each file that ``fetch.txt`` names. Nothing is ever fetched."""
    name = "fetch.txt"
    if name not in place.sizes:
        return
    for number, line in lines(place, name, how.encoding, found):
        if match := FETCHED.fullmatch(line):
            yield number, match[3], None if match[2] == "-" else int(match[2][:20])
        elif line.strip():
            found.problem(name, "FETCH", "is no line URL LENGTH PATH", "write it so, with - for a length", number)
