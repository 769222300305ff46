"""Which operation a request asks. In: the body of a POST, the query of a GET. Out: one ``Operation``; Refused."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from orggraph.service.refusing import Refused
from orggraph.service.request import Request


class Operation(NamedTuple):
    """``extensions`` are passed on to nothing but what reads persisted hashes."""

    document: str
    variables: dict[str, Any]
    name: str | None


def from_body(request: Request, body: bytes) -> Operation:
    """The operation of a POST. Raises Refused."""
    if request.header(b"content-type").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "MEDIA_TYPE", "send the operation as application/json")
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "BAD_JSON", "the body is no JSON") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        raise Refused(400, "BAD_REQUEST", 'the body is no object with a "query" text')
    variables, name = asked.get("variables"), asked.get("operationName")
    variables = {} if variables is None else variables
    if not isinstance(variables, dict):
        raise Refused(400, "BAD_REQUEST", '"variables" is no object')
    if name is not None and not isinstance(name, str):
        raise Refused(400, "BAD_REQUEST", '"operationName" is no text')
    return Operation(asked["query"], variables, name)
