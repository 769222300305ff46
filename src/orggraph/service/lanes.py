"""Threads for what must not run on the event loop, with a bounded queue before them. In: a call. Out: what it returns, or 503
where too many wait already, or it would wait too long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from orggraph.service.unready import unavailable

T = TypeVar("T")


class Lane:
    """``threads`` at once; ``most`` may wait for a turn, each so many ``seconds``. First come, first served."""

    def __init__(self, name: str, threads: int, most: int, seconds: float) -> None:
        self.waiting = 0
        self.running = 0
        self._most, self._seconds = most, seconds
        self._turns = asyncio.Semaphore(threads)
        self._pool = ThreadPoolExecutor(threads, name)

    async def run(self, call: Callable[[], T]) -> T:
        """Raises Refused, and whatever the call raises."""
        async with self._turn():
            return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def close(self) -> None:
        """Begins nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        await self._wait()
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self._turns.release()

    async def _wait(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        if self.waiting >= self._most:
            raise unavailable(
                "QUEUE_FULL", f"others wait to be answered already ({self.waiting} of them); ask again later", 2
            )
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._turns.acquire()
        except TimeoutError:
            message = f"others were answered for {self._seconds:g} s, and it was not this one's turn; ask again later"
            raise unavailable("QUEUE_SLOW", message, 5) from None
        finally:
            self.waiting -= 1
