"""Stores for threads: each statement that runs aside has one for itself. In: how to open one. Out: one that is idle, or new.

All belong to one edition of the store; when it is renewed, those that are out are stopped, and none is lent again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from orggraph.errors import OrggraphError, StoreError
from orggraph.service.unready import RENEWED
from orggraph.stores.contract import Store

AGAIN = 0.05
"""Seconds after which a statement that still runs is interrupted again: it may not have begun before."""


class Lending:
    def __init__(self, open_one: Callable[[], Store]) -> None:
        self._open = open_one
        self._idle: list[Store] = []
        self._lent: set[Store] = set()
        self._ended = False
        self._changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[Store]:
        """A store for one statement. Raises StoreError (RENEWED) if it is outdated, also where the statement was stopped for
        that."""
        store = self._take()
        try:
            yield store
        except OrggraphError:
            if self._ended:
                raise _renewed() from None
            raise
        finally:
            self._give(store)

    def end(self, stop: bool) -> None:
        """Lends no more, and closes what is idle; with ``stop`` also what is out, and returns when all are closed."""
        with self._changed:
            self._ended = True
            while stop and self._lent:
                for store in self._lent:
                    store.interrupt()
                self._changed.wait(AGAIN)
            idle, self._idle = self._idle, []
        for store in idle:
            store.close()

    def _take(self) -> Store:
        with self._changed:
            if self._ended:
                raise _renewed()
            store = self._idle.pop() if self._idle else self._open()
            self._lent.add(store)
        return store

    def _give(self, store: Store) -> None:
        with self._changed:
            if self._ended:
                store.close()
            else:
                self._idle.append(store)
            self._lent.discard(store)
            self._changed.notify_all()


def _renewed() -> StoreError:
    return StoreError("the store was opened anew", RENEWED)
