"""Every question answered a second time, from the files: what its rows should be on a day, each with how certain it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from tests.questions.register import CERTAIN, POSSIBLE, Record, World, both, day, nobody

JOINT = {"communityJointCommittee", "streetJointCommittee"}


def cell(values: Iterable[Any]) -> tuple[Any, ...]:
    """Several values beside a row, in whatever order."""
    return tuple(sorted(values, key=str))


Row = tuple[Any, ...]
Rows = Iterable[tuple[Row, str | None]]
"""Rows, each with its certainty; with none it is not listed."""
Make = Callable[[World, int, str], Rows]
"""Of the files, a day, and the certainty that is asked for: what is beside a row is listed by it too."""
COUNTED: dict[str, tuple[str, Make]] = {}
"""By question: the columns that are compared, and what makes the rows."""


def question(name: str, columns: str) -> Callable[[Make], Make]:
    def put(make: Make) -> Make:
        COUNTED[name] = columns, make
        return make

    return put


def street_of(w: World, community: str, on: int, c: str) -> str | None:
    """The street of a community, as a to-one field prints it where that certainty is asked for."""
    found = [record for record, sure in w.of("PartOf", on, subject=community) if sure in (CERTAIN, c)]
    return w.name(found[0].object, on) if found else None


def areas(w: World, organization: str, on: int, kind: str) -> list[tuple[str, str]]:
    return [(r.object, sure) for r, sure in w.of("Serves", on, subject=organization) if w.kinds[r.object] == kind]


def covering(w: World, person: str, on: int) -> list[tuple[str, str | None]]:
    """The communities that a person covers: as first secretary of a community's joint committee, which serves them."""
    return [
        (community, both(held, w.surely(post.object, on, "form", {"communityJointCommittee"}), serves))
        for post, held in w.of("FirstSecretary", on, subject=person)
        for community, serves in areas(w, post.object, on, "Community")
    ]


def covered(w: World, on: int) -> dict[str, list[str | None]]:
    found = defaultdict(list)
    for person in {post.subject for post, _ in w.of("FirstSecretary", on)}:
        for community, sure in covering(w, person, on):
            found[community].append(sure)
    return found


@question("unit-deputies-cover-communities", "unit deputy community street")
def deputies(w: World, on: int, c: str) -> Rows:
    for post, held in w.of("DeputyHead", on):
        for community, sure in covering(w, post.subject, on):
            row = (
                w.name(post.object, on),
                w.name(post.subject, on),
                w.name(community, on),
                street_of(w, community, on, c),
            )
            yield row, both(held, sure)


@question("communities-without-first-secretary", "community street")
def without_first_secretary(w: World, on: int, c: str) -> Rows:
    by = covered(w, on)
    for community, there in w.of_kind("Community", on):
        yield (w.name(community, on), street_of(w, community, on, c)), both(there, nobody(by[community]))


@question("part-time-members", "committee member unit")
def part_time(w: World, on: int, _: str) -> Rows:
    for post, held in w.of("PartTimeMember", on):
        row = (w.name(post.object, on), w.name(post.subject, on), w.name(post.fields["sentBy"], on))
        yield row, both(held, w.surely(post.object, on, "form", JOINT))


@question("part-time-members-taken-out", "member unit")
def taken_out(w: World, on: int, _: str) -> Rows:
    for post in w.records["PartTimeMember"]:
        u0, u1 = post.span[2:]
        if post.fields["reason"] == "inactive":
            sure = CERTAIN if u1 <= on else POSSIBLE if u0 <= on else None
            last = 10**8
            yield (w.name(post.subject, last), w.shown(post.fields["sentBy"], last)["name"]), sure


@question("cadres-at-enterprises", "enterprise cadre unit rank")
def stationed(w: World, on: int, _: str) -> Rows:
    ranks = {"deputySection": "副科级", "section": "正科级"}
    for post, held in w.of("StationedCadre", on):
        unit, rank = post.fields["sentBy"], ranks[post.fields["rank"]]
        yield (w.name(post.object, on), w.name(post.subject, on), w.name(unit, on), rank), held


@question("property-firms-in-joint-committees", "committee firm")
def firms(w: World, on: int, _: str) -> Rows:
    for record, held in w.of("MemberUnit", on):
        if w.kinds[record.subject] == "PropertyFirm" and w.kinds[record.object] == "PartyOrganization":
            row = (w.name(record.object, on), w.name(record.subject, on))
            yield row, both(held, w.surely(record.object, on, "form", JOINT))


@question("compounds-without-property-firm", "compound")
def unmanaged(w: World, on: int, _: str) -> Rows:
    for compound, there in w.of_kind("Compound", on):
        managed = [sure for _, sure in w.of("Manages", on, object=compound)]
        yield (w.name(compound, on),), both(there, nobody(list(managed)))


@question("secretaries-promoted", "secretary organization civilServant")
def promoted(w: World, on: int, _: str) -> Rows:
    for post, held in w.of("Secretary", on):
        f = post.fields
        if f["recruitment"] == "outsideEstablishment" or f["civilServant"] == "true" or f["rank"] == "deputySection":
            yield (w.name(post.subject, on), w.name(post.object, on), f["civilServant"] == "true"), held


@question("department-staff-by-street", "street department person")
def staff(w: World, on: int, _: str) -> Rows:
    for relation in ("Liaison", "EnforcementOfficer"):
        for post, held in w.of(relation, on):
            street = post.fields["street"]
            row = (w.name(street, on), w.name(post.object, on), w.name(post.subject, on))
            yield row, both(held, w.there(street, on))


@question("four-level-tree", "street community grid atGrid compound")
def tree(w: World, on: int, c: str) -> Rows:
    """A community of which no grid is listed has a row of its own."""
    street = w.name("street-1", on)
    for record, held in listed(w.of("PartOf", on, object="street-1"), c):
        community = w.name(record.subject, on)
        grids = listed(w.of("PartOf", on, object=record.subject), c)
        if not grids:
            yield (street, community, None, None, None), held
        for below, sure in grids:
            at = names(w, [r.subject for r, _ in listed(w.of("Serves", on, object=below.subject), c)], on)
            within = names(w, [r.subject for r, _ in listed(w.of("PartOf", on, object=below.subject), c)], on)
            yield (street, community, w.name(below.subject, on), at, within), both(held, sure)


def listed(found: list[tuple[Record, str]], c: str) -> list[tuple[Record, str]]:
    """What a list of that certainty has."""
    return [(record, sure) for record, sure in found if sure in (CERTAIN, c)]


def names(w: World, keys: list[str], on: int) -> tuple[Any, ...]:
    return cell(w.name(key, on) for key in keys)


@question("rotating-chairs", "committee unit")
def chairs(w: World, on: int, _: str) -> Rows:
    for record in w.records["RotatingChair"]:
        f0, f1, u0, u1 = record.span
        first, after = month(on)
        if f0 < after and u1 > first:
            sure = CERTAIN if f1 < after and u0 > first else POSSIBLE
            yield (w.name(record.object, on), w.name(record.subject, on)), sure


def month(on: int) -> tuple[int, int]:
    """The first day of a day's month, and of the next."""
    from datetime import date

    at = date.fromordinal(on)
    after = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    return day(f"{at.year}-{at.month:02}"), after.toordinal()
