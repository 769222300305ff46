"""A question that also tells keys, which is what files and ``export tables`` call things by. In: a question that can be asked. Out:
the same with more columns: beside the first column of an entity or record its key, and behind all of them the keys of the
records over which rows lead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from orggraph.graphql.engine import Engine
from orggraph.graphql.keyed import KEY, RECORD, VIA, named_keys
from orggraph.graphql.shapes import Path, Shape, shape_of
from orggraph.questions.entries import ColumnEntry
from orggraph.questions.question import Question, QuestionError, Ready
from orggraph.questions.whole import ready_to_ask


def with_keys(engine: Engine, question: Question) -> Question:
    """Raises QuestionError where rows are of several lists, and OrggraphError where the question cannot be asked."""
    ready = ready_to_ask(engine, question)
    if len(ready.layout.chains) > 1:
        message = f"the rows of {ready.name} are of several lists, whose keys have no columns"
        raise QuestionError(f"{message}; leave --keys out", "NO_KEYS")
    document = named_keys(engine.schema, question.document)
    columns = _columns(ready, shape_of(engine.schema, document))
    rows = ".".join(lists[-1]) if (lists := _lists(ready)) else ()
    return replace(question, document=document, entry=structs.replace(question.entry, columns=columns, rows=rows))


def _columns(ready: Ready, shape: Shape) -> dict[str, ColumnEntry]:
    found: dict[str, ColumnEntry] = {}
    leaves = _leaves(ready)
    told = {leaf[:-1] for leaf in leaves.values() if leaf and shape.leaves[leaf] == "ID"}
    for name, column in ready.question.entry.columns.items():
        found[name] = column
        thing = _thing(leaves[name], shape)
        if thing and thing not in told:
            told.add(thing)
            of_record = thing[-1] != "node" and any(path in shape.leaves for path in _records(thing[:-1]))
            found[_unused(f"{name}Key", found)] = _key(column, of_record, (*thing, KEY))
    for edges in _lists(ready):
        under = next((name for name, leaf in leaves.items() if leaf[: len(edges)] == edges), None)
        record = next((path for path in _records(edges) if path in shape.leaves), None)
        if under and record and not any(thing[: len(edges)] == edges and thing[-1] == "record" for thing in told):
            found[_unused(f"{under}Record", found)] = _key(ready.question.entry.columns[under], True, record)
    return found


def _key(column: ColumnEntry, record: bool, path: Path) -> ColumnEntry:
    """The key of what a column tells something of."""
    zh, en = ("：记录编号", ": key of the record") if record else ("编号", ": key")
    return ColumnEntry(column.zh + zh, column.en + en, ".".join(path))


def _leaves(ready: Ready) -> dict[str, Path]:
    """Where each column stands in the answer; nowhere, if it is the least of several certainties."""
    (chain,) = ready.layout.chains
    tops = [(), *_lists(ready)]
    return {
        name: (*tops[cells[0].level], *cells[0].steps) if len(cells) == 1 else ()
        for name, cells in zip(ready.layout.names, chain.cells, strict=True)
    }


def _lists(ready: Ready) -> list[Path]:
    """The lists that lead to a row, from the outermost."""
    found: list[Path] = []
    for steps in ready.layout.chains[0].lists:
        found.append((*(found[-1] if found else ()), *steps))
    return found


def _thing(leaf: Path, shape: Shape) -> Path | None:
    """The entity or record that a value is told of."""
    for length in range(len(leaf) - 1, 0, -1):
        if (*leaf[:length], KEY) in shape.leaves:
            return leaf[:length]
        if leaf[:length] in shape.lists:
            return None
    return None


def _records(edges: Path) -> Iterator[Path]:
    yield (*edges, RECORD, KEY)
    yield (*edges, RECORD, VIA, KEY)


def _unused(name: str, columns: dict[str, ColumnEntry]) -> str:
    return name if name not in columns else _unused(f"{name}_", columns)
