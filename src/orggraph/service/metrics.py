"""Counts of what the service does. In: requests as they end. Out: Prometheus's text.

Counting a request must cost microseconds, so it adds to plain numbers; the client library of Prometheus is asked only when
somebody reads them. Several workers each write theirs down (``keep``) into a folder that they share, and whoever is asked
adds up all. A worker that takes the place of one that died goes on from its numbers.
"""

from __future__ import annotations

import json
import os
import resource
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orggraph.service.account import Account
from orggraph.service.reply import Reply

if TYPE_CHECKING:
    from prometheus_client import Metric

Key = tuple[str, ...]
SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
ROWS = (10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0, 10_000_000.0)
BYTES = (100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0, 10_000_000.0)
COUNTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "orggraph_requests": ("Requests that were replied to.", ("route", "method", "status")),
    "orggraph_refusals": ("Replies that have an error code.", ("code",)),
}
HISTOGRAMS: dict[str, tuple[str, tuple[str, ...], tuple[float, ...]]] = {
    "orggraph_request_seconds": ("From a request's head to its reply.", ("route",), SECONDS),
    "orggraph_statement_seconds": ("What statements took.", (), SECONDS),
    "orggraph_price_rows": ("Rows that statements were expected to look at.", (), ROWS),
    "orggraph_reply_bytes": ("Bytes of replies' bodies, as sent.", (), BYTES),
}
GAUGES = {
    "orggraph_requests_in_flight": "Requests that are being worked on.",
    "orggraph_connections": "Open connections.",
    "orggraph_queue_waiting": "Operations that wait for a thread.",
    "orggraph_queue_running": "Operations that threads work on.",
    "orggraph_held_bytes": "Bytes of bodies that are coming in, and of replies that are read slowly.",
    "orggraph_store_ready": "1 if the store can be answered from.",
    "orggraph_load_number": "The number of the newest load.",
    "orggraph_load_timestamp_seconds": "When the newest load was published.",
    "orggraph_worker_resident_bytes": "Memory of the worker.",
    "orggraph_worker_cpu_seconds": "Processor time of the worker.",
}
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})


@dataclass(slots=True)
class Histogram:
    """``counts``: of values up to each bound, and above the last; not cumulated."""

    bounds: tuple[float, ...]
    counts: list[int]
    sum: float = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


def _empty(name: str) -> Histogram:
    bounds = HISTOGRAMS[name][2]
    return Histogram(bounds, [0] * (len(bounds) + 1))


@dataclass
class Tally:
    """What one worker, or all, have counted, by name and labels."""

    counters: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    histograms: dict[Key, Histogram] = field(default_factory=dict)
    gauges: dict[Key, float] = field(default_factory=dict)

    def histogram(self, *key: str) -> Histogram:
        found = self.histograms.get(key)
        if found is None:
            found = self.histograms[key] = _empty(key[0])
        return found

    def add(self, other: Tally) -> None:
        for key, number in other.counters.items():
            self.counters[key] += number
        for key, theirs in other.histograms.items():
            mine = self.histogram(*key)
            mine.counts = [a + b for a, b in zip(mine.counts, theirs.counts, strict=True)]
            mine.sum += theirs.sum
        self.gauges |= other.gauges

    def as_text(self) -> str:
        histograms = [(key, one.counts, one.sum) for key, one in self.histograms.items()]
        return json.dumps([list(self.counters.items()), histograms, list(self.gauges.items())])


def tally_of(text: str) -> Tally:
    """What ``as_text`` has written down."""
    counters, histograms, gauges = json.loads(text)
    tally = Tally()
    tally.counters.update({tuple(key): number for key, number in counters})
    for key, counts, total in histograms:
        one = tally.histogram(*key)
        one.counts, one.sum = counts, total
    tally.gauges = {tuple(key): number for key, number in gauges}
    return tally


class Metrics:
    """``folder``: where all workers keep theirs; this one is ``worker``. ``now``: gauges of the moment, by name."""

    def __init__(self, now: Callable[[], Mapping[str, float]], folder: Path | None = None, worker: int = 1) -> None:
        self.in_flight = 0
        self._now, self._folder, self._worker = now, folder, str(worker)
        self._file = None if folder is None else folder / f"{worker}.json"
        self._tally = Tally()
        if self._file is not None and self._file.exists():
            self._tally = tally_of(self._file.read_text())

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """While a reply is sent, its request is under way too."""
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1

    def request(self, route: str, method: str, reply: Reply, seconds: float, account: Account) -> None:
        """Counts one that was replied to."""
        tally = self._tally
        known = method if method in METHODS else "other"
        tally.counters["orggraph_requests", route, known, str(reply.status)] += 1
        tally.histogram("orggraph_request_seconds", route).observe(seconds)
        tally.histogram("orggraph_reply_bytes").observe(len(reply.body))
        if reply.code:
            tally.counters["orggraph_refusals", reply.code] += 1
        if account.price is not None:
            tally.histogram("orggraph_price_rows").observe(account.price)
        if account.ran is not None:
            tally.histogram("orggraph_statement_seconds").observe(account.ran[1] - account.ran[0])

    def refused(self, code: str) -> None:
        """Counts what was refused before it was a request."""
        self._tally.counters["orggraph_refusals", code] += 1

    def keep(self) -> None:
        """Writes down what was counted, for other workers and for the one that follows."""
        if self._file is not None:
            part = self._file.with_suffix(".part")
            part.write_text(self._counted().as_text())
            part.replace(self._file)

    def text(self, accept: str) -> tuple[bytes, str]:
        """Everything, in the form that a scraper accepts, and that form's media type."""
        from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
        from prometheus_client.exposition import choose_encoder

        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Families(self._all()))
        PlatformCollector(registry)
        if self._folder is None:
            ProcessCollector(registry=registry)
        encode, kind = choose_encoder(accept)
        return encode(registry), kind

    def _all(self) -> Tally:
        total = self._counted()
        if self._folder is not None:
            for file in self._folder.glob("*.json"):
                if file != self._file:
                    with suppress(OSError, ValueError):
                        total.add(tally_of(file.read_text()))
        return total

    def _counted(self) -> Tally:
        """This worker's, with its gauges."""
        counted = Tally()
        counted.add(self._tally)
        gauges = {"orggraph_requests_in_flight": self.in_flight, **self._now(), **usage()}
        counted.gauges = {(name, self._worker): float(number) for name, number in gauges.items()}
        return counted


def usage() -> dict[str, float]:
    """Memory and processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # no Linux: the most that it ever was
        resident = used.ru_maxrss
    return {
        "orggraph_worker_resident_bytes": resident,
        "orggraph_worker_cpu_seconds": used.ru_utime + used.ru_stime,
    }


class _Families:
    """A tally as Prometheus's library collects it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        tally = self._tally
        for name, (text, labels) in COUNTERS.items():
            family: Any = CounterMetricFamily(name, text, labels=labels)
            for key, number in _of(tally.counters, name):
                family.add_metric(key, number)
            yield family
        for name, (text, labels, _) in HISTOGRAMS.items():
            family = HistogramMetricFamily(name, text, labels=labels)
            for key, one in _of(tally.histograms, name):
                family.add_metric(key, _buckets(one), one.sum)
            yield family
        for name, text in GAUGES.items():
            family = GaugeMetricFamily(name, text, labels=("worker",))
            for key, number in _of(tally.gauges, name):
                family.add_metric(key, number)
            yield family


def _of(found: Mapping[Key, Any], name: str) -> Iterable[tuple[Key, Any]]:
    return sorted(((key[1:], one) for key, one in found.items() if key[0] == name), key=lambda pair: pair[0])


def _buckets(one: Histogram) -> list[tuple[str, float]]:
    """Cumulated, as Prometheus wants them."""
    total, found = 0, []
    for bound, count in zip((*map(str, one.bounds), "+Inf"), one.counts, strict=True):
        total += count
        found.append((bound, float(total)))
    return found
