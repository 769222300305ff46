"""Filters as pairs. In: a coerced ``where`` (plain dicts), the thing tested and a window. Out: a ``Pair``.

A filter is tested on one state of an entity at a time: T if every state that may be shown passes, P if some does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orggraph.model.model import Field, Hop
from orggraph.model.values import Value
from tests.oracle import stretches
from tests.oracle.links import Leading, Link, derived_links, hop_links, leading, record_links
from tests.oracle.scope import days_of, key_of
from tests.oracle.spans import ALWAYS, NEVER, PRECISION, Day, partial, precision
from tests.oracle.truth import FALSE, TRUE, Pair, Window, both, either, known, may_show, negated, there
from tests.oracle.world import Entity, FieldValue, Record, State, Statement, World

Where = Mapping[str, Any]
Test = Callable[[str, Any], Pair]


def passes(world: World, x: Entity, where: Where, n: Window) -> Pair:
    """The filter of a node on an entity."""
    return _on_states(world, x, None, where, n)


def link_passes(world: World, link: Link, where: Where) -> Pair:
    """The filter of a hop: its far end's fields, and under ``record:`` those of the record hopped over."""
    return _on_states(world, link.far, link, where, link.n)


def record_passes(world: World, record: Record, where: Where, n: Window) -> Pair:
    """The filter of a record; ``n`` is what the record left of the window."""
    described = world.model.relations[record.relation]  # a filter on any record reads what all relations have
    fields = {field.name: field for field in described.fields}
    roles = {end.name: end.role for end in described.ends}

    def test(name: str, operand: Any) -> Pair:
        if name in roles:
            return _end_passes(world, record, roles[name], operand, n)
        match name:
            case "key":
                return _keyed(record.key, operand)
            case "relation":
                return _compare(record.relation, operand)
            case "synthetic":
                return _compare(record.said.synthetic, operand)
            case "citedFrom":
                return _cited(record.said, operand)
            case "valid":
                return valid_passes(record, operand)
            case _:
                return _field(fields[name], record.said.fields[name], operand)

    return _logic(where, test)


def link_count_passes(link: Link, where: Where) -> Pair:
    """The filter of a grouped link: how many chains it stands for."""

    def test(_: str, operand: Where) -> Pair:
        return both(_bound(word, k, *link.counted) for word, k in operand.items())

    return _logic(where, test)


def _end_passes(world: World, record: Record, role: str, where: Where, n: Window) -> Pair:
    """Of a record that holds, both ends are there; a further end must be, and not be null."""
    key = record.ends[role]
    if key is None:
        return FALSE
    passed = passes(world, world.entities[key], where, n)
    return passed if role in ("subject", "object") else both([there(world.entities[key], n), passed])


def turn_passes(
    world: World, record: Record, turn: str, days: tuple[Day, Day], sure: Pair, where: Where, n: Window
) -> Pair:
    """The filter of who takes or leaves; ``days``: the earliest and latest day of it, ``sure``: whether it is one."""

    def test(name: str, operand: Any) -> Pair:
        match name:
            case "turn":
                return _compare(turn, operand)
            case "certainty":
                return _compare("CERTAIN" if sure.certain else "POSSIBLE", operand)
            case "relation":
                return _compare(record.relation, operand)
            case "on":
                return both(_dated(word, *days, wanted) for word, wanted in operand.items())
            case "end":
                roles = [role for role, key in record.ends.items() if key is not None]
                return either(_end_passes(world, record, role, operand, n) for role in roles)
            case "record":
                return record_passes(world, record, operand, n)
        raise KeyError(name)

    return _logic(where, test)


def _logic(where: Where, test: Test) -> Pair:
    """Everything that stands side by side holds; ``and``, ``or``, ``not`` as in logic."""
    pairs = []
    for name, operand in where.items():
        match name:
            case "and":
                pairs.append(both(_logic(one, test) for one in operand))
            case "or":
                pairs.append(either(_logic(one, test) for one in operand))
            case "not":
                pairs.append(negated(_logic(operand, test)))
            case _:
                pairs.append(test(name, operand))
    return both(pairs)


@dataclass(frozen=True)
class Subject:
    """What a node's filter is tested on: an entity in one state, come to over a link (or none), in a window."""

    world: World
    x: Entity
    state: State
    link: Link | None
    n: Window

    def test(self, name: str, operand: Any) -> Pair:
        kind = self.world.model.kinds[self.x.kind]
        fields = {field.name: field for field in kind.fields}
        if name in fields:
            return _field(fields[name], self.state.said.fields[name], operand)
        match name:
            case "key":
                return _keyed(self.x.key, operand)
            case "within":
                return self._within(operand)
            case "citedFrom":
                return _cited(self.state.said, operand)
            case "at" | "during" | "ever":
                n = days_of(name, operand, self.n)
                return both([there(self.x, n), passes(self.world, self.x, operand.get("where", {}), n)])
            case "name":
                return _compare(self.state.name, operand)
            case "synthetic":
                return _compare(self.state.said.synthetic, operand)
            case "is":
                return either(self._is(singular, where) for singular, where in operand.items())
            case "record":
                assert self.link
                if self.link.chains is not None:
                    return link_count_passes(self.link, operand)
                return record_passes(self.world, self.link.records[0], operand, self.n)
            case _:
                return self._related(name, operand)

    def _within(self, operand: Where) -> Pair:
        """It has one of the keys itself, or some chain leads up from it to one that has."""
        climbs = [field for field in self.world.model.links_of(self.x.kind) if field.climbs and field.forward]
        links = [link for field in climbs for link in self._links(field)]
        return either([_keyed(self.x.key, operand), some(links, lambda link: _keyed(link.far.key, operand))])

    def _is(self, singular: str, where: Where) -> Pair:
        kind = self.world.model.kinds[self.x.kind]
        return _logic(where, self.test) if kind.singular == singular else FALSE

    def _related(self, name: str, operand: Where) -> Pair:
        if name == "records":
            links = record_links(self.world, self.x, self.n)
            return _quantified(operand, links, self._record, self.n, lambda link: link.records[0].key)
        for field in leading(self.world.model, self.x.kind):
            if name == field.plural:
                return _quantified(operand, self._links(field), self._link, self.n)
            if name == field.singular and field.one:
                return self._one(field, operand)
            if isinstance(field, Hop) and name == f"{field.singular}Records":
                return _quantified(operand, self._links(field), self._record, self.n, lambda link: link.records[0].key)
        raise KeyError(name)

    def _links(self, field: Leading) -> list[Link]:
        return links_of(self.world, self.x, field, self.n)

    def _link(self, link: Link, where: Where) -> Pair:
        return link_passes(self.world, link, where)

    def _record(self, link: Link, where: Where) -> Pair:
        return record_passes(self.world, link.records[0], where, link.n)

    def _one(self, field: Leading, operand: Where) -> Pair:
        """To-one: some of its links passes; ``isNull: true`` asks that there is none."""
        links = self._links(field)
        wanted = {name: value for name, value in operand.items() if name != "isNull"}
        pairs = [some(links, lambda link: link_passes(self.world, link, wanted))] if wanted or not operand else []
        if "isNull" in operand:
            any_link = some(links, lambda _: TRUE)
            pairs.append(negated(any_link) if operand["isNull"] else any_link)
        return both(pairs)


def links_of(world: World, x: Entity, field: Leading, n: Window) -> list[Link]:
    """The links that a field of an entity leads over."""
    if isinstance(field, Hop):
        return hop_links(world, x, field, n)
    return derived_links(world, x, field, n, lambda link, where: link_passes(world, link, where))


def _on_states(world: World, x: Entity, link: Link | None, where: Where, n: Window) -> Pair:
    return on_states(x, n, lambda state: _logic(where, Subject(world, x, state, link, n).test))


def on_states(x: Entity, n: Window, test: Callable[[State], Pair]) -> Pair:
    """A test of one state at a time: T if every state that may be shown passes, P if some does."""
    pairs = [test(state) for state in may_show(x, n)]
    return Pair(all(p.certain for p in pairs), any(p.possible for p in pairs))


def some(links: Sequence[Link], test: Callable[[Link], Pair]) -> Pair:
    """Some link holds and passes."""
    return either(both([link.holds, test(link)]) for link in links)


def _quantified(
    operand: Where,
    links: Sequence[Link],
    test: Callable[[Link, Where], Pair],
    n: Window,
    node: Callable[[Link], str] = lambda link: link.far.key,
) -> Pair:
    """``n``: the window that the links are of; ``node``: what links lead to, by its key: far ends, or records."""

    def passes(where: Where) -> Callable[[Link], Pair]:
        return lambda link: test(link, where)

    def fails(where: Where) -> Callable[[Link], Pair]:
        return lambda link: negated(test(link, where))

    pairs = []
    for quantifier, where in operand.items():
        match quantifier:
            case "some":
                pairs.append(some(links, passes(where)))
            case "none":
                pairs.append(negated(some(links, passes(where))))
            case "every":
                pairs.append(negated(some(links, fails(where))))
            case "count" | "nodeCount":
                pairs.append(_counted(where, links, test, node if quantifier == "nodeCount" else None))
            case "days" | "gap":
                pairs.append(_lasting(quantifier, where, links, test, n))
            case _:
                raise KeyError(quantifier)
    return both(pairs)


def _counted(
    operand: Where, links: Sequence[Link], test: Callable[[Link, Where], Pair], node: Callable[[Link], str] | None
) -> Pair:
    """The number of links, or of the distinct nodes they lead to: between what certainly and what possibly passes."""
    where = operand.get("where", {})
    passing = [(link, both([link.holds, test(link, where)])) for link in links]
    certain = [link for link, pair in passing if pair.certain]
    possible = [link for link, pair in passing if pair.possible]
    lo, hi = (len(set(map(node, one))) if node else len(one) for one in (certain, possible))
    return both(_bound(word, k, lo, hi) for word, k in operand.items() if word != "where")


def _lasting(
    quantifier: str, operand: Where, links: Sequence[Link], test: Callable[[Link, Where], Pair], n: Window
) -> Pair:
    """Days on which something that passes holds, or the longest gap: between what is certain and what is possible."""
    held = [(both([link.holds, test(link, operand.get("where", {}))]), link.span) for link in links]
    measured = {"days": stretches.days, "gap": stretches.gap}[quantifier]
    lo, hi = (measured(held, n, certain) for certain in (True, False))
    return both(_bound(word, k, lo, hi) for word, k in operand.items() if word != "where")


def _bound(word: str, k: int, lo: float, hi: float) -> Pair:
    """A number between lo and hi, both attainable as far as is known, against k."""
    match word:
        case "gte":
            return Pair(lo >= k, hi >= k)
        case "lte":
            return Pair(hi <= k, lo <= k)
        case "gt":
            return Pair(lo > k, hi > k)
        case "lt":
            return Pair(hi < k, lo < k)
        case "eq":
            return Pair(lo >= k and hi <= k, hi >= k and lo <= k)
    raise KeyError(word)


def _field(field: Field, value: FieldValue, operand: Where) -> Pair:
    if field.type is not Value.DATE or value is None:
        return _compare(value, operand)
    return both(date_passes(str(value), word, wanted) for word, wanted in operand.items())


def date_passes(written: str, word: str, wanted: Any) -> Pair:
    """A date as written is some day of it; whether it is there, and how precise it is, no unknown day decides."""
    match word:
        case "isNull":
            return known(wanted is False)
        case "precision":
            return known(PRECISION[len(written)] == wanted)
    return _dated(word, *partial(written), wanted)


def _keyed(key: str, operand: Where) -> Pair:
    """A key against keys, or ids, which lend theirs."""
    return both(known(key in map(key_of, wanted if word == "in" else [wanted])) for word, wanted in operand.items())


def _cited(said: Statement, operand: Where) -> Pair:
    """Some citation is of such a source."""
    return both(
        either(_keyed(one.source, {word: wanted}) for one in said.citations) for word, wanted in operand.items()
    )


def _compare(value: FieldValue, operand: Where) -> Pair:
    """A constant: a missing value passes no comparison."""
    return both(known(constant_passes(value, word, wanted)) for word, wanted in operand.items())


def constant_passes(value: Any, word: str, wanted: Any) -> bool:
    """A value against one word of its filter; a missing one has neither a precision nor any comparison."""
    if word == "isNull":
        return bool((value is None) == wanted)
    if value is None:
        return False
    match word:
        case "eq":
            return bool(value == wanted)
        case "in":
            return value in wanted
        case "gt":
            return bool(value > wanted)
        case "gte":
            return bool(value >= wanted)
        case "lt":
            return bool(value < wanted)
        case "lte":
            return bool(value <= wanted)
        case "contains":
            return wanted in value
        case "startsWith":
            return bool(value.startswith(wanted))
    raise KeyError(word)


def valid_passes(record: Record, operand: Where) -> Pair:
    return both(_end(record, end, word, wanted) for end, tests in operand.items() for word, wanted in tests.items())


def _end(record: Record, end: str, word: str, wanted: Any) -> Pair:
    span, cells = record.span, record.said.cells
    first, last, cell, none = (
        (span.f0, span.f1, cells.since, ALWAYS) if end == "from" else (span.u0, span.u1, cells.until, NEVER)
    )
    match word:
        case "isNull":
            missing = Pair(first == none, last == none) if end == "until" else Pair(last == none, first == none)
            return missing if wanted else negated(missing)
        case "precision":
            return known(precision(first, last, cell) == wanted)
    return _dated(word, first, last, wanted)


def _dated(word: str, earliest: Day, latest: Day, wanted: str) -> Pair:
    """A day between two against a partial date: gte and lt compare with its first day, gt and lte with its last."""
    first, last = partial(str(wanted))
    match word:
        case "gte":
            return Pair(earliest >= first, latest >= first)
        case "lt":
            return Pair(latest < first, earliest < first)
        case "gt":
            return Pair(earliest > last, latest > last)
        case "lte":
            return Pair(latest <= last, earliest <= last)
        case "eq":
            return Pair(earliest >= first and latest <= last, latest >= first and earliest <= last)
    raise KeyError(word)
