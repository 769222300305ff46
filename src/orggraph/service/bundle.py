"""The built files of the page. In: the folder that vite wrote. Out: each file by its name, in the encoding that a client takes.

A file's name holds the hash of its content, so that clients keep it for ever; it is found in a table and not by a path, so
that nothing else can be asked for. It is read when it is asked for: the service keeps none of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from orggraph.service.packing import NEGOTIATED, most_welcome
from orggraph.service.refusing import Refused
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.tagging import has

MANIFEST = "manifest.json"
ENTRY = "main.jsx"
KINDS = {
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".ttf": b"font/ttf",
    ".woff": b"font/woff",
    ".woff2": b"font/woff2",
}
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""What a file may lie there as besides itself, the smallest first."""
FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")


class File(Struct, frozen=True):
    """``encodings``: those of ``ENCODINGS`` that lie beside it."""

    path: Path
    kind: bytes
    encodings: tuple[str, ...]

    def reply(self, request: Request) -> Reply:
        """The whole file, or 304 where the client has it."""
        tag = f'"{self.path.name}"'.encode()
        held = has(request.headers.get(b"if-none-match", b""), tag)
        if held is not None:
            return Reply(304, headers=((b"etag", held), FOR_EVER, NEGOTIATED))
        encoding = most_welcome(request.headers.get(b"accept-encoding", b""), self.encodings)
        if not encoding:
            return Reply(200, self.path.read_bytes(), self.kind, ((b"etag", tag), FOR_EVER, NEGOTIATED))
        packed = ((b"etag", tag[:-1] + f'-{encoding}"'.encode()), (b"content-encoding", encoding.encode()))
        body = self.path.with_name(self.path.name + ENCODINGS[encoding]).read_bytes()
        return Reply(200, body, self.kind, (*packed, FOR_EVER, NEGOTIATED))


class Bundle(Struct, frozen=True):
    """``script`` is what a page loads, ``styles`` beside it; the rest follows from the script."""

    files: Mapping[str, File]
    script: str
    styles: tuple[str, ...]
    icon: str

    def reply(self, name: str, request: Request) -> Reply:
        """The file of a name. Raises Refused."""
        file = self.files.get(name)
        if file is None:
            raise Refused(404, "NOT_FOUND", "the page has no such file; it may have been built anew: load it again")
        return file.reply(request)


def read_bundle(folder: Path) -> Bundle | None:
    """What lies in a folder; None where nothing was built."""
    if not (folder / MANIFEST).is_file():
        return None
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    files = {path.name: _file(path) for path in sorted(folder.iterdir()) if path.suffix in KINDS}
    entry = manifest[ENTRY]
    icon = next(name for name in entry["assets"] if name.endswith(".svg"))
    return Bundle(files, entry["file"], tuple(entry["css"]), icon)


def _file(path: Path) -> File:
    beside = tuple(name for name, ending in ENCODINGS.items() if path.with_name(path.name + ending).is_file())
    return File(path, KINDS[path.suffix], beside)
