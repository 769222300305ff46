"""Documents that try to cost more than they may: what each tries, what becomes of it. In: nothing. Out: ``Hostile``s on the
model of Changji, for the engine and for a service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orggraph.settings import Bounds

BOUNDS = Bounds(seconds=1.0, operation_rows=20_000, answer_bytes=4 * 1024 * 1024)
"""Those that stop what runs are lower than they are for users, so that tests do not wait."""
PEOPLE = ("deputyHeads", "deputyHeadPosts")
AREAS = ("servingOrganizations", "servedAreas")


@dataclass(frozen=True)
class Hostile:
    """``code``: what it is refused or stopped with."""

    name: str
    code: str
    document: str
    variables: dict[str, Any] = field(default_factory=dict)


ALL: list[Hostile] = []


def hostile(code: str) -> Callable[[Callable[[], str | tuple[str, dict[str, Any]]]], Callable[[], Any]]:
    """Adds what a function makes: a document, or a document and variables."""

    def add(make: Callable[[], str | tuple[str, dict[str, Any]]]) -> Callable[[], Any]:
        made = make()
        document, variables = (made, {}) if isinstance(made, str) else made
        ALL.append(Hostile(make.__name__, code, document, variables))
        return make

    return add


def nested(n: int, wrap: Callable[[int], str], inner: str) -> str:
    """``inner`` wrapped n times; the text of each wrapping has ``%s`` where it goes."""
    for i in reversed(range(n)):
        inner = wrap(i) % inner
    return inner


def many(n: int, text: Callable[[int], str]) -> str:
    return " ".join(map(text, range(n)))


# ---------------------------------------------------------------- before parsing


@hostile("DOCUMENT_TOO_LONG")
def a_megabyte_of_comments() -> str:
    return "# 组织任职\n" * 80_000 + "{ __typename }"


@hostile("TOO_MANY_TOKENS")
def a_hundred_thousand_fields() -> str:
    return "{" + "a " * 30_000 + "}"


@hostile("TOO_DEEP")
def braces_without_end() -> str:
    return "{a" * 900 + "}" * 900


@hostile("TOO_DEEP")
def lists_in_lists_as_a_value() -> str:
    return "{persons(where:" + "[" * 500 + "]" * 500 + "){nodes{name}}}"


@hostile("VARIABLES_TOO_LARGE")
def a_list_of_fifty_thousand_keys() -> tuple[str, dict[str, Any]]:
    document = "query($k: [ID!]) { persons(where: {key: {in: $k}}) { nodes { name } } }"
    return document, {"k": [f"person-{i}" for i in range(50_000)]}


@hostile("VARIABLES_TOO_LARGE")
def a_variable_that_nobody_asked_for() -> tuple[str, dict[str, Any]]:
    return "{ __typename }", {"w": [[[]] * 200] * 200}


@hostile("TOO_DEEP")
def a_variable_a_thousand_deep() -> tuple[str, dict[str, Any]]:
    where: dict[str, Any] = {"name": {"eq": "王"}}
    for _ in range(400):
        where = {"not": where}
    return "query($w: PersonWhere) { persons(where: $w) { nodes { name } } }", {"w": where}


# ---------------------------------------------------------------- by its price


@hostile("TOO_COSTLY")
def people_of_people_of_people() -> str:
    return (
        "{units{nodes{"
        + nested(
            16, lambda i: f"{PEOPLE[i % 2]}{{nodes{{workplaces{{nodes{{workers{{nodes{{name}}}}}}}} %s}}}}", "name"
        )
        + "}}}"
    )


@hostile("TOO_COSTLY")
def a_fragment_bomb() -> str:
    fragments = many(22, lambda i: f"fragment F{i} on Person{{covers{{nodes{{workers{{nodes{{...F{i + 1}}}}}}}}}}}")
    return f"{{persons{{nodes{{...F0}}}}}} {fragments} fragment F22 on Person{{name}}"


@hostile("TOO_COSTLY")
def a_fragment_that_doubles_forty_times() -> str:
    twice = 'a:at(date:"2019-01-01"){...F%d} b:at(date:"2019-01-02"){...F%d}'
    fragments = many(40, lambda i: f"fragment F{i} on Person{{{twice % (i + 1, i + 1)}}}")
    return f'{{person(key:"x"){{...F0}}}} {fragments} fragment F40 on Person{{name}}'


@hostile("TOO_COSTLY")
def fragments_merged_in_every_way() -> str:
    def level(i: int) -> str:
        a, b = f"...A{i + 1}", f"...B{i + 1}"
        return (
            f"fragment A{i} on Person{{a:ever{{{a}}} b:ever{{{a} {b}}}}} "
            f"fragment B{i} on Person{{a:ever{{{b}}} a:ever{{{a}}} b:ever{{{b}}}}}"
        )

    return f'{{person(key:"x"){{...A0 ...B0}}}} {many(25, level)} fragment A25 on Person{{name}} fragment B25 on Person{{key}}'


@hostile("TOO_COSTLY")
def every_day_of_a_year_for_everyone() -> str:
    return '{each(from:"2019-01-01" until:"2020-01-01" step:"P1D"){persons{nodes{name workplaces{nodes{name}}}}}}'


@hostile("TOO_COSTLY")
def counts_of_counts_for_every_row() -> str:
    counted = many(60, lambda i: f"a{i}:workers{{totalCount nodeCount}}")
    return f"{{persons{{nodes{{workplaces{{nodes{{{counted}}}}}}}}}}}"


@hostile("TOO_COSTLY")
def a_where_that_walks_the_whole_graph() -> str:
    where = nested(9, lambda _: "{workplaces:{every:{workers:{some:%s}}}}", '{name:{contains:"王"}}')
    return f"{{persons(where:{where}){{nodes{{name}}}}}}"


@hostile("TOO_COSTLY")
def all_records_of_everything_with_their_ends() -> str:
    return "{entities{nodes{records{edges{certainty node{ends{entity{name records{totalCount}}}}}}}}}"


# ---------------------------------------------------------------- by its size


@hostile("TOO_COMPLEX")
def counts_nested_with_both_bounds() -> str:
    where = nested(10, lambda i: f"{{{PEOPLE[i % 2]}:{{count:{{eq:1 where:%s}}}}}}", '{name:{eq:"王"}}')
    return f'{{unit(key:"u"){{deputyHeads(first:1 where:{{deputyHeadPosts:{{some:{where}}}}}){{nodes{{name}}}}}}}}'


@hostile("TOO_COMPLEX")
def the_name_of_everything_two_thousand_ways() -> str:
    return '{entity(key:"x"){' + many(600, lambda i: f"a{i}:name") + "}}"


@hostile("TOO_COMPLEX")
def abstract_kinds_in_abstract_kinds() -> str:
    inner = nested(5, lambda i: f"{AREAS[i % 2]}(first:1){{edges{{certainty node{{name %s}}}}}}", "key")
    return f'{{community(key:"c"){{{inner}}}}}'


@hostile("TOO_COMPLEX")
def one_alias_of_sixty_thousand_letters() -> str:
    return '{entity(key:"x"){' + "a" * 60_000 + ":name}}"


@hostile("TOO_COMPLEX")
def a_big_variable_used_six_hundred_times() -> tuple[str, dict[str, Any]]:
    document = "query($w: PersonWhere) { persons(first: 1 where: {and: [" + "$w " * 600 + "]}) { nodes { name } } }"
    return document, {"w": {"or": [{"name": {"eq": "王"}}] * 300}}


@hostile("TOO_COMPLEX")
def the_model_told_two_hundred_times() -> str:
    return "{model{" + many(200, lambda i: f"a{i}:kinds{{label code iri}}") + "}}"


@hostile("TOO_COMPLEX")
def ids_of_every_form() -> str:
    forms = [
        f"x{day}{load}{sure}"
        for day in ("", "@2020-01-01", "@1.2.3.4")
        for load in ("", "~1")
        for sure in ("", "!C", "!P")
    ]
    return (
        "{nodes(ids:["
        + " ".join(f'"{one}"' for one in forms)
        + "]){id ... on Entity{name records(first:1){nodes{id}}}}}"
    )


@hostile("TOO_COMPLEX")
def a_filter_on_all_kinds_six_times_over() -> str:
    where = "{or:[" + '{name:{eq:"王"}}' * 200 + "]}"
    return f"{{entities(first:1 where:{where}){{edges{{certainty}} totalCount nodeCount}}}}"


# ---------------------------------------------------------------- by what validation would do


@hostile("TOO_MANY_OVERLAPS")
def one_field_two_thousand_times() -> str:
    return "{persons(first:1){nodes{" + "name " * 1_950 + "}}}"


@hostile("TOO_MANY_OVERLAPS")
def one_list_two_hundred_times() -> str:
    return "{" + "units(first:1){nodes{name}} " * 160 + "}"


@hostile("TOO_MANY_OVERLAPS")
def fragments_that_spread_all_others() -> str:
    fragments = many(
        28, lambda i: f"fragment F{i} on Query{{{many(27 - i, lambda j: f'...F{i + 1 + j}')} a:__typename}}"
    )
    return f"{{...F0}} {fragments}"


@hostile("TOO_MANY_OVERLAPS")
def a_circle_of_fragments() -> str:
    return "{...F0} " + many(150, lambda i: f"fragment F{i} on Query{{...F{(i + 1) % 150} a:__typename}}")


@hostile("INVALID_DOCUMENT")
def two_thousand_unknown_fields() -> str:
    return "{" + many(1_900, lambda i: f"unknownFieldOfSomeLength{i}") + "}"


@hostile("INVALID_DOCUMENT")
def two_hundred_unknown_types() -> str:
    return many(200, lambda i: f"fragment F{i} on DeputyHeadRecordsConnectio{i}{{a}}") + "{__typename}"


@hostile("INVALID_DOCUMENT")
def an_object_of_six_hundred_unknown_keys() -> str:
    return "{persons(where:{" + many(600, lambda i: f"deputyHeadOfUnits{i}:1") + "}){nodes{name}}}"


@hostile("INVALID_DOCUMENT")
def a_number_of_sixty_thousand_digits() -> str:
    return "{persons(first:" + "9" * 60_000 + "){nodes{name}}}"


@hostile("INVALID_DOCUMENT")
def introspection_in_circles() -> str:
    return "{__schema{types{fields{type{fields{type{fields{type{fields{type{name}}}}}}}}}}}"


@hostile("NO_OPERATION")
def four_hundred_operations() -> str:
    return many(390, lambda i: f"query A{i}{{__typename}}")


# ---------------------------------------------------------------- while it runs


@hostile("TOO_MANY")
def all_records_in_one_list() -> str:
    return "{records{nodes{key}}}"


@hostile("TOO_MANY")
def a_hundred_thousand_rows_in_small_lists() -> str:
    colleagues = "persons(first:300 where:{workplaces:{some:{}}}){nodes{workplaces{nodes{workers{nodes{key}}}}}}"
    return "{" + many(5, lambda i: f"a{i}:{colleagues}") + "}"


@hostile("TOO_LARGE")
def fifty_megabytes_of_names() -> str:
    return "{persons{nodes{" + many(320, lambda i: f"a{i}:name") + "}}}"


@hostile("TIMEOUT")
def everyone_ordered_by_counts() -> str:
    orders = "{workplaces:{count:DESC}}{deputyHeadPosts:{count:ASC}}{covers:{nodeCount:ASC}}" * 30
    return "{" + many(2, lambda i: f"a{i}:persons(first:1 orderBy:[{orders}]){{nodes{{name}}}}") + "}"


@hostile("TOO_MANY_IDS")
def nodes_of_two_thousand_ids() -> str:
    return "{nodes(ids:[" + '"person-1"' * 1_900 + "]){id}}"


@hostile("TOO_MANY_DAYS")
def every_day_of_ten_years() -> str:
    return '{each(from:"2010-01-01" until:"2020-01-01" step:"P1D"){scope{date}}}'
