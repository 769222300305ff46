"""Templates of what is printed → patterns that read it again: what ``stores/sqlite/quad_lines.py`` prints of a row, its interval
and its citing with it, one pattern takes apart at once, and gives the row as a JSON line that loading reads. In: a template. Out:
patterns of bytes.

The texts of canonical N-Quads are JSON's, so that what is between their quotes is never unescaped on the way. What does not fit
(a thing with several versions, say) is read line by line, which takes ten times as long (``own.py``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import assert_never

from orggraph.model.iris import TYPE, XSD
from orggraph.model.model import Kind, Relation
from orggraph.model.values import Value
from orggraph.plan import quads as q

BEGINNING, GRAPH, SAID, CITED, SOURCE, PARA = "<beginning>", "<graph>", "<ends>", "<cited>", "source", "para"
KEY = rb"[A-Za-z0-9_.-]+"
TEXT = rb'(?:[^"\\\n]|\\[^\n])*'
STATE = rb"(?:always|[0-9-]+)"
PARTIAL = re.escape(f"^^<{XSD}".encode()) + rb"(?:gYear|gYearMonth|date)>"
ENDS = {b"": b"", b"open": b"open", b"unknown": b"?"}
TRUE = {b"": b"false", b"true": b"true"}
Words = Mapping[bytes, bytes]


@dataclass(frozen=True)
class Part:
    """A line of a pattern. ``column``: what its one group is of, if it is of any; ``words``: how that is written in a row;
    ``times``: how often it is there."""

    pattern: bytes
    column: str = ""
    words: Words | None = None
    times: bytes = b"?"


@dataclass(frozen=True)
class RowPattern:
    """``format``: a JSON line, of what is ``taken`` of the pattern's groups, then of source and para. ``words``: how a group is
    written in a row. ``graph``: the group that tells which load brought it; ``cited``, ``source``, ``para``: those of its one citing."""

    table: Kind | Relation
    pattern: re.Pattern[bytes]
    format: bytes
    taken: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    words: tuple[tuple[int, Words], ...]
    graph: int
    cited: int
    source: int
    para: int

    def line(self, groups: tuple[bytes, ...], sources: bytes, paras: bytes) -> bytes:
        """Raises KeyError for a word that is none of a list's."""
        values = list(groups)
        for place, words in self.words:
            values[place] = words[values[place]]
        return self.format % (*self.taken(values), sources, paras)


def row_pattern(template: q.Template) -> RowPattern:
    """Of a record, or of a state, that has one version; before it, where they stand there, its interval and its one citing. What each
    line begins with is the first group: to compare with a group is a good deal faster than with letters of a pattern."""
    base, mark = re.escape(template.base.encode()), re.escape(template.mark.encode())
    of_state = isinstance(template.table, Kind)
    subject = rb"<" + base + rb"(" + KEY + rb")" + (mark + rb"(?:always|([0-9-]+))" if of_state else b"")
    load = rb" <" + re.escape(template.loads.encode()) + rb"[0-9]+>"
    citing = rb"\.source" if of_state else mark + rb"source"
    columns = [BEGINNING, "key", *(["from"] if of_state else []), CITED, SOURCE, PARA]
    body, words, graph = [_interval(mark)] if template.during else [], [], 0
    body.append(_one_citing(template, citing, rb"(" + load + rb"|)", rb"\%d" % (columns.index(CITED) + 1)))
    for line in q.in_order(template.row):
        part = _part(template, line.object, of_state and line.object == q.Cell("from"))
        if part.column:
            columns.append(part.column)
            words += [(len(columns) - 1, part.words)] if part.words is not None else []
        if graph:
            known = rb"\%d" % graph
        elif part.times:
            known = rb"(?:" + load + rb")?"  # not told yet; a second version shows in the lines that each has
        else:
            columns.append(GRAPH)
            graph, known = len(columns), rb"(" + load + rb"|)"
        predicate = re.escape(line.predicate.encode()) + rb"> "
        body.append(rb"(?:\1> <" + predicate + part.pattern + known + rb" \.\n)" + part.times)
    format, taken = _format(columns)
    follows = rb"(?:>|" + (citing if of_state else mark) + rb")"
    pattern = re.compile(rb"(?=(" + subject + rb")" + follows + rb")" + b"".join(body) + rb"(?!\1> <)")
    groups = (columns.index(name) for name in (GRAPH, CITED, SOURCE, PARA))
    return RowPattern(template.table, pattern, format, taken, tuple(words), *groups)


def _interval(mark: bytes) -> bytes:
    """What it says is said in the row too."""
    return rb"(?:\1" + mark + rb"during> <[^\n]* \.\n)*"


def _one_citing(template: q.Template, part: bytes, graph: bytes, known: bytes) -> bytes:
    """Lines about ``source.1``, if there are such here; ``graph`` tells which load they are of, ``known`` is that again."""
    citing, head, end = template.citing, rb"\1" + part + rb"\.1> <", rb" \.\n"
    type_, source, para = (head + re.escape(one.encode()) + rb"> " for one in (TYPE, citing.source, citing.para))
    class_ = re.escape(citing.type.partition(" ")[2].encode())
    key = rb"<" + re.escape(template.base.encode()) + rb"(" + KEY + rb")>"
    lines = type_ + class_ + graph + end + source + key + known + end
    return rb"(?:" + lines + rb"(?:" + para + rb'"(' + TEXT + rb')"' + known + end + rb")?)?"


def _format(columns: Sequence[str]) -> tuple[bytes, Callable[[Sequence[bytes]], tuple[bytes, ...]]]:
    """A JSON line, and how what stands in it is taken from the groups."""
    names = [name for name in columns if name not in (BEGINNING, GRAPH, SAID, CITED, SOURCE, PARA)]
    texts = [f"{json.dumps(name, ensure_ascii=False)}:" + {"until": '"%b%b"'}.get(name, '"%b"') for name in names]
    places = [place for name in names for place in _places(name, columns)]
    line = "{" + ",".join([*texts, f'"{SOURCE}":"%b"', f'"{PARA}":"%b"']) + "}\n"
    return line.encode(), itemgetter(*places)


def _places(name: str, columns: Sequence[str]) -> Iterator[int]:
    yield columns.index(name)
    if name == "until":
        yield columns.index(SAID)


def _part(template: q.Template, of: q.Object, said: bool) -> Part:
    """``said``: it is told elsewhere already."""
    base, mark = re.escape(template.base.encode()), re.escape(template.mark.encode())
    match of:
        case q.Fixed(text):
            return Part(re.escape(text.encode()), times=b"")
        case q.Itself(part):
            return Part(rb"<" + base + rb"\2" + (mark + re.escape(part.encode()) if part else b"") + rb">", times=b"")
        case q.AtEnd(role):
            assert isinstance(template.table, Relation)
            return Part(rb"<" + base + rb"(" + KEY + rb")>", template.table.end(role).name)
        case q.Named():
            return Part(rb'"(' + TEXT + rb')"', "name", times=b"")
        case q.OfField():
            return _field(of)
        case q.Cell(name):
            dated = rb"[0-9-]+" if said else rb"([0-9-]+)"
            return Part(rb'"' + dated + rb'"' + PARTIAL, "" if said else name)
        case q.SaidOpen():
            return Part(rb'"(open|unknown)"', SAID, ENDS)
        case q.Day():
            return Part(rb'"[0-9-]+"' + _typed("date"))
        case q.Endless():
            return Part(rb'"true"' + _typed("boolean"))
        case q.Synthetic():
            return Part(rb'"(true)"' + _typed("boolean"), "synthetic", TRUE)
        case q.Since():  # not in a snapshot
            return Part(rb"<" + re.escape(template.loads.encode()) + rb"[0-9]+>")
        case q.Sources() | q.Citations():
            return Part(rb"<" + base + rb"[^<> \n]+>", times=b"*")
        case q.LastDay() | q.Held():
            raise AssertionError(of)
        case _:
            assert_never(of)


def _field(of: q.OfField) -> Part:
    text = rb'"(' + TEXT + rb')"'
    match of.field.type:
        case Value.STRING:
            return Part(text, of.field.name)
        case Value.INT:
            return Part(rb'"(-?[0-9]+)"' + _typed("integer"), of.field.name)
        case Value.BOOLEAN:
            return Part(rb'"(true|false)"' + _typed("boolean"), of.field.name)
        case Value.URI:
            return Part(text + _typed("anyURI"), of.field.name)
        case Value.DATE:
            return Part(rb'"([0-9-]+)"' + PARTIAL, of.field.name)
        case Value.TERM:
            words = {b"": b"", **{text.encode(): code.encode() for code, text in of.terms}}
            return Part(rb"(<[^<> \n]+>)", of.field.name, words)
        case _:
            assert_never(of.field.type)


def _typed(name: str) -> bytes:
    return re.escape(f"^^<{XSD}{name}>".encode())
