"""A copy of a service's graph in a SQLite file, brought up to date each time: ``python copy_of_the_graph.py URL copy.db``."""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

url, path = sys.argv[1:3]
copy = sqlite3.connect(path)
copy.execute("CREATE TABLE IF NOT EXISTS thing(type, key, state, row, PRIMARY KEY(type, key, state))")
copy.execute("CREATE TABLE IF NOT EXISTS place(cursor)")


def apply(line: dict[str, Any]) -> str | None:
    """Does what a line says. The cursor after it; None: begin anew."""
    if "purge" in line:
        copy.execute("DELETE FROM thing")
        copy.execute("DELETE FROM place")
        return None
    if "told" in line:
        return str(line["told"]["cursor"])
    row = line["after"] or line["before"]
    name = line.get("kind") or line["relation"], line["key"], (row["from"] or "") if "kind" in line else ""
    copy.execute("DELETE FROM thing WHERE (type, key, state) = (?, ?, ?)", name)
    if line["after"]:
        copy.execute("INSERT INTO thing VALUES(?, ?, ?, ?)", (*name, json.dumps(line["after"])))
    return str(line["cursor"])


def once() -> str:
    """Takes what there is since the copy's cursor, which it keeps and gives."""
    (cursor,) = copy.execute("SELECT max(cursor) FROM place").fetchone()
    where = f"after={quote(cursor)}" if cursor else "since=0"
    with (
        urlopen(Request(f"{url}/changes?{where}"), timeout=60) as lines,
        copy,
    ):  # one transaction: all of it, or nothing
        for cursor in map(apply, map(json.loads, lines)):
            if cursor is None:
                return once()
        copy.execute("DELETE FROM place")
        copy.execute("INSERT INTO place VALUES(?)", (cursor,))
    return str(cursor)


print(once(), copy.execute("SELECT count(*) FROM thing").fetchone()[0])
