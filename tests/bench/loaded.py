"""What analysts would load instead: a networkx graph for chains and overlaps, a pandas or polars frame for groups. Told as they
are, without a goal: once loaded they are fast; they have to be loaded, anew after each change, and stay in memory.

Each is measured in a process of its own, which answers the same as the shape beside it and says so: seconds to load, MB of memory
that loading took, milliseconds of an answer. ``python -m tests.bench.loaded STORE NAME`` prints these three and the answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from orggraph.opening import open_engine
from orggraph.stores.sqlite.opening import connect
from tests.bench.measuring import Figure, interleaved
from tests.bench.shape import DAY, ON_DAY, ROOT, C, Shape, kind_number
from tests.bench.shapes.groups import BY_TERM
from tests.bench.shapes.overlaps import OVERLAP
from tests.bench.stores import store

FIRST = 100
POSTS = "SELECT _post AS post, f0, u1 FROM r_CommunityWorker WHERE k1 = 8388607"
PARTY = ("Secretary", "DeputySecretary", "CommitteeMember")
BODIES = ("ResidentsCommitteeMember", "OwnersCommitteeMember", "FirmManager", *PARTY, "GridBranchMember")
LINKS = ("Serves", "Manages", "PartOf")
Answer = list[list[Any]]


def figures(scale: int) -> Iterator[Figure]:
    """Of each: how many times as long as ours an answer takes, beside its loading and its memory."""
    for name, shape in (("pandas", BY_TERM), ("polars", BY_TERM), ("networkx", OVERLAP)):
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.loaded", str(store(scale)), name],
            check=True, capture_output=True, text=True, cwd=ROOT,
        )  # fmt: skip
        told = json.loads(done.stdout)
        ours, answer = _ours(store(scale), shape)
        assert told["answer"] == answer, f"{name} gives another answer"
        what = f"{shape.name}, {name} from a loaded {'graph' if name == 'networkx' else 'frame'}"
        yield Figure(f"{what}: its time / ours", scale, FIRST, told["seconds"] / ours, None)
        yield Figure(f"{what}: seconds to load", scale, FIRST, told["loading"], None)
        yield Figure(f"{what}: MB of memory", scale, FIRST, told["megabytes"], None)


def _ours(path: Path, shape: Shape) -> tuple[float, Answer]:
    engine = open_engine(path)
    ask = partial(engine.execute, shape.document, {"first": FIRST, "date": DAY})
    told = json.loads(ask())["data"]["at"]
    if shape is BY_TERM:
        groups = told["communityWorkerRecords"]["groups"]
        answer = sorted([one["key"]["post"]["code"], one["count"], one["share"]] for one in groups)
    else:
        listed = told["communities"]["nodes"]
        answer = [[one["name"], [edge["node"]["name"] for edge in one["crossAppointed"]["edges"]]] for one in listed]
    return interleaved(ask, rounds=5)[0], answer


def load_pandas(path: Path) -> Callable[[], Answer]:
    import pandas as pd

    columns = pd.Index(["post", "f0", "u1"])
    frame = pd.DataFrame(connect(path).execute(POSTS).fetchall(), columns=columns).astype({"post": "category"})

    def answer() -> Answer:
        counts = frame[(frame.f0 <= ON_DAY) & (frame.u1 > ON_DAY)].groupby("post", observed=True).size()
        total = int(counts.sum())
        return sorted([str(post), int(count), round(int(count) / total, 4)] for post, count in counts.items())

    return answer


def load_polars(path: Path) -> Callable[[], Answer]:
    import polars as pl

    rows = connect(path).execute(POSTS).fetchall()
    frame = pl.DataFrame(rows, schema=["post", "f0", "u1"], orient="row").with_columns(
        pl.col("post").cast(pl.Categorical)
    )

    def answer() -> Answer:
        held = frame.filter((pl.col("f0") <= ON_DAY) & (pl.col("u1") > ON_DAY))
        counts = held.group_by("post").len().rows()
        total = sum(count for _, count in counts)
        return sorted([post, count, round(count / total, 4)] for post, count in counts)

    return answer


def load_networkx(path: Path) -> Callable[[], Answer]:
    """Records of all relations of the overlap as edges, states of the entities that they lead over as their nodes' data."""
    import networkx as nx

    graph: Any = nx.MultiDiGraph()
    connection = connect(path)
    keys: dict[Any, Any] = dict(connection.execute("SELECT e, key FROM entity").fetchall())  # type: ignore[arg-type]  # rows are pairs
    for kind, form in (("Community", "NULL"), ("Person", "NULL"), ("PartyOrganization", "_form")):
        for e, *state in connection.execute(f'SELECT e, f0, u1, name, {form} FROM "k_{kind}" WHERE k1 = {C}'):
            graph.add_node(e)
            graph.nodes[e].setdefault("states", []).append(state)
    for relation in (*BODIES, *LINKS):
        for s, o, f0, u1 in connection.execute(f'SELECT s, o, f0, u1 FROM "r_{relation}" WHERE k1 = {C}'):
            graph.add_edge(s, o, relation=relation, f0=f0, u1=u1)
    communities = sorted((e for e in graph if e & 63 == kind_number("Community")), key=lambda e: str(keys[e]))
    return lambda: [_crossed(graph, keys, e) for e in communities[:FIRST]]


def _crossed(graph: Any, keys: dict[Any, Any], community: int) -> list[Any]:
    """A community and, once for each two bodies that they are in, the people who are in several of its bodies."""
    grids = [e for e in _into(graph, community, "PartOf") if e & 63 == kind_number("Grid")]
    serving = list(_into(graph, community, "Serves"))
    firms = [
        f for grid in grids for compound in _into(graph, grid, "PartOf") for f in _into(graph, compound, "Manages")
    ]
    branches = [branch for grid in grids for branch in _into(graph, grid, "Serves")]
    party = [one for one in serving if (_state(graph, one) or [None])[-1] == "communityPartyOrganization"]
    ways = [(0, serving, BODIES[0]), (1, serving, BODIES[1]), (2, firms, BODIES[2])]
    ways += [(3, party, one) for one in PARTY]
    ways += [(4, [one for one in branches if _state(graph, one)], "GridBranchMember")]
    posts = [
        (person, post) for post, bodies, relation in ways for body in bodies for person in _into(graph, body, relation)
    ]
    held: dict[int, list[int]] = {}
    for person, post in posts:
        held.setdefault(person, []).append(post)
    pairs = [person for person, its in held.items() for one, other in combinations(its, 2) if one != other]
    return [_name(graph, community), [_name(graph, one) for one in sorted(pairs, key=lambda e: str(keys[e]))]]


def _into(graph: Any, entity: int, relation: str) -> Iterator[int]:
    for s, _, data in graph.in_edges(entity, data=True):
        if data["relation"] == relation and data["f0"] <= ON_DAY < data["u1"]:
            yield s


def _state(graph: Any, entity: int) -> list[Any] | None:
    """The state that is there on the day and began last."""
    found = [state for state in graph.nodes[entity].get("states", ()) if state[0] <= ON_DAY < state[1]]
    return max(found, key=lambda state: state[0]) if found else None


def _name(graph: Any, entity: int) -> str:
    state = _state(graph, entity)
    return str(state[2]) if state else ""


LOADS = {"pandas": load_pandas, "polars": load_polars, "networkx": load_networkx}


def main() -> None:
    path, name = Path(sys.argv[1]), sys.argv[2]
    __import__(name)
    before, begun = kilobytes(), process_time()
    answer = LOADS[name](path)
    loading = process_time() - begun
    megabytes = (kilobytes() - before) / 1024
    seconds = median(_seconds(answer) for _ in range(7))
    print(json.dumps({"loading": loading, "megabytes": megabytes, "seconds": seconds, "answer": answer()}))


def _seconds(answer: Callable[[], Answer]) -> float:
    """Of the process: polars works in several threads."""
    begun = process_time()
    answer()
    return process_time() - begun


def kilobytes() -> int:
    """Memory of the process, as Linux counts it."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


if __name__ == "__main__":
    main()
