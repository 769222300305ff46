"""Does a bag of ours hold what it says? In: a bag whose checksums are right. Out: what else is wrong.

The graph is brought back into a store of its own, by every rule that loading keeps (all that the shapes say is among them), and
printed again: graph and tables must come out in the same bytes, so that the two say the same and nothing is lost; and they must
be as many as the bag says.
"""

from __future__ import annotations

import shutil
from collections import deque
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from orggraph.archive.comparing import Compared
from orggraph.archive.counts import Counts
from orggraph.archive.making import COUNTS, GRAPH, manifest
from orggraph.archive.packing import is_packed_so
from orggraph.archive.tabular import csv_tables
from orggraph.bags.found import Found
from orggraph.bags.judging import Judged, digests, judge_place
from orggraph.bags.places import UNREADABLE, Folder, Place, opened
from orggraph.errors import OrggraphError, ProblemsError
from orggraph.model import model_of
from orggraph.model.reading import model_texts
from orggraph.rdf.asked import Asked
from orggraph.rdf.export import Form, export
from orggraph.rdf.importing import import_rdf
from orggraph.watch import Watch

TAGS = "tagmanifest-sha512.txt"
OWN = f"data/{COUNTS}"
MOST_COUNTS = 16 * 1024 * 1024
AGAIN = "make the bag again from its store, or take another copy"


def prove(bag: Path, watch: Watch = lambda _step, _number: None) -> Judged:
    """Judges any bag, and one of ours more closely. Raises nothing that a bag could be the cause of."""
    judged = Judged()
    with opened(bag, judged.found) as place:
        if place is None:
            return judged
        judge_place(place, judged, watch)
        if OWN not in place.sizes:
            return judged
        judged.own = True
        _sealed(place, judged.found)
        counts = _counts(place, judged.found)
        if judged.valid and counts and bag.is_file():
            _packed(bag, place, counts, judged.found)
        if judged.valid and counts:
            _brought_back(place, counts, judged.found, watch)
    return judged


def _sealed(place: Place, found: Found) -> None:
    """To the last bit as it was made: a checksum in capitals is still right, and yet somebody was there."""
    if TAGS not in place.sizes:
        found.problem(TAGS, "MISSING", "is missing: nothing vouches for the manifest", AGAIN)
        return
    tags = sorted(name for name in place.sizes if not name.startswith("data/") and name != TAGS)
    try:
        sums = {name: digests(place, name, {"sha512"})["sha512"] for name in tags}
        with place.open(TAGS) as file:
            said = file.read(1024 * 1024)
    except UNREADABLE:
        return  # told already
    if said != manifest(sums).encode():
        for name in tags:
            if f"  {name}\n".encode() not in said:
                found.problem(name, "UNLISTED", f"is not in {TAGS}", "take it out of the bag")
        found.problem(TAGS, "CHANGED", "is not as it was written", "take it from another copy of the bag")


def _counts(place: Place, found: Found) -> Counts | None:
    try:
        with place.open(OWN) as file:
            return msgspec.json.decode(file.read(MOST_COUNTS), type=Counts)
    except (msgspec.MsgspecError, *UNREADABLE):
        found.problem(OWN, "COUNTS", "does not say how many there are of what", AGAIN)
        return None


def _packed(bag: Path, place: Place, counts: Counts, found: Found) -> None:
    if not is_packed_so(bag, counts.model, place.sizes, place.open):
        message = "its files are whole, and the archive around them is not as it was packed"
        found.problem(str(bag), "CHANGED", message, "take it from another copy, or unpack it and check the folder")


def _brought_back(place: Place, counts: Counts, found: Found, watch: Watch) -> None:
    with TemporaryDirectory(prefix="bag") as folder:
        store = Path(folder) / "store.db"
        try:
            _import(place, Path(folder), store, counts, watch)
        except ProblemsError as error:
            for one in error.problems:
                found.problem(f"data/{GRAPH}", one.code, str(one).replace(f"{folder}/", ""), AGAIN)
            return
        except Exception as error:  # whatever a bag that others made says in the place of a graph
            code = error.code if isinstance(error, OrggraphError) else "NOT_OWN"
            message = f"cannot be brought back: {error}".replace(f"{folder}/", "")
            found.problem(f"data/{GRAPH}", code, message, AGAIN)
            return
        _same_graph(place, store, counts, found, watch)
        _same_tables(place, store, counts, found, watch)


def _import(place: Place, folder: Path, store: Path, counts: Counts, watch: Watch) -> None:
    """Nobody asks the store, so that it needs no schema and no names to search."""
    for name in place.sizes:
        if name.startswith("data/model/"):
            _copy(place, name, folder / name)
    texts = model_texts(folder / "data/model")
    if not counts.load:
        model_of(texts)
        return
    graph = folder / "data" / GRAPH
    if isinstance(place, Folder):
        graph = place.top / "data" / GRAPH
    else:
        _copy(place, f"data/{GRAPH}", graph)
    done = import_rdf(graph, store, texts, lambda _model: "", watch=watch, searched=False)
    if not done.own or done.left_out:
        raise OrggraphError("is no export of a graph of the model in this bag", "NOT_OWN")


def _copy(place: Place, name: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with place.open(name) as file, path.open("wb") as copy:
        shutil.copyfileobj(file, copy)


def _same_graph(place: Place, store: Path, counts: Counts, found: Found, watch: Watch) -> None:
    if not store.exists():
        return
    with place.open(f"data/{GRAPH}") as file:
        compared = Compared(file)
        told = export(store, Asked(load=counts.load, history=True), Form.NQUADS, compared.take, watch)
        if not compared.whole():
            message = "brought back and exported again it is not the same: it is not in canonical form, or not whole"
            found.problem(f"data/{GRAPH}", "NOT_WHOLE", message, AGAIN, compared.line)
    if told.quads != counts.quads:
        found.problem(OWN, "COUNTS", f"says {counts.quads} quads, and there are {told.quads}", AGAIN)


def _same_tables(place: Place, store: Path, counts: Counts, found: Found, watch: Watch) -> None:
    rows: dict[str, int] = {}
    names = {name for name in place.sizes if name.startswith("data/tables/") and name.endswith(".csv")}
    if store.exists():
        model = model_of(_model(place))
        for table, pieces in csv_tables(store, model, counts.load, rows, None, watch):
            name = f"data/tables/{table.name}.csv"
            if name not in names:
                found.problem(name, "NOT_THE_GRAPH", "is missing: the graph has rows of this table", AGAIN)
                deque(pieces, 0)  # for their number
                continue
            with place.open(name) as file:
                compared = Compared(file)
                for piece in pieces:
                    compared.take(piece)
                if not compared.whole():
                    message = f"does not say what data/{GRAPH} says"
                    found.problem(name, "NOT_THE_GRAPH", message, AGAIN, compared.line)
            names.discard(name)
    for name in sorted(names):
        found.problem(name, "NOT_THE_GRAPH", "is of a table of which the graph has no rows", AGAIN)
    if rows != counts.tables:
        found.problem(OWN, "COUNTS", "says other numbers of rows than there are", AGAIN)


def _model(place: Place) -> dict[str, str]:
    start = "data/model/"
    return {name.removeprefix(start): _text(place, name) for name in place.sizes if name.startswith(start)}


def _text(place: Place, name: str) -> str:
    with place.open(name) as file:
        text: Any = file.read()
    return str(text, "utf-8")
