"""RDF → a new store. In: a file, a model. Out: a store, and what of a foreign file was left out and why.

What is read becomes rows of files, and these are loaded: every rule that loading keeps is kept here too. A graph of our own is
taken whole or refused; of what others wrote, the rows that loading refuses are left out. Our own N-Quads are read in flat memory,
other forms and what others wrote as a whole.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from orggraph.errors import LoadError, OrggraphError, Problem
from orggraph.model import model_of
from orggraph.model.iris import DCTERMS
from orggraph.model.model import Model
from orggraph.rdf.foreign import foreign_rows, undated
from orggraph.rdf.found import Found, Key
from orggraph.rdf.own import NOWHERE, Made, Own, take_all
from orggraph.rdf.reading import LINES, Said, Term, form_of, read
from orggraph.rdf.refused import to_leave
from orggraph.rdf.rereading import NotAsWritten, reread
from orggraph.rdf.spooling import Spool
from orggraph.rdf.taking import LeftOut
from orggraph.stores.sqlite.holding import uncollected
from orggraph.stores.sqlite.load import How, LoadReport
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.marks import Mark
from orggraph.stores.sqlite.remembering import remember_empty, remember_loads, remember_purges
from orggraph.watch import Watch

ROUNDS = 30
"""How often what others wrote is loaded again without what was refused; of so much each time (``Problems.MOST``)."""


@dataclass(frozen=True)
class Imported:
    """``own``: it was an export of a graph of this model, and nothing was left out. Else ``keys`` are what IRIs became, and
    ``warnings`` what was told in vain."""

    own: bool
    loads: tuple[LoadReport, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    keys: tuple[Key, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(report.rows for report in self.loads)


@dataclass(frozen=True)
class Foreign:
    """What a foreign file does not say of itself. ``dated``: the day that it is of; ``register``: a living source, not a document.
    ``places``: kinds and relations by the IRI of a class or role."""

    dated: str | None = None
    register: bool = False
    places: Mapping[str, str] = field(default_factory=dict)


def import_rdf(
    file: Path,
    store: Path,
    texts: dict[str, str],
    make_sdl: Callable[[Model], str],
    foreign: Foreign = Foreign(),
    watch: Watch = lambda _step, _rows: None,
    asked: bool = True,
    base: str | None = None,
) -> Imported:
    """Makes the store, which must not be there yet; ``asked``: with all that questions need. ``base``: of the file's IRIs,
    if it is not the model's. Raises OrggraphError, LoadError with every problem."""
    if store.exists():
        raise OrggraphError(f"{store}: is there already; import makes a new store", "EXISTS")
    model = model_of(texts, base=base)
    how = How(watch=watch, asked=asked)
    with TemporaryDirectory(prefix="orggraph", dir=store.absolute().parent) as folder:
        spool = Spool(Path(folder))

        def load(made: Mapping[int, Made], marks: Sequence[Mark]) -> tuple[LoadReport, ...]:
            return _load(made, marks, spool, file, store, texts, make_sdl, how)

        try:
            own = _own(file, model, spool, watch)
            if own is not None:
                return Imported(True, load(own.made(), own.marks()))
            return _foreign(file, model, foreign, spool, lambda: load({1: Made()}, []))
        except LoadError as refused:
            raise _told(refused, file) from None


def _foreign(
    file: Path, model: Model, foreign: Foreign, spool: Spool, load: Callable[[], tuple[LoadReport, ...]]
) -> Imported:
    """What others wrote: what loading refuses is left out, and the rest is loaded anew, until nothing is refused."""
    said = read(file)
    if not foreign.places:
        _refuse_other_model(file, said, model)
    found, warnings = foreign_rows(said, model, file, foreign.dated, foreign.register, foreign.places)
    left = 0
    for rounds in count():
        _refuse_nothing(file, found, model, foreign)
        spool.clear()
        for table, lines in found.rows.items():
            for row in lines:
                spool.row(1, table, row)
        try:
            reports = load()
        except LoadError as refused:
            reasons = to_leave(found, refused)
            if not reasons:
                raise
            if rounds == ROUNDS:
                raise _too_many(file, left, refused) from None
            found.leave(reasons)
            left += len(reasons)
        else:
            break
    if left:
        warnings.append(
            f"left out, as loading refuses them, alone or beside others: {left} · 因与其他记录冲突等原因未载入：{left}"
        )
    return Imported(False, reports, found.left_out(), found.named(), tuple(warnings))


def _too_many(file: Path, left: int, refused: LoadError) -> OrggraphError:
    message = (
        f"{file}: {left} records were left out that loading refuses, and there are more: {refused.problems[0].message}"
    )
    mend = "look at what --map names, and at the dates: so many cannot be meant; no store was made"
    return OrggraphError(f"{message}; {mend}", "CONFLICTS")


def _refuse_nothing(file: Path, found: Found, model: Model, foreign: Foreign) -> None:
    """What would be refused row by row, or be an empty store."""
    if found.is_nothing():
        told = "; ".join(f"{one.resource}: {one.reason}" for one in found.left_out()[:3])
        why = told or "it says nothing of organizations"
        raise OrggraphError(f"{file}: nothing of it has a place in the model ({why}); no store was made", "NOTHING")
    number = 0 if foreign.dated else undated(found.rows, model)
    if number:
        message = (
            f"{file}: of {number} records it says no first or no last day, which only the day of the file can explain"
        )
        raise OrggraphError(f"{message}; give --dated DAY (--dated 2020-03-31, or a month or year)", "UNDATED")


def _refuse_other_model(file: Path, said: Said, model: Model) -> None:
    """What of another model's graph happens to be W3C ORG would be little of it."""
    for about in said.values():
        for subject, properties in about.items():
            if Term(f"{subject}ontology", "iri") in properties.get(f"{DCTERMS}conformsTo", []):
                message = f"{file}: is an export of a graph by the model of {subject}, and not by that of {model.iri}"
                of_this = Term(model.name) in properties.get(f"{DCTERMS}identifier", [])
                mend = f"say --base {subject}, as it was exported with" if of_this else "name its model with --model"
                raise OrggraphError(f"{message}; {mend}", "OTHER_MODEL")


def _own(file: Path, model: Model, spool: Spool, watch: Watch) -> Own | None:
    """Its rows in the spool, if it is an export of a graph of this model."""
    if form_of(file) in LINES.values():
        with suppress(NotAsWritten), uncollected():
            return reread(file, model, spool, watch)
        spool.clear()
    own = Own(model, spool)
    take_all(own, read(file))
    if own.is_own():
        return own
    spool.clear()
    return None


def _load(
    made: Mapping[int, Made],
    marks: Sequence[Mark],
    spool: Spool,
    file: Path,
    store: Path,
    texts: dict[str, str],
    make_sdl: Callable[[Model], str],
    how: How,
) -> tuple[LoadReport, ...]:
    """All of them, or no store. Raises LoadError of rows in the spool."""
    reports: list[LoadReport] = []
    snapshot = spool.loads() == [NOWHERE]
    try:
        for number in made:
            folder = spool.folder(NOWHERE if snapshot else number)
            found = load_files(store, texts, make_sdl, [folder], how) if folder.exists() else []
            if not found and marks and number > 1:
                remember_empty(store, number)
            elif [report.number for report in found] != [number]:
                message = f"{file}: load {number} brings nothing that is kept: of it something is missing"
                raise OrggraphError(message, "NOT_WHOLE")
            reports += found
        remember_loads(store, {number: (one.at, one.files, one.counts) for number, one in made.items() if one.at})
        remember_purges(store, marks)
    except BaseException:
        for left in (store, *(store.with_name(f"{store.name}-{end}") for end in ("wal", "shm", "journal"))):
            left.unlink(missing_ok=True)
        raise
    return tuple(reports)


def _told(refused: LoadError, file: Path) -> LoadError:
    """Problems of rows, told of the resources that they were made of."""
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for one in refused.problems:
        lines[one.file].add(one.line)
    keys = {(name, number): key for name in lines for number, key in _keys(Path(name), lines[name])}

    def told(one: Problem) -> Problem:
        key = keys.get((one.file, one.line), "")
        return replace(one, file=f"{file}: {Path(one.file).stem} {key}".rstrip(), line=0)

    return LoadError([told(one) for one in refused.problems])


def _keys(path: Path, numbers: Set[int]) -> Iterator[tuple[int, str]]:
    """What stands in these lines of a file, by their keys."""
    if path.is_file():
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if number in numbers:
                    yield number, json.loads(line)["key"]
