"""Blank nodes → names that follow from what is said of them, and not from the run that read them, so that one file is always the
same store. In: what is said, by subject. Out: the same with such names.

Each is told apart by all that is said of it and by what points at it, again and again until no more are; those that are not then
are interchangeable, but for graphs that nobody writes of organizations.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping

from orggraph.rdf.reading import Properties, Term

ROUNDS = 20
BLANK = "_:"


def with_names(said: Mapping[str, Properties]) -> dict[str, Properties]:
    names = _names(said)
    return {
        names.get(subject, subject): {
            predicate: [Term(names[term.text], "iri") if _is_blank(term) else term for term in terms]
            for predicate, terms in properties.items()
        }
        for subject, properties in said.items()
    }


def _is_blank(term: Term) -> bool:
    return term.is_iri and term.text.startswith(BLANK)


def _names(said: Mapping[str, Properties]) -> dict[str, str]:
    beside = [  # statements with a blank node in them
        (subject, predicate, term)
        for subject, properties in said.items()
        for predicate, terms in properties.items()
        for term in terms
        if subject.startswith(BLANK) or _is_blank(term)
    ]
    told: dict[str, str] = {}
    for subject, _, term in beside:
        told |= {subject: ""} if subject.startswith(BLANK) else {}
        told |= {term.text: ""} if _is_blank(term) else {}
    for _ in range(ROUNDS):
        before, told = len(set(told.values())), _told(beside, told)
        if len(set(told.values())) == before:
            break
    numbers: defaultdict[str, int] = defaultdict(int)
    names = {}
    for node, digest in told.items():
        numbers[digest] += 1
        names[node] = f"{BLANK}b{digest[:12]}" + (f"-{numbers[digest]}" if numbers[digest] > 1 else "")
    return names


def _told(beside: list[tuple[str, str, Term]], before: Mapping[str, str]) -> dict[str, str]:
    """What is said of each and points at it, as one digest."""
    about: defaultdict[str, list[str]] = defaultdict(list)
    for subject, predicate, term in beside:
        if subject in before:
            other = before.get(term.text, "") if _is_blank(term) else repr(tuple(term))
            about[subject].append(f"> {predicate} {other}")
        if _is_blank(term):
            about[term.text].append(f"< {predicate} {before.get(subject, subject)}")
    return {node: hashlib.sha256("\n".join(sorted(about[node])).encode()).hexdigest() for node in before}
