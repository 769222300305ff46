"""Which encoding a text file is in. In: its bytes, or what a user says. Out: the name of a codec; raises Unreadable.

UTF-8, with or without a byte order mark, is known when it is seen: other text is hardly ever valid UTF-8. GB18030, in which
Chinese Excel and registries write CSV, has few rules, and most of what is broken or in another encoding is valid in it too; so
it is believed only where it makes common Chinese text: Han characters of the first level of GB 2312 and its punctuation.
Where that cannot be told, a user says it, and it need only be without an error.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from orggraph.records.unpacking import Unreadable, open_unpacked

CHUNK = 2**20
SAVE_AS = "save it as UTF-8 (in Excel: CSV UTF-8), or say what it is: --encoding {}"
WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "utf-8": "utf-8-sig", "ascii": "utf-8-sig", "utf-16-le": "utf-16"}
"""What is commonly called by the name of a part of it."""
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def codec(name: str) -> str | None:
    """The codec of text that a user means by a name; None if there is none."""
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return None
    found = codecs.lookup(name).name
    return WIDER.get(found, found)


def encoding_of(path: Path, said: str | None = None) -> str:
    """``utf-8-sig`` or ``gb18030``; or what is said, if all of the file is in it."""
    if said is not None:
        return _as_said(path, said)
    with open_unpacked(path) as file:
        head = file.peek(4096)[:4096]
        if head.startswith(UTF_16) or (len(head) > 8 and head.count(0) * 3 > len(head)):
            raise Unreadable("ENCODING", "is in UTF-16", SAVE_AS.format("utf-16"), 1)
        bad = _first_bad(_chunks(file), "utf-8")
    if bad is None:
        return "utf-8-sig"
    if _is_chinese(path):
        return "gb18030"
    line, cut = bad
    what = "is cut off in the middle of a character" if cut else "is neither UTF-8 nor Chinese in GB18030"
    raise Unreadable("ENCODING", what, SAVE_AS.format("gb18030, for example"), line)


def _as_said(path: Path, said: str) -> str:
    with open_unpacked(path) as file:
        marked = file.peek(2).startswith(UTF_16)
        found = "utf-16-le" if said == "utf-16" and not marked else said
        bad = _first_bad(_chunks(file), found)
    if bad is None:
        return found
    raise Unreadable("ENCODING", f"is not in {said}, as was said", "leave --encoding out, or say another", bad[0])


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _first_bad(chunks: Iterator[bytes], name: str) -> tuple[int, bool] | None:
    """The line of the first byte that is not of an encoding, and whether it is only that the last character lacks some."""
    decoder = codecs.getincrementaldecoder(name)()
    line = 1
    for chunk in chunks:
        given = decoder.getstate()[0] + chunk
        try:
            line += decoder.decode(chunk).count("\n")
        except UnicodeError as error:
            right = given[: error.start] if isinstance(error, UnicodeDecodeError) else b""
            return line + right.decode(name, "ignore").count("\n"), False
    try:
        decoder.decode(b"", True)
    except UnicodeError:
        return line, True
    return None


def _is_chinese(path: Path) -> bool:
    """Whether all of it is GB18030, and the part of it that is not ASCII mostly common Chinese."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    common = seen = 0
    try:
        with open_unpacked(path) as file:
            for chunk in _chunks(file):
                text = decoder.decode(chunk)
                if seen < CHUNK:
                    beyond = [one for one in text if one > "\x7f"]
                    seen += len(beyond)
                    common += sum(map(_is_common, beyond))
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return common * 2 > seen


def _is_common(character: str) -> bool:
    code = character.encode("gb18030")
    return len(code) == 2 and (0xA1 <= code[0] <= 0xA3 or 0xB0 <= code[0] <= 0xD7) and code[1] >= 0xA1
