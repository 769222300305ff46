"""Names as they are searched: kept by every load in the transaction that writes it, and by whatever else changes names.

In: a store whose versions are written. Out: five tables. ``called`` numbers every name that some version of an entity of a kind
has, at whatever load, each kind's in a range of their own (``names_of``), so that what is found by a text can be looked at kind by
kind; ``spelling`` says how it may be typed (``records/spelling.py``); ``snippet`` has the different snippets of all spellings, and
what may be typed of them, ``snippet_of`` which names have them, ``later`` than at their beginning or not, at which of how many
places; ``bearer`` which entities have a name, in how many records of now they stand and by which key, by which the found are
ranked, and whether a version of now still has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import apsw

from orggraph.model.model import Kind, Model, Relation
from orggraph.records.spelling import snippet_of, snippets, spellings
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.ddl import PLACE_BITS, RANK, end_column
from orggraph.stores.sqlite.staging import staged_name
from orggraph.stores.sqlite.writing import CURRENT

Table = Kind | Relation
TABLES = ("called", "spelling", "snippet_of", "bearer")
OF_NAMES = (*TABLES, "snippet")
AT_A_TIME = 4_000
"""Names that are spelled at a time."""
MOST_SNIPPETS = 100_000
"""Of which the numbers are held in memory."""
MOVED = "CREATE TEMP TABLE moved(e INTEGER PRIMARY KEY, d INTEGER NOT NULL)"


def name_loaded(connection: apsw.Connection, tables: Mapping[str, Table], number: int, fresh: bool) -> None:
    """Takes in what a load has brought: the names in versions that it wrote, the records that it began and ended.
    ``tables``: those that it has rows of, which are staged still; ``fresh``: the store has nothing else."""
    kinds = [table for table in tables.values() if isinstance(table, Kind)]
    relations = [table for table in tables.values() if isinstance(table, Relation)]
    _move(connection, (_ends(one, _written(one, "r", number, fresh), number) for one in relations))
    _name(connection, {one: f"SELECT v.name, v.e FROM {_written(one, 'e', number, fresh)}" for one in kinds}, fresh)
    if fresh:
        connection.execute(RANK)
    for kind in kinds if not fresh else ():
        keys = f'SELECT q.e FROM temp."{staged_name(kind)}" s JOIN entity q ON q.key = s.key'
        _still(connection, kind, f"e IN ({keys})")


def name_all(connection: apsw.Connection, model: Model) -> None:
    """Makes the tables anew from all versions."""
    for table in OF_NAMES:
        connection.execute(f"DELETE FROM {table}")
    _move(connection, (_ends(one, f'"r_{one.name}" v WHERE v.k1 = {CURRENT}', -1) for one in model.relations.values()))
    _name(connection, {kind: f'SELECT v.name, v.e FROM "k_{kind.name}" v' for kind in model.concrete()}, True)
    for kind in model.concrete():
        _still(connection, kind, f"e & 63 = {kind.number}")


def names_of(kind: Kind) -> tuple[int, int]:
    """The numbers between which a kind's names have theirs."""
    return kind.number << PLACE_BITS, (kind.number + 1) << PLACE_BITS


def name_again(connection: apsw.Connection, model: Model, entities: Iterable[int]) -> None:
    """Takes in what a purge has left of the names of some entities, and of what stood in records with them."""
    kinds = {kind.number: kind for kind in model.concrete()}
    for e in entities:
        degree = value(connection, "SELECT degree FROM bearer WHERE e = ? LIMIT 1", (e,)) or 0
        connection.execute("DELETE FROM bearer WHERE e = ?", (e,))
        kind = kinds[e & 63]
        has = f'SELECT name, e FROM "k_{kind.name}" v WHERE e = {e}'
        _call(connection, kind, has)
        _bear(connection, kind, has, str(degree))
        _still(connection, kind, f"e = {e}")
    for table in TABLES[:3]:
        connection.execute(f"DELETE FROM {table} WHERE t NOT IN (SELECT t FROM bearer)")
    connection.execute("DELETE FROM snippet WHERE h NOT IN (SELECT h FROM snippet_of)")
    _spell(connection, "t NOT IN (SELECT t FROM spelling)")
    _rank(connection, model)


def degrees(model: Model) -> str:
    """A select of (e, d): in how many records of now an entity stands."""
    return _sums(_ends(one, f'"r_{one.name}" v WHERE v.k1 = {CURRENT}', -1) for one in model.relations.values())


def _rank(connection: apsw.Connection, model: Model) -> None:
    """Counts all records anew."""
    connection.execute(MOVED)
    connection.execute(f"INSERT INTO temp.moved {degrees(model)}")
    told = "coalesce((SELECT d FROM temp.moved m WHERE m.e = bearer.e), 0)"
    connection.execute(f"UPDATE bearer SET degree = {told} WHERE degree <> {told}")
    connection.execute("DROP TABLE temp.moved")


# ---------------------------------------------------------------- what a load wrote


def _written(table: Table, thing: str, number: int, fresh: bool) -> str:
    """``FROM`` and ``WHERE`` of the versions ``v`` that a load has begun, and of relations those that it has ended."""
    name = f'"k_{table.name}"' if thing == "e" else f'"r_{table.name}"'
    touched = f"v.k0 = {number}" if thing == "e" else f"(v.k0 = {number} OR v.k1 = {number})"
    if fresh:
        return f"{name} v WHERE {touched}"
    registry = "entity" if thing == "e" else "record"
    keys = f'(SELECT DISTINCT key FROM temp."{staged_name(table)}") s CROSS JOIN {registry} q ON q.key = s.key'
    return f"{keys} CROSS JOIN {name} v ON v.{thing} = q.{thing} WHERE {touched}"


def _ends(relation: Relation, versions: str, number: int) -> Iterator[str]:
    """Selects of (e, d): for each end of each version one more, of those that a load has ended one less."""
    for end in relation.ends:
        column = f"v.{end_column(end.role)}"
        yield f"SELECT {column} e, iif(v.k1 = {number}, -1, 1) d FROM {versions} AND {column} IS NOT NULL"


def _sums(selects: Iterable[Iterator[str]]) -> str:
    found = [one for each in selects for one in each] or ["SELECT 0 e, 0 d WHERE 0"]
    return f"SELECT e, sum(d) d FROM ({' UNION ALL '.join(found)}) GROUP BY e HAVING sum(d) <> 0"


def _move(connection: apsw.Connection, selects: Iterator[Iterator[str]]) -> None:
    """``temp.moved``: by how much the entities' numbers of records change; known bearers are told."""
    connection.execute(MOVED)
    connection.execute(f"INSERT INTO temp.moved {_sums(selects)}")
    if value(connection, "SELECT 1 FROM bearer LIMIT 1"):
        connection.execute("UPDATE bearer SET degree = degree + m.d FROM temp.moved m WHERE bearer.e = m.e")


def _name(connection: apsw.Connection, selects: Mapping[Kind, str], fresh: bool) -> None:
    """Numbers and spells the names that are new, and says who has them. ``fresh``: nobody has any yet."""
    moved = "(SELECT d FROM temp.moved WHERE e = v.e)"
    degree = moved if fresh else f"(SELECT degree FROM bearer WHERE e = v.e LIMIT 1), {moved}"
    new = []
    for kind, select in selects.items():
        new.append(_call(connection, kind, select))
        _bear(connection, kind, select, f"coalesce({degree}, 0)")
    connection.execute("DROP TABLE temp.moved")
    _spell(connection, " OR ".join(f"t > {last} AND t < {end}" for last, end in new) or "0")


def _call(connection: apsw.Connection, kind: Kind, select: str) -> tuple[int, int]:
    """Numbers those names of a kind that are new; between which numbers."""
    first, end = names_of(kind)
    last = value(connection, "SELECT coalesce(max(t), ?1) FROM called WHERE t > ?1 AND t < ?2", (first, end))
    names = f"SELECT DISTINCT name FROM ({select})"
    connection.execute(f"INSERT OR IGNORE INTO called SELECT {last} + row_number() OVER (), name FROM ({names})")
    return last, end


def _bear(connection: apsw.Connection, kind: Kind, select: str, degree: str) -> None:
    """Says who has the names of a kind; ``degree``: SQL of the number of records that one (``v.e``) stands in."""
    connection.execute(
        f"INSERT OR IGNORE INTO bearer SELECT c.t, v.e, {degree}, (SELECT key FROM entity WHERE e = v.e), 1 FROM "
        f"({select}) v CROSS JOIN called c ON c.name = v.name AND c.t >> {PLACE_BITS} = {kind.number}"
    )


def _still(connection: apsw.Connection, kind: Kind, which: str) -> None:
    """Says of bearers whether a version that is known now has the name."""
    known = f"""EXISTS(SELECT 1 FROM "k_{kind.name}" v WHERE v.e = bearer.e AND v.k1 = {CURRENT}
        AND v.name = (SELECT name FROM called WHERE t = bearer.t))"""
    connection.execute(f"UPDATE bearer SET still = 1 - still WHERE {which} AND still <> {known}")


def _spell(connection: apsw.Connection, which: str) -> None:
    """Spells names. What they are found by is sorted first: each of its places is then written once, however many they are."""
    known = dict[str, int]()
    connection.execute("CREATE TEMP TABLE unsorted(t INTEGER, cells INTEGER, numbers TEXT)")
    cursor = connection.cursor().execute(f"SELECT t, name FROM called WHERE {which} ORDER BY t")
    while named := list(islice(cursor, AT_A_TIME)):
        spelled = [(t, text) for t, name in named for text in spellings(name)]
        connection.executemany("INSERT INTO spelling VALUES(?, ?)", spelled)
        found = [(t, snippets(whole)) for t, whole in spelled]
        _number(connection, {text for _, texts in found for text in texts}, known)
        numbered = ((t, len(texts), str([known[text] for text in texts])) for t, texts in found)
        connection.executemany("INSERT INTO temp.unsorted VALUES(?, ?, ?)", numbered)
    connection.execute(
        """INSERT OR IGNORE INTO snippet_of SELECT j.value h, j.key > 0 later, u.t, j.key place, u.cells FROM temp.unsorted u
        CROSS JOIN json_each(u.numbers) j ORDER BY h, later, u.t, place"""
    )
    connection.execute("DROP TABLE temp.unsorted")


def _number(connection: apsw.Connection, texts: set[str], known: dict[str, int]) -> None:
    """Numbers snippets that are not known yet."""
    if len(known) > MOST_SNIPPETS:
        known.clear()
    new = sorted(texts - known.keys())
    connection.executemany(
        "INSERT OR IGNORE INTO snippet VALUES(NULL, ?, ?, ?, ?)", [(one, *snippet_of(one)) for one in new]
    )
    known.update((one, value(connection, "SELECT h FROM snippet WHERE text = ?", (one,))) for one in new)
