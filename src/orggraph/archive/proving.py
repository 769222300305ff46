"""Is a bag of ours what it was when it was made? In: any bag. Out: what is wrong with it.

The graph of ours is brought back into a store of its own, by every rule that loading keeps (all that the shapes say is among them),
and of this store every file of a bag is made anew: each must be there in the same bytes, and no other. So whoever changes a file and
all checksums with it is found, and all files say the same.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from orggraph.archive.comparing import Comparing
from orggraph.archive.contents import GRAPH, MODEL, TAGS, Contents, manifest
from orggraph.archive.failing import has_all, tell_failed, tell_listed
from orggraph.archive.packing import is_packed_so
from orggraph.archive.signs import made_by, sign
from orggraph.bags.judging import Judged, digests, judge_place
from orggraph.bags.places import Folder, Place, opened
from orggraph.derived import explaining_files
from orggraph.errors import OrggraphError
from orggraph.model import model_of
from orggraph.model.reading import model_texts
from orggraph.rdf.importing import import_rdf
from orggraph.stores.sqlite.holding import uncollected
from orggraph.watch import Watch

PAGES = "data/html/"
"""There are many of them, and each follows from almost all else: so they are told last."""


def prove(bag: Path, watch: Watch = lambda _step, _number: None, own: bool = False) -> Judged:
    """Judges any bag, and one of ours more closely; with ``own`` no other will do. Raises nothing that a bag could be the cause of."""
    judged = Judged()
    with opened(bag, judged.found) as place:
        if place is not None:
            said = sign(place)
            judged.own = bool(said)
            if own and not said:
                message = "nothing in it says that orggraph made it: what its files say cannot be proved"
                judged.found.problem(
                    str(bag), "FOREIGN", message, "take another copy; without --own it is judged as a bag alone"
                )
            judge_place(place, judged, watch)
            if said and judged.valid:
                _look_closely(bag, place, said, judged, watch, own)
    return judged


def _look_closely(bag: Path, place: Place, said: str, judged: Judged, watch: Watch, own: bool) -> None:
    if has_all(place, said, judged.found):
        with uncollected():
            _brought_back(bag, place, judged, watch, own)
    if not judged.valid:
        tell_listed(place, judged.found)
        judged.found.problems.kept.sort(key=lambda one: one.file.startswith(PAGES))


def _brought_back(bag: Path, place: Place, judged: Judged, watch: Watch, own: bool) -> None:
    with TemporaryDirectory(prefix="bag") as folder:
        store = Path(folder) / "store.db"
        graph = place.top / GRAPH if isinstance(place, Folder) else Path(folder) / GRAPH
        comparing = Comparing(place, judged, made_by(place), own)
        try:
            _import(comparing, graph, Path(folder), store, watch)
        except Exception as error:  # whatever a bag that others made says in the place of a graph
            tell_failed(error, graph, Path(folder), place, judged.found)
        else:
            _same(bag, comparing, store, watch)


def _import(comparing: Comparing, graph: Path, folder: Path, store: Path, watch: Watch) -> None:
    """Nobody asks the store, so that it has nothing that only questions need."""
    place = comparing.place
    for name in place.sizes:
        if name.startswith(MODEL) or (name == GRAPH and not graph.exists()):
            _copy(place, name, folder / name)
    texts = model_texts(folder / MODEL)
    comparing.model({f"data/{name}": text for name, text in explaining_files(model_of(texts)).items()})
    done = import_rdf(graph, store, texts, lambda _model: "", watch=watch, asked=False)
    if not done.own or done.left_out:
        raise OrggraphError(
            f"it is no export of a graph of the model in {MODEL}: one of the two is not whole", "NOT_OWN"
        )


def _copy(place: Place, name: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with place.open(name) as file, path.open("wb") as copy:
        shutil.copyfileobj(file, copy)


def _same(bag: Path, comparing: Comparing, store: Path, watch: Watch) -> None:
    """Every file as it would be made, to the last bit; of an archive, what is around them too."""
    place, judged = comparing.place, comparing.judged
    contents = Contents(store, comparing.version)
    contents.sums = {
        name: (_sum(place, name, judged), size) for name, size in place.sizes.items() if name[:5] == "data/"
    }
    for name, pieces in contents.payload(watch):
        comparing.file(name, pieces)
    tags = contents.tags()
    for name, text in tags.items():
        comparing.file(name, (text.encode(),))
    sums = {name: _sum(place, name, judged) for name in tags if name in place.sizes}
    comparing.file(TAGS, (manifest(sums).encode(),))
    comparing.no_other()
    judged.compared = True
    if judged.valid and bag.is_file() and not is_packed_so(bag, contents.counts.model, place.sizes, place.open):
        message = "its files are whole, and the archive around them is not as it was packed"
        judged.found.problem(
            str(bag), "CHANGED", message, "take it from another copy, or unpack it and check the folder"
        )


def _sum(place: Place, name: str, judged: Judged) -> str:
    """As it is, not as it is said to be: what else is wrong is told of the file that it is wrong with."""
    return judged.sums.get(name, {}).get("sha512") or digests(place, name, {"sha512"})["sha512"]
