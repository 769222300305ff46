"""Whatever is done to a bag of ours is found, and the file is named."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph.archive import proving
from orggraph.archive.making import make_bag, manifest
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
def test_every_damage_is_found(
    made: Path, damage: Callable[[Path, random.Random], Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is brought back: that would take long, and find more."""
    monkeypatch.setattr(proving, "_brought_back", lambda *_: None)
    top, chance = made / "bag", random.Random(2020)
    files = sorted(path for path in top.rglob("*") if path.is_file())
    assert prove(top).valid
    for _ in range(ROUNDS):
        path = chance.choice(files)
        undo = damage(path, chance)
        judged = prove(top)
        undo()
        assert not judged.valid, path
    assert prove(top).valid


def test_every_flipped_bit_of_an_archive_is_found(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "_brought_back", lambda *_: None)
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
    assert [(one.file, one.code) for one in prove(top).found.problems.kept] == [("data/graph.nq", "NOT_WHOLE")]
