"""The oracle against sections 1, 3, 4, 5 and 9 of the semantics, by hand."""

from __future__ import annotations

import pytest

from orggraph.model import model_of
from orggraph.model.model import Model
from tests.oracle.filters import link_passes, links_of, passes, record_passes
from tests.oracle.ledger import Rows, build
from tests.oracle.links import Link, leading, shown_link
from tests.oracle.spans import ALWAYS, NEVER, Cells, RowError, SourceDate, Span, partial, record_span, state_spans
from tests.oracle.truth import (
    FALSE,
    TRUE,
    Pair,
    Window,
    both,
    during,
    either,
    holds,
    may_show,
    meets,
    negated,
    on_day,
    printed,
    there,
)
from tests.oracle.world import Entity, Record, World

UNSURE = Pair(False, True)


def day(text: str) -> int:
    return partial(text)[0]


def last_day(text: str) -> int:
    return partial(text)[1]


REGISTER = SourceDate(True, day("2020-03-31"), day("2020-03-31"))
DOCUMENT = SourceDate(False, day("2020-03"), last_day("2020-03"))

# ---------------------------------------------------------------- spans (sections 1 and 9.1, "Files in")


@pytest.mark.parametrize(
    ("cells", "source", "span"),
    [
        (Cells("2019-03-05", "2020-01-01"), None, ("2019-03-05", "2019-03-05", "2020-01-01", "2020-01-01")),
        (Cells("2019-03", "2020"), None, ("2019-03-01", "2019-03-31", "2020-01-01", "2020-12-31")),
        (Cells("2018", through="2019"), None, ("2018-01-01", "2018-12-31", "2019-01-02", "2020-01-01")),
        (Cells("2019", "2019"), None, ("2019-01-01", "2019-12-30", "2019-01-02", "2019-12-31")),
        (Cells("2019-03-05"), REGISTER, ("2019-03-05", "2019-03-05", NEVER, NEVER)),
        (Cells("2019-03-05"), DOCUMENT, ("2019-03-05", "2019-03-05", "2020-03-02", NEVER)),
        (Cells("2019-03-05", "?"), DOCUMENT, ("2019-03-05", "2019-03-05", "2019-03-06", "2020-03-31")),
        (Cells(), DOCUMENT, (ALWAYS, "2020-03-31", "2020-03-02", NEVER)),
        (Cells(until="open"), DOCUMENT, (ALWAYS, "2020-03-31", NEVER, NEVER)),
        (Cells(until="2019-07-01"), DOCUMENT, (ALWAYS, "2019-06-30", "2019-07-01", "2019-07-01")),
        (Cells("2020-07-01"), DOCUMENT, ("2020-07-01", "2020-07-01", "2020-07-02", NEVER)),
        (Cells("2020", "open"), DOCUMENT, ("2020-01-01", "2020-03-31", NEVER, NEVER)),
        (Cells("2018", attested="2019-05"), DOCUMENT, ("2018-01-01", "2018-12-31", "2019-05-02", NEVER)),
        (Cells("", "2020", attested="2019-05-06"), DOCUMENT, (ALWAYS, "2019-05-06", "2020-01-01", "2020-12-31")),
    ],
)  # fmt: skip
def test_cells_give_four_numbers(cells: Cells, source: SourceDate | None, span: tuple[str | float, ...]) -> None:
    assert record_span(cells, source) == Span(*(day(one) if isinstance(one, str) else one for one in span))


@pytest.mark.parametrize("cells", [Cells("2020", "2019"), Cells("2019-03-05", "2019-03-05"), Cells("2020-04-01", "?")])
def test_a_span_without_a_day_is_refused(cells: Cells) -> None:
    with pytest.raises(RowError):
        record_span(cells, DOCUMENT)


def test_a_blank_needs_a_dated_source() -> None:
    with pytest.raises(RowError):
        record_span(Cells("2019"), None)


def spans_of(*cells: Cells) -> tuple[list[Span], list[bool]]:
    return state_spans([(one, DOCUMENT) for one in cells])


def test_an_unknown_day_of_change_is_in_both_states() -> None:
    spans, gaps = spans_of(Cells("", "2018"), Cells("2018-05"))
    may = day("2018-05-01"), day("2018-05-31")
    assert (spans, gaps) == ([Span(ALWAYS, ALWAYS, *may), Span(*may, NEVER, NEVER)], [False])


def test_a_blank_until_takes_the_next_from() -> None:
    spans, _ = spans_of(Cells("2015-01-01"), Cells("2018"))
    assert (spans[0].u0, spans[0].u1) == (day("2018-01-01"), day("2018-12-31"))


def test_an_until_wholly_earlier_leaves_a_gap_and_two_lives() -> None:
    spans, gaps = spans_of(Cells("2015", "2017"), Cells("2018"))
    assert gaps == [True]
    assert (spans[0].u0, spans[0].u1) == (day("2017-01-01"), day("2017-12-31"))


def test_an_until_wholly_later_than_the_next_from_is_refused() -> None:
    with pytest.raises(RowError):
        spans_of(Cells("2015", "2019"), Cells("2018"))


# ---------------------------------------------------------------- pairs


def test_logic_of_pairs() -> None:
    assert both([TRUE, UNSURE]) == UNSURE
    assert both([FALSE, UNSURE]) == FALSE
    assert either([FALSE, UNSURE]) == UNSURE
    assert either([TRUE, UNSURE]) == TRUE
    assert negated(UNSURE) == UNSURE
    assert (both([]), either([])) == (TRUE, FALSE)


def test_a_day_is_met_certainly_from_the_latest_start_to_the_earliest_end() -> None:
    span = Span(10, 12, 20, 22)
    told = {d: meets(span, on_day(d)) for d in (9, 10, 11, 12, 19, 20, 21, 22)}
    assert [d for d, pair in told.items() if pair.certain] == [12, 19]
    assert [d for d, pair in told.items() if pair.possible] == [10, 11, 12, 19, 20, 21]


def test_a_range_is_narrowed_on_four_numbers() -> None:
    left = during(0, 30).within(Span(10, 12, 20, 22))
    assert left == Window(10, 12, 20, 22, narrows=True)
    assert meets(Span(21, 21, 25, 25), left) == UNSURE
    assert meets(Span(22, 22, 25, 25), left) == FALSE
    assert on_day(5).within(Span(0, 1, 8, 9)) == on_day(5)


# ---------------------------------------------------------------- a small world

YAML = """
model: {name: t, label: {zh: 试, en: t}, iri: "https://example.org/"}
terms:
  Form: {label: {zh: 形式, en: form}, terms: {joint: {zh: 联, en: joint}, plain: {zh: 普通, en: plain}}}
kinds:
  Person: {label: {zh: 人员, en: person}, plural: people}
  Body:
    label: {zh: 组织, en: body}
    plural: bodies
    fields: {form: {type: Form, label: {zh: 形, en: its form}}, size: {type: int, label: {zh: 数, en: size}}}
  Area: {label: {zh: 区, en: area}, plural: areas}
relations:
  Secretary:
    label: {zh: 书记, en: secretary}
    subject: {name: person, kind: Person, singular: secretaryOf, plural: secretariesOf}
    object: {name: body, kind: Body, singular: secretary, plural: secretaries, one: true}
    ends: {sender: {kind: Body, label: {zh: 派出, en: sender}, singular: sent, plural: sents}}
    fields: {grade: {type: int, label: {zh: 级, en: grade}}}
  Serves:
    label: {zh: 服务, en: serves}
    subject: {name: body, kind: Body, singular: servedArea, plural: servedAreas}
    object: {name: area, kind: Area, singular: server, plural: servers}
derived:
  Covers:
    label: {zh: 包联, en: covers}
    subject: {name: person, kind: Person, singular: covered, plural: covers}
    object: {name: area, kind: Area, singular: coverer, plural: coveredBy}
    chain: [{field: secretariesOf, where: {form: {eq: joint}}}, {field: servedAreas}]
"""
SOURCES = [{"key": "doc", "name": "文", "nature": "document", "date": "2020-03"}]
PEOPLE = [{"key": "li", "name": "李明", "source": "doc"}, {"key": "wang", "name": "王芳", "source": "doc"}]


@pytest.fixture(scope="module")
def model() -> Model:
    return model_of({"t.yaml": YAML})


def world_of(model: Model, **rows: list[dict[str, str]]) -> World:
    said = {name: [{"source": "doc", **row} for row in listed] for name, listed in rows.items()}
    whole: Rows = {"Source": SOURCES, "Person": PEOPLE, **said}
    return build(model, whole)


def lead(world: World, key: str, field: str, n: Window) -> list[Link]:
    x = world.entities[key]
    return links_of(world, x, next(f for f in leading(world.model, x.kind) if f.plural == field), n)


RENAMED = [
    {"key": "b", "name": "旧名", "form": "plain", "size": "1", "until": "2018"},
    {"key": "b", "name": "新名", "form": "joint", "from": "2018"},
]


def renamed(model: Model) -> tuple[World, Entity]:
    world = world_of(model, Body=RENAMED)
    return world, world.entities["b"]


def test_while_the_day_of_a_change_is_unknown_the_entity_is_certainly_there(model: Model) -> None:
    _, b = renamed(model)
    n = on_day(day("2018-06-01"))
    assert there(b, n) == TRUE
    assert [state.name for state in may_show(b, n)] == ["旧名", "新名"]
    assert printed(b, n).name == "新名"
    assert printed(b, on_day(day("2017-12-31"))).name == "旧名"


def test_a_filter_asks_every_state_that_may_be_shown(model: Model) -> None:
    world, b = renamed(model)
    n = on_day(day("2018-06-01"))
    assert passes(world, b, {"name": {"eq": "旧名"}}, n) == UNSURE
    assert passes(world, b, {"name": {"contains": "名"}}, n) == TRUE
    assert passes(world, b, {"name": {"eq": "旧名"}, "form": {"eq": "joint"}}, n) == FALSE  # never of two states
    assert passes(world, b, {"name": {"eq": "旧名"}}, on_day(day("2019-01-01"))) == FALSE


def test_a_missing_value_meets_no_comparison_and_not_of_it_is_met(model: Model) -> None:
    world, b = renamed(model)
    n = on_day(day("2019-06-01"))
    assert passes(world, b, {"size": {"gte": 0}}, n) == FALSE
    assert passes(world, b, {"not": {"size": {"gte": 0}}}, n) == TRUE
    assert passes(world, b, {"size": {"isNull": True}}, n) == TRUE
    assert passes(world, b, {"size": {"in": []}}, n) == FALSE


def test_an_entity_is_not_there_in_a_gap(model: Model) -> None:
    states = [{"key": "b", "name": "甲", "until": "2015-01-01"}, {"key": "b", "name": "乙", "from": "2017"}]
    x = world_of(model, Body=states).entities["b"]
    assert len(x.lives) == 2
    assert there(x, on_day(day("2016-01-01"))) == FALSE
    assert there(x, on_day(day("2017-06-01"))) == UNSURE
    assert there(x, during(day("2016-06-01"), day("2018-01-01"))) == TRUE


TENURES = [
    {"key": "t1", "person": "li", "body": "b", "from": "2016-01-01", "until": "2019"},
    {"key": "t2", "person": "wang", "body": "b", "from": "2019", "grade": "3", "sender": "c"},
]
BODIES = [{"key": "b", "name": "甲", "form": "joint"}, {"key": "c", "name": "乙", "until": "2019-07-01"}]


def tenures(model: Model) -> World:
    return world_of(model, Body=BODIES, Secretary=TENURES)


def test_quantifiers_and_counts_are_bounds(model: Model) -> None:
    world = tenures(model)
    n, b = on_day(day("2019-06-01")), world.entities["b"]
    assert [link.holds for link in lead(world, "b", "secretaries", n)] == [UNSURE, UNSURE]
    assert passes(world, b, {"secretaries": {"some": {}}}, n) == UNSURE  # though one of the two always holds
    assert passes(world, b, {"secretaries": {"none": {}}}, n) == UNSURE
    assert passes(world, b, {"secretaries": {"every": {"name": {"eq": "李明"}}}}, n) == UNSURE
    assert passes(world, b, {"secretaries": {"every": {"name": {"startsWith": "赵"}}}}, n) == UNSURE
    assert passes(world, b, {"secretaries": {"count": {"lte": 2}}}, n) == TRUE
    assert passes(world, b, {"secretaries": {"count": {"gte": 3}}}, n) == FALSE
    assert passes(world, b, {"secretaries": {"count": {"eq": 1}}}, n) == UNSURE
    before = on_day(day("2018-06-01"))
    assert passes(world, b, {"secretaries": {"count": {"eq": 1, "where": {"name": {"eq": "李明"}}}}}, before) == TRUE
    assert passes(world, b, {"secretaries": {"none": {"name": {"eq": "王芳"}}}}, before) == TRUE


def test_a_to_one_prints_a_certain_one_first_then_the_last_begun(model: Model) -> None:
    world = tenures(model)

    def shown(date: str, certain: bool) -> str | None:
        link = shown_link(lead(world, "b", "secretaries", on_day(day(date))), certain)
        return link.far.key if link else None

    assert shown("2018-06-01", certain=False) == "li"
    assert shown("2019-06-01", certain=False) == "wang"
    assert shown("2019-06-01", certain=True) is None
    assert shown("2020-03-01", certain=True) == "wang"


def test_a_to_one_filter_means_some_and_is_null_none(model: Model) -> None:
    world = tenures(model)
    b, n = world.entities["b"], on_day(day("2020-03-01"))
    assert passes(world, b, {"secretary": {"name": {"eq": "王芳"}}}, n) == TRUE
    assert passes(world, b, {"secretary": {"isNull": True}}, n) == FALSE
    assert passes(world, b, {"secretary": {"isNull": True}}, on_day(day("2015-01-01"))) == TRUE
    assert passes(world, b, {"secretary": {"isNull": True}}, on_day(day("2019-06-01"))) == UNSURE


def test_a_records_dates_are_three_valued(model: Model) -> None:
    world = tenures(model)
    t2, n = world.records["t2"], on_day(day("2020-03-01"))
    for test, pair in [
        ({"gte": "2019"}, TRUE),
        ({"gte": "2019-07"}, UNSURE),
        ({"gt": "2019"}, FALSE),
        ({"lt": "2019-07-01"}, UNSURE),
        ({"lte": "2019"}, TRUE),
        ({"eq": "2019"}, TRUE),
        ({"eq": "2019-07"}, UNSURE),
        ({"eq": "2018"}, FALSE),
    ]:
        assert record_passes(world, t2, {"valid": {"from": test}}, n) == pair, test


def test_a_further_end_that_is_not_there_fails_its_filter(model: Model) -> None:
    world = tenures(model)
    t1, t2 = world.records["t1"], world.records["t2"]
    early, late = on_day(day("2019-06-01")), on_day(day("2020-01-01"))
    assert record_passes(world, t2, {"sender": {}}, early) == TRUE
    assert record_passes(world, t2, {"sender": {}}, late) == FALSE
    assert record_passes(world, t1, {"sender": {}}, early) == FALSE
    link = lead(world, "b", "secretaries", late)[0]
    assert link_passes(world, link, {"record": {"not": {"sender": {}}, "grade": {"gte": 3}}}) == TRUE
    assert [link.far.key for link in lead(world, "c", "sents", early)] == ["wang"]


def test_a_record_holds_only_while_both_its_ends_are_there(model: Model) -> None:
    tenure = {"key": "t", "person": "li", "body": "c", "from": "2016-01-01", "until": "open"}
    world = world_of(model, Body=BODIES, Secretary=[tenure])
    t: Record = world.records["t"]
    assert holds(world, t, on_day(day("2019-06-30"))) == TRUE
    assert holds(world, t, on_day(day("2019-07-01"))) == FALSE


CHAIN = {
    "Body": BODIES,
    "Area": [{"key": "a", "name": "第一社区"}],
    "Secretary": [{"key": "t", "person": "li", "body": "b", "from": "2015-01-01", "until": "2018"}],
    "Serves": [{"key": "s", "body": "b", "area": "a", "from": "2018", "until": "open"}],
}


def test_a_chains_records_are_compared_with_each_other(model: Model) -> None:
    world = world_of(model, **CHAIN)
    assert lead(world, "li", "covers", on_day(day("2017-12-31"))) == []
    [link] = lead(world, "li", "covers", on_day(day("2018-06-01")))
    assert (link.holds, [record.key for record in link.records], link.far.key) == (UNSURE, ["t", "s"], "a")
    [link] = lead(world, "li", "covers", during())
    assert link.holds == UNSURE  # each meets the range certainly, but perhaps not each other
    assert [back.far.key for back in lead(world, "a", "coveredBy", during())] == ["li"]


def test_a_chains_dates_are_tightened_for_display_only(model: Model) -> None:
    [link] = lead(world_of(model, **CHAIN), "li", "covers", during())
    first, last = day("2018-01-01"), day("2018-12-31")
    assert link.span == Span(first, last, first, last)
    assert link.span.tightened() == Span(first, last - 1, first + 1, last)


def test_a_chains_condition_is_part_of_the_link(model: Model) -> None:
    world = world_of(model, **(CHAIN | {"Body": [{"key": "b", "name": "甲", "form": "plain"}]}))
    assert lead(world, "li", "covers", during()) == []
    forms = (("plain", ""), ("joint", "2018-06"))
    changed = [{"key": "b", "name": "甲", "form": form, "from": start} for form, start in forms]
    world = world_of(model, **(CHAIN | {"Body": changed}))
    [link] = lead(world, "li", "covers", on_day(day("2018-06-15")))
    assert link.holds == UNSURE
