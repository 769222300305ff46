"""The folder of the only documents that are answered. In: a folder. Out: its documents, each valid and priced; every problem
of all of them at once.

``NAME.graphql`` is called NAME; ``NAME/query.graphql`` too. A ``.json`` file at its top is what clients' tools write:
``{"id": "document"}`` (Relay, GraphQL Code Generator), or Apollo's manifest. Each document is called by its SHA-256 as
well, with and without the newline at its end. The folder is read when the service starts; what is put there later is
asked after the next start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orggraph.errors import OrggraphError
from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.service.documents import Document, TheseDocuments

ENDINGS = (".graphql", ".gql")
CALLED_BY_FOLDER = "query"
MOST_TOLD = 50


def read_documents(folder: Path, engine: Engine) -> TheseDocuments:
    """The documents of a folder. Raises OrggraphError that tells all problems."""
    if not folder.is_dir():
        raise OrggraphError(f"{folder}: is no folder; put documents into one, and name it", "NO_DOCUMENTS")
    documents: list[Document] = []
    problems: list[str] = []
    for place, id_, text in _texts(folder, problems):
        try:
            documents.append(Document(text, place, _ids(id_, text), engine.check(text)))
        except RequestErrors as refused:
            problems += [
                f"{place}{_at(error)} {error['message']} ({error['extensions']['code']})" for error in refused.errors
            ]
    if not documents and not problems:
        problems.append(f"{folder}: holds no document; put NAME.graphql there, or a manifest of your client's tools")
    problems += _twice(documents)
    if problems:
        more = [f"and {len(problems) - MOST_TOLD} more"] if len(problems) > MOST_TOLD else []
        raise OrggraphError("\n".join([*problems[:MOST_TOLD], *more]), "BAD_DOCUMENTS")
    return TheseDocuments(documents)


def _texts(folder: Path, problems: list[str]) -> Iterator[tuple[str, str, str]]:
    """Place, id and text of every document; what cannot be read is put to the problems."""
    for path in sorted(folder.rglob("*")):
        manifest = path.suffix == ".json" and path.parent == folder
        if not (manifest or path.suffix in ENDINGS) or not path.is_file():
            continue
        try:
            text = path.read_text("utf-8-sig")
            if manifest:
                yield from ((f"{path}[{id_}]", id_, one) for id_, one in _manifest(json.loads(text)))
                continue
        except (OSError, ValueError, TypeError, KeyError) as error:
            told = error.strerror if isinstance(error, OSError) else "is no manifest of documents in UTF-8"
            problems.append(f"{path} {told}")
            continue
        name = path.parent.name if path.stem == CALLED_BY_FOLDER and path.parent != folder else path.stem
        yield str(path), name, text


def _manifest(content: Any) -> list[tuple[str, str]]:
    """Ids and documents of what a client's tool wrote. Raises what a wrong shape raises."""
    if isinstance(content.get("operations") if isinstance(content, dict) else None, list):
        pairs = [(one["id"], one["body"]) for one in content["operations"]]
    else:
        pairs = list(dict(content).items())
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        raise TypeError
    return pairs


def _ids(id_: str, text: str) -> tuple[str, ...]:
    hashes = (hashlib.sha256(one.encode("utf-8", "surrogatepass")).hexdigest() for one in (text, text.strip()))
    return tuple(dict.fromkeys((id_.removeprefix("sha256:"), *hashes)))


def _twice(documents: list[Document]) -> Iterator[str]:
    """Names that would mean two documents: of files, and of operations."""
    found: dict[tuple[str, str], Document] = {}
    for document in documents:
        called = [("the id", id_) for id_ in document.ids] + [("an operation", name) for name in document.operations]
        for what, name in called:
            first = found.setdefault((what, name), document)
            if first.text.strip() != document.text.strip():
                yield f"{document.place} has {what} {name}, as {first.place} has; name one of them otherwise"


def _at(error: dict[str, Any]) -> str:
    first = next(iter(error.get("locations", ())), None)
    return f":{first['line']}:{first['column']}" if first else ""
