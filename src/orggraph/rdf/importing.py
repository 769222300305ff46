"""RDF → a new store. In: a file, a model. Out: a store, and what of a foreign file was left out and why.

What is read becomes rows of files, and these are loaded: every rule that loading keeps is kept here too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from orggraph.errors import LoadError, OrggraphError, Problem
from orggraph.model import model_of
from orggraph.model.model import Model
from orggraph.rdf.foreign import LeftOut, foreign_rows
from orggraph.rdf.own import OwnLoad, is_own, own_loads
from orggraph.rdf.reading import read
from orggraph.stores.sqlite.load import How, LoadReport
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.remembering import remember_loads


@dataclass(frozen=True)
class Imported:
    """``own``: it was an export of a graph of this model, and nothing was left out."""

    own: bool
    loads: tuple[LoadReport, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Foreign:
    """What a foreign file does not say of itself. ``dated``: the day that it is of; ``register``: a living source, not a document.
    ``places``: kinds and relations by the IRI of a class or role."""

    dated: str | None = None
    register: bool = False
    places: Mapping[str, str] = field(default_factory=dict)


def import_rdf(
    file: Path,
    store: Path,
    texts: dict[str, str],
    make_sdl: Callable[[Model], str],
    foreign: Foreign = Foreign(),
    watch: Callable[[str, int], None] = lambda _step, _rows: None,
) -> Imported:
    """Makes the store, which must not be there yet. Raises OrggraphError, LoadError with every problem."""
    if store.exists():
        raise OrggraphError(f"{store}: is there already; import makes a new store", "EXISTS")
    model = model_of(texts)
    said = read(file)
    if is_own(said, model):
        loads = own_loads(said, model)
        reports = _load(loads, file, store, texts, make_sdl, watch)
        remember_loads(store, {number: (one.at, one.files) for number, one in enumerate(loads, 1)})
        return Imported(True, reports)
    rows, left_out = foreign_rows(said, model, file, foreign.dated, foreign.register, foreign.places)
    return Imported(False, _load([OwnLoad(rows)], file, store, texts, make_sdl, watch), tuple(left_out))


def _load(
    loads: Sequence[OwnLoad],
    file: Path,
    store: Path,
    texts: dict[str, str],
    make_sdl: Callable[[Model], str],
    watch: Callable[[str, int], None],
) -> tuple[LoadReport, ...]:
    """All of them, or no store."""
    reports: list[LoadReport] = []
    try:
        with TemporaryDirectory() as folder:
            for number, one in enumerate(loads, 1):
                into = Path(folder) / str(number)
                _write(into, one)
                try:
                    found = load_files(store, texts, make_sdl, [into], How(watch=watch)) if one.rows else []
                except LoadError as refused:
                    raise _told(refused, file, into) from None
                if [report.number for report in found] != [number]:
                    message = f"{file}: load {number} brings nothing that is kept: of it something is missing (was it purged?)"
                    raise OrggraphError(message, "NOT_WHOLE")
                reports += found
    except BaseException:
        for left in (store, *(store.with_name(f"{store.name}-{end}") for end in ("wal", "shm", "journal"))):
            left.unlink(missing_ok=True)
        raise
    return tuple(reports)


def _write(folder: Path, load: OwnLoad) -> None:
    folder.mkdir()
    for table, rows in load.rows.items():
        with (folder / f"{table}.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _told(refused: LoadError, file: Path, folder: Path) -> LoadError:
    """Problems of rows, told of the resources that they were made of."""
    lines = {path: path.read_text("utf-8").splitlines() for path in folder.iterdir()}

    def told(one: Problem) -> Problem:
        rows = lines.get(Path(one.file), [])
        key = json.loads(rows[one.line - 1])["key"] if 0 < one.line <= len(rows) else ""
        return replace(one, file=f"{file}: {Path(one.file).stem} {key}".rstrip(), line=0)

    return LoadError([told(one) for one in refused.problems])
