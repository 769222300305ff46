"""orggraph: who holds which role in which organization, where, since when and by whose word.

``orggraph.open(path)`` is the way in from Python; importing this alone imports nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orggraph.graph import Graph, Place
    from orggraph.settings import Bounds

__version__ = "0.2.0"


def open(path: Place, model: Place | None = None, bounds: Bounds | None = None) -> Graph:
    """The graph in the store at ``path``; with ``model`` (a YAML file or a folder of them) one that is made when it is first loaded
    into. Raises StoreError."""
    from orggraph.graph import Graph

    return Graph(path, model, bounds)
