"""Cross-appointed people and work orders by department, from the files alone."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from tests.questions.register import CERTAIN, World, both
from tests.questions.second import Rows, listed, question, street_of

Held = list[tuple[int, str, str | None]]
"""Which of the roles, where, how certainly."""


def above(w: World, area: str, on: int, sure: str | None) -> list[tuple[str, str | None]]:
    return [(r.object, both(sure, held)) for r, held in w.of("PartOf", on, subject=area)]


def roles(w: World, person: str, on: int) -> Held:
    """In which communities a person holds one of the roles; the same one twice is told twice."""
    found: Held = []
    for role, relation in enumerate(
        ("ResidentsCommitteeMember", "OwnersCommitteeMember", "Secretary", "GridBranchMember")
    ):
        for post, holds in w.of(relation, on, subject=person):
            of_community = {"communityPartyOrganization"}
            held = both(holds, w.surely(post.object, on, "form", of_community)) if relation == "Secretary" else holds
            for serving, serves in w.of("Serves", on, subject=post.object):
                area, sure = serving.object, both(held, serves)
                if w.kinds[area] == "Grid" and relation == "GridBranchMember":
                    found += [(role, community, so) for community, so in above(w, area, on, sure)]
                elif w.kinds[area] == "Community" and relation != "GridBranchMember":
                    found.append((role, area, sure))
    for post, held in w.of("FirmManager", on, subject=person):
        for managed, manages in w.of("Manages", on, subject=post.object):
            for grid, sure in above(w, managed.object, on, both(held, manages)):
                found += [(9, community, so) for community, so in above(w, grid, on, sure)]
    return found


@question("cross-appointed", "street community person")
def crossing(w: World, on: int, c: str) -> Rows:
    """A row for each two chains of different roles in one community."""
    people = {r.subject for relation in ("ResidentsCommitteeMember", "OwnersCommitteeMember", "FirmManager", "Secretary",
              "GridBranchMember") for r, _ in w.of(relation, on)}  # fmt: skip
    for person in people:
        for (role, community, sure), (other, other_community, so) in combinations(roles(w, person, on), 2):
            if community == other_community and role != other:
                yield (street_of(w, community, on, c), w.name(community, on), w.name(person, on)), both(sure, so)


@question("work-orders", "street department raised solved")
def orders(w: World, on: int, c: str) -> Rows:
    for street, there in w.of_kind("Street", on):
        raised: Counter[str | None] = Counter()
        solved: Counter[str | None] = Counter()
        for record, _ in listed(w.of("RaisedBy", on, object=street), c):
            accepted = listed(w.of("AcceptedBy", on, subject=record.subject), c)
            department = w.name(accepted[0][0].object, on) if accepted else None
            raised[department] += 1
            solved[department] += w.surely(record.subject, on, "status", {"solved"}) in (CERTAIN, c)
        if there in (CERTAIN, c):
            if not raised:
                yield (w.name(street, on), None, None, None), there
            for department, number in raised.items():
                yield (w.name(street, on), department, number, solved[department]), there
