"""Whatever is done to a bag of ours is found, and the file is named."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph import __version__
from orggraph.archive.contents import manifest
from orggraph.archive.making import make_bag
from orggraph.archive.proving import prove
from orggraph.bags.judging import digests
from orggraph.bags.places import opened
from tests.rdf.small import store as small_store

ROUNDS = 200


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    store = small_store(folder)
    make_bag(store, folder / "bag")
    make_bag(store, folder / "bag.zip")
    return folder


def flip(path: Path, chance: random.Random) -> Callable[[], None]:
    """One bit; what undoes it."""
    content = path.read_bytes()
    place = chance.randrange(len(content) * 8)
    broken = bytearray(content)
    broken[place // 8] ^= 1 << place % 8
    path.write_bytes(broken)
    return lambda: (path.write_bytes(content), None)[1]


def remove(path: Path, _: random.Random) -> Callable[[], None]:
    content = path.read_bytes()
    path.unlink()
    return lambda: (path.write_bytes(content), None)[1]


def add(path: Path, chance: random.Random) -> Callable[[], None]:
    more = path.with_name(f"{chance.randrange(10**9)}{path.suffix}")
    more.write_bytes(chance.randbytes(chance.randrange(9)))
    return more.unlink


def rename(path: Path, chance: random.Random) -> Callable[[], None]:
    other = path.with_name(
        chance.choice([path.name.upper(), path.name + "x", path.name[1:], path.name.swapcase()]) + "."
    )
    path.rename(other)
    return lambda: (other.rename(path), None)[1]


@pytest.mark.parametrize("damage", [flip, remove, add, rename])
def test_every_damage_is_found(made: Path, damage: Callable[[Path, random.Random], Callable[[], None]]) -> None:
    top, chance = made / "bag", random.Random(2020)
    files = sorted(path for path in top.rglob("*") if path.is_file())
    assert prove(top).valid
    for _ in range(ROUNDS):
        path = chance.choice(files)
        undo = damage(path, chance)
        judged = prove(top)
        undo()
        told = "\n".join(map(str, judged.found.problems.kept))
        assert damage is add or path.relative_to(top).as_posix() in told, (path, told)
        assert not judged.valid, path
    assert prove(top).valid


def test_every_flipped_bit_of_an_archive_is_found(made: Path, tmp_path: Path) -> None:
    path, chance = tmp_path / "bag.zip", random.Random(2020)
    shutil.copy(made / "bag.zip", path)
    headers = path.read_bytes().index(b"PK\x01\x02")
    for number in range(ROUNDS):
        content = bytearray(path.read_bytes())
        start = headers if number % 2 else 0
        place = chance.randrange(start * 8, len(content) * 8)
        content[place // 8] ^= 1 << place % 8
        (tmp_path / "bad.zip").write_bytes(content)
        assert not prove(tmp_path / "bad.zip").valid, place


def reseal(top: Path) -> None:
    """New checksums, as somebody would make them who wants to hide what he changed."""
    from orggraph.bags.found import Found

    with opened(top, Found()) as place:
        assert place is not None
        names = [name for name in place.sizes if name.startswith("data/")]
        sums = {name: digests(place, name, {"sha512"})["sha512"] for name in names}
        size = sum(place.sizes[name] for name in names)
    (top / "manifest-sha512.txt").write_text(manifest(sums), "utf-8")
    info = (top / "bag-info.txt").read_text("utf-8").splitlines()
    info[-1] = f"Payload-Oxum: {size}.{len(sums)}"
    (top / "bag-info.txt").write_text("\n".join(info) + "\n", "utf-8")
    with opened(top, Found()) as place:
        assert place is not None
        tags = [name for name in place.sizes if not name.startswith(("data/", "tagmanifest"))]
        sums = {name: digests(place, name, {"sha512"})["sha512"] for name in tags}
    (top / "tagmanifest-sha512.txt").write_text(manifest(sums), "utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("data/tables/Person.csv", "王芳", "王方", ("data/tables/Person.csv", "NOT_THE_GRAPH")),
        ("data/graph.nq", "王芳", "王方", ("data/tables/Person.csv", "NOT_THE_GRAPH")),
        ("data/orggraph.json", '"Person": ', '"Person": 1', ("data/orggraph.json", "COUNTS")),
        ("data/orggraph.json", '"quads": ', '"quads": 1', ("data/orggraph.json", "COUNTS")),
        ("data/orggraph.json", '"quads"', '"quad"', ("data/orggraph.json", "COUNTS")),
        ("data/graph.nq", "> <", "> .<", ("data/graph.nq", "FORM")),
    ],
)
def test_what_was_sealed_again_is_found(
    made: Path, tmp_path: Path, name: str, old: str, new: str, told: tuple[str, str]
) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made / "bag", top)
    text = (top / name).read_text("utf-8")
    assert old in text
    (top / name).write_text(text.replace(old, new), "utf-8", newline="")
    reseal(top)
    assert told in {(one.file, one.code) for one in prove(top).found.problems.kept}


def test_another_order_of_lines_is_found(made: Path, tmp_path: Path) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made / "bag", top)
    lines = (top / "data/graph.nq").read_bytes().splitlines(keepends=True)
    (top / "data/graph.nq").write_bytes(b"".join(reversed(lines)))
    reseal(top)
    told = [(one.file, one.code) for one in prove(top).found.problems.kept]
    assert told == [
        ("data/graph.nq", "NOT_WHOLE"),
        ("data/premis.xml", "NOT_THE_GRAPH"),
    ]  # which has the graph's checksum


FORGED = [
    ("bag-info.txt", "External-Description: ", "CHANGED"),
    ("README.zh.md", "## 恢复", "CHANGED"),
    ("README.en.md", "sha512sum --quiet -c tag", "CHANGED"),
    ("data/html/index.html", "王芳", "NOT_THE_GRAPH"),
    ("data/html/Person-1.html", "王芳", "NOT_THE_GRAPH"),
    ("data/premis.xml", "<eventOutcome>", "NOT_THE_GRAPH"),
    ("data/ontology.ttl", "@prefix ", "NOT_THE_GRAPH"),
    ("data/shapes.ttl", "@prefix ", "NOT_THE_GRAPH"),
    ("data/model.zh.md", "# ", "NOT_THE_GRAPH"),
    ("data/ro-crate-metadata.json", '"creator"', "NOT_THE_GRAPH"),
    ("data/tables/csv-metadata.json", '"dc:title"', "NOT_THE_GRAPH"),
]


@pytest.mark.parametrize(("name", "before", "code"), FORGED)
def test_what_explains_the_graph_cannot_be_forged(
    made: Path, tmp_path: Path, name: str, before: str, code: str
) -> None:
    """Nothing else is accused, for all other files and all checksums are as they must be."""
    top = tmp_path / "bag"
    shutil.copytree(made / "bag", top)
    text = (top / name).read_text("utf-8")
    forged = text.replace(before, f"{before}!", 1)
    assert forged != text
    (top / name).write_text(forged, "utf-8", newline="")
    reseal(top)
    told = [(one.file, one.code, one.line) for one in prove(top).found.problems.kept]
    assert told == [(name, code, text[: text.index(before) + len(before)].count("\n") + 1)]


def test_files_that_are_gone_or_too_many_are_named(made: Path, tmp_path: Path) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made / "bag", top)
    (top / "data/html/Person-1.html").unlink()
    (top / "data/html/more.html").write_text("x")
    (top / "more.txt").write_text("x")
    reseal(top)
    told = {(one.file, one.code) for one in prove(top).found.problems.kept}
    more = {("data/html/more.html", "UNKNOWN"), ("more.txt", "UNKNOWN")}
    assert told == {("data/html/Person-1.html", "MISSING"), *more, ("tagmanifest-sha512.txt", "CHANGED")}


def test_a_tag_file_that_nothing_lists_is_told_once_and_nothing_else_is_accused(made: Path) -> None:
    (made / "bag/more.txt").write_text("x")
    judged = prove(made / "bag")
    (made / "bag/more.txt").unlink()
    assert [(one.file, one.code) for one in judged.found.problems.kept] == [("more.txt", "UNLISTED_TAG")]
    assert not judged.found.warnings


def test_a_file_of_the_model_that_is_gone_is_named(made: Path, tmp_path: Path) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made / "bag", top)
    (top / "data/model/small.yaml").unlink()
    reseal(top)
    assert "data/model/small.yaml" in {one.file for one in prove(top).found.problems.kept}


def test_what_another_version_words_otherwise_is_a_warning(made: Path, tmp_path: Path) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made / "bag", top)
    for name in ("bag-info.txt", "data/premis.xml", "data/ro-crate-metadata.json"):
        text = (top / name).read_text("utf-8")
        assert __version__ in text
        (top / name).write_text(text.replace(__version__, "0.0.1"), "utf-8", newline="")
    reseal(top)
    judged = prove(top)
    assert not [*map(str, judged.found.problems.kept), *map(str, judged.found.warnings.kept)]
    for name in ("README.en.md", "data/tables/Person.csv"):
        (top / name).write_bytes((top / name).read_bytes() + b"x\n")
    reseal(top)
    judged = prove(top)
    assert [(one.file, one.code) for one in judged.found.warnings.kept] == [("README.en.md", "CHANGED")]
    assert [(one.file, one.code) for one in judged.found.problems.kept] == [("data/tables/Person.csv", "NOT_THE_GRAPH")]
