"""Where a question is answered, so that none waits for a slow one. In: an operation. Out: the engine's bytes.

What was asked before and is priced at about a millisecond runs on the event loop, which is twice as fast as any thread. A
document that is new is read in a thread of its own; dearer statements run in a few threads, each with a store of its own,
where the client's leaving interrupts them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from orggraph.graphql.engine import Engine, Question
from orggraph.service.request import Left
from orggraph.stores.contract import Store

CHEAP_ROWS = 3_000
"""Rows that a statement looks at in about a millisecond."""
THREADS = 4
AGAIN = 0.05
"""Seconds after which a statement that still runs is interrupted again: it may not have begun before."""


class Answering:
    """Answers operations from one engine; ``another`` opens its store once more."""

    def __init__(self, engine: Engine, another: Callable[[], Store]) -> None:
        self.engine = engine
        self._another = another
        self._reading = ThreadPoolExecutor(1, "reading")
        self._running = ThreadPoolExecutor(THREADS, "running")
        self._own = threading.local()

    async def question(self, document: str, variables: Mapping[str, Any], operation_name: str | None) -> Question:
        """What is to be run. Raises RequestErrors."""
        asked = self.engine.known(document, variables, operation_name)
        if asked is None:
            loop = asyncio.get_running_loop()
            asked = await loop.run_in_executor(self._reading, self.engine.ask, document, variables, operation_name)
        return asked

    async def answer(self, asked: Question, leaves: Callable[[], Awaitable[None]]) -> bytes:
        """The whole answer; ``leaves`` returns when the client has gone. Raises RequestErrors, Left."""
        if asked.rows <= CHEAP_ROWS:
            return self.engine.answer(asked, self.engine.store)
        return await self._aside(asked, leaves)

    def close(self) -> None:
        """Begins nothing more."""
        for pool in (self._reading, self._running):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _aside(self, asked: Question, leaves: Callable[[], Awaitable[None]]) -> bytes:
        """The answer from a thread, unless the client leaves."""
        run = Run(asked)
        answered = asyncio.get_running_loop().run_in_executor(self._running, lambda: run.answer(self._store()))
        left = asyncio.ensure_future(leaves())
        either: set[asyncio.Future[Any]] = {answered, left}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            while not answered.done():
                run.stop()
                await asyncio.wait({answered}, timeout=AGAIN)
            return answered.result()
        finally:
            left.cancel()

    def _store(self) -> Store:
        """The store of this thread."""
        store: Store | None = getattr(self._own, "store", None)
        if store is None:
            store = self._own.store = self._another()
        return store


class Run:
    """A statement that one thread runs and another may stop."""

    def __init__(self, asked: Question) -> None:
        self._asked = asked
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._stopped = False

    def answer(self, store: Store) -> bytes:
        with self._lock:
            if self._stopped:
                raise Left
            self._store = store
        try:
            return Engine.answer(self._asked, store)
        finally:
            with self._lock:  # from now on the store may run another's statement
                self._store = None

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._store is not None:
                self._store.interrupt()
