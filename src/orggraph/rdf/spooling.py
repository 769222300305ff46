"""Rows of loads → files that loading reads, so that memory stays flat. In: JSON lines by load and table, in any order. Out: a
folder for each load, with a file for each table."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

AT_ONCE = 20_000
"""Lines that are held."""


class Spool:
    """``top``: a folder of its own."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.held: defaultdict[tuple[int, str], list[bytes]] = defaultdict(list)
        self.number = 0

    def put(self, load: int, table: str, line: bytes) -> None:
        """``line``: a JSON object and a line feed."""
        self.held[load, table].append(line)
        self.number += 1
        if self.number >= AT_ONCE:
            self.flush()

    def row(self, load: int, table: str, row: Mapping[str, str]) -> None:
        self.put(load, table, json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")

    def flush(self) -> None:
        for (load, table), lines in self.held.items():
            folder = self.folder(load)
            folder.mkdir(exist_ok=True)
            with (folder / f"{table}.jsonl").open("ab") as file:
                file.writelines(lines)
        self.held.clear()
        self.number = 0

    def clear(self) -> None:
        self.held.clear()
        self.number = 0
        for folder in self.top.iterdir():
            shutil.rmtree(folder)

    def folder(self, load: int) -> Path:
        return self.top / str(load)

    def loads(self) -> list[int]:
        """Those that have rows, once all are there."""
        self.flush()
        return sorted(int(one.name) for one in self.top.iterdir())
