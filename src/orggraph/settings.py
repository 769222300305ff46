"""Where things are, unless the user says otherwise."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def bundled(folder: str) -> Path:
    """A folder that comes with orggraph: in a wheel inside the package, in a checkout at its top."""
    inside = Path(str(resources.files("orggraph"))) / folder
    return inside if inside.exists() else Path(str(resources.files("orggraph"))).parents[1] / folder


def default_model() -> Path:
    """The model of the folder that one works in, else the one that comes with orggraph."""
    here = Path("schema")
    return here if here.is_dir() else bundled("schema")
