"""Where a question is answered, so that none waits for a slow one. In: an operation. Out: the engine's bytes.

What was asked before and is priced at about a millisecond runs on the event loop, which is twice as fast as any thread; what
takes longer there than it should is broken off and goes the way of the dear. A document that is new is read in a thread of
its own. Dearer statements run in threads, each with a store of its own, where the client's leaving interrupts them: the very
dear in a lane of their own, so that a question of ten milliseconds does not wait for those of seconds.

                     known, cheap ──▶ event loop
    operation ──▶ ask                    │ took too long
                     dearer ─────────▶ lane "some", lane "many"
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from time import perf_counter, thread_time
from typing import Any, NamedTuple
from weakref import WeakSet

from msgspec.structs import replace

from orggraph.errors import StoreError
from orggraph.graphql.engine import Engine, Question, RequestErrors
from orggraph.opening import open_engine
from orggraph.plan.scope import AsOf, Variable
from orggraph.service.account import Account, document_hash
from orggraph.service.lanes import Lane
from orggraph.service.lending import AGAIN
from orggraph.service.published import Edition, Published
from orggraph.service.request import Left, Request
from orggraph.service.settings import ServiceSettings
from orggraph.service.unready import RENEWED, STOPPING, unavailable, unready
from orggraph.stores.contract import Statement, Store

CHEAP_ROWS = 3_000
"""Rows that a statement looks at in about a millisecond."""
MANY_ROWS = 100_000
"""Rows from which on a statement runs among the very dear."""
ON_LOOP = 0.02
"""Seconds that a statement may take on the event loop, where all others wait for it."""
OUTDATED = frozenset({"CLOSED", "MODEL_CHANGED", RENEWED})
KNOWN = "known load"
"""The variable that has the number of an earlier load; no document can have one of this name."""
TRIES = 3
RENEWAL = 5.0
"""Seconds that a question waits for a store that is being opened anew."""
SOON = 0.02


class Asked(NamedTuple):
    """A question, the edition of the store that it was asked of, and what it was made from: document, variables, the operation's name,
    and the load that is looked back to."""

    question: Question
    edition: Edition
    operation: tuple[str, Mapping[str, Any], str | None, int | None]


class Answering:
    """Answers operations from what is published."""

    def __init__(self, settings: ServiceSettings) -> None:
        make = partial(open_engine, settings.store, settings.bounds, settings.introspection, served=True)
        self.published = Published(settings.store, make)
        waits = (settings.waiting, settings.waiting_seconds)
        self.reading = Lane("reading", 1, *waits)
        self.some = Lane("some", settings.threads, *waits)
        self.many = Lane("many", settings.threads, *waits)
        self.lanes = (self.reading, self.some, self.many)
        self.held: Callable[[], int] = lambda: 0
        self._most_held = settings.held_bytes
        self._proved_dear: WeakSet[Statement] = WeakSet()
        self._past: tuple[Edition, Engine] | None = None
        self._stopping = False
        self._runs: set[Run] = set()

    @property
    def engine(self) -> Engine:
        """The engine of now. Raises Refused."""
        return self.published.edition.engine

    def start(self) -> None:
        """Opens the store, in the process and the event loop that will answer."""
        self.published.start(asyncio.get_running_loop().call_soon_threadsafe)

    async def question(
        self,
        document: str,
        variables: Mapping[str, Any],
        operation_name: str | None,
        account: Account,
        known: int | None = None,
    ) -> Asked:
        """What is to be run; ``known``: the load at which all is seen, unless the document says otherwise. Raises RequestErrors,
        Refused."""
        account.document = document_hash(document)
        if operation_name is not None and operation_name.isascii() and operation_name.isidentifier():
            account.operation = operation_name
        operation = (document, variables, operation_name)
        edition = self.published.edition
        engine = edition.engine if known is None else self._looking_back(edition)
        question = engine.known(*operation)
        if question is None:
            began = perf_counter()
            question = await self.reading.run(lambda: engine.ask(*operation))
            account.read = (began, perf_counter())
        if known is not None:
            question = replace(question, variables={**question.variables, KNOWN: known})
        account.price = question.rows
        return Asked(question, edition, (*operation, known))

    async def answer(self, asked: Asked, request: Request) -> bytes:
        """The whole answer. Raises RequestErrors, Refused, Left."""
        for _ in range(TRIES):
            try:
                return await self._answer(asked, request)
            except StoreError as fault:
                if fault.code not in OUTDATED:
                    self.published.met(fault, asked.edition)
                    raise unready(fault) from None
                await self._renewal(asked.edition)
                document, variables, name, known = asked.operation
                asked = await self.question(document, variables, name, request.account, known)
        raise unready(None)

    async def page(self, question: Question, edition: Edition, request: Request) -> bytes:
        """The answer of a statement of an edition. Raises RequestErrors, Refused, Left; StoreError (OUTDATED) where there
        is another edition by now, which has been waited for."""
        try:
            return await self._answer(Asked(question, edition, ("", {}, None, None)), request)
        except StoreError as fault:
            if fault.code in OUTDATED:
                await self._renewal(edition)
                raise
            self.published.met(fault, edition)
            raise unready(fault) from None

    def stop(self) -> None:
        """Interrupts what runs."""
        self._stopping = True
        for run in self._runs:
            run.stop()

    def close(self) -> None:
        """Begins nothing more, and lets go of the store."""
        self.stop()
        for lane in self.lanes:
            lane.close()
        self.published.close()

    def _looking_back(self, edition: Edition) -> Engine:
        """The engine of what was known at an earlier load, whose number comes with each question."""
        if self._past is None or self._past[0] is not edition:
            self._past = (edition, edition.engine.looking_back(AsOf(Variable((KNOWN,)))))
        return self._past[1]

    async def _renewal(self, former: Edition) -> None:
        """Returns when the store was opened anew, or cannot be, or it has taken too long."""
        until = perf_counter() + RENEWAL
        published = self.published
        while published.is_last(former) and published.fault is None and perf_counter() < until:
            await asyncio.sleep(SOON)

    async def _answer(self, asked: Asked, request: Request) -> bytes:
        question, account = asked.question, request.account
        if not self.published.is_now(asked.edition):
            raise StoreError("the store was opened anew", RENEWED)
        if self.held() > self._most_held:
            raise unavailable("TOO_BUSY", "too much is under way to those who read it slowly; ask again later", 5)
        cheap = question.rows <= CHEAP_ROWS and question.statement not in self._proved_dear
        if cheap and (answer := self._at_once(asked, account)) is not None:
            return answer
        run = Run(asked, account)
        lane = self.many if question.rows > MANY_ROWS else self.some
        self._runs.add(run)
        try:
            return await self._unless_left(lane.run(run.answer), run, request.leaves)
        except Left:
            if self._stopping:
                raise unavailable(*STOPPING) from None
            raise
        finally:
            self._runs.discard(run)

    def _at_once(self, asked: Asked, account: Account) -> bytes | None:
        """The answer on the event loop; None if it takes too long or has to wait for a lock."""
        store = asked.edition.engine.store
        began = perf_counter()
        worked = thread_time()
        try:
            answer = Engine.answer(asked.question, store, ON_LOOP)
        except RequestErrors as refused:
            if refused.code != "TIMEOUT":
                raise
            if thread_time() - worked > ON_LOOP / 2:  # else others had the processor, or the disk was slow
                self._proved_dear.add(asked.question.statement)
            return None
        except StoreError as fault:
            if fault.code != "BUSY":
                raise
            return None
        account.ran = (began, perf_counter())
        return answer

    async def _unless_left(self, work: Awaitable[bytes], run: Run, leaves: Callable[[], Awaitable[None]]) -> bytes:
        """What a thread answers, unless the client leaves."""
        answered, left = asyncio.ensure_future(work), asyncio.ensure_future(leaves())
        either: set[asyncio.Future[Any]] = {answered, left}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            while not answered.done():
                if not run.stop():
                    answered.cancel()
                await asyncio.wait({answered}, timeout=AGAIN)
            if answered.cancelled():
                raise Left
            return answered.result()
        finally:
            left.cancel()


class Run:
    """A statement that one thread runs and another may stop."""

    def __init__(self, asked: Asked, account: Account) -> None:
        self._asked, self._account = asked, account
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._begun = False
        self._stopped = False

    def answer(self) -> bytes:
        with self._asked.edition.lending.one() as store:
            with self._lock:
                if self._stopped:
                    raise Left
                self._store, self._begun = store, True
            began = perf_counter()
            try:
                return Engine.answer(self._asked.question, store)
            except RequestErrors:
                if self._stopped:
                    raise Left from None
                raise
            finally:
                with self._lock:  # from now on the store may run another's statement
                    self._store = None
                self._account.ran = (began, perf_counter())

    def stop(self) -> bool:
        """Stops it; whether a thread had begun with it."""
        with self._lock:
            self._stopped = True
            if self._store is not None:
                self._store.interrupt()
            return self._begun
