"""Paths between people, and texts that stand in very many names: milliseconds of an answer, which goals are set for as they are.

Beside paths networkx from a loaded graph of the day, which is asked for one shortest path only: it must be as long as ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from time import process_time, thread_time
from typing import Any

from orggraph.graphql.engine import Engine
from orggraph.opening import open_engine
from orggraph.stores.sqlite.opening import connect
from tests.bench.loaded import kilobytes
from tests.bench.measuring import Figure
from tests.bench.shape import DAY, ON_DAY, ROOT, kind_number, on_day
from tests.bench.shapes.searches import DOCUMENT as SEARCH
from tests.bench.stores import store

PATHS = """query Paths($from: ID!, $to: ID!, $date: Date) { at(date: $date) { paths(from: $from, to: $to) {
  paths { length certainty nodes { name } records { relation { code } } } } } }"""
PAIRS = 60
TEXTS = ("示", "l", "x", "s", "z", "3号", "第", "号", "网格", "党支部", "sl", "sq", "社", "王")
MOST_SEARCH, MOST_PATHS = 20.0, 5.0
LONGEST = 6
"""Records of a path, unless it is said."""
ROUNDS = 3
RATIO = 0.8
Pair = tuple[str, str]


def figures(scale: int) -> Iterator[Figure]:
    engine = open_engine(store(scale))
    for text in TEXTS:
        taken = min(_milliseconds(engine, SEARCH, {"text": text, "first": 20, "date": DAY}) for _ in range(ROUNDS))
        yield Figure(f"search of {text}: milliseconds (at most)", scale, 20, taken, MOST_SEARCH, True)
    for name, among in (("first secretaries", "r_FirstSecretary"), ("community workers", "r_CommunityWorker")):
        pairs = _pairs(store(scale), among)
        taken = median(
            min(_milliseconds(engine, PATHS, {"from": one, "to": other, "date": DAY}) for _ in range(2))
            for one, other in pairs
        )
        yield Figure(f"paths between {name}: milliseconds, median (at most)", scale, PAIRS, taken, MOST_PATHS, True)
        hand, lengths = _by_hand(store(scale), pairs)
        assert lengths == [_length(engine, pair) for pair in pairs], "by hand paths have other lengths"
        yield Figure(f"paths between {name}: by hand / ours", scale, PAIRS, hand / taken, RATIO)
        told = _networkx(store(scale), pairs)
        assert told["lengths"] == [_length(engine, pair) for pair in pairs], "networkx finds paths of other lengths"
        yield Figure(f"one path between {name}, networkx: milliseconds, median", scale, PAIRS, told["median"], None)
        yield Figure("the graph of the day in networkx: seconds to load", scale, PAIRS, told["loading"], None)
        yield Figure("the graph of the day in networkx: MB of memory", scale, PAIRS, told["megabytes"], None)
    engine.store.close()


def _milliseconds(engine: Engine, document: str, variables: dict[str, Any]) -> float:
    begun = thread_time()
    engine.execute(document, variables)
    return (thread_time() - begun) * 1e3


def _length(engine: Engine, pair: Pair) -> int | None:
    answer = json.loads(engine.execute(PATHS, {"from": pair[0], "to": pair[1], "date": DAY}))
    return next((path["length"] for path in answer["data"]["at"]["paths"]["paths"]), None)


def _pairs(path: Path, among: str) -> list[Pair]:
    """People who hold an office on the day, by one relation."""
    held = f"SELECT DISTINCT s FROM {among} v WHERE {on_day('v').replace('?2', '?1')}"
    sql = f"SELECT key FROM entity WHERE e IN ({held}) AND e&63={kind_number('Person')} ORDER BY key"
    people = [str(key) for (key,) in connect(path).execute(sql, (ON_DAY,))]
    rng = Random(5)
    return [(rng.choice(people), rng.choice(people)) for _ in range(PAIRS)]


def _by_hand(path: Path, pairs: list[Pair]) -> tuple[float, list[int | None]]:
    """Milliseconds, and how long the shortest path is: the best statement that we could write, from both ends at once."""
    connection = connect(path)
    tables = [
        str(name)
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table' AND name GLOB 'r_*'")
    ]
    steps = " UNION ".join(
        f"""SELECT v.{far},d+1 FROM {{0}} n CROSS JOIN "{table}" v ON v.{near}=n.e AND {on_day("v")} WHERE d<{LONGEST // 2}"""
        for table in tables
        for near, far in ("so", "os")
    )
    sides = ",".join(
        f"{side}(e,d) AS (SELECT e,0 FROM entity WHERE key={key} UNION {steps.format(side)})"
        for side, key in (("a", "?1"), ("b", "?3"))
    )
    statement = f"WITH RECURSIVE {sides} SELECT min(a.d+b.d) FROM a JOIN b ON b.e=a.e"
    taken, lengths = [], []
    for one, other in pairs:
        begun = thread_time()
        ((length,),) = connection.execute(statement, (one, ON_DAY, other)).fetchall()
        taken.append((thread_time() - begun) * 1e3)
        lengths.append(length or None)
    return median(taken), lengths  # type: ignore[return-value]  # a number, or none


def _networkx(path: Path, pairs: list[Pair]) -> Any:
    """In a process of its own, which loads the graph; ``json`` of pairs is read from its input."""
    command = [sys.executable, "-m", "tests.bench.linked", str(path)]
    done = subprocess.run(command, input=json.dumps(pairs), check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout)


def main() -> None:
    import networkx as nx

    connection = connect(Path(sys.argv[1]))
    before, begun = kilobytes(), process_time()
    keys: dict[Any, Any] = dict(connection.execute("SELECT e, key FROM entity").fetchall())  # type: ignore[arg-type]  # rows are pairs
    graph: Any = nx.Graph()
    for (table,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type='table' AND name GLOB 'r_*'"
    ).fetchall():
        ends = connection.execute(f'SELECT s, o FROM "{table}" v WHERE {on_day("v").replace("?2", "?1")}', (ON_DAY,))
        graph.add_edges_from((keys[s], keys[o]) for s, o in ends if s != o)
    told: dict[str, Any] = {"loading": process_time() - begun, "megabytes": (kilobytes() - before) / 1024}
    lengths, taken = [], []
    for one, other in json.load(sys.stdin):
        begun = thread_time()
        try:
            length = len(nx.bidirectional_shortest_path(graph, one, other)) - 1
        except nx.NetworkXNoPath:
            length = 0
        taken.append((thread_time() - begun) * 1e3)
        lengths.append(length if 0 < length <= LONGEST else None)
    print(json.dumps(told | {"median": median(taken), "lengths": lengths}))


if __name__ == "__main__":
    main()
