"""Why a bag of ours did not come back. In: the bag, the error that it ended with. Out: what is wrong with which file, at which line.

Names of files are those in the bag: where they were copied to says nothing to anybody.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from orggraph.archive.contents import COUNTS, CRATE, GRAPH, MODEL
from orggraph.archive.signs import beginning
from orggraph.bags.found import Found
from orggraph.bags.places import UNREADABLE, Place
from orggraph.errors import ModelError, OrggraphError, ProblemsError
from orggraph.rdf.reading import quad

AGAIN = "make the bag again from its store, or take another copy"
CRATED = re.compile(rb'"@id": "([^"#:]+)",\s+"@type": "File"')
LONGEST = 1024 * 1024
NO_LINE = "is no line of N-Quads as orggraph writes them"


def tell_failed(error: Exception, graph: Path, folder: Path, place: Place, found: Found) -> None:
    """``graph``: the file that was read; ``folder``: what was made of the bag."""

    def inside(text: str) -> str:
        return text.replace(f"{graph}: ", "").replace(f"{folder}/", "")

    if isinstance(error, ModelError):
        # what no line is wrong with may follow from another
        for one in sorted(error.problems, key=lambda one: not one.line):
            name = one.file.removeprefix(f"{folder}/").removeprefix(MODEL)
            file = MODEL if name in ("model", MODEL.rstrip("/")) else MODEL + name
            found.problem(file, one.code, inside(one.message), f"{one.mend}; or {AGAIN}", one.line)
        return
    code = error.code if isinstance(error, OrggraphError) else "NOT_OWN"
    broken = _broken(place, found)
    if isinstance(error, ProblemsError):
        for one in error.problems:
            found.problem(GRAPH, one.code, inside(str(one)), AGAIN)
    elif not (broken and code == "FORM"):
        found.problem(GRAPH, code, f"cannot be brought back: {inside(str(error))}", AGAIN)


def _broken(place: Place, found: Found) -> bool:
    """Tells the first line of the graph that is none, or that lines are missing; whether there is such a one."""
    number, text = 0, b"\n"
    try:
        with place.open(GRAPH) as file:
            while text := file.readline(LONGEST):
                number += 1
                if not text.endswith(b"\n"):
                    found.problem(GRAPH, "FORM", f"is cut off in the middle of line {number}", AGAIN, number)
                    return True
                if quad(text[:-1]) is None:
                    found.problem(GRAPH, "FORM", NO_LINE, AGAIN, number)
                    return True
        said = json.loads(beginning(place, COUNTS))["quads"]
    except (KeyError, TypeError, *UNREADABLE):
        return False
    if said != number:
        found.problem(GRAPH, "NOT_WHOLE", f"has {number} lines, and {COUNTS} says {str(said)[:20]}", AGAIN)
    return bool(said != number)


def tell_listed(place: Place, found: Found) -> None:
    """Why it may not have come back: a file that the bag's own list has, and that is not there."""
    listed = CRATED.findall(beginning(place, CRATE))
    told = {one.file for one in found.problems.kept}
    for name in (f"data/{one.decode('utf-8', 'replace')}" for one in listed):
        if name not in place.sizes and name not in told and not name.endswith("/"):
            found.problem(name, "MISSING", f"is missing, and {CRATE} lists it", AGAIN)


def has_all(place: Place, said: str, found: Found) -> bool:
    """What a bag of ours cannot be brought back without. ``said``: the file that says whose it is."""
    message = f"is missing: {said} says that this is a bag of orggraph, and each of them has it"
    if GRAPH not in place.sizes:
        found.problem(GRAPH, "MISSING", message, AGAIN)
    if not any(name.startswith(MODEL) for name in place.sizes):
        found.problem(MODEL, "MISSING", message, AGAIN)
    return not found.problems
