"""How files may spell the names of kinds, relations, fields and ends: one rule for reading files and for the linter."""

from __future__ import annotations

from unicodedata import normalize

from orggraph.model.model import End, Field, Kind, Relation

BUILT_IN = {
    "key": ("键", "编号"),
    "name": ("名称", "姓名"),
    "from": ("起", "起日"),
    "until": ("止", "止日"),
    "through": ("止于", "止于(含)", "止于（含）"),
    "attested": ("见于",),
    "source": ("来源",),
    "para": ("段", "行"),
    "synthetic": ("合成",),
    "withdrawn": ("撤回",),
}
SAYS_TABLE = {"kind": "kind", "种类": "kind", "relation": "relation", "关系": "relation"}
"""The columns that say of each row what it is, where no file's or sheet's name does."""


def folded(name: str) -> str:
    """A name as files may spell it: case, full-width forms, spaces, ``-`` and ``_`` make no difference."""
    return "".join(character for character in normalize("NFKC", name).casefold() if character not in " -_")


def built_in_words() -> set[str]:
    """The spellings of all columns that are no model's own."""
    own = (word for name, words in BUILT_IN.items() for word in (name, *words))
    return {folded(word) for word in (*own, *SAYS_TABLE)}


def column_words(table: Kind | Relation, part: Field | End) -> set[str]:
    """The spellings of a column: its name and labels. Ends that share a label go by their names only."""
    ends = table.ends if isinstance(table, Relation) and isinstance(part, End) else ()
    if any(end is not part and {end.label.zh, end.label.en} & {part.label.zh, part.label.en} for end in ends):
        return {folded(part.name)}
    return {folded(word) for word in (part.name, part.label.zh, part.label.en)}
