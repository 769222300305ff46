"""What things can be grouped by: the parts that a group's key may have, by rule from the model. In: a kind or a relation.
Out: ``Part``s.

A part is a value of the thing itself, or what one or two steps over to-one fields and ends lead to; its name joins theirs:
``form``, ``from_year``, ``organization``, ``organization_form``, ``community_street``.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from orggraph.model.entries import Label
from orggraph.model.model import End, Field, Hop, Kind, Link, Model, Relation
from orggraph.model.values import Value

UNITS = ("year", "quarter", "month")
STEPS = 2
"""To-one fields and ends that lead to a part, at most."""
NAMED = {
    "kind": Label("种类", "kind"),
    "relation": Label("关系", "relation"),
    "node": Label("本身", "itself"),
    "name": Label("名称", "name"),
    "synthetic": Label("合成", "synthetic"),
    "from": Label("起", "from"),
    "until": Label("止", "until"),
}
BUCKETS = {"year": Label("年", "year"), "quarter": Label("季", "quarter"), "month": Label("月", "month")}

Step = Hop | Link | End


class Part(Struct, frozen=True):
    """``steps``: what leads to the thing that has ``value``: a field, or one of NAMED (``node``: the entity itself, of
    ``kind``). ``unit``: of a date, the year, quarter or month that it lies in."""

    name: str
    value: Field | str
    label: Label
    kind: str = ""
    unit: str = ""
    steps: tuple[Step, ...] = ()

    def behind(self, step: Step, name: str) -> Part:
        """The same part of what a step leads to."""
        joined = name if self.value == "node" and not self.steps else f"{name}_{self.name}"
        label = step.label if joined == name else _joined(step.label, self.label)
        return replace(self, name=joined, label=label, steps=(step, *self.steps))


def kind_parts(model: Model, kind: Kind, steps: int = STEPS) -> tuple[Part, ...]:
    """What entities of a kind can be grouped by."""
    dated = [part for end in ("from", "until") for part in _buckets(end, NAMED[end], end)]
    own = [_named("node", kind.name), _named("kind"), _named("name"), _named("synthetic")]
    fields = [part for field in kind.fields for part in _field(field, buckets=True)]
    return (*own, *fields, *_over_ones(model, kind, steps), *dated)


def record_parts(model: Model, relation: Relation, steps: int = STEPS) -> tuple[Part, ...]:
    """What a relation's records can be grouped by."""
    dated = [part for end in ("from", "until") for part in _buckets(end, NAMED[end], end)]
    fields = [part for field in relation.fields for part in _field(field, buckets=True)]
    ends = [
        part.behind(end, end.name)
        for end in relation.ends
        if end.kind in model.kinds
        for part in _passed(model, model.kinds[end.kind], steps - 1)
    ]
    return (_named("synthetic"), *fields, *ends, *dated)


def any_record_parts() -> tuple[Part, ...]:
    """What records of any relation can be grouped by."""
    dated = [part for end in ("from", "until") for part in _buckets(end, NAMED[end], end)]
    return (_named("relation"), _named("synthetic"), *dated)


def _passed(model: Model, kind: Kind, steps: int) -> Iterator[Part]:
    """What something can be grouped by that leads to an entity: the entity, what it has, what it leads to."""
    yield _named("node", kind.name)
    if steps:
        yield from ([_named("kind")] if kind.abstract else [])
        yield _named("name")
        yield from (part for field in kind.fields for part in _field(field, buckets=False))
        yield from _over_ones(model, kind, steps)


def _over_ones(model: Model, kind: Kind, steps: int) -> Iterator[Part]:
    if kind.name not in model.kinds:
        return
    leading: list[Hop | Link] = [*model.hops_of(kind.name), *model.links_of(kind.name)]
    for hop in leading:
        if hop.one and hop.singular:
            for part in _passed(model, model.kinds[hop.far], steps - 1):
                yield part.behind(hop, hop.singular)


def _named(name: str, kind: str = "") -> Part:
    return Part(name, name, NAMED[name], kind)


def _field(field: Field, buckets: bool) -> Iterator[Part]:
    yield Part(field.name, field, field.label)
    if buckets and field.type is Value.DATE:
        yield from _buckets(field.name, field.label, field)


def _buckets(name: str, label: Label, value: Field | str) -> Iterator[Part]:
    for unit in UNITS:
        yield Part(f"{name}_{unit}", value, _joined(label, BUCKETS[unit]), unit=unit)


def _joined(first: Label, second: Label) -> Label:
    return Label(f"{first.zh}：{second.zh}", f"{first.en}: {second.en}")
