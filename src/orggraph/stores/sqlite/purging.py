"""Private data that got in by mistake → gone, from every version and from the file. In: keys, a field, a reason.

A field's value goes from every version of what the keys name; without a field the things themselves go, with the records
that they stand in. What went is overwritten: deleted with ``secure_delete``, then the whole file is written anew and its log
cut. A mark says when, how many and why, and no value. It is the one deed that takes something from the past.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import apsw

from orggraph.errors import StoreError
from orggraph.model import model_of
from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.changes_kept import keep_less, table_name
from orggraph.stores.sqlite.checks import near
from orggraph.stores.sqlite.ddl import EVERY_VERSION, end_column
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.marks import Mark, marks_in
from orggraph.stores.sqlite.measuring import measure
from orggraph.stores.sqlite.merging import join_versions
from orggraph.stores.sqlite.naming import name_again
from orggraph.stores.sqlite.opening import connect, meta
from orggraph.watch import Watch

PARA, NAME = "para", "name"
DECIDES = frozenset({"nature", "date"})
Table = Kind | Relation


@dataclass
class Purged:
    """``tables``: of each table, how many things and versions lost something. ``shared``: how many versions of other things
    cite by the same words as what was purged, which stay. ``loose``: the file is not overwritten yet."""

    number: int
    field: str | None
    tables: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)
    shared: int = 0
    loose: bool = False

    @property
    def versions(self) -> int:
        return sum(versions for _, versions in self.tables.values())


@dataclass(frozen=True)
class Found:
    """Something that a key names: its table and its number."""

    key: str
    table: Table
    number: int

    @property
    def name(self) -> str:
        return ("k_" if isinstance(self.table, Kind) else "r_") + self.table.name

    @property
    def thing(self) -> str:
        return "e" if isinstance(self.table, Kind) else "r"


def purge(
    path: Path,
    keys: Sequence[str],
    field: str | None,
    why: str,
    dry: bool = False,
    watch: Watch = lambda _step, _rows: None,
    wait: float = 60.0,
) -> Purged:
    """Purges all or nothing; with ``dry`` only tells what would go. Waits so many seconds for who loads, and then for who
    reads. Raises StoreError."""
    if not why.strip():
        raise StoreError("say why: the mark that stays keeps the reason", "NO_REASON")
    with faults_told(path), closing(_connect(path, wait)) as connection:
        model = model_of(meta(connection, path)[0], linted=True)
        connection.execute("BEGIN IMMEDIATE")
        try:
            purged = Purging(connection, model, field, why).purge(list(dict.fromkeys(keys)))
            if not purged.versions:
                raise StoreError("nothing of that is there; nothing was purged", "NOTHING")
            connection.execute("ROLLBACK" if dry else "COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        purged.loose = not dry and not _overwrite(connection, watch)
        return purged


def finish(path: Path, watch: Watch = lambda _step, _rows: None, wait: float = 60.0) -> bool:
    """Overwrites what was purged and is still in the file; whether nothing of it is left."""
    with faults_told(path), closing(_connect(path, wait)) as connection:
        meta(connection, path)
        return _overwrite(connection, watch)


def _connect(path: Path, wait: float) -> apsw.Connection:
    connect(path).close()  # refuses what is no file
    connection = connect(path, write=True)
    connection.set_busy_timeout(int(wait * 1000))
    connection.pragma("secure_delete", 1)
    connection.pragma("journal_mode", "wal")
    return connection


def _overwrite(connection: apsw.Connection, watch: Watch) -> bool:
    """Writes the file anew: free pages and the unused parts of others may hold what was purged long after. False where
    somebody reads on, so that the log cannot be cut."""
    watch("overwriting", 0)
    try:
        connection.execute("VACUUM")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").get
        if busy[0]:
            return False
        connection.execute("UPDATE purge SET done = 1 WHERE done = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (apsw.BusyError, apsw.LockedError, apsw.FullError):
        return False
    return True


class Purging:
    """One purge, in the transaction that is open."""

    def __init__(self, connection: apsw.Connection, model: Model, field: str | None, why: str) -> None:
        self.connection, self.model, self.field, self.why = connection, model, field, why
        number = value(connection, "SELECT coalesce(max(p), 0) + 1 FROM purge")
        self.purged = Purged(int(number), field)
        self.things: dict[str, set[int]] = {}
        self.versions: dict[str, int] = {}
        self.sets: set[int] = set()

    def purge(self, keys: Sequence[str]) -> Purged:
        found = [self.find(key) for key in keys]
        for one in found:
            match self.field:
                case None:
                    self.whole(one)
                case "para":
                    self.paras(one)
                case _:
                    self.value(one, self.field)
        self.loose_sets()
        tables: list[Table] = [*self.model.concrete(), *self.model.relations.values()]
        for table in tables:
            if table_name(table) in self.things:
                join_versions(self.connection, table, self.things[table_name(table)])
                keep_less(self.connection, table, self.things[table_name(table)])
        self.purged.tables = {name: (len(self.things[name]), self.versions[name]) for name in sorted(self.things)}
        self.mark()
        named = {f"k_{kind.name}" for kind in self.model.concrete()} if self.field in (None, NAME) else set()
        if named & self.things.keys() or self.field is None:
            entities = [e for name, things in self.things.items() if name in named for e in things]
            name_again(self.connection, self.model, entities)
        if self.field is None:
            measure(self.connection, self.model)
        return self.purged

    def find(self, key: str) -> Found:
        tables: list[tuple[str, str, int, Sequence[Table]]] = [
            ("entity", "e", 63, self.model.concrete()),
            ("record", "r", 1023, list(self.model.relations.values())),
        ]
        for registry, thing, mask, known in tables:
            number = value(self.connection, f"SELECT {thing} FROM {registry} WHERE key = ?", (key,))
            if number is not None:
                return Found(key, next(table for table in known if table.number == number & mask), number)
        raise StoreError(f"{key}: is no known key ({near(self.connection, key)})", "UNKNOWN_KEY")

    def lost(self, name: str, number: int, versions: int) -> None:
        """Counts versions of a thing that lost something."""
        if versions:
            self.things.setdefault(name, set()).add(number)
            self.versions[name] = self.versions.get(name, 0) + versions

    def must_not_say(self, texts: Sequence[object]) -> None:
        """The reason stays; it must not say again what goes."""
        for text in texts:
            if isinstance(text, str) and len(text) > 1 and text in self.why:
                raise StoreError(
                    "--why says what is to be purged, and would keep it; say it in other words", "WHY_SAYS_IT"
                )

    # ------------------------------------------------------------ a field

    def value(self, one: Found, name: str) -> None:
        columns = self.columns(one.table, name)
        versions = f'"{one.name}" WHERE {one.thing} = {one.number}'
        column = columns[0]
        self.must_not_say([text for (text,) in rows(self.connection, f"SELECT DISTINCT {column} FROM {versions}")])
        if name == NAME:  # everything has a name: what is left is the key
            setting, differs = "name = ?1, name__s = ?1", "name <> ?1"
            self.connection.execute(
                f'UPDATE "{one.name}" SET {setting} WHERE e = {one.number} AND {differs}', (one.key,)
            )
        else:
            setting = ", ".join(f"{one_column} = NULL" for one_column in columns)
            self.connection.execute(
                f"UPDATE {versions.replace(' WHERE', f' SET {setting} WHERE')} AND {column} IS NOT NULL"
            )
        self.lost(one.name, one.number, self.connection.changes())

    def columns(self, table: Table, name: str) -> list[str]:
        """The columns that keep a field, or StoreError saying why it cannot go."""
        if name == NAME and isinstance(table, Kind):
            return ["name", "name__s"]
        found: Field | None = next((field for field in table.fields if field.name == name), None)
        if found is None:
            known = ", ".join([*(["name"] if isinstance(table, Kind) else []), *(f.name for f in table.fields), PARA])
            raise StoreError(f"{name}: is no field of {table.name}; one of {known}", "UNKNOWN_FIELD")
        if found.required:
            message = f"{table.name}.{name} is required; purge the whole of it (leave --field out), or correct it first"
            raise StoreError(message, "REQUIRED")
        if table.name == "Source" and name in DECIDES:
            raise StoreError(f"{name} of a source decides what blank dates mean; correct it by loading", "DECIDES")
        beside = {Value.STRING: ("__s",), Value.DATE: ("__0", "__1")}.get(found.type, ())
        return [f'"_{name}{end}"' for end in ("", *beside)]

    # ------------------------------------------------------------ where in a source

    def paras(self, one: Found) -> None:
        """The same sources, without where in them."""
        cites = f'SELECT DISTINCT c FROM "{one.name}" WHERE {one.thing} = {one.number} AND c <> 0'
        for (c,) in rows(self.connection, cites):
            sources = rows(self.connection, "SELECT s, para FROM cite WHERE c = ? ORDER BY i", (c,))
            self.must_not_say([para for _, para in sources])
            if any(para is not None for _, para in sources):
                bare = self.bare_set([s for s, _ in sources])
                setting = f'UPDATE "{one.name}" SET c = {bare} WHERE {one.thing} = {one.number} AND c = {c}'
                self.connection.execute(setting)
                self.lost(one.name, one.number, self.connection.changes())
                self.sets.add(c)

    def bare_set(self, sources: Sequence[int]) -> int:
        keys = [value(self.connection, "SELECT key FROM entity WHERE e = ?", (s,)) for s in sources]
        text = json.dumps([[key, None] for key in keys], separators=(",", ":"))
        known = value(self.connection, "SELECT c FROM cited WHERE text = ?", (text,))
        if known is None:
            self.connection.execute("INSERT INTO cited(text) VALUES(?)", (text,))
            known = self.connection.last_insert_rowid()
            parts = [(known, i, s) for i, s in enumerate(sources)]
            self.connection.executemany("INSERT INTO cite(c, i, s) VALUES(?, ?, ?)", parts)
        return int(known)

    def loose_sets(self) -> None:
        """Citations of what was purged go too, where nothing else cites by the same words."""
        tables = [f"k_{kind.name}" for kind in self.model.concrete()] + [f"r_{name}" for name in self.model.relations]
        self.connection.execute("CREATE TEMP TABLE gone(c INTEGER PRIMARY KEY)")
        self.connection.executemany("INSERT INTO gone VALUES(?)", [(c,) for c in self.sets])
        if self.sets:
            for table in tables:
                still = f'SELECT c FROM "{table}" WHERE c IN (SELECT c FROM gone)'
                shared = rows(self.connection, f"SELECT c, count(*) FROM ({still}) GROUP BY c")
                self.purged.shared += sum(number for _, number in shared)
                self.connection.executemany("DELETE FROM gone WHERE c = ?", [(c,) for c, _ in shared])
        self.connection.execute("DELETE FROM cite WHERE c IN (SELECT c FROM gone)")
        self.connection.execute("DELETE FROM cited WHERE c IN (SELECT c FROM gone)")
        self.connection.execute("DROP TABLE temp.gone")

    # ------------------------------------------------------------ the whole

    def whole(self, one: Found) -> None:
        if isinstance(one.table, Kind):
            self.refuse_cited(one)
            names = rows(self.connection, f'SELECT DISTINCT name FROM "{one.name}" WHERE e = {one.number}')
            self.must_not_say([one.key, *(name for (name,) in names)])
            for relation in self.model.relations.values():
                self.records_of(one, relation)
        else:
            self.must_not_say([one.key])
        self.delete(one.name, one.thing, one.number)

    def refuse_cited(self, one: Found) -> None:
        if value(self.connection, "SELECT 1 FROM cite WHERE s = ? LIMIT 1", (one.number,)):
            raise StoreError(f"{one.key}: is cited, so that dates rest on it; purge its fields (--field)", "CITED")

    def records_of(self, one: Found, relation: Relation) -> None:
        """Records of which it is an end in some version go; where it only stands at an end that may be blank, it is blank."""
        name = f"r_{relation.name}"
        needed = [end_column(end.role) for end in relation.ends if end.required and one.table.name in end.kinds]
        if needed:
            stands = " OR ".join(f"{column} = {one.number} AND {EVERY_VERSION}" for column in needed)
            for (record,) in rows(self.connection, f'SELECT DISTINCT r FROM "{name}" WHERE {stands}'):
                self.delete(name, "r", record)
        for end in relation.further:
            if not end.required and one.table.name in end.kinds:
                column = end_column(end.role)
                stands = f"{column} = {one.number} AND {EVERY_VERSION}"
                stood = rows(self.connection, f'SELECT r, count(*) FROM "{name}" WHERE {stands} GROUP BY r')
                self.connection.execute(f'UPDATE "{name}" SET {column} = NULL WHERE {stands}')
                for record, versions in stood:
                    self.lost(name, record, versions)

    def delete(self, name: str, thing: str, number: int) -> None:
        """All versions of a thing, and its key."""
        said = "SELECT 1 FROM cite t WHERE t.c = v.c AND t.para IS NOT NULL"
        cites = f'SELECT DISTINCT c FROM "{name}" v WHERE {thing} = {number} AND EXISTS({said})'
        self.sets |= {c for (c,) in rows(self.connection, cites)}
        self.connection.execute(f'DELETE FROM "{name}" WHERE {thing} = {number}')
        self.lost(name, number, self.connection.changes())
        self.connection.execute(f"DELETE FROM {'entity' if thing == 'e' else 'record'} WHERE {thing} = {number}")

    # ------------------------------------------------------------ the mark

    def mark(self) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        marks = [
            (self.purged.number, name, self.field or "", at, things, versions, self.why.strip(), 0)
            for name, (things, versions) in self.purged.tables.items()
        ]
        self.connection.executemany("INSERT INTO purge VALUES(?, ?, ?, ?, ?, ?, ?, ?)", marks)


def marks(path: Path) -> list[Mark]:
    """What was ever purged from a store."""
    with closing(connect(path)) as connection:
        meta(connection, path)
        return marks_in(connection)
