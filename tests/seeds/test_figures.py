"""The seed graph counts to the published figures, at both certainties, on the day of its register."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orggraph.graphql.engine import Engine

SEEDS = Path(__file__).parents[2] / "seeds" / "changji"
JOINT = "organization: {form: {in: [communityJointCommittee, streetJointCommittee]}}"
FIGURES = {
    "streets { totalCount(certainty: $c) }": 6,
    "innerOffices(where: {officeForm: {eq: office}}) { totalCount(certainty: $c) }": 12,
    "innerOffices(where: {officeForm: {eq: centre}}) { totalCount(certainty: $c) }": 24,
    "givenToRecords { totalCount(certainty: $c) }": 30,
    "meetings(where: {chair: {isNull: false}}) { totalCount(certainty: $c) }": 6,
    "communities { totalCount(certainty: $c) }": 72,
    "firstSecretaryRecords(where: {organization: {form: {eq: communityJointCommittee}}}) { totalCount(certainty: $c) }": 70,
    "firstSecretaryRecords(where: {organization: {form: {eq: streetJointCommittee}}}) { totalCount(certainty: $c) }": 6,
    "persons(where: {covers: {some: {}}, deputyHeadPosts: {some: {}}}) { totalCount(certainty: $c) }": 70,
    "communities(where: {coveredBy: {none: {}}}) { totalCount(certainty: $c) }": 2,
    "communities(where: {coveredBy: {count: {eq: 1}}}) { totalCount(certainty: $c) }": 70,
    f"partTimeMemberRecords(where: {{{JOINT}}}) {{ totalCount(certainty: $c) }}": 445,
    "communityWorkerRecords { totalCount(certainty: $c) }": 1905,
    "communities(where: {grids: {count: {eq: 5}}, street: {city: {name: {eq: \"昌吉市\"}}}}) { totalCount(certainty: $c) }": 72,
    "secretaryRecords(where: {recruitment: {eq: outsideEstablishment}}) { totalCount(certainty: $c) }": 9,
    "secretaryRecords(where: {civilServant: {eq: true}}) { totalCount(certainty: $c) }": 15,
    "secretaryRecords(where: {rank: {eq: deputySection}}) { totalCount(certainty: $c) }": 38,
    "workOrders(where: {status: {eq: solved}}) { totalCount(certainty: $c) }": 1336,
    "servicePosts { totalCount(certainty: $c) }": 11,
    "stationedCadreRecords { totalCount(certainty: $c) }": 92,
    "enterprises(where: {stationedCadres: {some: {}}}) { totalCount(certainty: $c) }": 70,
    "facilities(where: {facilityForm: {eq: communityCentre}, upgraded: {isNull: false}}) { totalCount(certainty: $c) }": 21,
    "facilities(where: {facilityForm: {eq: newSectorCentre}, upgraded: {isNull: false}}) { totalCount(certainty: $c) }": 9,
    "mechanisms(where: {memberUnits: {count: {eq: 3}}}) { totalCount(certainty: $c) }": 72,
    "compounds(where: {propertyFirms: {none: {}}}) { totalCount(certainty: $c) }": 0,
}  # fmt: skip
MORE_THAN = {
    "teamMemberRecords { totalCount(certainty: $c) }": 2400,
    "sentDownRecords { totalCount(certainty: $c) }": 1100,
}


def counted(engine: Engine, field: str, certainty: str) -> int:
    document = f'query($c: Certainty!) {{ at(date: "2020-03-31", certainty: $c) {{ {field} }} }}'
    answer = json.loads(engine.execute(document, {"c": certainty}))["data"]["at"]
    return int(next(iter(answer.values()))["totalCount"])


@pytest.mark.parametrize("certainty", ["CERTAIN", "POSSIBLE"])
def test_the_graph_counts_to_the_published_figures(engine_of: Callable[[str], Engine], certainty: str) -> None:
    engine = engine_of("changji")
    found = {field: counted(engine, field, certainty) for field in FIGURES}
    assert found == FIGURES
    for field, over in MORE_THAN.items():
        assert counted(engine, field, certainty) > over


def rows(name: str) -> Iterator[dict[str, str]]:
    for path in (SEEDS / "1" / f"{name}.csv", SEEDS / "1" / f"{name}.article.csv"):
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def test_sums_and_shares_come_out_of_the_files() -> None:
    facilities = list(rows("Facility"))
    communities = [one for one in facilities if one["facilityForm"] == "communityCentre"]
    assert sum(int(one["upgradeCost"] or 0) for one in facilities) == 16_000_000
    assert sum(int(one["floorArea"]) >= 1000 for one in communities) > 0.7 * len(communities)
    assert sum(int(one["households"]) for one in rows("Community")) == 190_500
    assert {one["amount"] for one in rows("Funding")} == {"46000000"}
    taken_out = [one for one in rows("PartTimeMember") if one["reason"] == "inactive"]
    assert len(taken_out) == 44
    assert all(one["until"] for one in taken_out)
    workers = [one for one in rows("CommunityWorker") if not one["until"]]
    assert ({one["post"] for one in workers}, {one["grade"] for one in workers}) == (
        {"head", "deputy", "clerk"},
        set("12345"),
    )


def test_everything_synthetic_says_so() -> None:
    for path in sorted((SEEDS / "1").glob("*.csv")):
        if path.name.endswith(".article.csv"):
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for one in csv.DictReader(file):
                assert one["synthetic"] == "true"
                assert one.get("name", "（示例）").endswith("（示例）"), one


def test_published_figures_are_cited_with_their_line() -> None:
    figures = list(rows("Observation"))
    assert len(figures) >= 25
    assert all(one["source"] == "article" and 1 <= int(one["para"]) <= 27 for one in figures)
    assert [one["key"] for one in figures if one["counted"] == "false"] == ["figure-volunteers"]
