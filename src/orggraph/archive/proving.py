"""Is a bag of ours what it was when it was made? In: any bag. Out: what is wrong with it.

The graph of ours is brought back into a store of its own, by every rule that loading keeps (all that the shapes say is among them),
and of this store every file of a bag is made anew: each must be there in the same bytes, and no other. So whoever changes a file and
all checksums with it is found, and all files say the same.
"""

from __future__ import annotations

import re
import shutil
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from orggraph import __version__
from orggraph.archive.comparing import Compared
from orggraph.archive.contents import COUNTS, CRATE, GRAPH, MODEL, TAGS, Contents, manifest
from orggraph.archive.packing import is_packed_so
from orggraph.archive.signs import beginning, made_by, sign
from orggraph.bags.found import Found
from orggraph.bags.judging import Judged, digests, judge_place
from orggraph.bags.places import Folder, Place, opened
from orggraph.errors import ModelError, OrggraphError, ProblemsError
from orggraph.model import model_of
from orggraph.model.reading import model_texts
from orggraph.rdf.importing import import_rdf
from orggraph.stores.sqlite.holding import uncollected
from orggraph.watch import Watch

CRATED = re.compile(rb'"@id": "([^"#:]+)",\s+"@type": "File"')
AGAIN = "make the bag again from its store, or take another copy"
SAME_IN_ALL = ("data/graph.nq", "data/tables/", "data/orggraph.json", "manifest-", "tagmanifest-", "bagit.txt")
"""What every version of orggraph writes alike."""
REWORDED: dict[str, tuple[str, ...]] = {__version__: (), "0.1.0": ("README.",)}
"""What versions that are known here wrote otherwise than this one."""


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
                if _has_all(place, said, judged.found):
                    with uncollected():
                        _brought_back(bag, place, judged, watch, own)
                if not judged.valid:
                    _listed(place, judged.found)
    return judged


def _has_all(place: Place, said: str, found: Found) -> bool:
    """What a bag of ours cannot be brought back without."""
    message = f"is missing: {said} says that this is a bag of orggraph, and each of them has it"
    if GRAPH not in place.sizes:
        found.problem(GRAPH, "MISSING", message, AGAIN)
    if not any(name.startswith(MODEL) for name in place.sizes):
        found.problem(MODEL, "MISSING", message, AGAIN)
    return not found.problems


def _brought_back(bag: Path, place: Place, judged: Judged, watch: Watch, own: bool) -> None:
    with TemporaryDirectory(prefix="bag") as folder:
        store = Path(folder) / "store.db"
        try:
            _import(place, Path(folder), store, watch)
        except ModelError as error:
            for one in error.problems:
                name = MODEL + one.file.removeprefix(f"{folder}/{MODEL}")
                judged.found.problem(name, one.code, one.message, f"{one.mend}; or {AGAIN}", one.line)
        except ProblemsError as error:
            for one in error.problems:
                judged.found.problem(GRAPH, one.code, str(one).replace(f"{folder}/", ""), AGAIN)
        except Exception as error:  # whatever a bag that others made says in the place of a graph
            code = error.code if isinstance(error, OrggraphError) else "NOT_OWN"
            judged.found.problem(GRAPH, code, f"cannot be brought back: {error}".replace(f"{folder}/", ""), AGAIN)
        else:
            _same(bag, place, store, judged, watch, own)


def _listed(place: Place, found: Found) -> None:
    """Why it may not have come back: a file that the bag's own list has, and that is not there."""
    listed = CRATED.findall(beginning(place, CRATE))
    told = {one.file for one in found.problems.kept}
    for name in (f"data/{one.decode('utf-8', 'replace')}" for one in listed):
        if name not in place.sizes and name not in told and not name.endswith("/"):
            found.problem(name, "MISSING", f"is missing, and {CRATE} lists it", AGAIN)


def _import(place: Place, folder: Path, store: Path, watch: Watch) -> None:
    """Nobody asks the store, so that it has nothing that only questions need."""
    for name in place.sizes:
        if name.startswith(MODEL):
            _copy(place, name, folder / name)
    texts = model_texts(folder / MODEL)
    model_of(texts)
    graph = folder / GRAPH
    if isinstance(place, Folder):
        graph = place.top / GRAPH
    else:
        _copy(place, GRAPH, graph)
    done = import_rdf(graph, store, texts, lambda _model: "", watch=watch, asked=False)
    if not done.own or done.left_out:
        raise OrggraphError(
            f"it is no export of a graph of the model in {MODEL}: one of the two is not whole", "NOT_OWN"
        )


def _copy(place: Place, name: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with place.open(name) as file, path.open("wb") as copy:
        shutil.copyfileobj(file, copy)


def _same(bag: Path, place: Place, store: Path, judged: Judged, watch: Watch, own: bool) -> None:
    """Every file as it would be made, to the last bit; of an archive, what is around them too."""
    comparing = Comparing(place, judged, made_by(place), own)
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


@dataclass
class Comparing:
    """``version``: of the orggraph that made the bag. What another one words otherwise is told, and is no problem, unless only what is
    proved will do (``own``)."""

    place: Place
    judged: Judged
    version: str
    own: bool
    seen: set[str] = field(default_factory=set)

    def file(self, name: str, pieces: Iterable[bytes]) -> None:
        """Takes all of the pieces, also of what is not the same."""
        self.seen.add(name)
        if name not in self.place.sizes:
            deque(pieces, 0)
            self.tell(name, "MISSING", f"is missing, and follows from {GRAPH}", 0)
            return
        with self.place.open(name) as there:
            compared = Compared(there)
            for piece in pieces:
                compared.take(piece)
            if not compared.whole():
                self.tell(name, *_wrong(name), compared.line())

    def no_other(self) -> None:
        for name in sorted(self.place.sizes.keys() - self.seen):
            self.tell(name, "UNKNOWN", f"is no file of this bag: it does not follow from {GRAPH}", 0)

    def tell(self, name: str, code: str, message: str, line: int) -> None:
        wrong = not self.reworded(name)
        same = wrong and self.version == __version__
        of = "" if same else f" (the bag is of orggraph {self.version}, this is {__version__})"
        self.judged.unproved += not wrong
        self.judged.found.either(wrong, name, code, message + of, AGAIN, line)

    def reworded(self, name: str) -> bool:
        """Whether the version that the bag is of may have written a file otherwise."""
        if self.version in REWORDED:
            return name.startswith(REWORDED[self.version])
        return not self.own and not name.startswith(SAME_IN_ALL)


def _wrong(name: str) -> tuple[str, str]:
    """What it means that a file is not the same."""
    if name == GRAPH:
        return (
            "NOT_WHOLE",
            "brought back and exported again it is not the same: it is not in canonical form, or not whole",
        )
    if name == COUNTS:
        return "COUNTS", "says other numbers than there are"
    if name.startswith("data/"):
        return "NOT_THE_GRAPH", f"does not say what {GRAPH} and {MODEL} say"
    return "CHANGED", "is not as it was written"
