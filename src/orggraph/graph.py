"""A graph from Python: ask, load, export. In: a store's path. Out: answers as Python values, rows, data frames.

Example::

    with orggraph.open("graph.db", model="schema") as graph:
        graph.load("seeds/changji")
        answer = graph.query("{ communities(first: 2) { nodes { key name } } }")
        answer.rows  # [{"key": "community-1", "name": "石桥西社区（示例）"}, …]
"""

from __future__ import annotations

import json
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from orggraph.analysis.asked import graph_scope, relations_named
from orggraph.errors import OrggraphError
from orggraph.exporting import How as Exporting
from orggraph.exporting import export_tables, scope_asked
from orggraph.graphql.engine import Engine
from orggraph.graphql.schema import sdl
from orggraph.graphql.shapes import leaf_paths
from orggraph.model.model import Model
from orggraph.model.reading import model_texts
from orggraph.opening import open_engine
from orggraph.plan.scope import AsOf, Scope
from orggraph.questions.keys import with_keys
from orggraph.questions.question import find
from orggraph.questions.reading import read_questions
from orggraph.questions.whole import ask_one
from orggraph.records.words import Words
from orggraph.settings import Bounds, default_questions
from orggraph.stores.sqlite.load import How as Loading
from orggraph.stores.sqlite.load import LoadReport
from orggraph.stores.sqlite.load import load as load_files
from orggraph.tables import table

if TYPE_CHECKING:
    import pandas
    import polars

    from orggraph.analysis.graph import Network

Place = str | os.PathLike[str]


class Tabular(ABC):
    """What can be looked at as a table."""

    @property
    @abstractmethod
    def _table(self) -> tuple[list[str], list[list[Any]]]:
        """Headings, rows."""

    @property
    def columns(self) -> list[str]:
        """Headings of the answer as a table, in the document's order."""
        return self._table[0]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The answer as a table: a row for each innermost item, by its columns."""
        columns, rows = self._table
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def to_pandas(self) -> pandas.DataFrame:
        """The same rows; raises OrggraphError where pandas is not installed (``orggraph[pandas]``)."""
        try:
            import pandas
        except ImportError:
            raise _not_installed("pandas") from None
        columns, rows = self._table
        return pandas.DataFrame(rows, columns=pandas.Index(columns))

    def to_polars(self) -> polars.DataFrame:
        """The same rows; raises OrggraphError where polars is not installed (``orggraph[polars]``)."""
        try:
            import polars
        except ImportError:
            raise _not_installed("polars") from None
        columns, rows = self._table
        return polars.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)


@dataclass(frozen=True)
class Answer(Tabular):
    """``data``: as GraphQL gives it, nested. ``load``: the number of the load that all of it is of. ``asked``: the paths of the
    values that the document asks for."""

    data: dict[str, Any]
    load: int
    asked: tuple[tuple[str, ...], ...] = ()

    def __getitem__(self, field: str) -> Any:
        return self.data[field]

    @cached_property
    def _table(self) -> tuple[list[str], list[list[Any]]]:
        headings, rows = table(self.data, self.asked)
        return headings, [list(row) for row in rows]


@dataclass(frozen=True)
class NamedAnswer(Tabular):
    """The answer of a question that has a name. ``numbers``: what it tells besides its rows, by name."""

    title: str
    load: int
    numbers: Mapping[str, Any]
    headings: list[str]
    cells: list[list[Any]]

    @property
    def _table(self) -> tuple[list[str], list[list[Any]]]:
        return self.headings, self.cells


class Graph:
    """A store that is asked and loaded into, by one thread at a time."""

    def __init__(self, path: Place, model: Place | None = None, bounds: Bounds | None = None) -> None:
        self.path, self.bounds = Path(path), bounds
        self.texts = None if model is None else model_texts(Path(model))
        if self.texts is None or self.path.exists():
            self._engine  # noqa: B018  a store that cannot be opened is told at once

    @cached_property
    def _engine(self) -> Engine:
        return open_engine(self.path, self.bounds)

    @property
    def model(self) -> Model:
        """Its kinds, relations, terms."""
        return self._engine.store.model

    def query(self, document: str | Path, variables: Mapping[str, Any] | None = None, **named: Any) -> Answer:
        """Asks a GraphQL document, or the file of one, with its variables. Raises OperationError for what is refused, with a code;
        StoreError for a store that cannot be read."""
        text = document.read_text("utf-8") if isinstance(document, Path) else document
        given = {**(variables or {}), **named}
        for name in given:
            if not re.search(rf"\${re.escape(name)}\b", text):
                raise OrggraphError(f"the document has no variable ${name}", "BAD_VARIABLE")
        response = json.loads(self._engine.execute(text, given))
        return Answer(response["data"], response["extensions"]["load"], leaf_paths(text))

    def ask(
        self,
        question: str,
        *,
        lang: str = "zh",
        questions: Place | None = None,
        known_at: str | None = None,
        load: int | None = None,
        keys: bool = False,
        **parameters: object,
    ) -> NamedAnswer:
        """Asks a question by its name or number, of a folder of them (``queries/`` unless said), with its parameters; as it was known
        at a moment or a load; with ``keys`` beside names. Raises OrggraphError, which says which there are."""
        folder = read_questions(default_questions() if questions is None else Path(questions))
        given = {name: str(value) for name, value in parameters.items() if value is not None}
        engine = self._looking_back(scope_asked(None, None, known_at, load).load)
        asked = find(folder.questions, question)
        found = ask_one(engine, folder, with_keys(engine, asked) if keys else asked, given, lang)
        headings = [heading.name for heading in found.headings]
        return NamedAnswer(found.title(lang), found.load, found.numbers, headings, found.rows)

    def _looking_back(self, known: AsOf | None) -> Engine:
        """An engine on the same store, that answers as it was known then."""
        return self._engine if known is None else self._engine.looking_back(known)

    def load(
        self, *files: Place, dry_run: bool = False, complete: str | None = None, encoding: str | None = None
    ) -> list[LoadReport]:
        """Loads files or folders, as ``orggraph load`` does: a report for each load. ``encoding``: what CSV files are in, as
        Python names it. Raises LoadError with every problem."""
        how = Loading(dry_run, complete, encoding=encoding)
        return load_files(self.path, self.texts, sdl, [Path(one) for one in files], how)

    def export(
        self,
        *tables: str,
        to: Place,
        words: str | None = None,
        at: str | None = None,
        during: str | None = None,
        known_at: str | None = None,
        load: int | None = None,
        force: bool = False,
    ) -> dict[str, int]:
        """Writes rows in the columns that loading reads, as ``orggraph export tables`` does: how many of each table."""
        scope = scope_asked(at, during, known_at, load)
        how = Exporting(words=None if words is None else Words(words), scope=scope, force=force)
        return export_tables(self._engine.store, tables, Path(to), how).rows

    def scope(
        self,
        at: str | None = None,
        during: str | None = None,
        *,
        ever: bool = False,
        known_at: str | None = None,
        load: int | None = None,
        certainty: str = "POSSIBLE",
    ) -> GraphScope:
        """A day, a month, year or FROM..UNTIL, or all days; today, as known now, unless said. Raises OrggraphError."""
        return GraphScope(self, graph_scope(at, during, ever, known_at, load, certainty))

    def close(self) -> None:
        """Lets go of the store."""
        if "_engine" in self.__dict__:
            self._engine.store.close()

    def __enter__(self) -> Graph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class GraphScope:
    """What of a graph is seen."""

    graph: Graph
    scope: Scope

    def to_networkx(self, *relations: str) -> Network:
        """Its entities and records, all of one load, as ``analysis.graph`` says; with ``relations`` (any of their names) these and what
        they join. Raises OrggraphError."""
        from orggraph.analysis.graph import networkx_graph

        store = self.graph._engine.store
        return networkx_graph(store.model, store.drawn(relations_named(store.model, relations), self.scope))


def _not_installed(library: str) -> OrggraphError:
    return OrggraphError(f"{library} is not installed: pip install 'orggraph[{library}]'", "NOT_INSTALLED")
