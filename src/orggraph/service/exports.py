"""``/export/graph.nq``, ``.nt``, ``.ttl``, ``.trig``, ``.jsonld``: one published load as RDF. In: a GET. Out: a reply piece by piece.

It is made by a process of its own (``rdf/apart.py``), so that answers wait for it hardly longer (``piecewise.py``: how many at once).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from orggraph.errors import OrggraphError, StoreError
from orggraph.rdf.apart import pieces_apart
from orggraph.rdf.asked import Asked
from orggraph.rdf.export import Form
from orggraph.service.piecewise import Piecewise
from orggraph.service.refusing import Refused
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Route
from orggraph.service.settings import ServiceSettings

KINDS = {
    "nq": (Form.NQUADS, b"application/n-quads"),
    "nt": (Form.NTRIPLES, b"application/n-triples"),
    "ttl": (Form.TURTLE, b"text/turtle; charset=utf-8"),
    "trig": (Form.TRIG, b"application/trig"),
    "jsonld": (Form.JSONLD, b"application/ld+json"),
}
PARAMETERS = ("at", "during", "knownAt", "load", "certainty", "history")
FRESH = (b"cache-control", b"no-cache")


def export_routes(settings: ServiceSettings, piecewise: Piecewise) -> Iterator[Route]:
    for ending, (form, kind) in KINDS.items():
        yield Route(f"/export/graph.{ending}", {"GET": _handler(settings, piecewise, ending, form, kind)})


def _handler(settings: ServiceSettings, piecewise: Piecewise, ending: str, form: Form, kind: bytes) -> Handler:
    headers = ((b"content-disposition", f'attachment; filename="graph.{ending}"'.encode()), FRESH)

    async def get(request: Request) -> Reply:
        asked = asked_of(request.query)
        if request.method == "HEAD":
            return Reply(200, kind=kind, headers=headers)
        try:
            return await piecewise.reply(lambda: pieces_apart(settings.store, asked, form), request, kind, headers)
        except StoreError:
            raise
        except OrggraphError as error:
            raise Refused(400, error.code, error.message) from None

    return get


def asked_of(query: bytes) -> Asked:
    """``at=2020-03-31&certainty=CERTAIN``. Raises Refused."""
    found: dict[str, str] = {}
    for name, text in parse_qsl(query.decode("ascii", "replace"), max_num_fields=20):
        if name not in PARAMETERS or name in found:
            raise Refused(400, "BAD_QUERY", f"{name}: give each of {', '.join(PARAMETERS)} once at most")
        found[name] = text
    if found.get("certainty", "CERTAIN") not in ("CERTAIN", "POSSIBLE") or found.get("history", "true") not in (
        "true",
        "false",
    ):
        raise Refused(400, "BAD_QUERY", "certainty is CERTAIN or POSSIBLE, history true or false")
    load = found.get("load")
    if load is not None and not (load.isascii() and load.isdigit() and len(load) < 10):
        raise Refused(400, "BAD_QUERY", "load is the number of a load")
    number = None if load is None else int(load)
    certain, history = found.get("certainty") == "CERTAIN", found.get("history") == "true"
    return Asked(found.get("at"), found.get("during"), found.get("knownAt"), number, certain, history)
