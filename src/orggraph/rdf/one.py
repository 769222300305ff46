"""All that is said of one thing. In: a store, a key. Out: RDF in a form, or a page for people; nothing for an unknown key."""

from __future__ import annotations

from html import escape
from pathlib import Path

from orggraph.plan.quads import Extent
from orggraph.rdf.canonical import sorted_lines
from orggraph.rdf.export import Form, written
from orggraph.rdf.mapping import template
from orggraph.rdf.turtle import LINE, Names
from orggraph.stores.sqlite.quads import Quads, open_quads

PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:2em}}th,td{{text-align:left;vertical-align:top;padding:.2em 1em}}</style>
<h1>{title}</h1>
<table>
{rows}
</table>
"""


def about(store: Path, key: str, form: Form | None) -> bytes | None:
    """``form``: None for the page. Raises StoreError."""
    with open_quads(store) as quads:
        lines = _lines(quads, key)
        if not lines:
            return None
        if form is None:
            return _page(quads, key, lines)
        return b"".join(written([lines], form, quads.model))


def _lines(quads: Quads, key: str) -> bytes:
    table = quads.table_of(key)
    if table is None:
        return b""
    found = quads.things(template(quads.model, table, False), Extent(key=key))
    return sorted_lines(b"".join(part for one in found for part in (one.parts, one.own)))


def _page(quads: Quads, key: str, lines: bytes) -> bytes:
    """What is said, a row for each line, with links to all that this service knows."""
    base, names, rows = quads.model.iri, Names(quads.model), []
    for line in lines.decode().split("\n")[:-1]:
        found = LINE.fullmatch(line)
        assert found is not None
        subject, predicate, iri, text = found.group(1, 2, 3, 4)
        if iri is None:
            told = escape(names.object(None, text, found[5], found[6]))
        elif iri.startswith(base) and "/" not in iri.removeprefix(base):
            told = f'<a href="{escape(iri.removeprefix(base))}">{escape(iri.removeprefix(base))}</a>'
        else:
            told = escape(names.iri(iri))
        part = escape(subject.removeprefix(base))
        rows.append(f'<tr><th id="{part.partition("#")[2]}">{part}<td>{escape(names.predicate(predicate))}<td>{told}')
    return PAGE.format(title=escape(key), rows="\n".join(rows)).encode()
