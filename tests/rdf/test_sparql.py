"""The same questions in GraphQL and in SPARQL have the same rows, at both certainties, by two engines that are not ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
import rdflib

from orggraph.graphql.engine import Engine
from tests.rdf.sparql import hop, is_so, named, question, there
from tests.rdf.test_canonical import exported

Rows = list[tuple[str, ...]]
JOINT = "<https://orggraph.example/changji/term/PartyOrganizationForm/communityJointCommittee>"


class Case(NamedTuple):
    """``document``: has the variables $d and $c. ``rows``: of its answer. ``where``: for a certainty."""

    model: str
    document: str
    rows: Callable[[Any], Iterable[tuple[str, ...]]]
    select: str
    where: Callable[[bool], str]


def nodes(answer: Any, *path: str) -> list[Any]:
    """What a path of connections leads to: each thing with those before it."""
    found: list[list[Any]] = [[]]
    for field in path:
        found = [[*one, node] for one in found for node in (one[-1] if one else answer)[field]["nodes"]]
    return found


MEMBER, BODY = "org:member", "org:organization"
HOLDER, CHAIR = ("<BASErelation/Holds/scholar>", "?p"), ("<BASErelation/Holds/chair>", "?x")


def flagship(c: bool) -> str:
    """A unit's deputy is first secretary of the joint committee that serves the community."""
    return "\n".join([
        hop("?r1", "DeputyHead", (MEMBER, "?p"), (BODY, "?u"), c),
        hop("?r2", "FirstSecretary", (MEMBER, "?p"), (BODY, "?o"), c),
        is_so("?o", "org:classification", JOINT, c),
        hop("?r3", "Serves", ("<BASErelation/Serves/organization>", "?o"), ("<BASErelation/Serves/area>", "?x"), c),
        "?x a kind:Community .", named("?u", "?unit"), named("?p", "?deputy"), named("?x", "?community"),
    ])  # fmt: skip


CASES = {
    "unit deputies cover communities": Case(
        "changji",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { units { nodes { name deputyHeads { nodes { name
        covers { nodes { name } } } } } } } }""",
        lambda at: [(u["name"], p["name"], x["name"]) for u, p, x in nodes(at, "units", "deputyHeads", "covers")],
        "?unit ?deputy ?community",
        flagship,
    ),
    "chairs that nobody holds": Case(
        "university",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { chairs(where: {holders: {none: {}}}) { nodes { name } } } }""",
        lambda at: [(one["name"],) for (one,) in nodes(at, "chairs")],
        "?chair",
        lambda c: "\n".join(
            [
                f"?x a kind:Chair . {there('?x', c)}",
                f"FILTER NOT EXISTS {{ {hop('?r', 'Holds', HOLDER, CHAIR, not c)} }}",
                named("?x", "?chair"),
            ]
        ),
    ),
    "property firms and their compounds": Case(
        "changji",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { propertyFirms { nodes { name managedCompounds { nodes {
        name } } } } } }""",
        lambda at: [(f["name"], x["name"]) for f, x in nodes(at, "propertyFirms", "managedCompounds")],
        "?firm ?compound",
        lambda c: "\n".join(
            [
                hop(
                    "?r", "Manages", ("<BASErelation/Manages/firm>", "?f"), ("<BASErelation/Manages/compound>", "?x"), c
                ),
                named("?f", "?firm"),
                named("?x", "?compound"),
            ]
        ),
    ),
    "who holds a chair": Case(
        "university",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { chairs { nodes { name holders { nodes { name } } } } } }""",
        lambda at: [(one["name"], who["name"]) for one, who in nodes(at, "chairs", "holders")],
        "?chair ?holder",
        lambda c: "\n".join(
            [
                hop("?r", "Holds", HOLDER, CHAIR, c),
                named("?x", "?chair"),
                named("?p", "?holder"),
            ]
        ),
    ),
    "who sits on which committee, sent by whom": Case(
        "university",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { sitsRecords { nodes { key member { name } committee { name } }
        } } }""",
        lambda at: [(r["key"], r["member"]["name"], r["committee"]["name"]) for (r,) in nodes(at, "sitsRecords")],
        "(STRAFTER(STR(?r), STR(:)) AS ?key) ?member ?committee",
        lambda c: "\n".join(
            [
                hop("?r", "Sits", ("<BASErelation/Sits/member>", "?p"), ("<BASErelation/Sits/committee>", "?x"), c),
                named("?x", "?committee"),
                named("?p", "?member"),
            ]
        ),
    ),
    "units below units": Case(
        "university",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { bodies { nodes { name units { nodes { name } } } } } }""",
        lambda at: [(one["name"], below["name"]) for one, below in nodes(at, "bodies", "units")],
        "?upper ?lower",
        lambda c: "\n".join(
            [
                hop("?r", "UnitOf", ("<BASErelation/UnitOf/unit>", "?l"), ("<BASErelation/UnitOf/parent>", "?u"), c),
                named("?u", "?upper"),
                named("?l", "?lower"),
            ]
        ),
    ),
    "where they teach": Case(
        "university",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { teachesRecords { nodes { scholar { name } course { name }
        room { name } } } } }""",
        lambda at: [
            (r["scholar"]["name"], r["course"]["name"], r["room"]["name"])
            for (r,) in nodes(at, "teachesRecords")
            if r["room"]
        ],
        "?teacher ?course ?room",
        lambda c: "\n".join(
            [
                hop(
                    "?r",
                    "Teaches",
                    ("<BASErelation/Teaches/scholar>", "?p"),
                    ("<BASErelation/Teaches/course>", "?x"),
                    c,
                ),
                "?r <BASErelation/Teaches/room> ?y .",
                there("?y", c),
                named("?p", "?teacher"),
                named("?x", "?course"),
                named("?y", "?room"),
            ]
        ),
    ),
    "what is cited, and where in it": Case(
        "university",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { holdsRecords { nodes { key citations { para
        source { key } } } } } }""",
        lambda at: [
            (r["key"], one["source"]["key"], one["para"] or "")
            for (r,) in nodes(at, "holdsRecords")
            for one in r["citations"]
        ],
        "(STRAFTER(STR(?r), STR(:)) AS ?key) (STRAFTER(STR(?s), STR(:)) AS ?source) ?para",
        lambda c: "\n".join(
            [
                hop("?r", "Holds", HOLDER, CHAIR, c),
                "?r prov:qualifiedPrimarySource ?q . ?q prov:entity ?s .",
                'OPTIONAL { ?q o:para ?line } BIND(COALESCE(?line, "") AS ?para)',
            ]
        ),
    ),
    "ranks of those who hold chairs": Case(
        "university",
        """query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { holdsRecords { nodes { key rank { code
        label(lang: ZH) } } } } }""",
        lambda at: [(r["key"], r["rank"]["code"], r["rank"]["label"]) for (r,) in nodes(at, "holdsRecords")],
        "(STRAFTER(STR(?r), STR(:)) AS ?key) ?code ?label",
        lambda c: "\n".join(
            [
                hop("?r", "Holds", HOLDER, CHAIR, c),
                '?r field:rank ?t . ?t skos:notation ?code ; skos:prefLabel ?label . FILTER(LANG(?label) = "zh")',
            ]
        ),
    ),
    "scholars who are there": Case(
        "university",
        "query($d: Date, $c: Certainty) { at(date: $d, certainty: $c) { scholars { nodes { name } } } }",
        lambda at: [(one["name"],) for (one,) in nodes(at, "scholars")],
        "?scholar",
        lambda c: f"?p a kind:Scholar . {there('?p', c)} {named('?p', '?scholar')}",
    ),
}
DAYS = {"changji": ["2020-03-31", "2016-08-01"], "university": ["2019-06-15", "2018-03-01", "2021-01-01"]}


@pytest.mark.parametrize("name", CASES)
def test_sparql_gives_the_rows_of_graphql(
    name: str, engine_of: Callable[[str], Engine], store_of: Callable[[str], Path]
) -> None:
    case = CASES[name]
    engine = engine_of(case.model)
    text = exported(store_of(case.model))
    asking = [by_oxigraph(text), *([by_rdflib(text)] if case.model == "university" else [])]
    rows = 0
    for day in DAYS[case.model]:
        for certain in (False, True):
            variables = {"d": day, "c": "CERTAIN" if certain else "POSSIBLE"}
            wanted = sorted(case.rows(asked(engine, case.document, variables)))
            rows += len(wanted)
            base = engine.store.model.iri
            sparql = question(base, case.select, case.where(certain).replace("BASE", base), day)
            for ask in asking:
                assert sorted(ask(sparql)) == wanted, (day, certain)
    assert rows


def asked(engine: Engine, document: str, variables: dict[str, Any]) -> Any:
    return json.loads(engine.execute(document, variables))["data"]["at"]


def by_oxigraph(text: bytes) -> Callable[[str], Rows]:
    store = ox.Store()
    store.bulk_load(text, format=ox.RdfFormat.N_QUADS)

    def ask(sparql: str) -> Rows:
        found = store.query(sparql)
        assert isinstance(found, ox.QuerySolutions)
        return [tuple(str(one.value) for one in row if isinstance(one, ox.Literal)) for row in found]

    return ask


def by_rdflib(text: bytes) -> Callable[[str], Rows]:
    graph = rdflib.Graph().parse(data=text, format="nt")
    return lambda sparql: [tuple(map(str, row)) for row in graph.query(sparql)]  # type: ignore[arg-type]  # rows of a SELECT
