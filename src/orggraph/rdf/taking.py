"""What of a file's statements has a place, so that all the others are told. In: statements as they are taken. Out: what was left out.

Nothing is lost without a word: what nobody took, and nobody told the reason of, is told by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from orggraph.rdf.reading import Properties, Term

TOLD, LONGEST = 3, 60
"""How many values are told of a property, and how much of each."""


class LeftOut(NamedTuple):
    """``what``: a property or class; blank for all of a resource."""

    resource: str
    what: str
    reason: str


class Taking:
    """``said``: properties by subject, of one graph. ``places``: what in the model a subject became."""

    def __init__(self, said: dict[str, Properties]) -> None:
        self.said = said
        self.places: dict[str, str] = {}
        self.left_out: set[LeftOut] = set()
        self.taken: set[tuple[str, str, Term]] = set()

    def take(self, subject: str, predicate: str, *terms: Term) -> None:
        self.taken |= {(subject, predicate, term) for term in terms}

    def take_link(self, subject: str, predicate: str, object_: str) -> None:
        self.take(subject, predicate, Term(object_, "iri"))

    def leave(self, resource: str, what: str, reason: str) -> None:
        self.left_out.add(LeftOut(resource, what, reason))

    def rest(self) -> list[LeftOut]:
        """All that was left out, in the order of IRIs."""
        told: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.left_out:
            told[one.resource].add(one.what)
        rest = set(self.left_out)
        for subject, properties in self.said.items():
            if "" not in told[subject]:
                rest.update(self._rest_of(subject, properties, told[subject]))
        return sorted(rest)

    def _rest_of(self, subject: str, properties: Properties, told: set[str]) -> Iterator[LeftOut]:
        left = {
            predicate: [term for term in terms if (subject, predicate, term) not in self.taken]
            for predicate, terms in properties.items()
        }
        if all(len(left[one]) == len(terms) for one, terms in properties.items()) and not told:
            if not subject.startswith("_:"):  # which is a part of what was left out, and of nothing else
                yield LeftOut(subject, "", "nothing that has a place in the model points at it")
            return
        for predicate, terms in left.items():
            if terms and predicate not in told:
                place = self.places.get(subject, "the model")
                yield LeftOut(subject, predicate, f"{written(terms)}: {place} has no place for it")


def written(terms: Iterable[Term]) -> str:
    """``"Bob"@en, <https://example.org/a>``: the first of them."""
    return several([_written(term) for term in terms])


def several(every: Sequence[str]) -> str:
    """``a, b, c and 2 more``."""
    return ", ".join(every[:TOLD]) + (f" and {len(every) - TOLD} more" if len(every) > TOLD else "")


def _written(term: Term) -> str:
    text = term.text if len(term.text) <= LONGEST else f"{term.text[:LONGEST]}…"
    if term.is_iri:
        return f"<{term.text}>"
    return f'"{text}"' + (f"@{term.lang}" if term.lang else "")
