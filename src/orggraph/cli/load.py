"""``orggraph load``: files into a store."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from orggraph.cli.options import DEFAULT_STORE, Called, Model, Store
from orggraph.cli.progress import loading_progress
from orggraph.errors import LoadError, StoreError
from orggraph.graphql.schema import sdl
from orggraph.model import model_of
from orggraph.model.model import Model as Described
from orggraph.model.reading import model_texts
from orggraph.records.assigning import assign_keys as assign_keys_in
from orggraph.records.changed import cell_words, head_word, table_word, what_word
from orggraph.records.encoding import codec
from orggraph.records.files import loads, passed_over
from orggraph.records.foreseeing import rows_about
from orggraph.records.keys_in_csv import WRITTEN_BACK
from orggraph.records.words import Words
from orggraph.settings import default_model
from orggraph.stores.sqlite.changing import Change
from orggraph.stores.sqlite.load import How, LoadReport
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import open_store
from orggraph.stores.sqlite.taking import keys_taken

HEAD = ("what", "table", "key", "from", "column", "before", "after")


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


class Call(NamedTuple):
    """What changes are called: by the model's own names, or (``model``) in words."""

    model: Described | None
    words: Words

    def row(self, change: Change, column: str, values: tuple[Any, Any]) -> list[Any]:
        if self.model is None:
            return [change.what, change.table, change.key, change.from_, column, *values]
        cells = cell_words(self.model, change.table, column, values, self.words)
        table = table_word(self.model, change.table, self.words)
        return [what_word(change.what, self.words), table, change.key, change.from_, *cells]


def load(
    files: Annotated[
        list[Path], typer.Argument(help="Files, or folders of them; folders 1/, 2/, … are loads in order.")
    ],
    store: Store = DEFAULT_STORE,
    model: Model = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only try: print what would change, load nothing.")
    ] = False,
    complete: Annotated[
        str | None,
        typer.Option(help="A source's key: what the store has from it and the files have not any more is withdrawn."),
    ] = None,
    assign_keys: Annotated[
        bool, typer.Option("--assign-keys", help="First write a key into each row of the files that has none.")
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(
            help="What CSV files are in, where it is not seen to be UTF-8 or Chinese in GB18030: utf-16, cp1252, …"
        ),
    ] = None,
    format: Annotated[
        Format, typer.Option(help="How problems, and what a dry run would change, are printed.")
    ] = Format.TEXT,
    lang: Called = Words.MODEL,
) -> None:
    """Load files: all of them, or nothing and every problem. · 载入

    Example: orggraph load seeds/changji --store orggraph.db
    """
    if assign_keys and dry_run:
        raise typer.BadParameter("--assign-keys writes into the files, --dry-run writes nothing: leave one out")
    said = _codec(encoding, assign_keys)
    texts = model_texts(model or default_model()) if model is not None or not store.exists() else None
    try:
        if assign_keys:
            _assign(files, store, texts, said)
        with loading_progress(lambda: [rows_about(group) for group in loads(files)]) as watch:
            reports = _loaded(store, texts, files, How(dry_run, complete, watch, encoding=said))
    except LoadError as refused:
        if format is Format.TEXT:
            _print_all(refused.done, dry_run, _called(store, texts, lang))
            if texts is not None and model is None:
                print(f"read by the model of {default_model()}, as --model names no other", file=sys.stderr)
            raise
        problems = [asdict(problem) for problem in refused.problems]
        print(json.dumps({"problems": problems, "counts": refused.counts}, ensure_ascii=False, indent=1))
        sys.exit(1)
    for path in passed_over(files):
        print(f"passed over: {path}", file=sys.stderr)
    if format is Format.JSON:
        print(json.dumps([_as_json(report) for report in reports], ensure_ascii=False, indent=1))
        return
    _print_all(reports, dry_run, _called(store, texts, lang))
    for report in reports:
        _print_warnings(report)


def _called(store: Path, texts: dict[str, str] | None, words: Words) -> Call:
    """What a change is called in words, which the model knows."""
    if words is Words.MODEL:
        return Call(None, words)
    return Call(model_of(texts) if texts else open_store(store).model, words)


def _loaded(store: Path, texts: dict[str, str] | None, files: list[Path], how: How) -> list[LoadReport]:
    """Where a first load was killed, there is a file and no store in it: it is made as if there were none."""
    try:
        return load_files(store, texts, sdl, files, how)
    except StoreError as told:
        if texts is not None or told.code != "NO_STORE":
            raise
    return load_files(store, model_texts(default_model()), sdl, files, how)


def _codec(name: str | None, writes: bool) -> str | None:
    """The codec of an encoding's name."""
    found = None if name is None else codec(name)
    if name is not None and found is None:
        raise typer.BadParameter(f"{name} is no encoding of text; as utf-16, gb18030, big5, cp1252")
    if writes and found not in {None, *WRITTEN_BACK}:
        raise typer.BadParameter(f"--assign-keys writes no file in {name}: save it as UTF-8 first")
    return found


def _assign(files: list[Path], store: Path, texts: dict[str, str] | None, encoding: str | None) -> None:
    """Keys into the files: what is printed goes beside the answer."""
    with keys_taken(store) as known:
        model, taken = known or (model_of(texts or {}), lambda _: False)
        for one in assign_keys_in(model, files, taken, encoding):
            print(f"{one.file}: {one.rows} rows got a key", file=sys.stderr)


def _print_all(reports: Iterable[LoadReport], dry: bool, call: Call) -> None:
    for report in reports:
        _print(report, dry, call)


def _print(report: LoadReport, dry: bool, call: Call) -> None:
    counts = f"{report.added} added, {report.corrected} corrected, {report.withdrawn} withdrawn"
    if dry and report.before is None:
        print_changes(report, call)
        print(f"would be a load: {report.rows} rows of {len(report.files)} files: {counts}; nothing was loaded")
    elif report.before is not None:
        print(f"nothing new in {len(report.files)} files: they are load {report.before}")
    elif report.number is None:
        print(f"nothing new in {len(report.files)} files")
    else:
        print(f"load {report.number}: {report.rows} rows of {len(report.files)} files: {counts}")


def _print_warnings(report: LoadReport) -> None:
    """Beside the answer, a line each."""
    for one in report.warnings:
        print(f"warning: {one}", file=sys.stderr)
    if report.warned > len(report.warnings):
        print(f"and {report.warned - len(report.warnings)} more warnings", file=sys.stderr)


def print_changes(report: LoadReport, call: Call) -> None:
    """A line for each cell that would change."""
    from orggraph.cli.query import print_table

    rows = [
        call.row(change, column, values)
        for change in report.changes
        for column, values in change.cells.items() or {"": (None, None)}.items()
    ]
    if rows:
        print_table([head_word(one, call.words) for one in HEAD], rows)
    untold = report.added + report.corrected + report.withdrawn - len(report.changes)
    if untold > 0:
        print(f"and {untold} more")


def _as_json(report: LoadReport) -> dict[str, object]:
    found = asdict(report)
    for change in found["changes"]:
        change["from"] = change.pop("from_")
        change["cells"] = {column: {"before": was, "after": is_} for column, (was, is_) in change["cells"].items()}
    return found
