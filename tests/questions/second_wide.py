"""The questions whose rows gather more: careers, grids, streets, curves, sources. As in ``second.py``, from the files alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import yaml

from tests.conftest import ROOT
from tests.questions.register import (
    CERTAIN,
    NEVER,
    POSSIBLE,
    SEEDS,
    Record,
    World,
    both,
    day,
    first_and_last,
    nobody,
    read,
)
from tests.questions.second import Rows, cell, covered, listed, names, question, street_of

PERSON = "朱旻昊（示例）"
UNIT = "广电服务局（示例）"


@cache
def labels() -> dict[str, str]:
    """Chinese labels of kinds and relations, as the model's files have them."""
    found: dict[str, str] = {}
    for path in (ROOT / "schema").rglob("*.yaml"):
        if "derived" not in path.parts:
            read = yaml.safe_load(path.read_text("utf-8"))
            for section in ("kinds", "relations"):
                found |= {name: entry["label"]["zh"] for name, entry in (read.get(section) or {}).items()}
    return found | {"Source": "来源"}


def held_by(w: World, person: str) -> Iterator[tuple[str, Record]]:
    for relation, records in w.records.items():
        for record in records:
            if person in (record.subject, record.object):
                yield relation, record


def ends(w: World, record: Record) -> list[str]:
    """The keys of all ends."""
    further = [value for value in record.fields.values() if value in w.kinds]
    return [record.subject, record.object, *further]


@question("career", "person key relation where")
def career(w: World, _: int, __: str) -> Rows:
    """Whatever the day: each end has the name that it had last while the record may have held."""
    for key, kind in w.kinds.items():
        if kind == "Person" and PERSON in w.name(key, NEVER):
            for relation, record in held_by(w, key):
                last = record.span[3] - 1
                yield (w.name(key, NEVER), key, labels()[relation], names(w, ends(w, record), last)), CERTAIN


def of_unit(w: World, on: int) -> dict[str, str]:
    """People of the unit, and how certainly they are."""
    by = {"Liaison": "", "EnforcementOfficer": "", "Head": "", "DeputyHead": "", "PartTimeMember": "sentBy", "SentDown": "sentBy",
          "GridBranchMember": "employer", "StationedCadre": "sentBy"}  # fmt: skip
    found: dict[str, str] = {}
    for relation, end in by.items():
        for record, held in w.of(relation, on):
            unit = record.fields[end] if end else record.object
            if w.kinds[unit] == "Unit":
                sure = both(held, w.surely(unit, on, "name", {UNIT}))
                if sure:
                    found[record.subject] = CERTAIN if CERTAIN in (sure, found.get(record.subject)) else POSSIBLE
    return found


@question("people-of-a-unit", "person relation where")
def people(w: World, on: int, c: str) -> Rows:
    for person, here in of_unit(w, on).items():
        held = [(relation, r, sure) for relation, r in held_by(w, person) if (sure := w.holds(r, on)) in (CERTAIN, c)]
        for relation, record, sure in held:
            there = [key for key in ends(w, record) if w.there(key, on) in (CERTAIN, c)]
            yield (w.name(person, on), labels()[relation], names(w, there, on)), both(here, sure)


@question("members-and-service-posts-by-grid", "community grid branch members most post holder")
def grids(w: World, on: int, c: str) -> Rows:
    for grid, there in w.of_kind("Grid", on):
        community = [r.object for r, _ in listed(w.of("PartOf", on, subject=grid), c)]
        serving = listed(w.of("Serves", on, object=grid), c)
        branches = [r.subject for r, _ in serving if w.surely(r.subject, on, "form", {"gridBranch"})]
        members = [[sure for _, sure in w.of("GridBranchMember", on, object=branch)] for branch in branches]
        posts = [(r, sure) for r, sure in _at_grid(w, on, grid) if sure in (CERTAIN, c)]
        row = (
            w.name(community[0], on) if community else None,
            w.name(grid, on),
            names(w, branches, on),
            cell(one.count(CERTAIN) for one in members),
            cell(map(len, members)),
            names(w, [r.object for r, _ in posts], on),
            names(w, [r.subject for r, _ in posts], on),
        )
        if there in (CERTAIN, c):
            yield row, there


def _at_grid(w: World, on: int, grid: str) -> list[tuple[Record, str]]:
    return [(r, sure) for r, sure in w.of("ServicePostHolder", on) if r.fields["grid"] == grid]


@question("streets-at-a-glance", "street leader offices centres communities mandate")
def streets(w: World, on: int, c: str) -> Rows:
    for street, there in w.of_kind("Street", on):
        serving = listed(w.of("Serves", on, object=street), c)
        forms = [w.shown(r.subject, on)["officeForm"] for r, _ in serving if w.kinds[r.subject] == "InnerOffice"]
        parts = listed(w.of("PartOf", on, object=street), c)
        row = (
            w.name(street, on),
            names(w, [r.subject for r, _ in listed(w.of("StreetLeader", on, object=street), c)], on),
            forms.count("office"),
            forms.count("centre"),
            len(parts),
            names(w, [r.subject for r, _ in listed(w.of("GivenTo", on, object=street), c)], on),
        )
        yield row, there


@question("cadres-in-epidemic-duty", "street community down most team members")
def duty(w: World, on: int, c: str) -> Rows:
    for community, there in w.of_kind("Community", on):
        down = [sure for _, sure in w.of("SentDown", on, object=community)]
        serving = listed(w.of("Serves", on, object=community), c)
        teams = [r.subject for r, _ in serving if w.kinds[r.subject] == "Team"]
        members = [[sure for _, sure in w.of("TeamMember", on, object=team)].count(CERTAIN) for team in teams]
        place = (street_of(w, community, on, c), w.name(community, on))
        yield (*place, down.count(CERTAIN), len(down), names(w, teams, on), cell(members)), there


@question("first-secretaries-over-time", "day surely possibly without")
def over_time(w: World, _: int, __: str) -> Rows:
    for year in range(2015, 2021):
        for month in (1, 4, 7, 10)[: 1 if year == 2020 else 4]:
            text = f"{year}-{month:02}-01"
            on = day(text)
            held = [
                (r, both(sure, w.surely(r.object, on, "form", {"communityJointCommittee"})))
                for r, sure in w.of("FirstSecretary", on)
            ]
            surely, possibly = (
                {r.key for r, sure in held if sure in which} for which in ((CERTAIN,), (CERTAIN, POSSIBLE))
            )
            by = covered(w, on)
            none = [both(there, nobody(by[key])) for key, there in w.of_kind("Community", on)].count(CERTAIN)
            yield (text, len(surely), len(possibly), none), CERTAIN


@question("what-a-source-says", "kind key name para")
def said(w: World, _: int, __: str) -> Rows:
    for key, kind in w.kinds.items():
        if w.cited[key] == "article":
            line = w.states[key][-1].fields.get("para", "")
            yield (labels()[kind], key, w.name(key, NEVER), cell([line] if line else [])), CERTAIN
    for relation, records in w.records.items():
        for record in records:
            if record.source == "article":
                last = min(record.span[3] - 1, first_and_last("9999")[0])
                yield (labels()[relation], record.key, names(w, ends(w, record), last), cell([record.para])), CERTAIN


@question("who-changed", "turn who")
def changed(w: World, on: int, _: str) -> Rows:
    """First secretaries who take or leave in the year before a day."""
    first = on - 365
    for record in w.records["FirstSecretary"]:
        f0, f1, u0, u1 = record.span
        within = (max(first, f0), max(first, f1), min(on, u0), min(on, u1))
        holds = both(
            *(met(span, (first, first, on, on)) for span in [record.span]),
            *(ever(w, key, within) for key in ends(w, record)),
        )
        who = names(w, ends(w, record), within[3] - 1)
        for turn, earliest, latest in (("TAKES", f0, f1), ("LEAVES", u0 - 1, u1 - 1)):
            sure = (
                CERTAIN
                if first <= earliest and latest < on
                else POSSIBLE
                if earliest < on and latest >= first
                else None
            )
            yield (turn, who), both(holds, sure)


def met(span: tuple[int, int, int, int], range_: tuple[int, int, int, int]) -> str | None:
    """Whether a span and a range have a day in common."""
    f0, f1, u0, u1 = span
    a0, a1, b0, b1 = range_
    return CERTAIN if f1 < b0 and u0 > a1 else POSSIBLE if f0 < b1 and u1 > a0 else None


def ever(w: World, key: str, range_: tuple[int, int, int, int]) -> str | None:
    """Whether a thing is there on some day of a range."""
    if any(met(life, range_) == CERTAIN for life in w.lives[key]):
        return CERTAIN
    return POSSIBLE if any(met(state.span, range_) for state in w.states[key]) else None


@question("community-workers", "street community households workers most heads deputies clerks grade1 grade5")
def workers(w: World, on: int, c: str) -> Rows:
    for community, there in w.of_kind("Community", on):
        held = w.of("CommunityWorker", on, object=community)
        sure = [record.fields for record, sure in held if sure == CERTAIN]
        posts = [[one["post"] for one in sure].count(post) for post in ("head", "deputy", "clerk")]
        grades = [[one["grade"] for one in sure].count(grade) for grade in ("1", "5")]
        place = (street_of(w, community, on, c), w.name(community, on), int(w.shown(community, on)["households"]))
        yield (*place, len(sure), len(held), *posts, *grades), there


@question("service-centres", "centre form floorArea upgraded cost area user")
def centres(w: World, on: int, c: str) -> Rows:
    forms = {"communityCentre": "社区党群服务中心", "newSectorCentre": "新兴领域党群服务中心"}
    for centre, there in w.of_kind("Facility", on):
        f = w.shown(centre, on)
        places = [r.object for r, _ in listed(w.of("FacilityIn", on, subject=centre), c)]
        used = [r.object for r, _ in listed(w.of("UsedBy", on, subject=centre), c)]
        cost = int(f["upgradeCost"]) if f["upgradeCost"] else None
        row = (f["name"], forms[f["facilityForm"]], int(f["floorArea"]), f["upgraded"] or None, cost)
        yield (*row, names(w, places, on), names(w, used, on)), there


@question("what-changed", "what key")
def corrections(_: World, __: int, ___: str) -> Rows:
    """The files of the second load, as far as they say something else than those of the first."""
    for path in sorted((SEEDS / "2").glob("*.csv")):
        before = {row["key"]: row for row in read(SEEDS / "1" / path.name)}
        for row in read(path):
            if row.get("withdrawn"):
                yield ("WITHDRAWN", row["key"]), CERTAIN
            elif before[row["key"]] | row != before[row["key"]]:
                yield ("CORRECTED", row["key"]), CERTAIN


@question("published-figures", "figure value unit line countedBy")
def figures(_: World, __: int, ___: str) -> Rows:
    for row in read(SEEDS / "1" / "Observation.article.csv"):
        value, line = int(row["value"]), cell([row["para"]])
        yield (row["name"], value, row["unitOfMeasure"], line, row["countedBy"] or None), CERTAIN
