"""``/`` and ``/pages/*``: GraphiQL in a browser. In: the bundle, what the page opens with. Out: HTML and files, all our own.

Whoever does not ask for HTML is told in plain words which paths there are. Where the bundle was not built, the page says what
is missing and how to get it; the service answers all the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template

from orggraph.model.model import Model
from orggraph.service.answering import Answering
from orggraph.service.bundle import Bundle, read_bundle
from orggraph.service.documents import Documents
from orggraph.service.example import Example, example
from orggraph.service.media import wants_html
from orggraph.service.reply import HTML, TEXT, Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Route
from orggraph.service.tagging import has

HERE = Path(__file__).parent / "graphiql"
HEADERS = ((b"cache-control", b"no-cache"), (b"vary", b"Accept"))


def page_routes(answering: Answering, documents: Documents, others: Sequence[str]) -> Iterator[Route]:
    """The page and its files; ``others``: the paths that whoever takes no page is told."""
    bundle = read_bundle(HERE / "built")
    yield Route("/", {"GET": _front(answering, documents, bundle, others)}, open_to_all=True)
    if bundle is not None:
        yield Route("/pages/*", {"GET": _files(bundle)}, open_to_all=True)


def _front(answering: Answering, documents: Documents, bundle: Bundle | None, others: Sequence[str]) -> Handler:
    kept: list[tuple[Model, bytes]] = []

    async def get(request: Request) -> Reply:
        model = answering.engine.store.model
        if not wants_html(request):
            return Reply(200, directory(model, others).encode(), TEXT, HEADERS)
        if bundle is None:
            return Reply(200, missing(model).encode(), HTML, HEADERS)
        if not kept or kept[0][0] is not model:
            kept[:] = [(model, page(model, bundle, await example(answering, documents)).encode())]
        body = kept[0][1]
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()
        held = has(request.headers.get(b"if-none-match", b""), tag)
        if held is not None:
            return Reply(304, headers=(*HEADERS, (b"etag", held)))
        return Reply(200, body, HTML, (*HEADERS, (b"etag", tag)))

    return get


def _files(bundle: Bundle) -> Handler:
    async def get(request: Request) -> Reply:
        return bundle.reply(request.path.removeprefix("/pages/"), request)

    return get


def page(model: Model, bundle: Bundle, opening: Example) -> str:
    """The page: its titles and what it opens with are in it, as data."""
    title = {"zh": model.label.zh, "en": model.label.en}
    data = {"model": model.name, "title": title, "graphql": "graphql", **vars(opening)}
    styles = "".join(f'<link rel="stylesheet" href="pages/{escape(name)}">\n' for name in bundle.styles)
    return _template("page.html").substitute(
        title=escape(f"{title['zh']} · {title['en']}"),
        icon=escape(bundle.icon),
        styles=styles,
        script=escape(bundle.script),
        opening=json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
    )


def missing(model: Model) -> str:
    """What stands there where the bundle was not built."""
    return _template("missing.html").substitute(title=escape(f"{model.label.zh} · {model.label.en}"))


def directory(model: Model, others: Sequence[str]) -> str:
    """Which paths there are, for whoever reads no HTML."""
    return "\n".join([f"orggraph: {model.label.zh} · {model.label.en}", *others, ""])


def _template(name: str) -> Template:
    return Template((HERE / name).read_text("utf-8"))
