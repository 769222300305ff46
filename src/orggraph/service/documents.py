"""Which document a request may ask. In: its parameters. Out: the operation; Refused."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from orggraph.graphql.engine import RequestErrors
from orggraph.service.operation import Asked
from orggraph.service.refusing import Refused

NO_QUERY = 'send the document as "query", a text'


class Operation(NamedTuple):
    """A document, the variables that are given to it, and which of its operations is meant."""

    document: str
    variables: dict[str, Any]
    name: str | None


class Documents(Protocol):
    """What a request may ask."""

    def operation(self, asked: Asked) -> Operation:
        """What is asked. Raises Refused, RequestErrors."""


class AnyDocument:
    """Every document may be asked; none is kept by its hash."""

    def operation(self, asked: Asked) -> Operation:
        if asked.query is not None:
            return Operation(asked.query, asked.variables or {}, asked.name)
        if asked.sha256 or asked.document_id:
            raise RequestErrors(
                [
                    {
                        "message": "PersistedQueryNotSupported",  # by this text clients know to send the document
                        "extensions": {
                            "code": "PERSISTED_QUERY_NOT_SUPPORTED",
                            "help": "no documents are kept here; send the document itself as query",
                        },
                    }
                ]
            )
        raise Refused(400, "NO_QUERY", NO_QUERY)
