"""A bag's manifests. In: a place, what it declares. Out: for each algorithm the checksum of every name, as the lines say them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from orggraph.bags.found import Found
from orggraph.bags.places import Place, is_inside
from orggraph.bags.tag_files import Declared, lines

NAME = re.compile(r"(tag)?manifest-([^/]+)\.txt")
LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\*?)(.+)")
ESCAPE = re.compile("%(0[AaDd]|25)")
OLD_ESCAPE = re.compile("%(0[AaDd])")
LENGTHS = {name: hashlib.new(name).digest_size * 2 for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")}
LENGTHS |= {name: hashlib.new(name).digest_size * 2 for name in ("sha3_256", "sha3_512", "blake2b", "blake2s")}
ALGORITHMS = {name.replace("_", ""): name for name in LENGTHS}
"""What ``hashlib`` calls them, by their names in manifests."""
WEAK = {"md5", "sha1"}


@dataclass(frozen=True)
class Manifest:
    """``sums``: checksum and line by name."""

    file: str
    algorithm: str
    of_tags: bool
    sums: dict[str, tuple[str, int]] = field(default_factory=dict)


def manifests(place: Place, how: Declared, found: Found) -> list[Manifest]:
    read = []
    unknown = []
    for name in sorted(place.sizes):
        if match := NAME.fullmatch(name):
            algorithm = re.sub(r"[^a-z0-9]", "", match[2].lower())
            if algorithm != match[2]:
                found.warning(
                    name, "ALGORITHM", "its name is not written as the rules have it", f"manifest-{algorithm}.txt"
                )
            if algorithm not in ALGORITHMS:
                unknown.append(name)
                continue
            manifest = Manifest(name, ALGORITHMS[algorithm], bool(match[1]))
            read.append(manifest)
            _read(manifest, place, how, found)
    _judge(read, unknown, found)
    return read


def _judge(read: list[Manifest], unknown: list[str], found: Found) -> None:
    known = {one.algorithm for one in read if not one.of_tags}
    for name in unknown:
        mend = f"add one of {', '.join(ALGORITHMS)}"
        found.either(not known, name, "ALGORITHM", "is of an algorithm that is not known here; it was not judged", mend)
    if not known and not unknown:
        found.problem(
            "manifest-sha512.txt", "NO_MANIFEST", "there is no payload manifest", "sha512sum all files in data/"
        )
    if known and known <= WEAK:
        message = "finds what was damaged by chance, and not what was changed by intent"
        found.warning(f"manifest-{min(known)}.txt", "WEAK", message, "add manifest-sha512.txt")


def _read(manifest: Manifest, place: Place, how: Declared, found: Found) -> None:
    file = manifest.file
    for number, line in lines(place, file, how.encoding, found):
        match = LINE.fullmatch(line)
        if match is None or len(match[1]) != LENGTHS[manifest.algorithm]:
            if line.strip():
                found.problem(file, "LINE", f"is no {manifest.algorithm} checksum and path", "write SUM  PATH", number)
            continue
        if match[2]:
            found.warning(
                file, "STAR", "has a * before the path, which sha512sum writes with -b", "write it without", number
            )
        name = path(match[3], manifest.of_tags, how, place, found, file, number)
        if name is not None:
            _add(manifest, name, match[1].lower(), number, how, found)


def _add(manifest: Manifest, name: str, digest: str, number: int, how: Declared, found: Found) -> None:
    before = manifest.sums.setdefault(name, (digest, number))
    if before[1] != number:
        wrong = how.strict or before[0] != digest
        same = "with the same checksum" if before[0] == digest else "with another checksum"
        message = f"lists {name[:200]!r} a second time, {same} (line {before[1]})"
        found.either(wrong, manifest.file, "LISTED_TWICE", message, "take one of the lines out", number)
    if manifest.of_tags and (match := NAME.fullmatch(name)) and match[1]:
        found.problem(manifest.file, "TAG_MANIFEST", "lists a tag manifest", "take the line out", number)


def path(written: str, of_tags: bool, how: Declared, place: Place, found: Found, file: str, number: int) -> str | None:
    """A path as a line says it → the name of a file of this bag; None, and a problem, where it leads elsewhere."""
    name = written
    if name.startswith("./"):
        found.warning(file, "DOT_SLASH", "a path begins with ./", "write it from the bag's top", number)
        name = re.sub(r"^(\./+)+", "", name)
    if how.strict or name not in place.sizes:
        name = (ESCAPE if how.strict else OLD_ESCAPE).sub(lambda one: chr(int(one[1], 16)), name)
    if not name or not is_inside(name) or (not of_tags and not name.startswith("data/")):
        where = "the bag" if of_tags else "data/"
        message = f"names {written[:200]!r}, which is not in {where}; it was not looked at"
        found.problem(file, "OUTSIDE", message, "take the line out; never follow it", number)
        return None
    return name


def payload(read: list[Manifest]) -> Iterator[Manifest]:
    return (one for one in read if not one.of_tags)
