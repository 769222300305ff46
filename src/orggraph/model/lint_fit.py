"""Second round: kinds, relations and chains fit together. What is named is there (the first round has seen to that)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orggraph.model.entries import DerivedEntry, Entries, FieldEntry, KindEntry, RelationEntry
from orggraph.model.joining import concrete, concrete_pairs, find_hop, hops_of_entry, supers
from orggraph.model.lint_parts import near
from orggraph.model.model import Hop
from orggraph.model.reading import Path_, Reading

LOGIC = {"and", "or", "not"}
OPERATORS = {
    "string": {"eq", "in", "contains", "startsWith", "isNull"},
    "uri": {"eq", "in", "contains", "startsWith", "isNull"},
    "int": {"eq", "in", "gt", "gte", "lt", "lte", "isNull"},
    "date": {"eq", "gt", "gte", "lt", "lte", "isNull"},
    "boolean": {"eq", "isNull"},
}
TERM_OPERATORS = {"eq", "in", "isNull"}


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
    hops = tuple(hop for name, relation in entries.relations.items() for hop in hops_of_entry(name, relation))
    for name, derived in entries.derived.items():
        _chain(entries, reading, hops, name, derived)


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


def _chain(entries: Entries, reading: Reading, hops: tuple[Hop, ...], name: str, derived: DerivedEntry) -> None:
    kind = derived.subject.kind
    last = len(derived.chain) - 1
    for i, step in enumerate(derived.chain):
        path: Path_ = ("derived", name, "chain", i)
        hop = find_hop(entries.kinds, hops, kind, step.field)
        if hop is None:
            known = [
                word for h in hops if h.kind in {kind, *supers(entries.kinds, kind)} for word in (h.plural, h.singular)
            ]
            reading.problem(
                (*path, "field"),
                "CHAIN_BREAKS",
                f"{kind} has no field {step.field} over a relation",
                near(step.field, known),
                step.field,
            )
            return
        kind = step.kind or (derived.object.kind if i == last else hop.far)
        if not set(concrete(entries.kinds, kind)) & set(concrete(entries.kinds, hop.far)):
            message = f"{step.field} leads to {hop.far}, never to {kind}"
            reading.problem(path, "CHAIN_MISSES", message, "choose another field, or another kind", kind)
            return
        _where(entries, reading, hops, (*path, "where"), kind, step.where, hop)
    if kind != derived.object.kind:
        message = f"the chain ends at {kind}, the relation at {derived.object.kind}"
        reading.problem(("derived", name, "chain", last), "CHAIN_MISSES", message, "make them one kind", kind)


def _where(
    entries: Entries,
    reading: Reading,
    hops: tuple[Hop, ...],
    path: Path_,
    kind: str,
    where: Mapping[str, Any],
    hop: Hop | None,
) -> None:
    """A condition of the model may test fields of the entity arrived at, and of the record."""
    fields: dict[str, FieldEntry | None] = {}
    for one in (kind, *supers(entries.kinds, kind)):
        fields |= entries.kinds[one].fields
    for word, test in where.items():
        here = (*path, word)
        if word in LOGIC:
            for branch in test if isinstance(test, list) else [test]:
                _where(entries, reading, hops, here, kind, branch if isinstance(branch, dict) else {}, hop)
        elif word == "record" and hop is not None:
            _tests(entries, reading, here, dict(entries.relations[hop.relation].fields), test)
        elif word in ("name", "key"):
            _operators(entries, reading, here, "string", test)
        elif word == "synthetic":
            _operators(entries, reading, here, "boolean", test)
        elif over := find_hop(entries.kinds, hops, kind, word):
            for inner in [test] if word == over.singular else test.values() if isinstance(test, dict) else ():
                _where(entries, reading, hops, here, over.far, _without_bounds(inner), over)
        elif word == "is" and isinstance(test, dict):
            continue  # each case is judged by the filter itself, when the chain is planned
        else:
            _tests(entries, reading, path, fields, {word: test})


def _without_bounds(test: Any) -> dict[str, Any]:
    """What a quantifier or a count holds of conditions on the far end."""
    inner = test.get("where", test) if isinstance(test, dict) else {}
    return {word: one for word, one in inner.items() if word not in ("isNull", *OPERATORS["int"])}


def _tests(
    entries: Entries, reading: Reading, path: Path_, fields: Mapping[str, FieldEntry | None], tests: Any
) -> None:
    for word, test in tests.items() if isinstance(tests, dict) else ():
        if word not in fields:
            reading.problem((*path, word), "UNKNOWN_FIELD", f"{word} is no field there", near(word, list(fields)), word)
            continue
        _operators(entries, reading, (*path, word), (fields[word] or entries.fields[word]).type, test)


def _operators(entries: Entries, reading: Reading, path: Path_, type_: str, test: Any) -> None:
    allowed = OPERATORS.get(type_, TERM_OPERATORS)
    if not isinstance(test, dict) or not set(test) <= allowed:
        mend = f"write {{eq: …}}; operators there: {', '.join(sorted(allowed))}"
        reading.problem(path, "BAD_TEST", "is no test of that field", mend)
        return
    if type_ in entries.terms:
        for code in [test[op] for op in ("eq", "in") if op in test]:
            for one in code if isinstance(code, list) else [code]:
                if one not in entries.terms[type_].terms:
                    reading.problem(
                        path,
                        "UNKNOWN_TERM",
                        f"{one} is no term of {type_}",
                        near(str(one), list(entries.terms[type_].terms)),
                        str(one),
                    )
