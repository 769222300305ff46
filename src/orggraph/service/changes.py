"""``/changes``: what loads changed, as JSON lines or as server-sent events. In: since which load, or after which cursor; tests.
Out: all until now, or (``follow``, and events) what is loaded from then on too.

A page of changes is read by one statement in a thread, and sent no faster than the client reads; between pages nothing is held of
the store. Whoever is told all that there is is told so (``told``), so that an answer that broke off is not taken for a whole one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct, field

from orggraph.errors import OperationError, StoreError
from orggraph.feed import MOST, TESTS, Feed, Part, Where, part_of, variables_of
from orggraph.graphql.engine import Question, RequestErrors
from orggraph.service.answering import Answering
from orggraph.service.headers import welcome
from orggraph.service.published import LOOK, Edition
from orggraph.service.refusing import Refused
from orggraph.service.reply import Reply, json_body
from orggraph.service.request import Left, Request
from orggraph.service.routes import Route
from orggraph.service.settings import ServiceSettings
from orggraph.service.unready import STOPPING, unavailable

LINES, EVENTS = b"application/x-ndjson; charset=utf-8", b"text/event-stream; charset=utf-8"
HEADERS = ((b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"))
"""No cache keeps it, and no proxy collects it."""
NAMES = {"kind": "kinds", "relation": "relations", "key": "keys"} | {one: one for one in TESTS}
CHUNK = 64 * 1024
MOST_PARAMETERS = 100
KEPT = 20
"""Feeds of different tests whose statements are kept."""


class Followers:
    """All who are sent changes by this worker."""

    def __init__(self, answering: Answering, settings: ServiceSettings, stopping: Callable[[], bool]) -> None:
        self.answering, self.settings, self.stopping = answering, settings, stopping
        self.number = 0
        self._feeds: dict[Any, tuple[Edition, Feed]] = {}

    def route(self) -> Route:
        return Route("/changes", {"GET": self.get})

    async def get(self, request: Request) -> Reply:
        """The first page is read before the reply begins, so that what is wrong has its status. Raises Refused."""
        events = prefers_events(request.headers.get(b"accept", b""))
        following = Following(self, request, events)
        if self.number >= self.settings.followers:
            raise unavailable("TOO_MANY_FOLLOWERS", f"{self.settings.followers} clients follow changes already", 5)
        kind = EVENTS if events else LINES
        if request.method == "HEAD":
            return Reply(200, kind=kind, headers=HEADERS)
        self.number += 1
        try:
            await following.begin()
        except BaseException:
            following.close()
            raise
        return Reply(200, kind=kind, headers=HEADERS, stream=following)

    async def page(self, where: Where, since: int, after: str | None, request: Request) -> Part:
        """Raises Refused, Left."""
        while True:
            edition = self.answering.published.edition
            try:
                feed = self._feed(edition, where)
                statement = await self.answering.reading.run(partial(feed.statement, after))
                question = Question(statement, variables_of(since, after), float(MOST))
                return part_of(await self.answering.page(question, edition, request))
            except StoreError:
                continue
            except RequestErrors as refused:
                raise Refused(400, refused.code, refused.message) from None
            except OperationError as refused:
                raise Refused(400, refused.code, refused.message) from None

    def _feed(self, edition: Edition, where: Where) -> Feed:
        key = tuple(sorted(where.items()))
        known = self._feeds.get(key)
        if known is None or known[0] is not edition:
            while len(self._feeds) >= KEPT:
                del self._feeds[next(iter(self._feeds))]
            known = self._feeds[key] = (edition, Feed(edition.engine.store, where))
        return known[1]


class Following:
    """One client, from where it begins."""

    def __init__(self, followers: Followers, request: Request, events: bool) -> None:
        given = asked(request.query)
        self._followers, self._request, self._events = followers, request, events
        self._since, self._where = given.since, given.where
        self._after = request.header(b"last-event-id") or given.after
        self._follow = given.follow or events
        self._purge = 0
        self._part: Part | None = None
        self._open = True

    async def begin(self) -> None:
        """Reads the first page."""
        self._part = await self._read()

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        if self._open:
            self._open = False
            self._followers.number -= 1

    async def _read(self) -> Part:
        part = await self._followers.page(self._where, self._since, self._after, self._request)
        self._after = part.cursor or self._after
        return part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        part, told = self._part, -1
        try:
            while part is not None and not self._followers.stopping():
                for chunk in self._chunks(part):
                    yield chunk
                if not part.full:
                    if part.edges or part.load > told:
                        yield self._told(part.load)
                    told = part.load
                    if not self._follow:
                        return
                    if not await self._later(part.load):
                        yield b": \n\n" if self._events else b"\n"
                    if self._followers.stopping():
                        break
                part = await self._read()
            yield self._said("stopping", {"code": STOPPING[0], "message": STOPPING[1]})
        except Left:
            return
        except Refused as refused:
            yield self._said("error", {"code": refused.code, "message": refused.message})

    async def _later(self, load: int) -> bool:
        """Waits for another load, as long as until the next sign of life; whether there is one. Raises Left."""
        followers = self._followers
        loop = asyncio.get_running_loop()
        until = loop.time() + followers.settings.heartbeat_seconds
        left = asyncio.ensure_future(self._request.leaves())
        try:
            while loop.time() < until and not followers.stopping():
                await asyncio.wait({left}, timeout=min(LOOK, until - loop.time()))
                if left.done():
                    raise Left
                if followers.answering.published.load[0] != load:
                    return True
            return followers.stopping()
        finally:
            left.cancel()

    # ------------------------------------------------------------ how it is written

    def _chunks(self, part: Part) -> Iterator[bytes]:
        """A page in pieces that are worth sending."""
        marks = [mark for mark in part.purges if number_of(mark) > self._purge]
        self._purge = max([self._purge, *map(number_of, marks)])
        piece: list[bytes] = [self._written("purge", mark, None) for mark in marks]
        size = 0
        for edge in part.edges:
            piece.append(self._written("change", bytes(edge.node), edge.cursor))
            size += len(piece[-1])
            if size >= CHUNK:
                yield b"".join(piece)
                piece, size = [], 0
        if piece:
            yield b"".join(piece)

    def _written(self, event: str, data: bytes, cursor: str | None) -> bytes:
        if self._events:
            id_ = f"id: {cursor}\n" if cursor else ""
            return f"{id_}event: {event}\ndata: ".encode() + data + b"\n\n"
        if event == "change" and cursor is not None:
            return data[:-1] + b',"cursor":"' + cursor.encode() + b'"}\n'
        return b'{"' + event.encode() + b'":' + data + b"}\n"

    def _said(self, event: str, data: dict[str, Any], cursor: str | None = None) -> bytes:
        return self._written(event, json_body(data), cursor)

    def _told(self, load: int) -> bytes:
        return self._said("told", {"load": load, "cursor": self._after}, self._after)


class _Mark(msgspec.Struct):
    number: int


MARK = msgspec.json.Decoder(_Mark)


def number_of(mark: bytes) -> int:
    """The number of a purge."""
    return MARK.decode(mark).number


class AskedFor(Struct, frozen=True):
    """What the query of the address asks."""

    since: int = 0
    after: str | None = None
    follow: bool = False
    where: Where = field(default_factory=dict)


def asked(query: bytes) -> AskedFor:
    """``since=3&kind=Person&kind=Unit&follow=true``. Raises Refused."""
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_PARAMETERS):
        given.setdefault(name, []).append(value)
    single = {name: values[-1] for name, values in given.items() if name not in NAMES}
    unknown = single.keys() - {"since", "after", "follow"}
    if unknown:
        names = ", ".join(["since", "after", "follow", *NAMES])
        raise Refused(400, "BAD_PARAMETER", f"{min(unknown)} is no parameter; there are {names}")
    since, follow = single.get("since", "0"), single.get("follow", "false")
    if not (since.isascii() and since.isdigit() and len(since) < 10):
        raise Refused(400, "BAD_VALUE", "since: the number of a load, or 0")
    if follow not in ("true", "false"):
        raise Refused(400, "BAD_VALUE", "follow: true or false")
    where = {NAMES[name]: tuple(values) for name, values in given.items() if name in NAMES}
    return AskedFor(int(since), single.get("after") or None, follow == "true", where)


def prefers_events(accept: bytes) -> bool:
    """Whether a client asks for server-sent events by name."""
    asked_for = dict(welcome(accept))
    lines = max(asked_for.get(one, 0.0) for one in ("application/x-ndjson", "application/json"))
    return asked_for.get("text/event-stream", 0.0) > lines
