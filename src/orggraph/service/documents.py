"""Which document a request may ask. In: its parameters. Out: the operation; Refused.

Without a folder of documents every document may be asked, and none is known by its hash. With one only its documents are, in
whatever way a request calls them: by their whole text, by ``documentId`` (``sha256:HASH``, or a name), by the hash in
``extensions.persistedQuery``, or by ``operationName`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from orggraph.graphql.engine import RequestErrors
from orggraph.service.operation import Asked
from orggraph.service.refusing import Refused

HASHED = "sha256:"


class Operation(NamedTuple):
    """A document, the variables that are given to it, and which of its operations is meant."""

    document: str
    variables: dict[str, Any]
    name: str | None


class Document(Struct, frozen=True):
    """A document that is kept. ``place``: the file, or where in it. ``ids``: hashes and names that it is called by.
    ``operations``: the names of its operations."""

    text: str
    place: str
    ids: tuple[str, ...]
    operations: tuple[str, ...]


class Documents(Protocol):
    """What a request may ask."""

    def operation(self, asked: Asked) -> Operation:
        """What is asked. Raises Refused, RequestErrors."""


class AnyDocument:
    """Every document may be asked."""

    def operation(self, asked: Asked) -> Operation:
        if asked.query is not None:
            return Operation(asked.query, asked.variables or {}, asked.name or None)
        if asked.sha256 or asked.document_id:
            raise by_protocol("NotSupported", "no documents are kept here; send the document itself as query")
        raise Refused(400, "NO_QUERY", "send the document as query, a text")


class TheseDocuments:
    """Only these may be asked."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = tuple(documents)
        self._by_id = {id_: one for one in self.documents for id_ in one.ids}
        self._by_operation = {name: one for one in self.documents for name in one.operations}
        self._by_text = {text: one for one in self.documents for text in (one.text, one.text.strip())}

    def operation(self, asked: Asked) -> Operation:
        return Operation(self._document(asked).text, asked.variables or {}, asked.name or None)

    def _document(self, asked: Asked) -> Document:
        if asked.query is not None:
            if found := self._by_text.get(asked.query) or self._by_text.get(asked.query.strip()):
                return found
            message = "only the documents that are kept here are answered; this one is not among them"
            raise Refused(403, "DOCUMENT_NOT_ALLOWED", message)
        if asked.document_id:
            if found := self._by_id.get(asked.document_id.removeprefix(HASHED)):
                return found
            message = "no document that is kept here has this documentId: its name, its id in a manifest, or sha256:HASH of it"
            raise Refused(404, "DOCUMENT_UNKNOWN", message)
        if asked.sha256:
            if found := self._by_id.get(asked.sha256.lower()):
                return found
            raise by_protocol(
                "NotFound", "no document that is kept here has this hash; whoever runs the service can add it"
            )
        if asked.name:
            if found := self._by_operation.get(asked.name):
                return found
            raise Refused(404, "DOCUMENT_UNKNOWN", "no document that is kept here has an operation of this name")
        raise Refused(400, "NO_QUERY", "say which document: documentId, its hash in extensions, or operationName")


def by_protocol(what: str, mend: str) -> RequestErrors:
    """A refusal in the words by which clients of persisted queries know it; what to do stands beside them."""
    code = {"NotSupported": "PERSISTED_QUERY_NOT_SUPPORTED", "NotFound": "PERSISTED_QUERY_NOT_FOUND"}[what]
    return RequestErrors([{"message": f"PersistedQuery{what}", "extensions": {"code": code, "help": mend}}])
