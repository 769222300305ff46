"""The questions of a folder as the store of now can be asked them. In: a folder, what answers. Out: those that are ready, and why
others are not.

The folder may change while the service runs: a question that is put there, mended or taken out counts within ``LOOK`` seconds.
They are read and checked in the thread in which documents are read.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from orggraph.errors import OrggraphError, StoreError
from orggraph.graphql.engine import Engine
from orggraph.questions.checking import Set, check_questions
from orggraph.questions.keys import with_keys
from orggraph.questions.question import QuestionError, Ready, find
from orggraph.questions.reading import Signature, read_questions, signature
from orggraph.questions.whole import ready_to_ask
from orggraph.service.answering import Answering

LOOK = 0.5


class Shelf:
    """``ready`` and ``problems`` are of one folder and one model."""

    def __init__(self, path: Path, answering: Answering) -> None:
        self.path, self._answering = path, answering
        self._found = Set((), ())
        self._of: tuple[str, Signature] | None = None
        self._keyed: dict[str, tuple[Ready, Ready]] = {}
        self._looked = 0.0
        self._sdl = ""

    @property
    def signature(self) -> str:
        """Other whenever any question is."""
        return repr(self._of and self._of[1])

    async def questions(self) -> Set:
        """All of them. Raises Refused."""
        engine = self._answering.engine
        if self._sdl != engine.store.sdl or time.monotonic() > self._looked + LOOK:
            await self._answering.reading.run(lambda: self._look(engine))
        return self._found

    async def find(self, name: str) -> tuple[Ready, Sequence[Ready]]:
        """A question by its name or number, and all. Raises QuestionError."""
        found = await self.questions()
        return find(found.ready, name), found.ready

    async def keyed(self, ready: Ready) -> Ready:
        """The same question with columns of keys. Raises QuestionError, Refused."""
        without, found = self._keyed.get(ready.name, (None, None))
        if found is None or without is not ready:
            engine = self._answering.engine
            found = await self._answering.reading.run(lambda: _with_keys(engine, ready))
            self._keyed[ready.name] = (ready, found)
        return found

    def _look(self, engine: Engine) -> None:
        of = (engine.store.sdl, signature(self.path))
        if of != self._of:
            self._found, self._of = check_questions(engine, read_questions(self.path)), of
            self._keyed = {}
        self._sdl, self._looked = of[0], time.monotonic()


def _with_keys(engine: Engine, ready: Ready) -> Ready:
    try:
        return ready_to_ask(engine, with_keys(engine, ready.question))
    except StoreError:
        raise
    except OrggraphError as error:
        raise QuestionError(error.message, error.code) from None
