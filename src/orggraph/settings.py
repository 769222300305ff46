"""Where things are, and how much one question may take, unless the user says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any


def bundled(folder: str) -> Path:
    """A folder that comes with orggraph: in a wheel inside the package, in a checkout at its top."""
    inside = Path(str(resources.files("orggraph"))) / folder
    return inside if inside.exists() else Path(str(resources.files("orggraph"))).parents[1] / folder


def default_model() -> Path:
    """The model of the folder that one works in, else the one that comes with orggraph."""
    here = Path("schema")
    return here if here.is_dir() else bundled("schema")


def default_questions() -> Path:
    """The questions of the folder that one works in, else those that come with orggraph."""
    here = Path("queries")
    return here if here.is_dir() else bundled("queries")


# ---------------------------------------------------------------- bounds


def bound(default: float, code: str, what: str) -> Any:
    """A bound: its value unless another is set, the code of what goes beyond it, what it counts."""
    return field(default=default, metadata={"code": code, "what": what})


@dataclass(frozen=True)
class Bounds:
    """How much one operation may take: before it is parsed, before it runs, while it runs; what is beyond is refused or
    stopped, never cut. Whole numbers, but for seconds and price."""

    document_bytes: int = bound(64 * 1024, "DOCUMENT_TOO_LONG", "bytes of a document")
    tokens: int = bound(2_000, "TOO_MANY_TOKENS", "tokens of a document")
    variables: int = bound(10_000, "VARIABLES_TOO_LARGE", "values in the variables, and hundreds of characters in them")
    depth: int = bound(100, "TOO_DEEP", "fields, filters or values inside one another")
    pairs: int = bound(15_000, "TOO_MANY_OVERLAPS", "comparisons of fields with the same response name")
    size: int = bound(8_000, "TOO_COMPLEX", "parts of the statement that a document becomes")
    price: float = bound(5_000_000, "TOO_COSTLY", "rows that the statement would look at, as estimated")
    seconds: float = bound(5.0, "TIMEOUT", "seconds that the statement runs")
    list_rows: int = bound(10_000, "TOO_MANY", "rows of one list")
    operation_rows: int = bound(200_000, "TOO_MANY", "rows of all lists together")
    answer_bytes: int = bound(32 * 1024 * 1024, "TOO_LARGE", "bytes of the answer")
    ids: int = bound(1_000, "TOO_MANY_IDS", "ids that one nodes field is given")
    days: int = bound(400, "TOO_MANY_DAYS", "days that one each field gives")
    documents_kept: int = bound(
        1_000, "", "documents of ordinary size that are kept with their statements for the next time"
    )


def bounds_told(*kinds: type) -> str:
    """Every bound in a line: its name, value, code and what it counts."""
    return "; ".join(
        f"{one.name}={one.default} ({one.metadata['what']}{': ' if one.metadata['code'] else ''}{one.metadata['code']})"
        for kind in kinds or (Bounds,)
        for one in fields(kind)
    )


def read_bounds(given: list[str]) -> Bounds:
    """``["seconds=2", "list_rows=500"]`` → those two set. Raises ValueError that says what is wrong."""
    return Bounds(**read_numbers(given, Bounds)[0])


def read_numbers(given: list[str], *kinds: type) -> list[dict[str, Any]]:
    """The same for fields of several classes: what is set of each. Raises ValueError."""
    of: dict[str, tuple[int, Callable[[str], float]]] = {
        one.name: (place, float if isinstance(one.default, float) else int)
        for place, kind in enumerate(kinds)
        for one in fields(kind)
    }
    found: list[dict[str, Any]] = [{} for _ in kinds]
    for one in given:
        name, equals, text = one.partition("=")
        if name not in of:
            near = get_close_matches(name, of, 1)
            raise ValueError(
                f"{name} is no bound; " + (f"did you mean {near[0]}?" if near else f"one of {', '.join(of)}")
            )
        place, number = of[name]
        try:
            value = number(text)
        except ValueError:
            value = 0
        if not equals or not 0 < value < float("inf"):
            wanted = "a number" if number is float else "a whole number"
            raise ValueError(f"{one}: write {name}= and {wanted} above 0")
        found[place][name] = value
    return found
