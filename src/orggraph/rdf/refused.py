"""Rows that loading refuses → the few to leave out, so that all others can be loaded. In: problems, each with its row, or with all
rows that only together are wrong. Out: which rows to leave out, and why; none where a problem is not of rows that were found.

What rows must keep is asked of loading, never said here. Of rows that conflict the one goes that is in the most conflicts, of
several such the last; and none goes that could stay beside all those that do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from pathlib import Path

from orggraph.errors import Conflict, LoadError, Problem
from orggraph.rdf.found import Found
from orggraph.rdf.taking import several


def to_leave(found: Found, refused: LoadError) -> dict[str, str]:
    """Reasons by key."""
    order = {row["key"]: i for i, row in enumerate(row for lines in found.rows.values() for row in lines)}
    wrong = [(_keys(found, one), one) for one in refused.problems]
    if not all(keys and keys <= found.origins.keys() for keys, _ in wrong):
        return {}
    left = fewest([keys for keys, _ in wrong], order)
    return {key: _reason(found, key, left, wrong) for key in sorted(left, key=order.__getitem__)}


def _keys(found: Found, problem: Problem) -> Set[str]:
    """The rows that a problem is of, by their keys."""
    if isinstance(problem, Conflict):
        return frozenset(problem.keys)
    lines = found.rows.get(Path(problem.file).stem, [])
    return frozenset({lines[problem.line - 1]["key"]} if 0 < problem.line <= len(lines) else ())


def fewest(conflicts: Sequence[Set[str]], order: dict[str, int]) -> set[str]:
    """Some of each conflict; none that is not needed, and few: the fewest is a question that grows without bound."""
    left = {key for keys in conflicts if len(keys) == 1 for key in keys}
    rest = [keys for keys in conflicts if not keys & left]
    chosen: list[str] = []
    while rest:
        counts = Counter(key for keys in rest for key in keys)
        chosen.append(max(counts, key=lambda key: (counts[key], order[key])))
        rest = [keys for keys in rest if chosen[-1] not in keys]
    left.update(chosen)
    for key in chosen:
        if all(keys & (left - {key}) for keys in conflicts if key in keys):
            left.discard(key)
    return left


def _reason(found: Found, key: str, left: Set[str], wrong: Sequence[tuple[Set[str], Problem]]) -> str:
    """Of several by one of which all others stay, if there is one."""
    mine = ((len(keys & left), i, keys, one) for i, (keys, one) in enumerate(wrong) if key in keys)
    _, _, keys, problem = min(mine, key=lambda one: one[:2])
    if not isinstance(problem, Conflict):
        return f"{problem.column}: {problem.message}" if problem.column else problem.message
    stay = sorted(found.name(one) for one in keys - left)
    return f"{problem.message}; {several(stay)} {'stays' if len(stay) == 1 else 'stay'}" if stay else problem.message
