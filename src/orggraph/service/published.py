"""The store as it is now, while loads, migrations and restores go on in other processes. In: a path. Out: an ``Edition``, or
why there is none.

A load is seen by the next statement, for each reads what was committed last; what prices are made of follows within
``LOOK`` seconds. A thread of its own looks so often at the file: whether it is still the one that was opened (device and
inode), whether it was written to other than through SQLite's log, whether its model is still the same. Where it is not, the
store is opened anew; while it cannot be, there is no edition, and everybody is told why. Nothing is asked of the file
system per request.

A file that was put in another's place is opened only when all connections to the former are closed: both have one name
for their logs. Connections are opened in the process that answers, never before a fork.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct

from orggraph.errors import StoreError
from orggraph.graphql.engine import Engine
from orggraph.opening import open_another, prove
from orggraph.service.lending import Lending
from orggraph.service.unready import RENEWED, unready
from orggraph.stores.contract import Store

LOG = logging.getLogger("orggraph.store")
LOOK = 0.2
"""Seconds between looks."""
PATIENCE = 10.0
"""Seconds between proofs of a store in which damage was met; it is proved at once when its file changes."""
NO_FAULTS = frozenset({"BUSY", "CLOSED", "MODEL_CHANGED", RENEWED})
"""What one statement may meet while others are answered."""
OnLoop = Callable[[Callable[[], object]], object]


class Edition(Struct, frozen=True):
    """One file and one model. ``engine.store`` is of the event loop, the ``lending`` for threads."""

    engine: Engine
    lending: Lending


class Looks(Struct, frozen=True):
    """How a file looked: which one it is; when it was written last but through its log, and its size; which log has
    something in it."""

    file: tuple[int, int]
    written: tuple[int, int]
    log: tuple[int, int] | None


class Published:
    """``make``: an engine on the store of now. ``load``: number and time of the newest. ``fault``: why there is no edition."""

    def __init__(self, path: Path, make: Callable[[], Engine]) -> None:
        self.path, self._make = path, make
        self.load: tuple[int, str] = (0, "")
        self.fault: StoreError | None = None
        self._engine = make()
        self._engine.store.close()
        self._edition: Edition | None = None
        self._last: Edition | None = None
        self._watch: Store | None = None
        self._opened: Looks | None = None
        self._doubted: tuple[Looks | None, float] = (None, 0.0)
        self._on_loop: OnLoop = lambda close: close()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watching, name="published", daemon=True)

    @property
    def edition(self) -> Edition:
        """What is answered from. Raises Refused: 503, with the reason."""
        edition = self._edition
        if edition is None:
            raise unready(self.fault)
        return edition

    @property
    def ready(self) -> bool:
        return self._edition is not None

    @property
    def engine(self) -> Engine:
        """The engine of now, or the last one: to be asked what needs no store."""
        return self._engine

    def is_now(self, edition: Edition) -> bool:
        """Whether an edition is what is answered from."""
        return self._edition is edition

    def is_last(self, edition: Edition) -> bool:
        """Whether none has followed an edition yet."""
        return self._last is edition or self._last is None

    def met(self, fault: StoreError, edition: Edition) -> None:
        """What a statement met while it read: from damage on nothing more is answered."""
        if fault.code not in NO_FAULTS and self._edition is edition:
            self._fail(fault)

    def start(self, on_loop: OnLoop) -> None:
        """Opens the store in this process, and looks after it; ``on_loop``: calls something where the editions' own stores
        are used."""
        self._look()
        self._on_loop = on_loop
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self._on_loop = lambda close: close()
        self._let_go(stop=False)

    # ------------------------------------------------------------ looking

    def _watching(self) -> None:
        while not self._stop.wait(LOOK):
            self._look()

    def _look(self) -> None:
        try:
            self._compare(looks(self.path))
        except StoreError as fault:
            self._fail(fault)
        except Exception as error:
            LOG.exception("looking at the store failed")
            self._fail(StoreError(f"{self.path}: {error}", "UNREADABLE"))

    def _compare(self, now: Looks) -> None:
        """Does what follows from how the file looks. Raises StoreError."""
        edition, before = self._edition, self._opened
        if edition is None or before is None or now.file != before.file:
            self._reopen(before, now)
        elif now.written != before.written:
            self._freshen(edition)
        elif self._watch is None or self._watch.changed():
            self._measure(edition)
        self._opened = now if self._edition is not None else before

    def _reopen(self, before: Looks | None, now: Looks) -> None:
        """Another file, or the same after a fault."""
        if before is not None and before.file != now.file and now.log is not None and now.log == before.log:
            raise StoreError(f"{self.path}: was replaced, but {self.path}-wal is of the former file", "FOREIGN_LOG")
        self._edition = None
        self._let_go(stop=True)
        if self.fault is not None and self.fault.code in ("DAMAGED", "UNREADABLE"):
            doubted, since = self._doubted
            if doubted == now and time.monotonic() < since + PATIENCE:
                return
            self._doubted = (now, time.monotonic())
            prove(self.path)
        self._publish(self._engine_of_now())

    def _freshen(self, edition: Edition) -> None:
        """The same file; but pages that are kept in memory may be others in it by now, so that all connections are
        opened anew."""
        former = edition.engine.store
        try:
            self._publish(self._engine_of_now())
        finally:
            edition.lending.end(stop=False)
            self._on_loop(former.close)

    def _measure(self, edition: Edition) -> None:
        """After a load: what prices are made of; after a migration or a restore: the model of now."""
        watch = self._watch or open_another(self.path, edition.engine)
        try:
            edition.engine.store.measures = watch.measured()
            self.load = watch.last_load()
        except StoreError as changed:
            if changed.code != "MODEL_CHANGED":
                raise
            self._freshen(edition)

    def _engine_of_now(self) -> Engine:
        """The engine that is there, with a new connection, or one of the store's new model. Raises StoreError."""
        engine = self._engine
        try:
            engine.store = open_another(self.path, engine)
        except StoreError as changed:
            if changed.code != "MODEL_CHANGED":
                raise
            engine = self._make()
        return engine

    def _publish(self, engine: Engine) -> None:
        """From now on this is what is answered from."""
        former, self._watch = self._watch, open_another(self.path, engine)
        if former is not None:
            former.close()
        self.load = self._watch.last_load()
        self._engine = engine
        self._edition = self._last = Edition(engine, Lending(partial(open_another, self.path, engine, patient=True)))
        if self.fault is not None:
            LOG.warning("the store is answered from again: load %d", self.load[0])
            self.fault = None

    # ------------------------------------------------------------ faults

    def _fail(self, fault: StoreError) -> None:
        if self.fault is None or self.fault.code != fault.code:
            LOG.error("the store cannot be answered from: %s: %s", fault.code, fault.message)
        self.fault = fault
        self._edition = None

    def _let_go(self, stop: bool) -> None:
        """Closes every connection; with ``stop`` once those who use one have been stopped, and returns then."""
        last, self._last = self._last, None
        if last is not None:
            last.lending.end(stop)
            closed, store = threading.Event(), last.engine.store

            def close() -> None:
                store.close()
                closed.set()

            self._on_loop(close)
            if stop:
                closed.wait(PATIENCE)
        if self._watch is not None:
            self._watch.close()
            self._watch = None


def looks(path: Path) -> Looks:
    """How a store's file looks. Raises StoreError where there is none."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise StoreError(f"{path}: there is no store", "NO_STORE") from None
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}", "CANNOT_OPEN") from None
    try:
        log = os.stat(f"{path}-wal")
    except OSError:
        log = None
    filled = (log.st_dev, log.st_ino) if log is not None and log.st_size else None
    return Looks((found.st_dev, found.st_ino), (found.st_mtime_ns, found.st_size), filled)
