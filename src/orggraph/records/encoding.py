"""Which encoding a text file is in. In: its bytes. Out: the name of a codec; raises Unreadable.

UTF-8, with or without a byte order mark, is known when it is seen: other text is hardly ever valid UTF-8. GB18030, in which
Chinese Excel and registries write CSV, has few rules, and most of what is broken or in another encoding is valid in it too; so
it is believed only where it makes common Chinese text: Han characters of the first level of GB 2312 and its punctuation.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from orggraph.records.unpacking import Unreadable, open_unpacked

CHUNK = 2**20
SAVE_AS = "save it as UTF-8 (in Excel: CSV UTF-8)"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(path: Path) -> str:
    """``utf-8-sig`` or ``gb18030``."""
    with open_unpacked(path) as file:
        head = file.peek(4096)[:4096]
        if head.startswith(UTF_16) or (len(head) > 8 and head.count(0) * 3 > len(head)):
            raise Unreadable("ENCODING", "is in UTF-16", SAVE_AS, 1)
        bad = _first_bad(_chunks(file), "utf-8")
    if bad is None:
        return "utf-8-sig"
    if _is_chinese(path):
        return "gb18030"
    line, cut = bad
    what = "is cut off in the middle of a character" if cut else "is neither UTF-8 nor Chinese in GB18030"
    raise Unreadable("ENCODING", what, SAVE_AS, line)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _first_bad(chunks: Iterator[bytes], name: str) -> tuple[int, bool] | None:
    """The line of the first byte that is not of an encoding, and whether it is only that the last character lacks some."""
    decoder = codecs.getincrementaldecoder(name)()
    line = 1
    for chunk in chunks:
        before = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return line + chunk[: max(error.start - before, 0)].count(b"\n"), False
        line += chunk.count(b"\n")
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError:
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
