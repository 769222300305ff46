"""Which files make which loads. In: the paths a user gave. Out: loads in order, each the tables it is made of.

A folder's CSV files are one load; its sub-folders ``1/``, ``2/``, … are that many loads, in order. A file's name is its
kind or relation: its name, its Chinese or its English label (``FirstSecretary.csv``, ``第一书记.csv``, ``first secretary.csv``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from orggraph.errors import LoadError, Problem
from orggraph.model.columns import folded
from orggraph.model.model import Kind, Model, Relation

Table = Kind | Relation


@dataclass(frozen=True)
class TableFile:
    """A file and the kind or relation that its rows are of; ``shown`` is how problems name it."""

    path: Path
    shown: str
    table: Table


def loads(model: Model, paths: Sequence[Path]) -> list[list[TableFile]]:
    """The files of each load; raises LoadError for what cannot be found or named."""
    problems: list[Problem] = []
    found = [
        [_table_file(model, path, problems) for path in group]
        for path_group in _groups(paths, problems)
        for group in path_group
    ]
    if not problems and not any(found):
        problems.append(
            Problem(
                ", ".join(map(str, paths)), 0, "", "NO_FILES", "", "has no CSV file", "name files or folders of them"
            )
        )
    if problems:
        raise LoadError(problems)
    return [[file for file in group if file is not None] for group in found if group]


def _groups(paths: Sequence[Path], problems: list[Problem]) -> list[list[list[Path]]]:
    """Files given side by side are one load; a folder is one, or as many as it has numbered folders."""
    single: list[Path] = []
    groups: list[list[list[Path]]] = []
    for path in paths:
        if path.is_dir():
            numbered = sorted(
                (p for p in path.iterdir() if p.is_dir() and p.name.isdecimal()), key=lambda p: int(p.name)
            )
            groups.append([_csv_files(folder) for folder in numbered or [path]])
        elif path.is_file():
            single.append(path)
        else:
            problems.append(Problem(str(path), 0, "", "NO_FILE", "", "is not there", "look at the path"))
    return [[single], *groups] if single else groups


def _csv_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in (".csv", ".tsv"))


def table_names(model: Model) -> dict[str, Table]:
    """Kinds and relations by every name that a file may have."""
    tables: list[Table] = [kind for kind in model.kinds.values() if not kind.abstract]
    tables += model.relations.values()
    return {folded(name): table for table in tables for name in (table.label.en, table.label.zh, table.name)}


def _table_file(model: Model, path: Path, problems: list[Problem]) -> TableFile | None:
    known = table_names(model)
    table = known.get(folded(path.name.partition(".")[0]))
    if table is None:
        near = get_close_matches(folded(path.name.partition(".")[0]), list(known), 1)
        mend = f"did you mean {known[near[0]].name}?" if near else "name it for what its rows are"
        problems.append(
            Problem(str(path), 0, "", "UNKNOWN_TABLE", path.stem, f"{path.stem} is no kind or relation", mend)
        )
        return None
    return TableFile(path, str(path), table)
