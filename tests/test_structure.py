"""The house holds: every room stands on those below it, no module cycle, libraries behind their fences, short files."""

from __future__ import annotations

import ast
import os
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import orggraph

ROOT = Path(orggraph.__file__).parent
FLOORS = [
    {"errors", "settings", "tables", "formulas", "watch"},
    {"time", "model", "output", "bags"},
    {"plan", "records"},
    {"stores.contract"},
    {"stores.sqlite", "graphql"},
    {"rdf"},
    {"derived", "opening", "generate", "exporting", "template", "feed", "questions"},
    {"service", "analysis", "archive"},
    {"graph"},
    {"cli"},
    {"__main__"},
]
FENCES: dict[str, str | tuple[str, ...]] = {
    "strawberry": "graphql",
    "graphql": "graphql",
    "apsw": "stores.sqlite",
    "neo4j": "stores.neo4j",
    "uvicorn": ("service.server", "service.protocol"),
    "prometheus_client": "service.metrics",
    "opentelemetry": "service.tracing",
    "starlette": "service",
    "brotli": "service.packing",
    "rdflib": "rdf",
    "networkx": "analysis",
    "typer": "cli",
    "rich": "cli",
    "yaml": ("model", "generate"),
    "xlsxwriter": "output.workbook",
    "pandas": "graph",
    "polars": "graph",
}


def files(top: Path) -> list[Path]:
    """Every Python file below a folder, but for what npm has put there."""
    found = []
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name != "node_modules"]
        found += [Path(folder) / name for name in names if name.endswith(".py")]
    return sorted(found)


@cache
def modules() -> dict[str, Path]:
    """Every module below ``orggraph`` by its name from there."""
    found = {}
    for path in files(ROOT):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = path
    return found


@cache
def imports(path: Path) -> set[str]:
    """The full names of all modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def floor(name: str) -> int:
    for number, rooms in enumerate(FLOORS):
        if any(name == room or name.startswith(f"{room}.") for room in rooms):
            return number
    raise AssertionError(f"{name} stands on no floor: give it one in tests/test_structure.py")


def ours(path: Path) -> set[str]:
    known = modules()
    return {name.removeprefix("orggraph.") for name in imports(path) if name.startswith("orggraph.")} & set(known)


def room(name: str) -> str:
    return next(r for rooms in FLOORS for r in rooms if name == r or name.startswith(f"{r}."))


def test_every_module_stands_on_those_below_it() -> None:
    for name, path in modules().items():
        if name == "stores":
            continue
        for used in ours(path) - {"stores"}:
            assert room(used) == room(name) or floor(used) < floor(name), f"{name} imports {used}"


def test_there_is_no_cycle_of_modules() -> None:
    graph = {name: {used for used in ours(path) if used != name} for name, path in modules().items()}
    for name, used in graph.items():
        # a package's __init__ is not needed by what it imports from its own files
        graph[name] = {one for one in used if not (one in graph and name.startswith(f"{one}."))}
    assert tuple(TopologicalSorter(graph).static_order())


def test_libraries_stay_behind_their_fences() -> None:
    for name, path in modules().items():
        for library, allowed in FENCES.items():
            if any(used == library or used.startswith(f"{library}.") for used in imports(path)):
                rooms = (allowed,) if isinstance(allowed, str) else allowed
                assert name.startswith(rooms), f"{name} imports {library}"


def test_no_file_is_above_400_lines() -> None:
    tops = [ROOT, Path(__file__).parent]
    long = {str(p): n for top in tops for p in files(top) if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert not long
