"""Two models → what differs, by name, and which differences break those who rely on the older one.

In: two joined models. Out: ``Difference``s. What is new and may be left out breaks nobody: kinds, relations, optional fields
and ends, terms, aliases, labels, derived chains, what may be missing. What goes, has another name or type, is allowed less
than before, or means something else, breaks a client, a file or the rows of a store. The order of files means nothing, but
that of terms, by which lists are sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from orggraph.model.entries import Label
from orggraph.model.model import Derived, End, Field, Hop, Kind, Link, Model, Relation, Step, Term, Terms

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
Named = TypeVar("Named")


class Difference(Struct, frozen=True):
    """``what``: added, removed or changed. ``part``: what kind of thing it is that ``name`` names (``relation``, ``field``,
    …), or of a change the property of it. ``before``, ``after``: what it was and is, in words."""

    name: str
    part: str
    what: str
    before: str
    after: str
    breaks: bool
    why: str = ""

    def __str__(self) -> str:
        if self.what == CHANGED:
            said = f"{self.name}: {self.part} {self.before or 'nothing'} → {self.after or 'nothing'}"
        else:
            said = f"{self.name}: {self.part} {self.what}"
        return f"{said} ({self.why})" if self.why else said


def differences(old: Model, new: Model) -> list[Difference]:
    """All of them; empty if the models say the same."""
    return list(_differences(old, new))


def told(found: list[Difference], most: int = 5) -> str:
    """The first few in words, those that break something first."""
    ordered = sorted(found, key=lambda one: not one.breaks)
    more = f"; and {len(found) - most} more" if len(found) > most else ""
    return "; ".join(map(str, ordered[:most])) + more


def _differences(old: Model, new: Model) -> Iterator[Difference]:
    yield from _property(
        "model", "name", old.name, new.name, True, "a model of another name is another model, not a later one"
    )
    yield from _label("model", old.label, new.label)
    yield from _property("model", "iri", old.iri, new.iri, True, "all IRIs made from it change")
    yield from _property("model", "timezone", old.timezone, new.timezone, True, "today is another day")
    yield from _all("", "code list", old.terms, new.terms, _terms)
    yield from _all("", "kind", old.kinds, new.kinds, _kind)
    yield from _all("", "relation", old.relations, new.relations, _relation)
    yield from _all("", "derived relation", old.derived, new.derived, _derived)
    yield from _all("", "field over a relation", _hops(old), _hops(new), _hop)
    yield from _all("", "field over a derived relation", _links(old), _links(new), _link)


def _all(
    within: str,
    part: str,
    old: Mapping[str, Named],
    new: Mapping[str, Named],
    compare: Callable[[str, Named, Named], Iterator[Difference]],
    needed: Callable[[Named], str] = lambda _: "",
) -> Iterator[Difference]:
    """What went, what came, and what differs in what stayed. ``needed``: why a new one breaks something, if it does."""
    added = [name for name in new if name not in old]
    for name, before in old.items():
        if name in new:
            yield from compare(f"{within}{name}", before, new[name])
        else:
            likely = next((one for one in added if _alike(before, new[one])), None)
            yield Difference(
                f"{within}{name}", part, REMOVED, name, "", True, f"renamed to {likely}?" if likely else ""
            )
    for name in added:
        why = needed(new[name])
        yield Difference(f"{within}{name}", part, ADDED, "", name, bool(why), why)


def _alike(before: Any, after: Any) -> bool:
    """Whether two things of different names are likely one that was renamed: people call it the same."""
    return bool(before.label == after.label) and type(before) is type(after)


def _property(name: str, part: str, before: Any, after: Any, breaks: bool, why: str = "") -> Iterator[Difference]:
    if before != after:
        yield Difference(name, part, CHANGED, _word(before), _word(after), breaks, why)


def _word(value: Any) -> str:
    return (
        {True: "yes", False: "no"}.get(value, "") or str(value or "") if isinstance(value, bool) else str(value or "")
    )


def _label(name: str, before: Label, after: Label) -> Iterator[Difference]:
    why = "files that are named or headed by it must follow"
    yield from _property(name, "label", f"{before.zh} / {before.en}", f"{after.zh} / {after.en}", False, why)


def _narrowed(name: str, part: str, before: bool, after: bool, why: str, freed: str = "") -> Iterator[Difference]:
    """A rule that is new breaks; one that is gone only if it took something with it (``freed``)."""
    if before != after:
        yield from _property(name, part, before, after, after or bool(freed), why if after else freed)


def _set(name: str, part: str, before: frozenset[str], after: frozenset[str]) -> Iterator[Difference]:
    """Members that went break something, those that came do not."""
    for one in sorted(before - after):
        yield Difference(name, f"{part} {one}", REMOVED, one, "", True)
    for one in sorted(after - before):
        yield Difference(name, f"{part} {one}", ADDED, "", one, False)


# ---------------------------------------------------------------- terms


def _terms(name: str, old: Terms, new: Terms) -> Iterator[Difference]:
    yield from _label(name, old.label, new.label)
    yield from _property(name, "iri", old.iri, new.iri, True)
    yield from _all(f"{name}.", "term", old.terms, new.terms, _term)
    before = [code for code in old.terms if code in new.terms]
    after = [code for code in new.terms if code in old.terms]
    yield from _property(name, "order of terms", ", ".join(before), ", ".join(after), True, "lists are sorted by it")


def _term(name: str, old: Term, new: Term) -> Iterator[Difference]:
    yield from _label(name, old.label, new.label)
    yield from _property(name, "iri", old.iri, new.iri, True)
    yield from _set(name, "alias", frozenset(old.aliases), frozenset(new.aliases))


# ---------------------------------------------------------------- kinds and relations


def _kind(name: str, old: Kind, new: Kind) -> Iterator[Difference]:
    yield from _label(name, old.label, new.label)
    yield from _property(name, "plural", old.plural, new.plural, True)
    yield from _property(name, "abstract", old.abstract, new.abstract, True)
    yield from _set(name, "extends", frozenset(old.supers), frozenset(new.supers))
    yield from _property(name, "iri", old.iri, new.iri, True)
    yield from _fields(name, old.fields, new.fields)


def _fields(name: str, old: tuple[Field, ...], new: tuple[Field, ...]) -> Iterator[Difference]:
    yield from _all(f"{name}.", "field", _named(old), _named(new), _field, _needed)


Part = TypeVar("Part", Field, End)


def _named(parts: tuple[Part, ...]) -> dict[str, Part]:
    return {part.name: part for part in parts}


def _needed(part: Field | End) -> str:
    return "it is required, and what is there has none" if part.required else ""


def _field(name: str, old: Field, new: Field) -> Iterator[Difference]:
    yield from _label(name, old.label, new.label)
    yield from _property(name, "type", old.terms or old.type.value, new.terms or new.type.value, True)
    yield from _narrowed(name, "required", old.required, new.required, "what is there may have none")
    yield from _property(name, "iri", old.iri, new.iri, True)


def _relation(name: str, old: Relation, new: Relation) -> Iterator[Difference]:
    yield from _label(name, old.label, new.label)
    yield from _end(name, old.subject, new.subject)
    yield from _end(name, old.object, new.object)
    further = _named(old.further), _named(new.further)
    yield from _all(f"{name}.", "end", *further, lambda _, one, other: _end(name, one, other), _needed)
    yield from _set(name, "joins", _pairs(old), _pairs(new))
    yield from _narrowed(
        name, "hierarchy", old.hierarchy, new.hierarchy, "circles are no longer allowed", "ancestors and descendants go"
    )
    yield from _property(name, "once", old.once, new.once, True, "its dates mean something else")
    yield from _property(name, "iri", old.iri, new.iri, True)
    yield from _fields(name, old.fields, new.fields)


def _pairs(relation: Relation) -> frozenset[str]:
    return frozenset(f"{subject} with {object_}" for subject, object_ in relation.pairs)


def _end(relation: str, old: End, new: End) -> Iterator[Difference]:
    name = f"{relation}.{old.name}"
    yield from _property(name, "name", old.name, new.name, True)
    yield from _property(name, "kind", old.kind, new.kind, True)
    yield from _label(name, old.label, new.label)
    yield from _narrowed(name, "required", old.required, new.required, "what is there may have none")
    yield from _narrowed(
        name, "one", old.one, new.one, "several at once are no longer allowed", "its to-one field goes"
    )


# ---------------------------------------------------------------- fields that lead on


def _hops(model: Model) -> dict[str, Hop]:
    return {f"{hop.kind}.{hop.plural}": hop for hop in model.hops}


def _hop(name: str, old: Hop, new: Hop) -> Iterator[Difference]:
    yield from _property(name, "leads over", _over(old), _over(new), True)
    yield from _property(name, "singular", old.singular, new.singular, True)
    yield from _narrowed(
        name, "one", old.one, new.one, "several at once are no longer allowed", "its to-one field goes"
    )


def _over(hop: Hop | Link) -> str:
    if isinstance(hop, Hop):
        return f"{hop.relation} from {hop.origin} to {hop.target} {hop.far}"
    return f"{hop.derived} {'forwards' if hop.forward else 'backwards'} {hop.far}"


def _links(model: Model) -> dict[str, Link]:
    return {f"{link.kind}.{link.plural}": link for link in model.links}


def _link(name: str, old: Link, new: Link) -> Iterator[Difference]:
    yield from _property(name, "leads over", _over(old), _over(new), True)
    yield from _property(name, "singular", old.singular, new.singular, bool(old.singular))
    yield from _property(name, "one", old.one, new.one, True)


def _derived(name: str, old: Derived, new: Derived) -> Iterator[Difference]:
    yield from _label(name, old.label, new.label)
    for before, after in ((old.subject, new.subject), (old.object, new.object)):
        yield from _end(name, before, after)
    form = "chain" if len(old.members) == len(new.members) == 1 else "chains"
    yield from _property(name, form, _chains(old), _chains(new), True, "it says something else")
    yield from _property(name, "at least", old.least, new.least, True, "it says something else")
    yield from _property(name, "grouped", old.grouped, new.grouped, True, "its links are others")
    yield from _property(name, "iri", old.iri, new.iri, True)


def _chains(derived: Derived) -> str:
    return "; ".join(" → ".join(map(_step, chain)) for chain in derived.members)


def _step(step: Step) -> str:
    return f"{step.over.plural} {step.kind} {dict(step.where) or ''}".strip()
