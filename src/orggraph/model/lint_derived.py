"""Second round, of derived relations: chains lead from end to end, nothing follows from itself, and it stays within bounds.

In: entries whose names are known to be there. Out: problems, added to the reading. Conditions of steps are judged here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import prod
from typing import Any

from orggraph.model.entries import ChainEntry, DerivedEntry, Entries, FieldEntry
from orggraph.model.joining import Leading, concrete, find_field, hops_of_entry, links_of_entry, supers
from orggraph.model.lint_parts import near
from orggraph.model.model import Hop, Link
from orggraph.model.reading import Path_, Reading

LOGIC = {"and", "or", "not"}
OPERATORS = {
    "string": {"eq", "in", "contains", "startsWith", "isNull"},
    "uri": {"eq", "in", "contains", "startsWith", "isNull"},
    "int": {"eq", "in", "gt", "gte", "lt", "lte", "isNull"},
    "date": {"eq", "gt", "gte", "lt", "lte", "isNull"},
    "boolean": {"eq", "isNull"},
}
TERM_OPERATORS = {"eq", "in", "isNull"}
MOST_WAYS, MOST_RECORDS = 64, 16
"""Ways in which a link may come about, and records of one of them: a statement writes out all of them."""


def lint_derived(entries: Entries, reading: Reading) -> None:
    leading: list[Leading] = [
        hop for name, relation in entries.relations.items() for hop in hops_of_entry(name, relation)
    ]
    leading += [link for name, derived in entries.derived.items() for link in links_of_entry(name, derived)]
    for name, derived in entries.derived.items():
        for path, chain in derived.members:
            _chain(entries, reading, leading, ("derived", name, *path), derived, chain)
    if not reading.problems:
        ways = Ways(entries, reading, leading)
        for name in entries.derived:
            ways.of(name)


def _chain(
    entries: Entries,
    reading: Reading,
    leading: Sequence[Leading],
    path: Path_,
    derived: DerivedEntry,
    chain: ChainEntry,
) -> None:
    kind = derived.subject.kind
    last = len(chain) - 1
    for i, step in enumerate(chain):
        over = find_field(entries.kinds, leading, kind, step.field)
        if over is None:
            known = [
                word
                for one in leading
                if one.kind in {kind, *supers(entries.kinds, kind)}
                for word in (one.plural, one.singular)
                if word
            ]
            message = f"{kind} has no field {step.field} over a relation"
            reading.problem((*path, i, "field"), "CHAIN_BREAKS", message, near(step.field, known), step.field)
            return
        if isinstance(over, Link) and entries.derived[over.derived].grouped:
            message = f"{step.field} counts chains, and a link of it stands for no records"
            reading.problem(
                (*path, i, "field"), "STEP_GROUPED", message, f"write the chains of {over.derived}", step.field
            )
        kind = step.kind or (derived.object.kind if i == last else over.far)
        if not set(concrete(entries.kinds, kind)) & set(concrete(entries.kinds, over.far)):
            message = f"{step.field} leads to {over.far}, never to {kind}"
            reading.problem((*path, i), "CHAIN_MISSES", message, "choose another field, or another kind", kind)
            return
        _where(entries, reading, leading, (*path, i, "where"), kind, step.where, over)
    if kind != derived.object.kind:
        message = f"the chain ends at {kind}, the relation at {derived.object.kind}"
        reading.problem((*path, last), "CHAIN_MISSES", message, "make them one kind", kind)


class Ways:
    """In how many ways links of each derived relation come about, and of how many records: (ways, longest)."""

    def __init__(self, entries: Entries, reading: Reading, leading: Sequence[Leading]) -> None:
        self.entries, self.reading, self.leading = entries, reading, leading
        self.known: dict[str, tuple[int, int]] = {}
        self.open: list[str] = []

    def of(self, name: str) -> tuple[int, int]:
        if name in self.open:
            circle = " → ".join((*self.open[self.open.index(name) :], name))
            message = f"{name} follows from itself: {circle}"
            self.reading.problem(
                ("derived", name), "DERIVED_CIRCLE", message, "write one of them without the others", name
            )
            return 1, 1
        if name not in self.known:
            self.open.append(name)
            self.known[name] = (1, 1)  # what is told once is not told again of all that follows from it
            self.known[name] = self.bounded(name, self.counted(self.entries.derived[name]))
            self.open.pop()
        return self.known[name]

    def counted(self, derived: DerivedEntry) -> tuple[int, int]:
        each = [self.chain(derived.subject.kind, chain) for _, chain in derived.members]
        sets = [*combinations(each, derived.least)]
        return sum(prod(ways for ways, _ in one) for one in sets), max(sum(size for _, size in one) for one in sets)

    def chain(self, kind: str, chain: ChainEntry) -> tuple[int, int]:
        found = []
        for step in chain:
            over = find_field(self.entries.kinds, self.leading, kind, step.field)
            assert over is not None
            found.append(self.of(over.derived) if isinstance(over, Link) else (1, 1))
            kind = step.kind or over.far
        return prod(ways for ways, _ in found), sum(size for _, size in found)

    def bounded(self, name: str, found: tuple[int, int]) -> tuple[int, int]:
        ways, size = found
        if ways > MOST_WAYS or size > MOST_RECORDS:
            most = f"at most {MOST_WAYS} ways, of {MOST_RECORDS} records, can be asked in one statement"
            message = f"a link of {name} may come about in {ways} ways, of up to {size} records; {most}"
            self.reading.problem(
                ("derived", name), "TOO_MANY_WAYS", message, "take out chains, or make them shorter", name
            )
        return found if ways <= MOST_WAYS and size <= MOST_RECORDS else (1, 1)


def _where(
    entries: Entries,
    reading: Reading,
    leading: Sequence[Leading],
    path: Path_,
    kind: str,
    where: Mapping[str, Any],
    over: Leading | None,
) -> None:
    """A condition of the model may test fields of the entity arrived at, and of the record."""
    fields: dict[str, FieldEntry | None] = {}
    for one in (kind, *supers(entries.kinds, kind)):
        fields |= entries.kinds[one].fields
    hops = [one for one in leading if isinstance(one, Hop)]
    for word, test in where.items():
        here = (*path, word)
        if word in LOGIC:
            for branch in test if isinstance(test, list) else [test]:
                _where(entries, reading, leading, here, kind, branch if isinstance(branch, dict) else {}, over)
        elif word == "record" and isinstance(over, Hop):
            _tests(entries, reading, here, dict(entries.relations[over.relation].fields), test)
        elif word in ("name", "key"):
            _operators(entries, reading, here, "string", test)
        elif word == "synthetic":
            _operators(entries, reading, here, "boolean", test)
        elif on := find_field(entries.kinds, hops, kind, word):
            for inner in [test] if word == on.singular else test.values() if isinstance(test, dict) else ():
                _where(entries, reading, leading, here, on.far, _without_bounds(inner), on)
        elif word == "is" and isinstance(test, dict):
            continue  # each case is judged by the filter itself, when the chain is planned
        else:
            _tests(entries, reading, path, fields, {word: test})


def _without_bounds(test: Any) -> dict[str, Any]:
    """What a quantifier or a count holds of conditions on the far end."""
    inner = test.get("where", test) if isinstance(test, dict) else {}
    return {word: one for word, one in inner.items() if word not in ("isNull", *OPERATORS["int"])}


def _tests(
    entries: Entries, reading: Reading, path: Path_, fields: Mapping[str, FieldEntry | None], tests: Any
) -> None:
    for word, test in tests.items() if isinstance(tests, dict) else ():
        if word not in fields:
            reading.problem((*path, word), "UNKNOWN_FIELD", f"{word} is no field there", near(word, list(fields)), word)
            continue
        _operators(entries, reading, (*path, word), (fields[word] or entries.fields[word]).type, test)


def _operators(entries: Entries, reading: Reading, path: Path_, type_: str, test: Any) -> None:
    allowed = OPERATORS.get(type_, TERM_OPERATORS)
    if not isinstance(test, dict) or not set(test) <= allowed:
        mend = f"write {{eq: …}}; operators there: {', '.join(sorted(allowed))}"
        reading.problem(path, "BAD_TEST", "is no test of that field", mend)
        return
    if type_ in entries.terms:
        for code in [test[op] for op in ("eq", "in") if op in test]:
            for one in code if isinstance(code, list) else [code]:
                if one not in entries.terms[type_].terms:
                    reading.problem(
                        path,
                        "UNKNOWN_TERM",
                        f"{one} is no term of {type_}",
                        near(str(one), list(entries.terms[type_].terms)),
                        str(one),
                    )
