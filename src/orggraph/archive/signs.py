"""Does a bag say that orggraph made it? In: a bag of anybody's. Out: where it says so, and the version.

One sign is enough: whoever forges a bag takes away what would have it looked at closely, and a file that a bag of ours has not is
a problem of its own.
"""

from __future__ import annotations

import re

from orggraph import __version__
from orggraph.archive.contents import COUNTS, CRATE, GRAPH, INFO, MODEL
from orggraph.bags.places import UNREADABLE, Place

MOST = 16 * 1024 * 1024
AGENT = re.compile(rb"^Bag-Software-Agent\s*:[^\n]*(?:\n[ \t][^\n]*)*\borggraph\b", re.MULTILINE | re.IGNORECASE)
CRATED = re.compile(rb'"@id"\s*:\s*"#orggraph"')
MADE_BY = re.compile(rb"^Bag-Software-Agent: orggraph ([^\s]+)$", re.MULTILINE)


def sign(place: Place) -> str:
    """The first file that says so; blank if none does."""
    if AGENT.search(beginning(place, INFO)):
        return INFO
    if COUNTS in place.sizes:
        return COUNTS
    if GRAPH in place.sizes and any(name.startswith(MODEL) for name in place.sizes):
        return GRAPH
    return CRATE if CRATED.search(beginning(place, CRATE)) else ""


def made_by(place: Place) -> str:
    """The version of orggraph, as the bag says."""
    found = MADE_BY.search(beginning(place, INFO))
    return found[1].decode("utf-8", "replace") if found else __version__


def beginning(place: Place, name: str) -> bytes:
    """Of a file; nothing of one that is not there."""
    if name not in place.sizes:
        return b""
    try:
        with place.open(name) as file:
            return file.read(MOST)
    except UNREADABLE:
        return b""
