"""A model → its tables and indexes. In: a Model. Out: SQL text, committed under ``schema/derived/`` and run once.

One table per kind and per relation holds every version of it; partial indexes over the current versions (k1 = POS) serve
ordinary reads. Those over all versions serve reads of what was known at an earlier load: they cover the same columns, so
that only the versions passed over cost more, and say ``k0 IS NOT NULL``, so that SQLite takes them where a statement
asks for k0, never for what is known now.
"""

from __future__ import annotations

from orggraph.model.model import OBJECT, SUBJECT, Field, Kind, Model, Relation
from orggraph.model.values import TYPES, Value
from orggraph.stores.sqlite.writing import CURRENT

SHARED = """\
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE load(k INTEGER PRIMARY KEY, at TEXT NOT NULL, files TEXT NOT NULL, added INTEGER NOT NULL, corrected INTEGER NOT NULL, withdrawn INTEGER NOT NULL) STRICT;
CREATE TABLE entity(e INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE record(r INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE cite(c INTEGER NOT NULL, i INTEGER NOT NULL, s INTEGER NOT NULL, para TEXT, PRIMARY KEY(c, i)) STRICT, WITHOUT ROWID;
CREATE TABLE cited(c INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE term(l TEXT NOT NULL, code TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL, iri TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY(l, code)) STRICT, WITHOUT ROWID;
CREATE TABLE purge(p INTEGER NOT NULL, name TEXT NOT NULL, field TEXT NOT NULL, at TEXT NOT NULL, things INTEGER NOT NULL, versions INTEGER NOT NULL, why TEXT NOT NULL, done INTEGER NOT NULL, PRIMARY KEY(p, name)) STRICT, WITHOUT ROWID;
CREATE TABLE change(k INTEGER NOT NULL, m INTEGER NOT NULL, x INTEGER NOT NULL, b INTEGER, PRIMARY KEY(k, m)) STRICT, WITHOUT ROWID;
CREATE TABLE fan_out(name TEXT NOT NULL, role TEXT NOT NULL, mean REAL NOT NULL, PRIMARY KEY(name, role)) STRICT, WITHOUT ROWID;
CREATE TABLE called(t INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE spelling(t INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(t, text)) STRICT, WITHOUT ROWID;
CREATE TABLE snippet(h INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, characters TEXT NOT NULL, initials TEXT NOT NULL, letters TEXT NOT NULL) STRICT;
CREATE TABLE snippet_of(h INTEGER NOT NULL, later INTEGER NOT NULL, t INTEGER NOT NULL, place INTEGER NOT NULL, cells INTEGER NOT NULL, PRIMARY KEY(h, later, t, place)) STRICT, WITHOUT ROWID;
CREATE TABLE bearer(t INTEGER NOT NULL, e INTEGER NOT NULL, degree INTEGER NOT NULL, key TEXT NOT NULL, still INTEGER NOT NULL, PRIMARY KEY(t, e)) STRICT, WITHOUT ROWID;
CREATE TABLE fact(kind TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY(kind, what)) STRICT, WITHOUT ROWID;
"""  # noqa: E501  a table a line
NUMBERS = "f0 INTEGER NOT NULL, f1 INTEGER NOT NULL, u0 INTEGER NOT NULL, u1 INTEGER NOT NULL"
WRITTEN = (
    "w_from TEXT, w_until TEXT, w_through TEXT, w_attested TEXT, w_seen TEXT, c INTEGER NOT NULL, syn INTEGER NOT NULL"
)
PLACE_BITS = 40
"""Of a version's number, below the place of its table; of a name's, below its kind."""
RANK = "CREATE INDEX bearer_rank ON bearer(e & 63, degree DESC, key);\n"
"""Bearers of a kind as a search ranks them; a first load makes it when they are in."""
KNOWN = "k0 INTEGER NOT NULL, k1 INTEGER NOT NULL"
EVERY_VERSION = "k0 > 0"
"""True of each; said where a statement looks for versions by an end, whenever they were known, so that an index serves it."""


def ddl(model: Model) -> str:
    """All of it, tables first."""
    return tables(model) + indexes(model) + RANK


def tables(model: Model) -> str:
    parts = [SHARED]
    parts += [_state_table(kind) for kind in model.concrete()]
    parts += [_relation_table(relation) for relation in model.relations.values()]
    return "".join(parts)


def indexes(model: Model, asked: bool = True) -> str:
    """Separable from the tables: a first load builds them when its rows are in. ``asked``: also those that only questions need."""
    parts = [
        "CREATE UNIQUE INDEX entity_kind ON entity(e & 63, key);\n",
        "CREATE UNIQUE INDEX record_relation ON record(r & 1023, key);\n",
        f"CREATE UNIQUE INDEX called_name ON called(name, t >> {PLACE_BITS});\n",
        "CREATE INDEX bearer_e ON bearer(e, t);\n",
        *(f"CREATE INDEX snippet_{typed} ON snippet({typed});\n" for typed in ("characters", "initials", "letters")),
    ]
    for kind in model.concrete():
        parts += [*_state_indexes(f"k_{kind.name}", asked), _went(f"k_{kind.name}")]
    for relation in model.relations.values():
        parts += [*_relation_indexes(relation, asked), _went(f"r_{relation.name}")]
    return "".join(parts)


def field_columns(fields: tuple[Field, ...]) -> list[tuple[str, str]]:
    """Column and SQLite type of each field; beside a date its earliest and latest day, beside text its sort key."""
    columns = []
    for field in fields:
        columns.append((f"_{field.name}", TYPES[field.type].sqlite))
        if field.type is Value.DATE:
            columns += [(f"_{field.name}__0", "INTEGER"), (f"_{field.name}__1", "INTEGER")]
        if field.type is Value.STRING:
            columns.append((f"_{field.name}__s", "TEXT"))
    return columns


def end_column(role: str) -> str:
    """``subject`` → ``s``, ``object`` → ``o``, a further end → its own column."""
    return {SUBJECT: "s", OBJECT: "o"}.get(role, f'"x_{role}"')


def _fields(fields: tuple[Field, ...]) -> str:
    return "".join(f', "{name}" {type_}' for name, type_ in field_columns(fields))


def _state_table(kind: Kind) -> str:
    next_and_life = ", ".join(f"{name} INTEGER NOT NULL" for name in ("n0", "n1", "g0", "g1", "v0", "v1"))
    head = f"n INTEGER PRIMARY KEY, e INTEGER NOT NULL, {NUMBERS}, {next_and_life}, {KNOWN}"
    return f'CREATE TABLE "k_{kind.name}"({head}, {WRITTEN}, name TEXT NOT NULL, name__s TEXT NOT NULL{_fields(kind.fields)}) STRICT;\n'


def _relation_table(relation: Relation) -> str:
    further = "".join(f', "x_{end.role}" INTEGER' for end in relation.further)
    head = f"n INTEGER PRIMARY KEY, r INTEGER NOT NULL, s INTEGER NOT NULL, o INTEGER NOT NULL{further}"
    return (
        f'CREATE TABLE "r_{relation.name}"({head}, {NUMBERS}, {KNOWN}, {WRITTEN}{_fields(relation.fields)}) STRICT;\n'
    )


def _state_indexes(table: str, asked: bool) -> list[str]:
    named = [_current(table, "name", "name"), _current(table, "sort", "name__s")] if asked else []
    known = f'CREATE INDEX "{table}_known" ON "{table}"(e, k1, k0);\n'
    return [_current(table, "e", "e, f0, n0, u1, n1, name"), *named, known]


def _relation_indexes(relation: Relation, asked: bool) -> list[str]:
    table = f"r_{relation.name}"
    ends = {"s": "f0, u1, f1, u0, o"}
    ends |= dict.fromkeys(("o", *(f'"x_{end.role}"' for end in relation.further)), "s, f0, u1, f1, u0")
    found = [f'CREATE UNIQUE INDEX "{table}_r" ON "{table}"(r, k1);\n']
    found += [_current(table, end.replace('"', ""), f"{end}, {covered}") for end, covered in ends.items()]
    if asked:
        found += [_current(table, "f0", "f0"), _current(table, "u0", "u0")]
        found += [_known(table, end, covered) for end, covered in ends.items()]
    return found


def place_of(table: Kind | Relation) -> int:
    """What is added to the numbers of a table's versions, so that those of all tables have one order: kinds first, then
    relations, each by number."""
    return (table.number if isinstance(table, Kind) else 64 + table.number) << PLACE_BITS


def _went(table: str) -> str:
    """The versions that a load took back, and since when they were known."""
    return f'CREATE INDEX "{table}_went" ON "{table}"(k1, k0) WHERE k1 < {CURRENT};\n'


def _current(table: str, name: str, columns: str) -> str:
    return f'CREATE INDEX "{table}_{name}" ON "{table}"({columns}) WHERE k1 = {CURRENT};\n'


def _known(table: str, end: str, covered: str) -> str:
    name = f"{table}_known_{end}".replace('"', "")
    return f'CREATE INDEX "{name}" ON "{table}"({end}, k1, k0, {covered}) WHERE k0 IS NOT NULL;\n'
