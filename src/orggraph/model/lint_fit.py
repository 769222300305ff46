"""Second round: kinds, relations and chains fit together. What is named is there (the first round has seen to that)."""

from __future__ import annotations

from collections.abc import Mapping

from orggraph.model.entries import Entries, KindEntry, RelationEntry
from orggraph.model.joining import concrete, concrete_pairs
from orggraph.model.lint_derived import lint_derived
from orggraph.model.reading import Path_, Reading


def lint_fit(entries: Entries, reading: Reading) -> None:
    _extends(entries, reading)
    if reading.problems:
        return
    for name, kind in entries.kinds.items():
        if kind.abstract and not concrete(entries.kinds, name):
            reading.problem(
                ("kinds", name), "NOTHING_BELOW", "no kind extends this abstract one", "extend it, or take it out", name
            )
    for name, relation in entries.relations.items():
        _relation(entries, reading, name, relation)
    if reading.problems:
        return
    lint_derived(entries, reading)


def _extends(entries: Entries, reading: Reading) -> None:
    for name, kind in entries.kinds.items():
        for i, above in enumerate(kind.extends):
            if not entries.kinds[above].abstract:
                reading.problem(
                    ("kinds", name, "extends", i),
                    "EXTENDS_CONCRETE",
                    f"{above} is not abstract",
                    "extend an abstract kind",
                    above,
                )
        if _reaches(entries.kinds, name):
            reading.problem(
                ("kinds", name, "extends"),
                "EXTENDS_CIRCLE",
                f"{name} comes to extend itself",
                "take one extends out",
                name,
            )


def _reaches(kinds: Mapping[str, KindEntry], name: str) -> bool:
    seen: set[str] = set()
    ahead = list(kinds[name].extends)
    while ahead:
        above = ahead.pop()
        if above == name:
            return True
        if above not in seen:
            seen.add(above)
            ahead += kinds[above].extends
    return False


def _relation(entries: Entries, reading: Reading, name: str, relation: RelationEntry) -> None:
    here: Path_ = ("relations", name)
    allowed = {role: set(concrete(entries.kinds, getattr(relation, role).kind)) for role in ("subject", "object")}
    for i, pair in enumerate(relation.pairs):
        for role in ("subject", "object"):
            kind = getattr(pair, role).kind
            if not set(concrete(entries.kinds, kind)) <= allowed[role]:
                base = getattr(relation, role).kind
                reading.problem(
                    (*here, "pairs", i, role), "PAIR_OUTSIDE", f"{kind} is no {base}", f"name a kind of {base}", kind
                )
    ends = [relation.subject.name, relation.object.name, *relation.ends]
    for twice in {end for end in ends if ends.count(end) > 1}:
        reading.problem(here, "END_TWICE", f"two ends are called {twice}", "give each end a name of its own", twice)
    pairs = concrete_pairs(entries.kinds, relation)
    if (
        relation.hierarchy
        and not {s for s, _ in pairs} | {o for _, o in pairs} <= allowed["subject"] | allowed["object"]
    ):
        return
    if relation.hierarchy and entries.kinds[relation.subject.kind] is not entries.kinds[relation.object.kind]:
        message = f"a hierarchy has one kind at both ends, not {relation.subject.kind} and {relation.object.kind}"
        reading.problem((*here, "hierarchy"), "HIERARCHY_ENDS", message, "use an abstract kind, and pairs")
