"""Long bodies, made piece by piece in threads of their own, few at once. In: an iterator of bytes. Out: a reply's stream.

The next piece is made when the one before has gone to the client; who leaves ends it. What goes wrong before the first piece is
told as a refusal; later the connection breaks off, so that nobody takes a part for the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from orggraph.service.reply import Headers, Reply
from orggraph.service.request import Left, Request
from orggraph.service.unready import unavailable

Made = Callable[[], Iterator[bytes]]


class Piecewise:
    """``most``: how many there may be at once; ``under_way``: how many there are now."""

    def __init__(self, most: int) -> None:
        self.most, self.under_way = most, 0
        self._threads = ThreadPoolExecutor(most, "pieces")

    async def reply(self, make: Made, request: Request, kind: bytes, headers: Headers) -> Reply:
        """Raises Refused, Left, and what the first piece raises."""
        if self.under_way >= self.most:
            message = f"{self.under_way} exports are under way already; ask again later"
            raise unavailable("TOO_MANY_EXPORTS", message, 10)
        stream = self._stream(make(), request)
        first = await anext(stream, None)  # what cannot be is told before anything is sent
        if first is None:
            raise Left
        return Reply(200, kind=kind, headers=headers, stream=_after(first, stream))

    async def _stream(self, made: Iterator[bytes], request: Request) -> AsyncGenerator[bytes]:
        loop = asyncio.get_running_loop()
        left = asyncio.ensure_future(request.leaves())
        self.under_way += 1
        try:
            while not left.done():
                piece = await loop.run_in_executor(self._threads, next, made, None)
                if piece is None:
                    return
                yield piece
        except Left:
            return
        finally:
            self.under_way -= 1
            left.cancel()
            self._threads.submit(_close, made)


async def _after(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    try:
        yield first
        async for piece in rest:
            yield piece
    finally:
        await rest.aclose()


def _close(made: Iterator[bytes]) -> None:
    """Lets go of what a generator holds."""
    close = getattr(made, "close", None)
    if close is not None:
        close()
