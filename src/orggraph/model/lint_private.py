"""Last round: no field is of private data, by the names by which files would be refused."""

from __future__ import annotations

from collections.abc import Iterator

from orggraph.model.entries import Entries, Label
from orggraph.model.joining import supers
from orggraph.model.private import names_people, plain, says_private
from orggraph.model.reading import Path_, Reading

Part = tuple[Path_, str, Label, bool]
"""Where a field or an end stands, what it is called, whether it is an end."""


def lint_private(entries: Entries, reading: Reading) -> None:
    told = set[Path_]()
    for people, parts in _tables(entries):
        for path, name, label, end in parts:
            words = [one for one in (name, label.zh, label.en) if says_private(plain(one), people, not end, end)]
            if words and path not in told:
                told.add(path)
                mend = "take it out: people are here as office holders only"
                reading.problem(path, "PRIVATE_FIELD", f"{words[0]} is private data", mend, words[0])


def _tables(entries: Entries) -> Iterator[tuple[bool, list[Part]]]:
    """Each kind with all of its fields, each relation with its fields and ends, and whether rows are of people."""
    for name in entries.kinds:
        line = (name, *supers(entries.kinds, name))
        labels = [(one, entries.kinds[one].label) for one in line]
        people = any(names_people(one, label.zh, label.en) for one, label in labels)
        yield people, [part for one in line for part in _fields(entries, "kinds", one)]
    for name, relation in entries.relations.items():
        parts = list(_fields(entries, "relations", name))
        for role, end in (("subject", relation.subject), ("object", relation.object)):
            label = end.label or entries.kinds[end.kind].label
            parts.append((("relations", name, role, "name"), end.name, label, True))
        parts += [(("relations", name, "ends", role), role, end.label, True) for role, end in relation.ends.items()]
        yield True, parts


def _fields(entries: Entries, section: str, name: str) -> Iterator[Part]:
    """Those that an entry says; of a shared one the place where it is taken."""
    for field, entry in getattr(entries, section)[name].fields.items():
        yield (section, name, "fields", field), field, (entry or entries.fields[field]).label, False
