"""What memory an export takes above what the process had before, in MB. In: a store. A process of its own, without libraries."""

from __future__ import annotations

import sys
from pathlib import Path

from orggraph.rdf.asked import EVERYTHING
from orggraph.rdf.export import Form, export


def most() -> float:
    """Since this program began: what ``getrusage`` tells is its parent's too."""
    told = Path("/proc/self/status").read_text("ascii")
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    before = most()
    export(Path(sys.argv[1]), EVERYTHING, Form.NQUADS, lambda _: None)
    print(most() - before)
