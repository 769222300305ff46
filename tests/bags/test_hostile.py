"""Bags that mean harm: nothing outside is read, nothing crashes, and what is wrong is told."""

from __future__ import annotations

import os
import random
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from orggraph.bags.judging import Judged, judge
from orggraph.bags.places import Folder
from tests.bags.making import DECLARED, bag, sums, zipped

PAYLOAD = {"人员.csv": "钱主任,𠮷\n".encode(), "b/c.txt": b"c\n"}


def codes(judged: Judged) -> set[str]:
    return set(judged.found.problems.counts)


def test_a_good_bag_is_valid_without_a_word(tmp_path: Path) -> None:
    judged = judge(bag(tmp_path / "包", PAYLOAD))
    assert (judged.valid, judged.files, judged.size) == (True, 2, 17)
    assert not judged.found.warnings
    assert judge(zipped(tmp_path / "包", tmp_path / "a.zip")).valid
    assert judge(zipped(tmp_path / "包", tmp_path / "b.zip", "")).valid


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    top = bag(tmp_path / "bag", {**PAYLOAD, "d.txt": b"d"})
    (top / "data/b/c.txt").write_bytes(b"C\n")
    (top / "data/d.txt").rename(top / "data/e.txt")
    told = {(one.file, one.code) for one in judge(top).found.problems.kept}
    assert told == {("data/b/c.txt", "CHANGED"), ("data/d.txt", "MISSING"), ("data/e.txt", "UNLISTED")}


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "/etc/passwd",
        "data/../../secret",
        "data/~/../x/..",
        "~root/x",
        "C:\\x",
        "\\\\host\\x",
        "secret",
        "data//x",
    ],
)
def test_a_listed_path_outside_is_never_opened(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_bytes(b"s")
    opened: list[str] = []
    truly = Folder.open

    def watched(self: Folder, name: str) -> Any:
        opened.append(name)
        return truly(self, name)

    monkeypatch.setattr(Folder, "open", watched)
    listed = {**{f"data/{one}": content for one, content in PAYLOAD.items()}, name: b"s"}
    judged = judge(bag(tmp_path / "bag", PAYLOAD, sums(listed), {"fetch.txt": f"http://x - {name}\n".encode()}))
    assert codes(judged) == {"OUTSIDE"}
    assert {"data/人员.csv", "data/b/c.txt"} < set(opened)
    assert name not in opened


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"s")
    top = bag(tmp_path / "bag", PAYLOAD, sums({"data/secret": b"s", "data/pipe": b"", "data/folder/secret": b"s"}))
    (top / "data/secret").symlink_to(tmp_path / "secret")
    (top / "data/folder").symlink_to(tmp_path)
    os.mkfifo(top / "data/pipe")
    judged = judge(top)
    told = {(one.file, one.code) for one in judged.found.problems.kept}
    assert {
        ("data/secret", "LINK"),
        ("data/folder", "LINK"),
        ("data/pipe", "NO_FILE"),
        ("data/secret", "MISSING"),
    } < told


def test_names_that_somewhere_are_one(tmp_path: Path) -> None:
    payload = {"README": b"1", "readme": b"2", "Nu\u0301n\u0303ez": b"3", "N\u00fa\u00f1ez": b"4"}
    judged = judge(bag(tmp_path / "bag", payload))
    assert judged.valid
    assert judged.found.warnings.counts == {"CASE": 1, "NORMALIZATION": 1}


def test_a_name_composed_otherwise_is_the_same(tmp_path: Path) -> None:
    top = bag(tmp_path / "bag", {"N\u00fa\u00f1ez": b"3"})
    (top / "data/N\u00fa\u00f1ez").rename(top / "data/Nu\u0301n\u0303ez")
    assert judge(top).valid
    (top / "data/Nu\u0301n\u0303ez").write_bytes(b"4")
    assert codes(judge(top)) == {"CHANGED"}


def test_another_case_is_another_name(tmp_path: Path) -> None:
    top = bag(tmp_path / "bag", {"a": b"3"})
    (top / "data/a").rename(top / "data/A")
    assert codes(judge(top)) == {"MISSING", "UNLISTED"}


def test_percent_and_line_ends_in_names(tmp_path: Path) -> None:
    manifest = sums({"data/50%25": b"1", "data/a%0Ab": b"2", "data/c%0dd": b"3", "data/%7E": b"4"})
    assert judge(bag(tmp_path / "bag", {"50%": b"1", "a\nb": b"2", "c\rd": b"3", "%7E": b"4"}, manifest)).valid


def test_names_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    judged = judge(bag(tmp_path / "bag", {"\x1b[2Jx\u202e": b"1"}, b""))
    (one,) = judged.found.problems.kept
    assert one.file == "data/\\x1b[2Jx\\u202e"


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    top = bag(tmp_path / "bag", PAYLOAD)
    (top / "data" / os.fsdecode(b"\xff\xfe")).write_bytes(b"")
    (one,) = judge(top).found.problems.kept
    assert one.code == "NAME"
    one.file.encode()


@pytest.mark.parametrize("encoding", ["punycode", "zip", "hex", "nothing", "unicode_escape", "x" * 9000, "\0"])
def test_an_encoding_that_is_none(tmp_path: Path, encoding: str) -> None:
    declared = f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {encoding}\n".encode()
    assert codes(judge(bag(tmp_path / "bag", PAYLOAD, None, {"bagit.txt": declared}))) & {"ENCODING", "DECLARATION"}


def test_lines_without_end_and_many_of_them(tmp_path: Path) -> None:
    assert "TOO_LARGE" in codes(judge(bag(tmp_path / "a", PAYLOAD, b"a" * 10_000_000)))
    judged = judge(bag(tmp_path / "b", PAYLOAD, b"".join(b"%0128x  data/%d\n" % (one, one) for one in range(50_000))))
    assert judged.found.problems.counts["MISSING"] == 50_000
    assert len(judged.found.problems.kept) <= 1_000


def archive(path: Path, entries: list[tuple[str, bytes]], mode: int = 0o644) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bagit.txt", DECLARED)
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            file.writestr(info, content)
    return path


@pytest.mark.parametrize("name", ["../x", "/x", "data/../../x", "C:/x", "data\\..\\..\\x"])
def test_an_archive_that_leads_out(tmp_path: Path, name: str) -> None:
    assert "OUTSIDE" in codes(judge(archive(tmp_path / "a.zip", [(name, b"x")])))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


def test_links_and_doubles_in_an_archive(tmp_path: Path) -> None:
    assert "LINK" in codes(judge(archive(tmp_path / "a.zip", [("data/x", b"/etc/passwd")], 0o120777)))
    with pytest.warns(UserWarning, match="Duplicate"):
        double = archive(tmp_path / "b.zip", [("data/x", b"1"), ("data/x", b"2")])
    assert "TWICE" in codes(judge(double))


def test_an_archive_that_swells_is_not_read(tmp_path: Path) -> None:
    bomb = tmp_path / "a.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bagit.txt", DECLARED)
        file.writestr("data/zeros", b"\0" * 300_000_000)
    assert codes(judge(bomb)) == {"SWOLLEN"}
    lying = bytearray(bomb.read_bytes())
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 10)  # says that it is small
    (tmp_path / "b.zip").write_bytes(lying)
    assert not judge(tmp_path / "b.zip").valid


def test_random_bytes_never_crash(tmp_path: Path) -> None:
    chance = random.Random(1)
    good = zipped(bag(tmp_path / "bag", PAYLOAD), tmp_path / "good.zip").read_bytes()
    for _ in range(300):
        broken = bytearray(good)
        for _ in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        (tmp_path / "bad.zip").write_bytes(broken[: chance.choice([len(broken), chance.randrange(len(broken))])])
        judge(tmp_path / "bad.zip")
    for name in ("bagit.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt"):
        for _ in range(30):
            (tmp_path / "bag" / name).write_bytes(chance.randbytes(chance.randrange(200)))
            assert not judge(tmp_path / "bag").valid
