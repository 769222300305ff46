"""A file of canonical lines as we write them → rows, in flat memory. In: N-Quads or N-Triples, packed or not, a model. Out: rows
in a spool. What one load brought of a thing is taken apart by one pattern (``patterns.py``), the rest line by line (``own.py``).

What is not as we write it, or not in our order, is told at once: then the file is to be read as anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orggraph.model.iris import OURS, PROV, TYPE
from orggraph.model.model import Kind, Model, Relation
from orggraph.rdf.lines import number_of_lines
from orggraph.rdf.mapping import mark, template
from orggraph.rdf.own import NOWHERE, Cite, Own
from orggraph.rdf.patterns import KEY, STATE, TEXT, row_pattern
from orggraph.rdf.reading import UNREADABLE, Properties, opened, quad, unreadable
from orggraph.rdf.spooling import Spool
from orggraph.watch import Watch

AT_ONCE = 1024 * 1024
LONGEST = 64 * 1024 * 1024
"""What is said of one subject is shorter."""
NEAR = 4096
"""Within so many bytes a row says what it is."""
SUBJECT = re.compile(rb"<([^<> \n]*>) ")


class NotAsWritten(Exception):
    """A file has a line that is not as we write it."""


def reread(path: Path, model: Model, spool: Spool, watch: Watch) -> Own:
    """Raises NotAsWritten, and then what is in the spool is of no use; OrggraphError where the file cannot be read."""
    rereading = Rereading(model, spool)
    number = 0
    for piece in pieces(path):
        rereading.piece(piece)
        number += number_of_lines(piece)
        watch("reading quads", number)
    if not rereading.own.is_own():
        raise NotAsWritten
    return rereading.own


def chunks(path: Path) -> Iterator[bytes]:
    try:
        with opened(path) as file:
            while chunk := file.read(AT_ONCE):
                yield chunk
    except UNREADABLE as error:
        raise unreadable(path, error) from None


def pieces(path: Path) -> Iterator[bytes]:
    """About a megabyte each, with all that is said of each subject that is in it."""
    rest = b""
    for chunk in chunks(path):
        rest += chunk
        start = _last_subject(rest)
        if start:
            yield rest[:start]
            rest = rest[start:]
        elif len(rest) > LONGEST:
            raise NotAsWritten
    if rest:
        yield rest


def _last_subject(text: bytes) -> int:
    """Where the lines begin that are about the subject of the last whole line; 0 where that is not told yet."""
    end = text.rfind(b"\n")
    if end < 0:
        return 0
    found = SUBJECT.match(text, text.rfind(b"\n", 0, end) + 1)
    if found is None:
        raise NotAsWritten
    return 0 if text.startswith(found[0]) else text.find(b"\n" + found[0]) + 1


class Rereading:
    """``last``: the subject before, after the base and with its ``>``."""

    def __init__(self, model: Model, spool: Spool) -> None:
        self.own, self.spool, self.last = Own(model, spool), spool, b""
        tables: list[Kind | Relation] = [*model.concrete(), *model.relations.values()]
        self.rows = {local_class(table): row_pattern(template(model, table, True)) for table in tables}
        self.likely = next(iter(self.rows.values()))
        self.other = Others.of(model)
        self.base = b"<" + model.iri.encode()
        self.typed = b"> <" + TYPE.encode() + b"> " + self.base
        self.numbers = {b"": NOWHERE}

    def piece(self, text: bytes) -> None:
        """Whole subjects."""
        place, end = 0, len(text)
        while place < end:
            place = (
                self.row(text, place) or self.cited(text, place) or self.passed(text, place) or self.odd(text, place)
            )

    def cited(self, text: bytes, place: int) -> int:
        """A citing of one load; the place after it, or 0."""
        found = self.other.citing.match(text, place)
        if found is None:
            return 0
        _, subject, prefix, number, graph, source, para = found.groups(b"")
        self.in_order(subject)
        self.own.cite(prefix, Cite(self.load(graph), int(number), source, para))
        return found.end()

    def passed(self, text: bytes, place: int) -> int:
        """What rows tell too: intervals, and what entities say of themselves."""
        found = self.other.during.match(text, place)
        if found is None:
            return 0
        self.in_order(found[2])
        return found.end()

    def row(self, text: bytes, place: int) -> int:
        """What one load says of a record or a state; the place after it, or 0. Those beside each other are mostly of one table."""
        pattern, found = self.likely, self.likely.pattern.match(text, place)
        if found is None:
            class_ = self.class_of(text, place)
            if class_.startswith(b"kind/"):
                return self.entity(text, place)
            pattern = self.rows.get(class_, pattern)
            found = pattern.pattern.match(text, place) if pattern is not self.likely else None
            if found is None:
                return 0
            self.likely = pattern
        groups = found.groups(b"")
        subject, load, source = groups[0][len(self.base) :], self.load(groups[pattern.graph]), groups[pattern.source]
        if source and (groups[pattern.cited] != groups[pattern.graph] or subject in self.own.waiting):
            return 0
        try:
            line = pattern.line(groups, *((source, groups[pattern.para]) if source else self.own.cited(subject, load)))
        except KeyError:
            return 0
        self.in_order(text[place + len(self.base) : text.find(b"> ", place)])
        self.last = subject + b">"
        self.own.waiting.pop(subject, None)
        self.spool.put(load, pattern.table.name, line)
        return found.end()

    def entity(self, text: bytes, place: int) -> int:
        """What entities say of themselves, which their states tell too."""
        found = self.other.entity.match(text, place)
        if found is None:
            return 0
        self.in_order(found[2])
        return found.end()

    def class_of(self, text: bytes, place: int) -> bytes:
        """The first of our own classes that is named, after the base; of another subject where this one has none, which then
        does not fit."""
        found = text.find(self.typed, place, place + NEAR)
        start = found + len(self.typed)
        return text[start : text.find(b">", start)] if found >= 0 else b""

    def odd(self, text: bytes, place: int) -> int:
        """All else, line by line."""
        head = SUBJECT.match(text, place)
        by_graph: dict[str, Properties] = {}
        subject = ""
        while head is not None and text.startswith(head[0], place):
            end = text.find(b"\n", place)
            said = quad(text[place:end] if end >= 0 else text[place:])
            if said is None:
                raise NotAsWritten
            subject, predicate, term, graph = said
            by_graph.setdefault(graph, {}).setdefault(predicate, []).append(term)
            place = end + 1 if end >= 0 else len(text)
        if head is None:
            raise NotAsWritten
        if subject.startswith(self.own.model.iri):
            self.in_order(subject.removeprefix(self.own.model.iri).encode())
        self.own.take(subject, by_graph)
        return place

    def in_order(self, subject: bytes) -> None:
        if subject + b">" <= self.last:
            raise NotAsWritten
        self.last = subject + b">"

    def load(self, graph: bytes) -> int:
        """`` <BASEload/2>`` → 2."""
        number = self.numbers.get(graph)
        if number is None:
            number = self.numbers[graph] = self.own.load_of(graph[2:-1].decode())
        return number


@dataclass(frozen=True)
class Others:
    """Patterns of what is no row. ``citing``: groups are what its lines begin with, subject, what it cites for, number, graph,
    source, para."""

    citing: re.Pattern[bytes]
    during: re.Pattern[bytes]
    entity: re.Pattern[bytes]

    @staticmethod
    def of(model: Model) -> Others:
        base, point = re.escape(model.iri.encode()), re.escape(mark(model.iri).encode())
        type_, primary, entity, para = (
            re.escape(one.encode()) for one in (TYPE, f"{PROV}PrimarySource", f"{PROV}entity", f"{OURS}para")
        )
        load = rb"( <" + base + rb"load/[0-9]+>|)"
        cites = rb"(?=(<" + base + rb"((" + KEY + point + rb"(?:" + STATE + rb"\.)?source)\.([0-9]+))> <))"
        lines = rb"(?:\1[^\n]* \.\n)+"
        return Others(
            re.compile(
                cites + rb"\1" + type_ + rb"> <" + primary + rb">" + load + rb" \.\n"
                + rb"\1" + entity + rb"> <" + base + rb"(" + KEY + rb")>\5 \.\n"
                + rb"(?:\1" + para + rb'> "(' + TEXT + rb')"\5 \.\n)?(?!\1)'
            ),
            re.compile(rb"(?=(<" + base + rb"(" + KEY + point + rb"during)> <))" + lines),
            re.compile(rb"(?=(<" + base + rb"(" + KEY + rb")> <))" + lines),
        )  # fmt: skip


def local_class(table: Kind | Relation) -> bytes:
    """What tells which table a row is of, after the base."""
    return f"{'state' if isinstance(table, Kind) else 'relation'}/{table.name}".encode()
