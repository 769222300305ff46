"""Loading against bare SQLite: ratios of processor time, in one run, interleaved.

Bare: the final rows of the same store, of all of its tables (records, states, keys, citations, names and how they are typed,
the log of changes), set down by ``executemany`` in the order of their keys with the same settings, in one transaction, and the
same indexes built afterwards. Its values are ready: no file is read, no name is spelled, nothing is checked, nothing is
looked up of what was there. What takes the time of neither is left out of both: the model and GraphQL's schema, which a
store is made with once.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time

import apsw

from orggraph.model import model_of
from orggraph.model.reading import model_texts
from orggraph.stores.sqlite import ddl
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.load import load
from orggraph.stores.sqlite.opening import connect, keep_log
from tests.bench.inputs import FOLDER, ROOT, corrections, json_lines, tables, workbook
from tests.bench.measuring import Figure

CHUNK = 50_000
CORRECTIONS = 50_000
MODEL = model_texts(ROOT / "schema")
OF_MODEL = ("meta", "term")
CLOSED = {"k_Person": "k1", "r_CommunityWorker": "k1", "bearer": "still"}
"""Tables of which a correction changes rows that were there, and the column that it changes; to the others it only adds."""


def loading(scale: int, rounds: int) -> list[Figure]:
    """First loads of both formats, and a correction, against bare statements."""
    given = {"CSV": tables(scale), "JSONL": json_lines(scale)}
    stores = {name: FOLDER / f"load-{name}-{scale}.db" for name in given}
    bare = FOLDER / f"load-bare-{scale}.db"
    times: dict[str, list[float]] = {name: [] for name in ("bare", *given)}
    for _ in range(rounds):
        for name, folder in given.items():
            times[name].append(_load(stores[name], folder, MODEL))
        times["bare"].append(_bare(bare, stores["CSV"]))
    number = value(connect(stores["CSV"]), "SELECT added FROM load")
    figures = [
        _ratio(f"first load: bare / ours, {name}", scale, number, times["bare"], times[name], 0.4) for name in given
    ]
    figures.append(_correction(scale, stores["CSV"], rounds))
    for path in (*stores.values(), bare):
        _remove(path)
    return figures


def _ratio(name: str, scale: int, number: int, bare: list[float], ours: list[float], goal: float) -> Figure:
    best, mine = median(bare), median(ours)
    print(f"  scale {scale} {name}: {number / mine:,.0f} and {number / best:,.0f} rows/s", file=sys.stderr)
    return Figure(name, scale, number, best / mine, goal)


def seconds(run: Callable[[], object]) -> float:
    """Processor seconds."""
    begin = process_time()
    run()
    return process_time() - begin


def _load(path: Path, folder: Path, model: dict[str, str] | None) -> float:
    """A load into a new store if a model is given."""
    if model is not None:
        _remove(path)
    return seconds(lambda: load(path, model, lambda _: "", [folder]))


def _remove(path: Path) -> None:
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)


def _bare(path: Path, loaded: Path) -> float:
    """Reading the rows that are to be set down is not counted."""
    _remove(path)
    source, target, model, spent = connect(loaded), connect(path, write=True), model_of(MODEL), 0.0
    target.execute("BEGIN IMMEDIATE")
    target.execute(ddl.tables(model))
    for name in _tables(source):
        for chunk in _chunks(source, f'SELECT * FROM "{name}"'):
            spent += seconds(lambda: target.executemany(_insert(name, chunk), chunk))  # noqa: B023  run at once
    spent += seconds(lambda: target.execute(ddl.indexes(model)))
    spent += seconds(lambda: target.execute("COMMIT"))
    keep_log(target)
    source.close()
    return spent + seconds(target.close)


def _tables(connection: apsw.Connection) -> list[str]:
    """All but what is of the model."""
    every = rows(connection, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'")
    return [name for (name,) in every if name not in OF_MODEL]


def _insert(table: str, rows: Sequence[Sequence[object]]) -> str:
    return f'INSERT INTO "{table}" VALUES({",".join("?" * len(rows[0]))})'


def _chunks(connection: apsw.Connection, sql: str) -> Iterator[list[tuple[object, ...]]]:
    found: Iterable[tuple[object, ...]] = connection.cursor().execute(sql)
    found = iter(found)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def _correction(scale: int, base: Path, rounds: int) -> Figure:
    """A load that changes a field of so many things, against setting down its versions and closing those before."""
    folder, ours, bare = corrections(scale, CORRECTIONS), FOLDER / "ours.db", FOLDER / "bare.db"
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(rounds):
        for path in (ours, bare):
            _remove(path)
            shutil.copy(base, path)
        times["ours"].append(_load(ours, folder, None))
        times["bare"].append(_bare_correction(bare, ours))
    number = value(connect(ours), "SELECT corrected FROM load WHERE k = 2")
    assert number == CORRECTIONS, f"{number} were corrected"
    for path in (ours, bare):
        _remove(path)
    return _ratio("corrections: bare / ours", scale, number, times["bare"], times["ours"], 0.5)


def _bare_correction(path: Path, corrected: Path) -> float:
    """What the load has changed in any table, found by comparing its store with that before, is changed in this one."""
    source = connect(corrected)
    source.execute("ATTACH ? AS old", (str(path),))
    work = [one for name in _tables(source) for one in _upserts(source, name)]
    source.close()

    def upsert() -> None:
        target = connect(path, write=True)
        keep_log(target)
        target.execute("BEGIN IMMEDIATE")
        for sql, parameters in work:
            target.executemany(sql, parameters)
        target.execute("COMMIT")
        target.close()

    return seconds(upsert)


def _upserts(source: apsw.Connection, table: str) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Statements with their rows: changed in one column, and added."""
    columns = rows(source, "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", (table,))
    keys = [name for name, pk in columns if pk]
    same = " AND ".join(f"o.{name} = v.{name}" for name in keys)
    if table in CLOSED:
        told = ",".join(f"v.{name}" for name in (CLOSED[table], *keys))
        differs = f"{same} WHERE v.{CLOSED[table]} <> o.{CLOSED[table]}"
        changed = rows(source, f'SELECT {told} FROM "{table}" v JOIN old."{table}" o ON {differs}')
        yield f'UPDATE "{table}" SET {CLOSED[table]} = ? WHERE {" AND ".join(f"{name} = ?" for name in keys)}', changed
    new = f'NOT EXISTS(SELECT 1 FROM old."{table}" o WHERE {same})'
    added = rows(source, f'SELECT * FROM "{table}" v WHERE {new} ORDER BY {",".join(keys)}')
    if added:
        yield _insert(table, added), added


def workbooks(scale: int, goal: float) -> Figure:
    """Rows a second out of a workbook, loaded and checked."""
    file, path = workbook(scale), FOLDER / "workbook.db"
    spent = _load(path, file, MODEL)
    number = value(connect(path), "SELECT added FROM load")
    _remove(path)
    rate = number / spent
    return Figure("workbook: rows a second", scale, number, rate, goal)


def memory(scale: int) -> Figure:
    """The most memory that a process takes which loads, in MB."""
    path = FOLDER / "memory.db"
    _remove(path)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.loading", path, tables(scale)],
        check=True, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    number = value(connect(path), "SELECT added FROM load")
    _remove(path)
    most = int(done.stdout) / 1024
    return Figure("first load: MB of memory (at most)", scale, number, most, 300, True)


def main() -> None:
    """A load in a process of its own; prints the most memory that it took, in kB, as Linux counts it."""
    load(Path(sys.argv[1]), MODEL, lambda _: "", [Path(sys.argv[2])])
    status = Path("/proc/self/status").read_text("utf-8")
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    main()
