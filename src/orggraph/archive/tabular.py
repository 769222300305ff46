"""Rows as CSV on the Web. In: a store, a load. Out: a CSV file for each table that has rows, and the metadata that says what its
columns mean (W3C Tabular Metadata), with the properties that the graph has for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from orggraph.archive.pages import Pages
from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.output.csv_text import csv_pieces
from orggraph.output.sheet import watched
from orggraph.plan.scope import AsOf, Constant, Scope
from orggraph.records.files import Table
from orggraph.records.words import Words
from orggraph.records.written import written_columns, written_sheet
from orggraph.stores.sqlite.opening import open_store
from orggraph.watch import Watch

DATATYPES = {Value.INT: "integer", Value.BOOLEAN: "boolean", Value.URI: "anyURI"}
BUILT_IN = {"synthetic": "boolean", "withdrawn": "boolean"}
LISTS = ("source", "para")


def csv_tables(
    store: Path, model: Model, load: int, rows: dict[str, int], pages: Pages, watch: Watch
) -> Iterator[tuple[Table, Iterator[bytes]]]:
    """Each table that has rows as CSV, to be taken at once; ``rows`` says of those taken how many rows they have. What passes is
    shown to ``pages`` too."""
    opened = open_store(store, served=True)
    try:
        known = Scope(None, AsOf(Constant(load)))
        for table, kept in opened.written([*model.concrete(), *model.relations.values()], known):
            first = list(islice(kept, 1))
            if not first:
                continue

            def tell(number: int, table: Table = table) -> None:
                rows[table.name] = number
                watch(table.name, number)

            seen = pages.seen(table, watched(chain(first, kept), tell))
            yield table, csv_pieces(written_sheet(model, table, seen, Words.MODEL), mark=False)
    finally:
        opened.close()


def metadata(model: Model, rows: dict[str, int], at: str) -> dict[str, Any]:
    """``csv-metadata.json``, which readers of CSV on the Web look for beside the files."""
    every: list[Table] = [*model.concrete(), *model.relations.values()]
    described = [_table(model, table, rows[table.name]) for table in every if table.name in rows]
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": {"zh": model.label.zh, "en": model.label.en},
        **({"dc:modified": {"@value": at[:10], "@type": "xsd:date"}} if at else {}),
        "tables": described,
    }


def _table(model: Model, table: Table, number: int) -> dict[str, Any]:
    kind = "kind" if isinstance(table, Kind) else "relation"
    return {
        "url": f"{table.name}.csv",
        "dc:title": {"zh": table.label.zh, "en": table.label.en},
        "dc:extent": str(number),
        "dc:conformsTo": {"@id": f"{model.iri}{kind}/{table.name}"},
        "tableSchema": {
            "aboutUrl": f"{model.iri}{{+key}}",
            "columns": [_column(table, name) for name in written_columns(table)],
        },
    }


def _column(table: Table, name: str) -> dict[str, Any]:
    field = next((one for one in table.fields if one.name == name), None)
    ends = table.ends if isinstance(table, Relation) else ()
    end = next((one for one in ends if one.name == name), None)
    part = field or end
    said: dict[str, Any] = {"name": name, "titles": [name, part.label.zh] if part and part.label.zh != name else [name]}
    said["datatype"] = _datatype(field, name)
    if name == "key" or (field is None and name == "name") or (part is not None and part.required):
        said["required"] = True
    if field is None and name in LISTS:
        said["separator"] = ";"
    if part is not None:
        said["propertyUrl"] = part.iri
    return said


def _datatype(field: Field | None, name: str) -> str:
    return BUILT_IN.get(name, "string") if field is None else DATATYPES.get(field.type, "string")
