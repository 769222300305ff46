"""Filters over two hops: one whose leaf is common (looked for from each row), one whose leaf is rare (driven from it)."""

from __future__ import annotations

import json

from orggraph.graphql.engine import Engine
from tests.bench.shape import DAY, ON_DAY, Asked, Shape, answer, first_on_day, kind_number, nodes, on_day

COMMON = """
query Common($first: Int, $date: Date) { at(date: $date) {
  communities(first: $first, where: {servingOrganizations: {some: {is: {partyOrganization: {
    form: {eq: communityJointCommittee}, partTimeMembers: {some: {}}}}}}}) { nodes { name households } } } }
"""
COMMON_ROWS = f"""SELECT '{{"name":'||json_quote(c.name)||',"households":'||json_quote(c._households)||'}}' j
  FROM entity a CROSS JOIN k_Community c ON c.e=a.e AND {on_day("c")} AND c.n0>?2
  WHERE (a.e&63)={kind_number("Community")} AND EXISTS(SELECT 1 FROM r_Serves v CROSS JOIN k_PartyOrganization m ON m.e=v.s
    AND {on_day("m")} AND m._form='communityJointCommittee' WHERE v.o=a.e AND {on_day("v")}
    AND EXISTS(SELECT 1 FROM r_PartTimeMember q WHERE q.o=v.s AND {on_day("q")})) ORDER BY a.key LIMIT ?1"""
TWO_HOPS = Shape(
    "where over two hops",
    COMMON,
    answer("communities", nodes(COMMON_ROWS)),
    first_on_day,
    {100: (20, 100, 1000)},
)

RARE = """
query Rare($keys: [ID!]!, $date: Date) { at(date: $date) {
  communities(where: {servingOrganizations: {some: {is: {partyOrganization: {
    firstSecretaries: {some: {key: {in: $keys}}}}}}}}) { nodes { name households } } } }
"""
RARE_ROWS = f"""SELECT '{{"name":'||json_quote(c.name)||',"households":'||json_quote(c._households)||'}}' j FROM entity a
  CROSS JOIN k_Community c ON c.e=a.e AND {on_day("c")} AND c.n0>?2 WHERE a.e IN (SELECT v.o FROM json_each(?1) x
    CROSS JOIN entity p ON p.key=x.value CROSS JOIN r_FirstSecretary f ON f.s=p.e AND {on_day("f")}
    CROSS JOIN k_PartyOrganization m ON m.e=f.o AND {on_day("m")}
    CROSS JOIN r_Serves v ON v.s=f.o AND {on_day("v")} AND (v.o&63)={kind_number("Community")}) ORDER BY a.key"""


def asked(_: Engine, n: int) -> Asked:
    """So many people, each first secretary of one community's joint committee."""
    keys = [f"deputy-{i}" for i in range(1, n + 1)]
    return Asked({"keys": keys, "date": DAY}, (json.dumps(keys), ON_DAY))


RARE_LEAF = Shape(
    "where over two hops to keys",
    RARE,
    answer("communities", nodes(RARE_ROWS)),
    asked,
    {100: (1, 20, 100)},
)
