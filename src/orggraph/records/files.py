"""Which files make which loads. In: the paths a user gave. Out: loads in order, each the files it is made of.

A folder's files are one load; its sub-folders ``1/``, ``2/``, … are that many loads, in order. A file's name is its kind or
relation: its name, its Chinese or its English label (``FirstSecretary.csv``, ``第一书记.csv``, ``first secretary.csv``).

Nothing of a folder is left out unsaid: what looks like a table and is not read is refused, and all else is told by
``passed_over``.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from os.path import isdir
from pathlib import Path

from orggraph.errors import LoadError, Problem, Problems
from orggraph.model.columns import folded
from orggraph.model.model import Kind, Model, Relation

Table = Kind | Relation
FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
PACKED = {".gz"}
NOT_READ = frozenset({
    ".xls", ".xlsb", ".xltx", ".ods", ".fods", ".numbers", ".et", ".json", ".parquet", ".feather", ".db", ".sqlite", ".mdb",
    ".accdb", ".dbf", ".tab", ".psv", ".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst", ".gz",
})  # fmt: skip
SAVE_AS = "save it as .xlsx, .csv or .jsonl (the last two may be packed as .gz)"


@dataclass(frozen=True)
class InFile:
    """A file that is loaded; ``shown`` is how problems name it. ``top``: the folder that was given, if it is from one;
    ``seen``: its size, time and number when it was found, by which it is known whether it changes. ``encoding``: the codec that
    it is in, if it is CSV, as a user says."""

    path: Path
    shown: str
    top: Path | None = None
    seen: tuple[int, int, int] | None = None
    encoding: str | None = None

    def now(self) -> InFile:
        """The same, as it is now."""
        try:
            found = self.path.stat()
        except OSError:
            return replace(self, seen=None)
        return replace(self, seen=(found.st_size, found.st_mtime_ns, found.st_ino))


def format_of(path: Path) -> str | None:
    """csv, xlsx or jsonl, by the end of a name."""
    suffixes = [one.lower() for one in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        found = FORMATS.get(suffixes[-2]) if len(suffixes) > 1 else None
        return found if found != "xlsx" else None  # it is packed already
    return FORMATS.get(suffixes[-1]) if suffixes else None


def loads(paths: Sequence[Path], encoding: str | None = None) -> list[list[InFile]]:
    """The files of each load, those of CSV in an encoding if it is said; raises LoadError for what cannot be found or taken."""
    problems = Problems()
    single = [InFile(path, str(path)) for path in paths if not isdir(path)]
    groups = [[InFile(one, str(one), path) for one in group] for path in paths for group in _groups(path, problems)]
    found = [[replace(one.now(), encoding=encoding) for one in group] for group in [single, *groups]]
    if not problems and not any(found):
        names = ", ".join(map(str, paths))
        problems.add(Problem(names, 0, "", "NO_FILES", "", "has no file to load", "name files or folders of them"))
    if problems:
        raise LoadError(problems)
    return [group for group in found if group]


def passed_over(paths: Sequence[Path]) -> list[Path]:
    """What stands in the folders and is not looked at, because its name is not that of a table."""
    return [one for path in paths if isdir(path) for folder in _folders(path) for one in _other(folder, path)]


def _groups(path: Path, problems: Problems) -> list[list[Path]]:
    """A folder is one load, or as many as it has numbered folders; files given side by side are one, and judged here."""
    if not isdir(path):
        what = _bad(path)
        if what is not None:
            problems.add(Problem(str(path), 0, "", *what))
        return []
    try:
        folders = _folders(path)
        problems.add_all(_beside(path) if folders != [path] else ())
        problems.add_all(
            _leads_out(one) for one in folders if one.is_symlink() and one != path and not _stays(one, path)
        )
        return [list(_tables(folder, path, problems)) for folder in folders]
    except OSError as error:
        mend = "look at its permissions"
        problems.add(Problem(str(path), 0, "", "NO_FILE", "", f"cannot be read: {error.strerror}", mend))
        return []


def _stays(link: Path, top: Path) -> bool:
    """Whether what a link leads to is in the folder; not so if it leads in a circle."""
    try:
        return link.resolve(strict=True).is_relative_to(top.resolve())
    except (OSError, RuntimeError):
        return False


def _leads_out(link: Path) -> Problem:
    message = "is a link that leads out of the folder, or nowhere"
    return Problem(str(link), 0, "", "LINK", "", message, "copy what it leads to, or name that by itself")


def _folders(path: Path) -> list[Path]:
    """The folder itself, or its numbered ones in order; what stands beside these is judged with them."""
    numbered = [one for one in path.iterdir() if one.name.isascii() and one.name.isdecimal() and one.is_dir()]
    return sorted(numbered, key=lambda one: (int(one.name), one.name)) or [path]


def _tables(folder: Path, top: Path, problems: Problems) -> Iterator[Path]:
    """The files of a folder that are loaded."""
    for one in sorted(folder.iterdir()):
        if _hidden(one):
            continue
        if one.is_symlink() and not _stays(one, top):
            problems.add(_leads_out(one))
        elif one.is_dir():
            if any(True for _ in _any_tables(one)):
                message, mend = "is a folder in a folder, which is not looked into", "name it by itself, or number it"
                problems.add(Problem(str(one), 0, "", "FOLDER", "", message, mend))
        elif one.suffix.lower() in NOT_READ | FORMATS.keys():
            what = _bad(one)
            if what is None:
                yield one
            else:
                problems.add(Problem(str(one), 0, "", *what))


def _beside(top: Path) -> Iterator[Problem]:
    """Tables that stand beside numbered folders."""
    for one in sorted(top.iterdir()):
        named = one.name.isascii() and one.name.isdecimal()
        tables = one.is_dir() and not named and any(True for _ in _any_tables(one))
        if not _hidden(one) and (tables or (not one.is_dir() and format_of(one))):
            yield Problem(str(one), 0, "", "BESIDE", "", "stands beside numbered folders", "move it into one of them")


def _any_tables(folder: Path) -> Iterator[Path]:
    """Tables anywhere below a folder."""
    for where, _, names in os.walk(folder):  # follows no links, so there are no circles
        yield from (Path(where) / name for name in names if format_of(Path(name)) and not name.startswith((".", "~$")))


def _bad(path: Path) -> tuple[str, str, str, str] | None:
    """Why a file cannot be loaded: code, value, message, mend."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "NO_FILE", "", "is not there", "look at the path"
    except OSError as error:
        return "NO_FILE", "", f"cannot be read: {error.strerror}", "look at the path, its links and permissions"
    if not stat.S_ISREG(mode):
        return "NO_FILE", "", "is no file but a pipe or a device", "write it into a file first"
    if format_of(path) is None:
        return "FORMAT", path.suffix, "is in no format that is read", SAVE_AS
    return None


def _hidden(path: Path) -> bool:
    """What systems and office programs leave behind: ``.DS_Store``, ``~$book.xlsx``."""
    return path.name.startswith((".", "~$"))


def _other(folder: Path, top: Path) -> list[Path]:
    every = {*folder.iterdir(), *(top.iterdir() if folder != top and folder == _folders(top)[0] else ())}
    known = NOT_READ | FORMATS.keys()
    return sorted(one for one in every if not one.is_dir() and not _hidden(one) and one.suffix.lower() not in known)


def table_names(model: Model) -> dict[str, Table]:
    """Kinds and relations by every name that a file may have."""
    tables: list[Table] = [kind for kind in model.kinds.values() if not kind.abstract]
    tables += model.relations.values()
    return {folded(name): table for table in tables for name in (table.label.en, table.label.zh, table.name)}
