"""A store → a bag (BagIt 1.0). In: a store's path, a target. Out: a folder or a ZIP that is there wholly or not at all.

Nothing in it is of the clock or of the machine: dates are those of the last load, so that the same store makes the same bytes.
What stands in which file: ``README.en.md`` in the bag (``words``) says it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from orggraph import __version__
from orggraph.archive.counts import Counts
from orggraph.archive.crate import crate
from orggraph.archive.packing import pack
from orggraph.archive.pages import MOST, Pages
from orggraph.archive.premis import premis
from orggraph.archive.tabular import metadata, tables
from orggraph.archive.words import readme
from orggraph.bags.places import is_inside
from orggraph.derived import explaining_files
from orggraph.errors import OrggraphError
from orggraph.model.model import Model
from orggraph.model.numbering import NUMBERS
from orggraph.output.placing import placed
from orggraph.rdf.asked import Asked
from orggraph.rdf.export import Form, export
from orggraph.stores.sqlite.quads import open_quads
from orggraph.watch import Watch

COUNTS, GRAPH = "orggraph.json", "graph.nq"


def make_bag(store: Path, target: Path, force: bool = False, watch: Watch = lambda _step, _rows: None) -> Counts:
    """Raises OrggraphError; then nothing is left but what was there."""
    try:
        return _made(store, target, force, watch)
    except OSError as error:
        raise OrggraphError(f"{target}: {error.strerror or error}; nothing was written", "SYSTEM") from None


def _made(store: Path, target: Path, force: bool, watch: Watch) -> Counts:
    if target.suffix.lower() == ".zip":
        with placed(target, force) as part, tempfile.TemporaryDirectory(dir=part.parent, prefix=".bag") as folder:
            counts = fill(store, Path(folder), watch)
            with part.open("wb") as file:
                pack(Path(folder), counts.model, file)
        return counts
    with _placed_whole(target, force) as part:
        return fill(store, part, watch)


@contextmanager
def _placed_whole(target: Path, force: bool) -> Iterator[Path]:
    """A folder to fill, which then is ``target``; with ``force`` in place of a bag that is there, and of nothing else."""
    if target.exists() and not target.is_dir():
        raise OrggraphError(f"{target}: is a file; name a folder, or a file .zip", "NO_FOLDER")
    if not target.absolute().parent.is_dir():
        raise OrggraphError(f"{target}: there is no folder {target.parent}; make it first", "NO_FOLDER")
    there = target.is_dir() and any(target.iterdir())
    if there and not force:
        raise OrggraphError(f"{target}: is there already; --force puts the new bag in its place", "EXISTS")
    if there and not (target / "bagit.txt").is_file():
        raise OrggraphError(f"{target}: is no bag, so it is not overwritten; name another folder", "EXISTS")
    beside = target.absolute().parent
    part, old = (beside / f".{target.name}.{os.getpid()}.{end}" for end in ("part", "old"))
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        yield part
        if target.is_dir():
            target.rename(old)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def fill(store: Path, top: Path, watch: Watch) -> Counts:
    """A whole bag in an empty folder."""
    with open_quads(store) as quads:
        model, texts, loads, marks = quads.model, quads.texts, quads.loads(), quads.purges()
    counts = Counts(model.name, *((loads[-1].number, loads[-1].at) if loads else (0, "")))
    data = top / "data"
    data.mkdir()
    sums: dict[str, tuple[str, int]] = {}
    _graph(store, data, counts, sums, watch)
    pages = Pages(model)
    counts.tables = tables(store, model, counts.load, data, pages, watch)
    counts.entities, counts.pages = pages.number, pages.write(data / "html", watch)
    _texts(model, texts, premis(model, loads, marks, *sums["data/graph.nq"]), counts, data)
    _seal(top, model, counts, sums, watch)
    return counts


def _graph(store: Path, data: Path, counts: Counts, sums: dict[str, tuple[str, int]], watch: Watch) -> None:
    """Every version of every load, summed up while it is written."""
    digest = hashlib.sha512()
    with (data / GRAPH).open("wb") as file:

        def write(piece: bytes) -> None:
            digest.update(piece)
            file.write(piece)

        counts.quads = export(store, Asked(load=counts.load, history=True), Form.NQUADS, write, watch).quads
        sums[f"data/{GRAPH}"] = digest.hexdigest(), file.tell()


def _texts(model: Model, texts: dict[str, str], events: str, counts: Counts, data: Path) -> None:
    """All that explains the graph."""
    files = {f"model/{name}": text for name, text in _named(texts).items()}
    files |= explaining_files(model)
    files["tables/csv-metadata.json"] = _json(metadata(model, counts.tables, counts.at))
    files["premis.xml"] = events
    files[COUNTS] = _json(asdict(counts))
    files["ro-crate-metadata.json"] = _json(crate(model, counts, sorted([*files, GRAPH, *_csv(counts)])))
    for name, text in files.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def _csv(counts: Counts) -> list[str]:
    return [f"tables/{name}.csv" for name in counts.tables]


def _named(texts: dict[str, str]) -> dict[str, str]:
    """Without what is the store's own; by names that are safe for files, which those of a model are, unless a program made it."""
    texts = {name: text for name, text in texts.items() if name != NUMBERS}
    if all(is_inside(name) and name.endswith((".yaml", ".yml")) for name in texts):
        return texts
    return {f"{number:04}.yaml": text for number, text in enumerate(texts.values(), 1)}


def _json(what: object) -> str:
    return json.dumps(what, ensure_ascii=False, indent=1) + "\n"


def _seal(top: Path, model: Model, counts: Counts, sums: dict[str, tuple[str, int]], watch: Watch) -> None:
    """Manifests and tag files."""
    for number, path in enumerate(sorted(one for one in top.rglob("*") if one.is_file()), 1):
        name = path.relative_to(top).as_posix()
        if name not in sums:
            sums[name] = _sum(path), path.stat().st_size
        if number % 500 == 0:
            watch("checksums", number)
    size = sum(size for _, size in sums.values())
    said = {
        "Bag-Software-Agent": f"orggraph {__version__}",
        **({"Bagging-Date": counts.at[:10]} if counts.at else {}),
        "External-Description": f"{model.label.zh} {model.label.en}",
        "External-Identifier": f"{model.iri}load/{counts.load}",
        "Payload-Oxum": f"{size}.{len(sums)}",
    }
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "".join(f"{label}: {' '.join(value.split())}\n" for label, value in said.items()),
        "manifest-sha512.txt": manifest({name: digest for name, (digest, _) in sums.items()}),
        "README.zh.md": readme(model, counts, "zh", MOST),
        "README.en.md": readme(model, counts, "en", MOST),
    }
    tags["tagmanifest-sha512.txt"] = manifest(
        {name: hashlib.sha512(one.encode()).hexdigest() for name, one in tags.items()}
    )
    for name, text in tags.items():
        (top / name).write_bytes(text.encode())


def manifest(sums: dict[str, str]) -> str:
    """As ``sha512sum`` reads it, in the order of names."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()
