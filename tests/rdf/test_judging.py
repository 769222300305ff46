"""What SQL finds to break the shapes is what pyshacl finds in the graph that is exported: the same things, properties,
constraints and values, on graphs that are broken below the loader in every way that the shapes know.

ORGGRAPH_BROKEN says how many graphs (60), ORGGRAPH_BROKEN_SEED which to begin with (0).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from orggraph.errors import StoreError
from orggraph.model import load_model, model_of
from orggraph.model.iris import OURS, SH, XSD
from orggraph.model.model import Model
from orggraph.plan.shapes import Component
from orggraph.rdf.judging import MOST, judge, results_of
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.load import load as load_files
from tests.conftest import MODELS
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model
from tests.rdf import small
from tests.rdf.broken import break_store
from tests.rdf.shacl import Told, told
from tests.rdf.test_canonical import exported
from tests.small_model import put

GRAPHS = int(os.environ.get("ORGGRAPH_BROKEN", "60"))
FIRST = int(os.environ.get("ORGGRAPH_BROKEN_SEED", "0"))
MOST_RECORDS = 500
AT_ONCE = 20
"""Graphs of one test."""


def ours(store: Path) -> set[Told]:
    with results_of(store) as results:
        found = [(one.focus, one.path, one.component, one.value) for one in results]
    assert len(found) == len(set(found)), "told twice"
    return set(found)


def drawn(rng: Random, folder: Path) -> tuple[Path, Model]:
    """A store of a random model; now and then of the one that has everything that is awkward."""
    if rng.random() < 0.15:
        return small.store(folder), model_of({"m.yaml": small.MODEL})
    text, model = random_model(rng)
    loads = random_loads(rng, model).files
    folders = sorted({name.partition("/")[0] for name in loads})
    for number in folders:
        put(
            folder / number,
            {name.partition("/")[2]: text for name, text in loads.items() if name.startswith(f"{number}/")},
        )
    store = folder / "store.db"
    load_files(store, {"random.yaml": text}, lambda _: "", [folder / number for number in folders])
    return store, model


def records_of(store: Path, model: Model) -> int:
    tables = [f"k_{kind.name}" for kind in model.concrete()] + [f"r_{name}" for name in model.relations]
    with closing(sqlite3.connect(store)) as connection:
        return sum(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables)


@pytest.mark.parametrize("first", range(FIRST, FIRST + GRAPHS, AT_ONCE))
def test_sql_finds_what_pyshacl_finds(first: int, tmp_path: Path) -> None:
    broken = set()
    for seed in range(first, min(first + AT_ONCE, FIRST + GRAPHS)):
        rng, folder = Random(seed), tmp_path / str(seed)
        folder.mkdir()
        store, model = drawn(rng, folder)
        assert records_of(store, model) <= MOST_RECORDS
        loaded = ours(store)
        assert loaded == told(exported(store), model), f"seed {seed}, as it was loaded"
        assert {component for _, _, component, _ in loaded} <= {SH + Component.CLASS}, (
            "only what is withdrawn is missed"
        )
        break_store(store, model, rng)
        found = ours(store)
        assert found == told(exported(store), model), f"seed {seed}"
        broken |= {component for _, _, component, _ in found}
    if (first, GRAPHS) == (0, 60):
        assert broken == {SH + one for one in Component}, "each constraint is broken somewhere"


def thin_out(store: Path, model: Model) -> None:
    """Leaves a fortieth of the records and states, and what these lead to: pyshacl takes minutes for all."""
    ends = [(f"r_{one.name}", end_column(end.role)) for one in model.relations.values() for end in one.ends]
    with closing(sqlite3.connect(store)) as connection, connection:
        for name in model.relations:
            connection.execute(f'DELETE FROM "r_{name}" WHERE (r >> 10) % 40')
        led_to = " UNION ".join(f'SELECT {column} FROM "{table}" WHERE {column} IS NOT NULL' for table, column in ends)
        connection.execute(f"CREATE TEMP TABLE kept AS SELECT s e FROM cite UNION {led_to}")
        for kind in model.concrete():
            connection.execute(f'DELETE FROM "k_{kind.name}" WHERE (e >> 6) % 40 AND e NOT IN (SELECT e FROM kept)')


def test_on_a_fortieth_of_the_seed_graph_too(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    store, model = Path(shutil.copy(store_of("changji"), tmp_path)), load_model(MODELS["changji"][0])
    assert ours(store) == set()
    thin_out(store, model)
    assert ours(store) == set()
    rng = Random(1)
    for _ in range(4):
        break_store(store, model, rng)
    found = ours(store)
    assert found
    assert found == told(exported(store), model)


def changed(store: Path, folder: Path, *statements: str) -> Path:
    copy = Path(shutil.copy(store, folder / "changed.db"))
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        for one in statements:
            connection.execute(one)
    return copy


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.store(tmp_path_factory.mktemp("small"))


def test_the_last_day_and_what_cannot_be_compared(store: Path, tmp_path: Path) -> None:
    """Where pyshacl is another mind than SHACL: it knows no year 10000, and compares the texts of what is no day."""
    last, beyond = 3_652_060, 4_000_000
    whole = changed(store, tmp_path, f"UPDATE r_Below SET u0 = {last}, u1 = {last}")
    assert ours(whole) == set()
    broken = changed(store, tmp_path, f"UPDATE r_Below SET f0 = {beyond}, f1 = {beyond}, u1 = {beyond}")
    focus, path, value = "https://example.org/小/b1", f"{OURS}earliestFrom", f'""^^<{XSD}date>'
    of_it = {(component, said) for one, of, component, said in ours(broken) if (one, of) == (focus, path)}
    asked = (Component.DATATYPE, Component.LESS_THAN, Component.LESS_THAN_OR_EQUALS)
    assert of_it == {(SH + component, value) for component in asked}


def test_results_are_told_as_shacl_has_them(store: Path, tmp_path: Path) -> None:
    broken = changed(store, tmp_path, "UPDATE r_Chief SET _rank = NULL WHERE k1 = 8388607")
    report = judge(broken)
    assert dict(report.counts) == {f"{SH}MinCountConstraintComponent": len(report.results)}
    one = next(one for one in report.results if one.focus.endswith("/c2"))
    assert (one.path, one.value) == ("https://example.org/小/field/rank", None)
    assert (one.shape, one.severity) == ("https://example.org/小/shape/Chief/field.rank", f"{SH}Violation")
    assert one.message.zh == "职级：有且只有 1 个，取自代码表“职级”"
    assert one.message.en == "rank: exactly 1, of the code list rank"


def test_only_so_many_are_told_and_all_are_counted(store: Path, tmp_path: Path) -> None:
    many = "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 1200)"
    rest = "f0, f1, u0, u1, k0, k1, w_from, c, syn"
    broken = changed(
        store,
        tmp_path,
        f"INSERT INTO record {many} SELECT n * 1048576 + (SELECT r & 1023 FROM r_Below), 'x' || n FROM i",
        f"INSERT INTO r_Below(n, r, s, o, {rest}) SELECT 9000 + q.r, q.r, 0, v.o, {rest} FROM record q, r_Below v "
        "WHERE q.key GLOB 'x[0-9]*'",
    )
    report = judge(broken)
    assert len(report.results) == MOST
    assert dict(report.counts) == {f"{SH}MinCountConstraintComponent": 1200}


def test_a_store_that_is_none_is_refused(store: Path, tmp_path: Path) -> None:
    broken = changed(store, tmp_path, "DROP TABLE r_Below")
    with pytest.raises(StoreError, match="orggraph check"):
        judge(broken)
