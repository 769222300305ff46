"""Entries → Model: inheritance, IRIs by rule, the fields that lead over relations.

Example: relation ``FirstSecretary`` with ``object: {name: organization, kind: PartyOrganization, singular:
firstSecretary, plural: firstSecretaries, one: true}`` → ``Hop(kind="PartyOrganization", origin="object",
target="subject", far="Person", singular="firstSecretary", plural="firstSecretaries", one=True)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from orggraph.model.entries import (
    ChainEntry,
    DerivedEntry,
    EndEntry,
    Entries,
    FieldEntry,
    KindEntry,
    Label,
    PairEndEntry,
    RelationEntry,
)
from orggraph.model.iris import MEMBERSHIP, ORG, ORGANIZATION, PERSONS
from orggraph.model.model import (
    OBJECT,
    SUBJECT,
    Chain,
    Derived,
    End,
    Field,
    Hop,
    Kind,
    Link,
    Model,
    Relation,
    Step,
    Term,
    Terms,
)
from orggraph.model.values import Value


def lower_first(name: str) -> str:
    """``FirstSecretary`` → ``firstSecretary``."""
    return name[:1].lower() + name[1:]


def supers(kinds: dict[str, KindEntry], name: str) -> tuple[str, ...]:
    """All kinds above one, nearest first, each once."""
    found: dict[str, None] = {}
    for above in kinds[name].extends:
        found.setdefault(above)
        for higher in supers(kinds, above):
            found.setdefault(higher)
    return tuple(found)


def concrete(kinds: dict[str, KindEntry], name: str) -> tuple[str, ...]:
    """The kinds at or below one that entities can be of, in the order of the files."""
    if not kinds[name].abstract and not any(name in entry.extends for entry in kinds.values()):
        return (name,)
    return tuple(k for k, entry in kinds.items() if not entry.abstract and (k == name or name in supers(kinds, k)))


def join(entries: Entries) -> Model:
    """A model from entries that ``lint`` has passed; with others it may raise KeyError."""
    base = entries.model.iri
    kinds = {name: _kind(entries, name, base) for name in entries.kinds}
    hops = tuple(hop for name, relation in entries.relations.items() for hop in hops_of_entry(name, relation))
    relations = {
        name: _relation(entries, name, relation, tuple(h for h in hops if h.relation == name and h.one), base)
        for name, relation in entries.relations.items()
    }
    links = [link for name, derived in entries.derived.items() for link in links_of_entry(name, derived)]
    leading: tuple[Leading, ...] = (*hops, *links)
    links += [link for name, entry in entries.relations.items() if entry.hierarchy for link in _climbs(name, entry)]
    return Model(
        name=entries.model.name,
        label=entries.model.label,
        iri=base,
        timezone=entries.model.timezone,
        terms={name: _terms(entries, name, base) for name in entries.terms},
        kinds=kinds,
        relations=relations,
        derived={name: _derived(entries, name, leading, base) for name in entries.derived},
        hops=hops,
        links=tuple(links),
    )


def _terms(entries: Entries, name: str, base: str) -> Terms:
    entry = entries.terms[name]
    terms = {
        code: Term(code, Label(zh=term.zh, en=term.en), term.aliases, term.iri or f"{base}term/{name}/{code}")
        for code, term in entry.terms.items()
    }
    return Terms(name, entry.label, terms, entry.iri or f"{base}term/{name}")


def _fields(entries: Entries, fields: dict[str, FieldEntry | None], base: str) -> tuple[Field, ...]:
    return tuple(_field(entries, name, entry or entries.fields[name], base) for name, entry in fields.items())


def _field(entries: Entries, name: str, entry: FieldEntry, base: str) -> Field:
    terms = entry.type if entry.type in entries.terms else None
    type_ = Value.TERM if terms else Value(entry.type)
    return Field(name, entry.label, type_, terms, entry.required, entry.iri or f"{base}field/{name}")


def _kind(entries: Entries, name: str, base: str) -> Kind:
    entry = entries.kinds[name]
    above = supers(entries.kinds, name)
    fields: dict[str, Field] = {}
    for kind in (*reversed(above), name):
        fields |= {field.name: field for field in _fields(entries, entries.kinds[kind].fields, base)}
    return Kind(
        name=name,
        number=0,
        label=entry.label,
        singular=lower_first(name),
        plural=entry.plural,
        abstract=entry.abstract,
        supers=above,
        concrete=concrete(entries.kinds, name),
        fields=tuple(fields.values()),
        iri=entry.iri or f"{base}kind/{name}",
    )


def _end(entries: Entries, role: str, entry: EndEntry, kinds: tuple[str, ...], iri: str) -> End:
    label = entry.label or entries.kinds[entry.kind].label
    return End(role, entry.name, entry.kind, kinds, label, required=True, one=entry.one, iri=entry.iri or iri)


def _classes(kinds: dict[str, KindEntry], name: str) -> set[str | None]:
    """What standards call a kind and those above it."""
    return {kinds[one].iri for one in (name, *supers(kinds, name))}


def _is_membership(kinds: dict[str, KindEntry], entry: RelationEntry) -> bool:
    """A relation that says so, or that says nothing and joins persons with organizations."""
    if entry.iri is not None:
        return entry.iri == MEMBERSHIP
    return bool(_classes(kinds, entry.subject.kind) & PERSONS) and ORGANIZATION in _classes(kinds, entry.object.kind)


def concrete_pairs(kinds: dict[str, KindEntry], relation: RelationEntry) -> frozenset[tuple[str, str]]:
    """The (subject, object) pairs of concrete kinds that a relation joins."""
    pairs = [(pair.subject.kind, pair.object.kind) for pair in relation.pairs]
    return frozenset(
        joined
        for subject, object_ in pairs or [(relation.subject.kind, relation.object.kind)]
        for joined in product(concrete(kinds, subject), concrete(kinds, object_))
    )


def _relation(entries: Entries, name: str, entry: RelationEntry, to_one: tuple[Hop, ...], base: str) -> Relation:
    pairs = concrete_pairs(entries.kinds, entry)
    order = [kind for kind, value in entries.kinds.items() if not value.abstract]
    membership, below = _is_membership(entries.kinds, entry), f"{base}relation/{name}/"
    further = tuple(
        End(
            role,
            role,
            end.kind,
            concrete(entries.kinds, end.kind),
            end.label,
            end.required,
            False,
            end.iri or below + role,
        )
        for role, end in entry.ends.items()
    )
    subject, object_ = (
        _end(entries, role, end, kinds, f"{ORG}{word}" if membership else below + end.name)
        for role, end, kinds, word in (
            (SUBJECT, entry.subject, tuple(k for k in order if any(k == s for s, _ in pairs)), "member"),
            (OBJECT, entry.object, tuple(k for k in order if any(k == o for _, o in pairs)), "organization"),
        )
    )
    return Relation(
        name=name,
        label=entry.label,
        singular=lower_first(name),
        subject=subject,
        object=object_,
        further=further,
        pairs=pairs,
        to_one=to_one,
        fields=_fields(entries, entry.fields, base),
        hierarchy=entry.hierarchy,
        once=entry.once,
        iri=entry.iri or f"{base}relation/{name}",
        membership=membership,
    )


def hops_of_entry(name: str, entry: RelationEntry) -> list[Hop]:
    """The fields that lead over a relation, from every end that names them."""
    sides = ((SUBJECT, entry.subject, OBJECT, entry.object), (OBJECT, entry.object, SUBJECT, entry.subject))
    hops = []
    for origin, near, target, far in sides:
        if near.plural and near.singular:
            hops.append(
                Hop(near.kind, name, origin, target, far.kind, near.singular, near.plural, near.one, entry.label)
            )
    for pair in entry.pairs:
        ends: tuple[tuple[str, PairEndEntry, EndEntry, str, PairEndEntry], ...] = (
            (SUBJECT, pair.subject, entry.subject, OBJECT, pair.object),
            (OBJECT, pair.object, entry.object, SUBJECT, pair.subject),
        )
        for origin, side, base_end, target, other in ends:
            if side.plural and side.singular:
                one = base_end.one if side.one is None else side.one
                hops.append(
                    Hop(side.kind, name, origin, target, other.kind, side.singular, side.plural, one, entry.label)
                )
    for role, end in entry.ends.items():
        if end.plural and end.singular:
            hops.append(
                Hop(end.kind, name, role, SUBJECT, entry.subject.kind, end.singular, end.plural, False, end.label)
            )
    return hops


def links_of_entry(name: str, entry: DerivedEntry) -> list[Link]:
    """The fields that lead over a derived relation, from either end that names one."""
    links = []
    for forward, near, far in ((True, entry.subject, entry.object), (False, entry.object, entry.subject)):
        if near.plural:
            links.append(Link(near.kind, name, forward, far.kind, near.singular, near.plural, near.one, entry.label))
    return links


def _climbs(name: str, entry: RelationEntry) -> list[Link]:
    """The two fields that every hierarchy gives: all that is above, all that is below."""
    below, above = entry.subject.kind, entry.object.kind
    return [
        Link(below, name, True, above, None, "ancestors", False, entry.label, climbs=True),
        Link(above, name, False, below, None, "descendants", False, entry.label, climbs=True),
    ]


Leading = Hop | Link


def find_field(kinds: dict[str, KindEntry], leading: Iterable[Leading], kind: str, field: str) -> Leading | None:
    """What a field of a kind leads over, by its plural or its singular name."""
    having = {kind, *supers(kinds, kind)}
    return next((one for one in leading if one.kind in having and field in (one.plural, one.singular)), None)


def _derived(entries: Entries, name: str, leading: tuple[Leading, ...], base: str) -> Derived:
    entry, kinds = entries.derived[name], entries.kinds
    return Derived(
        name=name,
        label=entry.label,
        subject=_end(
            entries, SUBJECT, entry.subject, concrete(kinds, entry.subject.kind), f"{base}derived/{name}/subject"
        ),
        object=_end(entries, OBJECT, entry.object, concrete(kinds, entry.object.kind), f"{base}derived/{name}/object"),
        members=tuple(_chain(entries, entry, chain, leading) for _, chain in entry.members),
        least=entry.least,
        grouped=entry.grouped,
        iri=entry.iri or f"{base}derived/{name}",
    )


def _chain(entries: Entries, entry: DerivedEntry, chain: ChainEntry, leading: tuple[Leading, ...]) -> Chain:
    kind, steps = entry.subject.kind, []
    for i, step in enumerate(chain):
        over = find_field(entries.kinds, leading, kind, step.field)
        if over is None:
            raise KeyError(step.field)
        kind = step.kind or (entry.object.kind if i == len(chain) - 1 else over.far)
        steps.append(Step(over, kind, step.where))
    return tuple(steps)
