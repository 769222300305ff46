"""Pages that any browser shows, without a server. In: rows as they pass to their tables. Out: for each entity its states and all
records that it stands in, linked, so many entities on a page; and an index. For graphs of more than ``MOST`` entities none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from urllib.parse import quote

from orggraph.model.model import End, Field, Kind, Model, Relation
from orggraph.model.values import Kept
from orggraph.records.files import Table
from orggraph.records.written import written_columns
from orggraph.watch import Watch

MOST = 20_000
ON_A_PAGE = 100
Row = Sequence[Kept]
PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:2em}}th,td{{text-align:left;vertical-align:top;padding:.2em .8em}}</style>
{body}
</html>
"""


class Pages:
    """Gathers what passes, as long as it is not too much."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.states: dict[str, tuple[Kind, list[Row]]] = {}
        self.records: defaultdict[str, list[tuple[Relation, Row]]] = defaultdict(list)
        self.number = 0
        self.places: dict[str, str] = {}

    @property
    def wanted(self) -> bool:
        return 0 < self.number <= MOST

    def seen(self, table: Table, rows: Iterable[Row]) -> Iterable[Row]:
        """The same rows: those of kinds before those of relations."""
        if isinstance(table, Kind):
            return self._states(table, rows)
        return self._records(table, rows) if self.wanted else rows

    def _states(self, kind: Kind, rows: Iterable[Row]) -> Iterator[Row]:
        """Those of one entity come one after the other."""
        last: Kept = None
        states: list[Row] = []
        for row in rows:
            if row[0] != last:
                last, states = row[0], []
                self.number += 1
                if self.number <= MOST:
                    self.states[str(last)] = (kind, states)
            states.append(row)
            yield row
        if not self.wanted:
            self.states.clear()

    def _records(self, relation: Relation, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            for key in {row[place] for place in range(1, 1 + len(relation.ends))} - {None}:
                self.records[str(key)].append((relation, row))
            yield row

    def files(self, watch: Watch) -> Iterator[tuple[str, bytes]]:
        """Each page by its name; once all rows are through."""
        if not self.wanted:
            return
        files = self._files()
        for file, keys in files.items():
            for key in keys:
                self.places[key] = f"{file}#{quote(key, safe='')}"
        for number, (file, keys) in enumerate(files.items(), 1):
            body = "\n".join(self._entity(key, *self.states[key]) for key in keys)
            yield file, PAGE.format(title=file.removesuffix(".html"), body=body).encode()
            watch("pages", number)
        yield "index.html", self._index().encode()

    def _files(self) -> dict[str, list[str]]:
        """Which entities are on which page."""
        by_kind: defaultdict[str, list[str]] = defaultdict(list)
        for key, (kind, _) in self.states.items():
            by_kind[kind.name].append(key)
        return {
            f"{name}-{start // ON_A_PAGE + 1}.html": keys[start : start + ON_A_PAGE]
            for name, keys in by_kind.items()
            for start in range(0, len(keys), ON_A_PAGE)
        }

    def name(self, key: str) -> str:
        found = self.states.get(key)
        return str(found[1][-1][1]) if found else key

    def _entity(self, key: str, kind: Kind, states: list[Row]) -> str:
        body = [f'<h1 id="{escape(key)}">{escape(self.name(key))}</h1>']
        body.append(
            f'<p>{_label(kind)} · <code>{escape(self.model.iri + key)}</code> · <a href="index.html">目录 index</a>'
        )
        body.append(self._table(kind, states))
        by_relation: defaultdict[str, list[Row]] = defaultdict(list)
        for relation, row in self.records.get(key, ()):
            by_relation[relation.name].append(row)
        for name, rows in by_relation.items():
            relation = self.model.relations[name]
            body += [f"<h2>{_label(relation)}</h2>", self._table(relation, rows)]
        return "\n".join(body)

    def _table(self, table: Table, rows: list[Row]) -> str:
        """Columns that have a value in any row."""
        columns = written_columns(table)
        shown = [place for place in range(len(columns)) if any(row[place] is not None for row in rows)]
        ends = table.ends if isinstance(table, Relation) else ()
        links = range(1, 1 + len(ends))
        parts: list[Field | End] = [*table.fields, *ends]
        labels = {one.name: _label(one) for one in parts}
        head = "".join(f"<th>{labels.get(columns[place], escape(columns[place]))}" for place in shown)
        lines = ["".join(f"<td>{self._cell(row[place], place in links)}" for place in shown) for row in rows]
        return "<table>\n" + "\n".join(f"<tr>{line}" for line in (head, *lines)) + "\n</table>"

    def _cell(self, value: Kept, link: bool) -> str:
        if value is None:
            return ""
        if link and str(value) in self.places:
            return f'<a href="{self.places[str(value)]}">{escape(self.name(str(value)))}</a>'
        return escape(str(value))

    def _index(self) -> str:
        body = [f"<h1>{_label(self.model)}</h1>"]
        last = None
        for key, (kind, _) in self.states.items():
            if kind is not last:
                body.append(f"<h2>{_label(kind)}</h2>")
                last = kind
            body.append(f'<div><a href="{self.places[key]}">{escape(self.name(key))}</a></div>')
        return PAGE.format(title=_label(self.model), body="\n".join(body))


def _label(labelled: object) -> str:
    label = labelled.label  # type: ignore[attr-defined]  # of a model, kind, relation or field
    return escape(label.zh if label.zh == label.en else f"{label.zh} {label.en}")
