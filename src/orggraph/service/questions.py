"""``/questions`` and ``/questions/NAME``, as pages and ``.json``, ``.csv``, ``.xlsx``. In: a request. Out: the answer of a named
question, in words or for machines; or which questions and parameters there are.

    /questions/part-time-members.csv?date=2020-03-31&lang=en

What is answered is tagged like the answers of ``/graphql``, and by the questions' own text: who has it is told so without a
statement being run.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from orggraph.graphql.engine import RequestErrors
from orggraph.questions.asking import Answered, answered
from orggraph.questions.formats import json_pieces
from orggraph.questions.listing import listed
from orggraph.questions.paged import FIRST, After, Paged
from orggraph.questions.parameters import variables
from orggraph.questions.question import QuestionError, Ready
from orggraph.questions.spreadsheets import csv_of, xlsx_of
from orggraph.questions.whole import whole
from orggraph.questions.words import LANGS
from orggraph.service.answering import Answering, Asked
from orggraph.service.as_known import KEYS, KNOWN_AT, LOAD, LOOKED_UP, looked_back_to, number_of, refused, wants_keys
from orggraph.service.media import wants_html
from orggraph.service.packing import NEGOTIATED
from orggraph.service.piecewise import Piecewise
from orggraph.service.question_pages import SCRIPT, Asking, list_page, question_page
from orggraph.service.refusing import Refused
from orggraph.service.reply import HTML, JSON, Headers, Reply, json_body
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Route
from orggraph.service.settings import ServiceSettings
from orggraph.service.shelf import Shelf
from orggraph.service.tagging import LASTS, has, tag_of

JAVASCRIPT = b"text/javascript; charset=utf-8"
CSV = b"text/csv; charset=utf-8"
XLSX = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {"json": JSON, "csv": CSV, "xlsx": XLSX, "": HTML}
FILES: Mapping[str, Callable[[Paged, str], Iterator[bytes]]] = {
    "json": lambda paged, _: json_pieces(paged),
    "csv": csv_of,
    "xlsx": xlsx_of,
}
OURS = frozenset({"lang", "sort", "page", KEYS, LOAD, KNOWN_AT})
"""Parameters of the URL that are no question's own, unless a question has one of the name (``knownAt``)."""
VARY = (b"vary", b"Accept, Accept-Language")
MOST_PARAMETERS = 100


@dataclass(frozen=True)
class Wanted:
    """What a URL asks. ``form``: a key of ``FORMS``. ``typed``: the question's parameters, as typed."""

    name: str
    form: str
    lang: str
    typed: Mapping[str, str]
    ours: Mapping[str, str]

    def of(self, ready: Ready) -> Wanted:
        """The same, where what the question has a parameter of is its own."""
        own = {name: text for name, text in self.ours.items() if name in ready.parameters}
        ours = {name: text for name, text in self.ours.items() if name not in own}
        return replace(self, typed={**self.typed, **own}, ours=ours)


def question_routes(
    settings: ServiceSettings, answering: Answering, shelf: Shelf, piecewise: Piecewise
) -> Iterator[Route]:
    """The list, and each question."""
    yield Route("/questions", {"GET": _list(settings, shelf)})
    yield Route("/questions.json", {"GET": _list(settings, shelf)})
    yield Route("/questions/*", {"GET": _one(settings, answering, shelf, piecewise)})
    if settings.pages:
        yield Route("/questions.js", {"GET": _script}, open_to_all=True)


async def _script(request: Request) -> Reply:
    body = SCRIPT.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()
    held = has(request.headers.get(b"if-none-match", b""), tag)
    if held:
        return Reply(304, headers=((b"etag", held), LASTS))
    return Reply(200, body, JAVASCRIPT, ((b"etag", tag), LASTS))


def _list(settings: ServiceSettings, shelf: Shelf) -> Handler:
    async def get(request: Request) -> Reply:
        found = await shelf.questions()
        if settings.pages and wants_html(request) and not request.path.endswith(".json"):
            body = list_page(found, _wanted(request).lang).encode()
            return Reply(200, body, HTML, (LASTS, VARY))
        return Reply(200, json_body({"questions": listed(found.ready)}), JSON, (LASTS, VARY))

    return get


def _one(settings: ServiceSettings, answering: Answering, shelf: Shelf, piecewise: Piecewise) -> Handler:
    async def get(request: Request) -> Reply:
        if len(request.query) > settings.url_bytes:
            raise Refused(414, "URL_TOO_LONG", f"a URL may have {settings.url_bytes} bytes")
        wanted = _wanted(request)
        if wanted.form == "" and not (settings.pages and wants_html(request)):
            wanted = replace(wanted, form="json")
        try:
            ready, others = await shelf.find(wanted.name)
        except QuestionError as error:
            raise Refused(404, error.code, error.message) from None
        wanted = wanted.of(ready)
        asking = _Asking(answering, shelf, piecewise, request, wanted)
        try:
            return await asking.reply(ready, others)
        except (QuestionError, RequestErrors) as error:
            if wanted.form == "":
                page = question_page(Asking(ready, wanted.lang, wanted.typed, wanted.ours), None, error.message)
                return Reply(400, page.encode(), HTML, (LASTS, VARY), error.code)
            raise Refused(400, error.code, error.message) from None

    return get


class _Asking:
    """One request, answered."""

    def __init__(
        self, answering: Answering, shelf: Shelf, piecewise: Piecewise, request: Request, wanted: Wanted
    ) -> None:
        self._answering, self._shelf, self._piecewise = answering, shelf, piecewise
        self._request, self._wanted = request, wanted
        self._known: int | None = None

    async def reply(self, ready: Ready, others: Sequence[Ready]) -> Reply:
        """Raises QuestionError, RequestErrors, Refused."""
        wanted = self._wanted
        keys = wants_keys(wanted.ours, wanted.lang)
        self._known = await self._load_asked()
        ready = await self._keyed(ready) if keys else ready
        first = await self._asked(ready, wanted.typed)
        kind = FORMS[wanted.form]
        text = f"{self._shelf.signature} {wanted.lang} {sorted(wanted.ours.items())}"
        tag = tag_of(first.question, first.edition.engine.store, text, ready.name, kind)
        headers = ((b"etag", tag), LASTS, VARY)
        held = has(self._request.headers.get(b"if-none-match", b""), tag)
        if held:
            return Reply(304, headers=((b"etag", held), LASTS, VARY, NEGOTIATED))
        page = await self._answer(ready, first)
        if wanted.form and page.more:
            return await self._in_pieces(page, kind, (*headers, *_saved_as(ready, wanted)))
        answer = await self._whole(ready, others, page)
        body = await self._answering.some.run(lambda: written(answer, wanted, self._known))
        return Reply(200, body, kind, (*headers, *_saved_as(ready, wanted)))

    async def _load_asked(self) -> int | None:
        """The load that is looked back to. Raises QuestionError."""
        asked = looked_back_to(self._wanted.ours, self._wanted.lang)
        if not asked:
            return None
        try:
            meant = await self._answering.question(LOOKED_UP, asked, None, self._request.account)
            return number_of(await self._answering.answer(meant, self._request))
        except RequestErrors as error:
            if error.code != "NO_SUCH_LOAD":
                raise
            newest, _ = self._answering.published.load
            raise refused(error.code, self._wanted.lang, asked[LOAD], newest) from None

    async def _keyed(self, ready: Ready) -> Ready:
        """The question with keys beside names. Raises QuestionError."""
        try:
            return await self._shelf.keyed(ready)
        except QuestionError as error:
            raise refused(error.code, self._wanted.lang, error.message) from None

    async def _in_pieces(self, page: Answered, kind: bytes, headers: Headers) -> Reply:
        """A file page by page: the thread that writes it has this loop ask for the next one."""
        if self._request.method == "HEAD":
            return Reply(200, kind=kind, headers=headers)
        loop = asyncio.get_running_loop()

        def ask(after: After) -> Answered:
            return asyncio.run_coroutine_threadsafe(self._page(page.ready, after), loop).result()

        return await self._piecewise.reply(
            lambda: FILES[self._wanted.form](Paged(page, ask), self._wanted.lang), self._request, kind, headers
        )

    async def _page(self, ready: Ready, after: After) -> Answered:
        return await self._answer(ready, await self._asked(ready, self._wanted.typed, after))

    async def _whole(self, ready: Ready, others: Sequence[Ready], page: Answered) -> Answered:
        """The question with all its pages, and those that it needs, one after another."""
        steps = whole(ready, others, self._wanted.typed)
        next(steps)
        try:
            step = steps.send(page)
            while True:
                asked = await self._asked(step.ready, step.typed, step.after)
                step = steps.send(await self._answer(step.ready, asked))
        except StopIteration as done:
            found = done.value
            assert isinstance(found, Answered)
            return found

    async def _asked(self, ready: Ready, typed: Mapping[str, str], after: After = FIRST) -> Asked:
        values = {**variables(ready, typed, self._wanted.lang), **after}
        account = self._request.account
        return await self._answering.question(ready.question.document, values, None, account, self._known)

    async def _answer(self, ready: Ready, asked: Asked) -> Answered:
        body = await self._answering.answer(asked, self._request)
        return await self._answering.some.run(lambda: answered(ready, asked.operation[1], body, self._known))


def written(answer: Answered, wanted: Wanted, known: int | None) -> bytes:
    """An answer in the form that is wanted; ``known``: the load that was looked back to."""
    if wanted.form:
        return b"".join(FILES[wanted.form](Paged(answer), wanted.lang))
    asking = Asking(answer.ready, wanted.lang, wanted.typed, wanted.ours, known)
    return question_page(asking, answer, "").encode()


def _saved_as(ready: Ready, wanted: Wanted) -> tuple[tuple[bytes, bytes], ...]:
    """By which name a browser saves what is no page."""
    if wanted.form in ("csv", "xlsx"):
        return ((b"content-disposition", f'attachment; filename="{ready.name}.{wanted.form}"'.encode()),)
    return ()


def _wanted(request: Request) -> Wanted:
    """What a request asks. Raises Refused."""
    name, form = request.path.removeprefix("/questions").removeprefix("/"), ""
    for ending in FORMS:
        if ending and name.endswith(f".{ending}"):
            name, form = name.removesuffix(f".{ending}"), ending
    try:
        pairs = parse_qsl(
            request.query.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except ValueError:
        raise Refused(400, "BAD_QUERY", "the query of the URL is no UTF-8, or has too many parameters") from None
    given: dict[str, str] = {}
    for key, value in pairs:
        if key in given:
            raise Refused(400, "TWICE", f"{key} is given twice; give it once")
        given[key] = value
    ours = {key: given.pop(key) for key in list(given) if key in OURS}
    return Wanted(name, form, _lang(request, ours.get("lang", "")), given, ours)


def _lang(request: Request, asked: str) -> str:
    """zh or en: as asked, else as the browser's user likes it."""
    if asked in LANGS:
        return asked
    if asked:
        raise Refused(400, "BAD_PARAMETER", f"lang: {asked} is none of {', '.join(LANGS)}")
    liked = request.header(b"accept-language").lower()
    return "en" if liked.startswith("en") else "zh"
