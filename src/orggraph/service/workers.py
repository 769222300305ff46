"""Several processes that serve one socket. In: a service that was made, but has not begun. Out: the exit status, when all have
stopped.

Made once and then forked, they share the memory of the schema and the code. One that dies is replaced by another; who is told
to stop tells all, waits for them, and ends as they did.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from orggraph.service.logs import Log

SOONEST = 1.0
"""Seconds between two starts of one worker: what dies at once is not started without end."""
LATER = 10.0
"""Seconds beyond those in which a worker should have stopped, after which it is killed."""


@dataclass
class Workers:
    """``work``: what each does, given its number, until it is told to stop. ``listen_no_more``: lets go of their socket."""

    number: int
    work: Callable[[int], None]
    listen_no_more: Callable[[], None]
    stop_seconds: float
    log: Log
    pids: dict[int, int] = field(default_factory=dict)
    started: dict[int, float] = field(default_factory=dict)
    stopping: bool = False
    worst: int = 0

    def run(self) -> int:
        """Starts all, keeps them, and returns when they have stopped: 0 if all did so by themselves."""
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._told_to_stop)
        for worker in range(1, self.number + 1):
            self._start(worker)
        while self.pids:
            self._wait()
        return self.worst

    def _start(self, worker: int) -> None:
        self.started[worker] = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self._be(worker)
        self.pids[pid] = worker

    def _be(self, worker: int) -> None:
        """The life of a worker, which never returns."""
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(one, signal.SIG_DFL)
        status = 1
        try:
            self.work(worker)
            status = 0
        except BaseException as error:
            self.log.event("error", "worker", message=f"worker {worker} failed: {error!r}")
        finally:
            self.log.flush()
            sys.stdout.flush()
            os._exit(status)

    def _wait(self) -> None:
        """For the next worker to end."""
        try:
            pid, status = os.wait()
        except InterruptedError:
            return
        worker = self.pids.pop(pid, None)
        if worker is None:
            return
        code = os.waitstatus_to_exitcode(status)
        if self.stopping:
            self.worst = self.worst or int(code != 0)
            return
        self.log.event("error", "worker", message=f"worker {worker} ended ({code}); another takes its place", pid=pid)
        time.sleep(max(0.0, self.started[worker] + SOONEST - time.monotonic()))
        if not self.stopping:
            self._start(worker)

    def _told_to_stop(self, _: int, __: FrameType | None) -> None:
        """The second time, or after too long, without waiting."""
        again, self.stopping = self.stopping, True
        self.listen_no_more()
        for pid in list(self.pids):
            try:
                os.kill(pid, signal.SIGKILL if again else signal.SIGTERM)
            except ProcessLookupError:
                continue
        signal.signal(signal.SIGALRM, self._told_to_stop)
        signal.setitimer(signal.ITIMER_REAL, self.stop_seconds + LATER)
