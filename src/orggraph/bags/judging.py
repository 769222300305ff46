"""Is a bag whole? In: a folder or a ZIP of anybody's. Out: everything that is wrong with it, at once, with the file and a way to
mend it; each file is read once, for all of its checksums."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from orggraph.bags.found import Found
from orggraph.bags.manifests import Manifest, manifests, path, payload
from orggraph.bags.names import Names, is_system
from orggraph.bags.places import UNREADABLE, Place, opened
from orggraph.bags.tag_files import Declared, declared, fetched, info
from orggraph.watch import Watch

AT_ONCE = 1024 * 1024
OXUM = re.compile(r"(\d{1,20})\.(\d{1,20})")
"""Told of the step and of the number of files, now and then."""


@dataclass
class Judged:
    """``version``: which the bag says it is of. ``files``, ``size``: of its payload. ``own``: it says that orggraph made
    it; ``compared``: so every file was made anew and compared, and ``unproved`` of them may be otherwise, being of another version.
    ``sums``: by file and algorithm, as they are."""

    found: Found = field(default_factory=Found)
    version: str = ""
    files: int = 0
    size: int = 0
    own: bool = False
    compared: bool = False
    unproved: int = 0
    sums: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        return not self.found.problems


def judge(bag: Path, watch: Watch = lambda _step, _files: None) -> Judged:
    """Raises nothing that a bag could be the cause of."""
    judged = Judged()
    with opened(bag, judged.found) as place:
        if place is not None:
            judge_place(place, judged, watch)
    return judged


def judge_place(place: Place, judged: Judged, watch: Watch) -> None:
    found = judged.found
    how = declared(place, found)
    if "data" not in place.folders:
        found.problem("data", "NO_PAYLOAD", "there is no folder data/", "put what the bag is to carry into it")
    read = manifests(place, how, found)
    held = [name for name in place.sizes if name.startswith("data/")]
    judged.version, judged.files, judged.size = how.version, len(held), sum(place.sizes[one] for one in held)
    names = Names(place.sizes, {name for one in read for name in one.sums})
    names.warn(found)
    absent = _fetches(place, how, read, names, found)
    _listed(place, how, read, names, judged)
    _sums(place, read, names, absent, judged, watch)
    _oxum(info(place, how, found), judged, names)


def _fetches(place: Place, how: Declared, read: list[Manifest], names: Names, found: Found) -> set[str]:
    """What is still to be fetched."""
    absent = set()
    for number, written, size in fetched(place, how, found):
        name = path(written, False, how, place, found, "fetch.txt", number)
        if name is None:
            continue
        if any(name not in one.sums for one in payload(read)):
            message = f"names {name[:200]!r}, which a manifest does not list"
            found.either(how.strict, "fetch.txt", "UNLISTED", message, "list it, or take the line out", number)
        file = names.file(name)
        if file is None:
            absent.add(name)
            found.problem(name, "TO_FETCH", "is still to be fetched", f"fetch it as fetch.txt:{number} says")
        elif size is not None and size != place.sizes[file]:
            message = f"says {size} bytes of a file that has {place.sizes[file]}"
            found.problem("fetch.txt", "SIZE", message, "fetch the file again", number)
    return absent


def _listed(place: Place, how: Declared, read: list[Manifest], names: Names, judged: Judged) -> None:
    """Every file that is there stands in manifests: of the payload in all of them since 1.0, in one before; of tags not everybody
    lists all, as we do."""
    found = judged.found
    files = [{names.file(name) for name in one.sums} for one in payload(read)]
    for name in sorted(place.sizes) if files else ():
        if name.startswith("data/"):
            times = sum(name in one for one in files)
            if times == 0:
                found.problem(name, "UNLISTED", "is in no manifest", "take it out, or list it")
            elif times < len(files):
                missing = next(one.file for one, has in zip(payload(read), files, strict=True) if name not in has)
                found.either(how.strict, name, "UNLISTED", f"is not in {missing}", "list it there too")
    tags = {names.file(name) for one in read if one.of_tags for name in one.sums}
    for name in sorted(place.sizes) if tags else ():
        if not name.startswith(("data/", "tagmanifest-")) and name not in tags:
            message = "is in no tag manifest: nothing vouches for it"
            found.either(judged.own, name, "UNLISTED_TAG", message, "list it, or take it out")


def _sums(place: Place, read: list[Manifest], names: Names, absent: set[str], judged: Judged, watch: Watch) -> None:
    found = judged.found
    wanted: defaultdict[str, list[tuple[Manifest, str]]] = defaultdict(list)
    for manifest in read:
        for name, (_, line) in manifest.sums.items():
            file = names.file(name)
            if file is not None:
                wanted[file].append((manifest, name))
            elif is_system(name):
                found.warning(
                    name, "SYSTEM_FILE_GONE", "is listed and gone; a system makes and removes it", "list it no more"
                )
            elif name not in absent:
                message = f"is missing; {manifest.file}:{line} lists it"
                found.problem(name, "MISSING", message, "take it from another copy of the bag")
    for number, (file, listings) in enumerate(wanted.items(), 1):
        judged.sums[file] = _judge_file(place, file, listings, found)
        if number % 100 == 0 or number == len(wanted):
            watch("checksums", number)


def _judge_file(place: Place, file: str, listings: list[tuple[Manifest, str]], found: Found) -> dict[str, str]:
    try:
        sums = digests(place, file, {manifest.algorithm for manifest, _ in listings})
    except UNREADABLE as error:
        found.problem(file, "UNREADABLE", f"cannot be read: {error}", "take it from another copy of the bag")
        return {}
    for manifest, name in listings:
        digest, line = manifest.sums[name]
        if sums[manifest.algorithm] != digest:
            message = f"is not what {manifest.file}:{line} vouches for: its {manifest.algorithm} is another"
            found.problem(file, "CHANGED", message, "take it from another copy of the bag")
    return sums


def digests(place: Place, file: str, algorithms: set[str]) -> dict[str, str]:
    """A file's checksums, read once."""
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    with closing(place.open(file)) as stream:
        while piece := stream.read(AT_ONCE):
            for one in hashes.values():
                one.update(piece)
    return {name: one.hexdigest() for name, one in hashes.items()}


def _oxum(said: list[tuple[str, str]], judged: Judged, names: Names) -> None:
    """``Payload-Oxum`` says bytes and number of the payload's files."""
    told = [value for label, value in said if label.lower() == "payload-oxum"]
    gone = any(is_system(name) and name not in names.there for name in names.listed)
    for value in told[:1] if not gone else ():
        match = OXUM.fullmatch(value)
        if match is None or (int(match[1]), int(match[2])) != (judged.size, judged.files):
            message = f"says Payload-Oxum: {value[:60]}, and the payload is {judged.size}.{judged.files}"
            judged.found.problem("bag-info.txt", "OXUM", message, "files are missing or too many, or were changed")
    if len(set(told)) > 1:
        judged.found.problem("bag-info.txt", "OXUM", "says Payload-Oxum more than once", "leave the one that is true")
