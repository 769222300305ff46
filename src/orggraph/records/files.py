"""Which files make which loads. In: the paths a user gave. Out: loads in order, each the files it is made of.

A folder's files are one load; its sub-folders ``1/``, ``2/``, … are that many loads, in order. A file's name is its kind or
relation: its name, its Chinese or its English label (``FirstSecretary.csv``, ``第一书记.csv``, ``first secretary.csv``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orggraph.errors import LoadError, Problem, Problems
from orggraph.model.columns import folded
from orggraph.model.model import Kind, Model, Relation

Table = Kind | Relation


@dataclass(frozen=True)
class InFile:
    """A file that is loaded; ``shown`` is how problems name it."""

    path: Path
    shown: str


def loads(paths: Sequence[Path]) -> list[list[InFile]]:
    """The files of each load; raises LoadError for what cannot be found."""
    problems = Problems()
    found = [[InFile(path, str(path)) for path in group] for groups in _groups(paths, problems) for group in groups]
    if not problems and not any(found):
        names = ", ".join(map(str, paths))
        problems.add(Problem(names, 0, "", "NO_FILES", "", "has no file to load", "name files or folders of them"))
    if problems:
        raise LoadError(problems)
    return [group for group in found if group]


def _groups(paths: Sequence[Path], problems: Problems) -> list[list[list[Path]]]:
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
            problems.add(Problem(str(path), 0, "", "NO_FILE", "", "is not there", "look at the path"))
    return [[single], *groups] if single else groups


def _csv_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in (".csv", ".tsv"))


def table_names(model: Model) -> dict[str, Table]:
    """Kinds and relations by every name that a file may have."""
    tables: list[Table] = [kind for kind in model.kinds.values() if not kind.abstract]
    tables += model.relations.values()
    return {folded(name): table for table in tables for name in (table.label.en, table.label.zh, table.name)}
