"""Which media type an answer has. In: an Accept header. Out: one of ours; Refused (406) where none fits."""

from __future__ import annotations

from orggraph.service.headers import read_once, welcome
from orggraph.service.refusing import Refused
from orggraph.service.reply import GRAPHQL_JSON, JSON
from orggraph.service.request import Request

OURS = (("application/json", JSON), ("application/graphql-response+json", GRAPHQL_JSON))
"""The first is chosen where both are as welcome by a wildcard."""


def answer_kind(request: Request) -> bytes:
    """The media type that the client likes best. Raises Refused."""
    kind = _best(request.headers.get(b"accept", b"*/*"))
    if kind is None:
        names = " or ".join(name for name, _ in OURS)
        raise Refused(406, "NOT_ACCEPTABLE", f"answers are {names}; send one of them as Accept, or */*")
    return kind


def prefers_graphql(request: Request) -> bool:
    """Whether errors are told as ``application/graphql-response+json``."""
    return _best(request.headers.get(b"accept", b"*/*")) is GRAPHQL_JSON


def wants_html(request: Request) -> bool:
    """Whether the client names HTML among what it takes, as browsers do; a wildcard is not enough."""
    return any(name == "text/html" and quality > 0 for name, quality in welcome(request.headers.get(b"accept", b"")))


@read_once
def _best(accept: bytes) -> bytes | None:
    """The most welcome of ours; among equals the one that is named, then the one named first."""
    ranges = welcome(accept)
    found = [(rank, kind) for name, kind in OURS if (rank := _rank(name, ranges)) is not None]
    return max(found, key=lambda one: one[0])[1] if found else None


def _rank(name: str, ranges: list[tuple[str, float]]) -> tuple[float, bool, int] | None:
    """How welcome a media type is: by its most exact range."""
    main = name.partition("/")[0]
    for wanted in (name, f"{main}/*", "*/*"):
        for place, (one, quality) in enumerate(ranges):
            if one == wanted:
                return (quality, one == name, -place) if quality > 0 else None
    return None
