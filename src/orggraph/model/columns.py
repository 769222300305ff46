"""How files may spell the names of kinds, relations, fields and ends: one rule for reading files and for the linter."""

from __future__ import annotations

from unicodedata import normalize

from orggraph.model.model import End, Field, Kind, Relation


def folded(name: str) -> str:
    """A name as files may spell it: case, full-width forms, spaces, ``-`` and ``_`` make no difference."""
    return "".join(character for character in normalize("NFKC", name).casefold() if character not in " -_")


def column_words(table: Kind | Relation, part: Field | End) -> set[str]:
    """The spellings of a column: its name and labels. Ends that share a label go by their names only."""
    ends = table.ends if isinstance(table, Relation) and isinstance(part, End) else ()
    if any(end is not part and {end.label.zh, end.label.en} & {part.label.zh, part.label.en} for end in ends):
        return {folded(part.name)}
    return {folded(word) for word in (part.name, part.label.zh, part.label.en)}
