"""A random small model as YAML text. In: a random generator. Out: text that the linter passes, and the joined Model.

Abstract kinds (also one above the other), abstract ends, pairs with names of their own, further ends, to-one,
hierarchies, every value type, terms with aliases, chains with conditions on entities, records and hops, unions and overlaps
of them, counted ones, and what follows from those again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

import yaml

from orggraph.errors import ModelError
from orggraph.model import model_of
from orggraph.model.model import Field, Hop, Link, Model
from orggraph.model.values import Value
from tests.oracle.random_values import DAYS, NUMBERS, TEXTS, loosened, piece

Entry = dict[str, Any]


class Maker:
    """What grows while a model is made: the entries so far, and numbers that make every name and label unique."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.numbers: Iterator[int] = count(1)
        self.entries: Entry = {
            "model": {"name": "random", "label": {"zh": "随机", "en": "random"}, "iri": "https://example.org/random/"},
            "terms": {}, "fields": {}, "kinds": {}, "relations": {}, "derived": {},
        }  # fmt: skip

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def label(self, zh: str, en: str) -> Entry:
        number = next(self.numbers)
        return {"zh": f"{zh}{number}", "en": f"{en} {number}"}


def random_model(rng: Random) -> tuple[str, Model]:
    """YAML text and the model that it says."""
    maker = Maker(rng)
    for number in range(rng.randint(1, 2)):
        _terms(maker, number)
    for number in range(2):
        maker.entries["fields"][f"shared{number}"] = _field(maker)
    _kinds(maker)
    for number in range(rng.randint(2, 4)):
        _relation(maker, number)
    for number in range(rng.randint(1, 3)):
        _derived(maker, number, _joined(maker))
    return _text(maker), _joined(maker)


def _text(maker: Maker) -> str:
    return yaml.safe_dump(maker.entries, allow_unicode=True, sort_keys=False, width=120)


def _joined(maker: Maker) -> Model:
    return model_of({"random.yaml": _text(maker)})


def _terms(maker: Maker, number: int) -> None:
    terms = {}
    for code in maker.rng.sample(["head", "deputy", "C3", "_x", "plain"], maker.rng.randint(2, 4)):
        label = maker.label("项", "term")
        terms[code] = {**label, "aliases": [f"{label['zh']}-甲"]} if maker.chance(0.4) else label
    maker.entries["terms"][f"List{number}"] = {"label": maker.label("表", "list"), "terms": terms}


def _field(maker: Maker) -> Entry:
    type_ = maker.rng.choice(["string", "int", "boolean", "date", "uri", *maker.entries["terms"]])
    field = {"type": type_, "label": maker.label("栏", "field")}
    return {**field, "required": True} if maker.chance(0.2) else field


def _fields(maker: Maker, most: int) -> Entry:
    number = maker.rng.randint(0, most)
    fields: dict[str, Entry | None] = {f"f{next(maker.numbers)}": _field(maker) for _ in range(number)}
    if maker.chance(0.3):
        fields[maker.rng.choice(list(maker.entries["fields"]))] = None
    return fields


def _kinds(maker: Maker) -> None:
    kinds, rng = maker.entries["kinds"], maker.rng
    abstract = ["Agent", "Body"][: rng.randint(0, 2)]
    for name in abstract:
        above = ["Agent"] if name == "Body" and maker.chance(0.5) else []
        fields = {f"f{next(maker.numbers)}": _field(maker) for _ in range(rng.randint(0, 1))}
        kinds[name] = _kind(maker, name) | {"abstract": True, "extends": above, "fields": fields}
    for i, name in enumerate(["Ant", "Bee", "Cat", "Dog"][: rng.randint(2, 4)]):
        above = [abstract[i]] if i < len(abstract) else rng.sample(abstract, rng.randint(0, len(abstract)))
        kinds[name] = _kind(maker, name) | {"extends": above, "fields": _fields(maker, 3)}


def _kind(maker: Maker, name: str) -> Entry:
    return {"label": maker.label("种", "kind"), "plural": f"{name.lower()}s"}


def _relation(maker: Maker, number: int) -> None:
    rng, kinds = maker.rng, list(maker.entries["kinds"])
    subject, object_ = rng.choice(kinds), rng.choice(kinds)
    if maker.chance(0.25):
        object_ = subject
    entry: Entry = {"label": maker.label("系", "relation")}
    entry["subject"] = {"name": f"from{number}", "kind": subject} | _names(maker, 0.9)
    entry["object"] = {"name": f"to{number}", "kind": object_} | _names(maker, 0.9)
    entry["ends"] = {
        f"end{number}{i}": {
            "kind": rng.choice(kinds),
            "label": maker.label("端", "side"),
            "required": maker.chance(0.3),
        }
        | _names(maker, 0.6, one=False)
        for i in range(rng.choice((0, 0, 1, 2)))
    }
    entry["fields"] = _fields(maker, 2)
    if subject == object_ and maker.chance(0.8) and not _has_hierarchy(maker, subject):
        entry["hierarchy"] = True
    if maker.chance(0.2 if "hierarchy" in entry else 0.5):
        entry["pairs"] = _pairs(maker, subject, object_)
    if maker.chance(0.1):
        entry["once"] = True
    maker.entries["relations"][f"Rel{number}"] = entry


def _has_hierarchy(maker: Maker, kind: str) -> bool:
    """Whether entities of a kind stand in a hierarchy already: they stand in one at most."""
    model = _joined(maker)
    of = {one for relation in model.relations.values() if relation.hierarchy for one in relation.subject.kinds}
    below = [model.kinds[relation.subject.kind].concrete for relation in model.relations.values() if relation.hierarchy]
    return bool(set(model.kinds[kind].concrete) & of.union(*below))


def _names(maker: Maker, probability: float, one: bool = True) -> Entry:
    """Singular and plural of a field that leads over a relation, or nothing."""
    if not maker.chance(probability):
        return {}
    number = next(maker.numbers)
    names: Entry = {"singular": f"link{number}", "plural": f"links{number}"}
    return names | ({"one": True} if one and maker.chance(0.3) else {})


def _pairs(maker: Maker, subject: str, object_: str) -> list[Entry]:
    model = _joined(maker)
    subjects, objects = model.kinds[subject].concrete, model.kinds[object_].concrete
    pairs = [(s, o) for s in subjects for o in objects]
    chosen = maker.rng.sample(pairs, maker.rng.randint(1, len(pairs)))
    sides = [({"kind": s} | _names(maker, 0.4), {"kind": o} | _names(maker, 0.4)) for s, o in chosen]
    return [{"subject": subject_side, "object": object_side} for subject_side, object_side in sides]


def _derived(maker: Maker, number: int, model: Model) -> None:
    """Chains between two kinds: one, or several as a union or an overlap; nothing, if no field leads on from the first."""
    rng = maker.rng
    start = rng.choice([kind for kind in model.kinds if kind != "Source"])
    found = [chain for chain in (_chain(maker, model, start) for _ in range(8)) if chain]
    if not found:
        return
    end = found[0][-1]["kind"]
    chains = [chain for chain in found if chain[-1]["kind"] == end][: rng.choice((1, 1, 2, 2, 3))]
    subject = {"name": f"begin{number}", "kind": start} | _names(maker, 1)
    object_ = {"name": f"finish{number}", "kind": end} | _names(maker, 0.8)
    entry: Entry = {"label": maker.label("链", "chain"), "subject": subject, "object": object_}
    if len(chains) == 1:
        entry["chain"] = chains[0]
    elif maker.chance(0.4):
        entry["union"] = chains
    else:
        entry["overlap"] = {"of": chains} | ({"least": 3} if len(chains) == 3 and maker.chance(0.5) else {})
    if maker.chance(0.25):
        entry["grouped"] = True
    maker.entries["derived"][f"Chain{number}"] = entry
    try:
        _joined(maker)
    except ModelError:  # more than a statement can hold
        del maker.entries["derived"][f"Chain{number}"]


def _chain(maker: Maker, model: Model, kind: str) -> list[Entry]:
    """A walk over relations, and now and then over what follows from them already."""
    rng = maker.rng
    chain: list[Entry] = []
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        links = [one for one in model.links_of(kind) if not one.climbs and not model.derived[one.derived].grouped]
        leading: list[Hop | Link] = [*model.hops_of(kind), *links, *links]
        if not leading:
            break
        over = rng.choice(leading)
        kind = rng.choice((over.far, over.far, *model.kinds[over.far].concrete))
        step: Entry = {"field": over.plural, "kind": kind}
        if maker.chance(0.25):
            step["where"] = _condition(maker, model, over, kind)
        chain.append(step)
    return chain


def _condition(maker: Maker, model: Model, over: Hop | Link, kind: str) -> Entry:
    """What a step asks of the entity arrived at, of the record hopped over, or of what the entity leads to."""
    rng, fields = maker.rng, model.kinds[kind].fields
    choices: list[Entry] = [{"name": {"contains": piece(rng, rng.choice(TEXTS))}}]
    choices += [_asks(rng, model, field) for field in fields]
    choices += [{"not": _asks(rng, model, field)} for field in fields]
    if isinstance(over, Hop):
        choices += [{"record": _asks(rng, model, field)} for field in model.relations[over.relation].fields]
    choices += [{onward.plural: {rng.choice(("some", "none")): {}}} for onward in model.hops_of(kind)]
    return rng.choice(choices)


def _asks(rng: Random, model: Model, field: Field) -> Entry:
    match field.type:
        case Value.TERM:
            test: Entry = {"eq": rng.choice(list(model.terms[str(field.terms)].terms))}
        case Value.INT:
            test = {rng.choice(("gte", "lt", "eq")): int(rng.choice(NUMBERS))}
        case Value.BOOLEAN:
            test = {"eq": _truth(rng)}
        case Value.DATE:
            test = {rng.choice(("gte", "lt", "eq")): loosened(rng, rng.choice(DAYS))}
        case Value.STRING | Value.URI:
            test = {"isNull": _truth(rng)}
    return {field.name: test}


def _truth(rng: Random) -> bool:
    return rng.random() < 0.5
