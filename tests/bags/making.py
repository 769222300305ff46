"""Bags as tests want them, made with what Python comes with. In: contents by name. Out: a folder with its manifests, or a ZIP."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def sums(files: dict[str, bytes]) -> bytes:
    """As ``sha512sum`` writes them."""
    return "".join(f"{hashlib.sha512(content).hexdigest()}  {name}\n" for name, content in files.items()).encode()


def bag(
    top: Path, payload: dict[str, bytes], manifest: bytes | None = None, tags: dict[str, bytes] | None = None
) -> Path:
    """A bag of version 1.0; ``manifest`` and ``tags`` in place of those that are true."""
    files = {f"data/{name}": content for name, content in payload.items()}
    own = {"bagit.txt": DECLARED, "manifest-sha512.txt": sums(files) if manifest is None else manifest, **(tags or {})}
    (top / "data").mkdir(parents=True)
    for name, content in {**files, **own, "tagmanifest-sha512.txt": sums(own)}.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)
    return top


def zipped(folder: Path, target: Path, top: str = "bag/") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, top + path.relative_to(folder).as_posix())
    return target
