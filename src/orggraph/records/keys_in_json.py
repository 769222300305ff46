"""JSON lines with keys written into them. In: the file, keys by line. Out: the same bytes, but for these keys."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from orggraph.model.columns import BUILT_IN, folded
from orggraph.records.sheets import NewKeys
from orggraph.records.unpacking import open_file

NAMES = {folded(word) for word in ("key", *BUILT_IN["key"])}


def write_json(path: Path, out: BinaryIO, shown: str, columns: Mapping[str, NewKeys]) -> None:
    """Writes the file with its keys."""
    keys = columns[shown].keys
    with open_file(path) as file:
        for number, line in enumerate(file, 1):
            out.write(_with_key(line, keys[number]) if number in keys else line)


def _with_key(line: bytes, key: str) -> bytes:
    """The line with its key first, or where it says that it has none."""
    mark = codecs.BOM_UTF8 if line.startswith(codecs.BOM_UTF8) else b""
    text = line.removeprefix(mark).decode("utf-8")
    known = json.loads(text)
    name = next((one for one in known if folded(one.strip()) in NAMES), None)
    if name is None:
        rest = text.lstrip()[1:].lstrip()
        new = f'{{"key": "{key}"{"" if rest.startswith("}") else ", "}{rest}'
        return mark + new.encode("utf-8")
    written = re.escape(json.dumps(name, ensure_ascii=False))
    new = re.sub(rf'(?<!\\)({written}\s*:\s*)(null|"\s*")', rf'\g<1>"{key}"', text, count=1)
    try:
        right = json.loads(new) == known | {name: key}
    except ValueError:
        right = False
    if not right:
        new = json.dumps(known | {name: key}, ensure_ascii=False) + text[len(text.rstrip("\r\n")) :]
    return mark + new.encode("utf-8")
