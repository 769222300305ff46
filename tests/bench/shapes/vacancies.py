"""Committees that had no first secretary for more than 90 days, and a page of who took and who left a post in a range."""

from __future__ import annotations

from datetime import date

from orggraph.graphql.engine import Engine
from tests.bench.shape import Asked, C, Shape, answer, kind_number, nodes
from tests.bench.shapes.during import meets, printed

FROM, UNTIL = "2019-01-01", "2020-04-01"
DAYS = (date.fromisoformat(FROM).toordinal(), date.fromisoformat(UNTIL).toordinal())

EMPTY = """
query Empty($first: Int, $from: Date, $until: Date) { during(from: $from, until: $until, certainty: CERTAIN) {
  partyOrganizations(first: $first, where: {form: {eq: communityJointCommittee} firstSecretaryRecords: {gap: {gt: 90}}}) {
    nodes { name } } } }
"""
HELD = f"""SELECT max(f.f0,?2) x,min(f.u1,?3) y FROM r_FirstSecretary f WHERE f.o=c.e AND f.k1={C} AND {meets("f", "")}
  UNION ALL SELECT ?2,?2 UNION ALL SELECT ?3,?3"""
GAP = f"""SELECT max(x-m) FROM (SELECT x,max(y) OVER (ORDER BY x,y ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) m
  FROM ({HELD})) WHERE x>m"""
EMPTY_ROWS = f"""SELECT '{{"name":'||json_quote(c.name)||'}}' j FROM entity a
  CROSS JOIN k_PartyOrganization c ON c.e=a.e AND {printed("c", "")} AND c.g1<?3 AND c.v0>?2
  WHERE (a.e&63)={kind_number("PartyOrganization")} AND c._form='communityJointCommittee' AND ({GAP})>90
  ORDER BY a.key LIMIT ?1"""


def asked(_: Engine, n: int) -> Asked:
    return Asked({"first": n, "from": FROM, "until": UNTIL}, (n, *DAYS))


GAPS = Shape(
    "gap of over 90 days",
    EMPTY,
    answer("partyOrganizations", nodes(EMPTY_ROWS), "during"),
    asked,
    {1: (20,), 100: (20, 100, 1000)},
)

RELATIONS = ("FirstSecretary", "Secretary", "Head")
CHANGED = """
query Changed($first: Int, $from: Date, $until: Date) { during(from: $from, until: $until) {
  turnover(first: $first, where: {relation: {in: [FirstSecretary, Secretary, Head]}}) {
    nodes { turn on { earliest } record { key ends { entity { name } } } } } } }
"""


def _arm(relation: str, takes: bool) -> str:
    """Beginnings or ends of a relation's records in the range, whose ends are there in what is left of it."""
    low, high = ("f0", "f1") if takes else ("u0", "u1")
    days = "v.f0<?3 AND v.f1>=?2" if takes else "v.u0<=?3 AND v.u1>?2"
    if takes:
        unknown = f"SELECT 1 FROM r_{relation} WHERE k1={C} AND f0=-8388608"
        days += f" AND v.f0>=iif(EXISTS({unknown}),-8388608,?2-366)"
    return f"""SELECT v.n,v.s,v.o,v.f0,v.u0,v.u1,q.key,v.{low} d0,{int(takes)} i,v.{high} d1,'{relation}' t
      FROM r_{relation} v CROSS JOIN record q ON q.r=v.r WHERE v.k1={C} AND {days}"""


def _name(kinds: tuple[str, ...], end: str) -> str:
    """The name of the entity at an end, as it is in what the record leaves of the range."""
    cases = " ".join(
        f"""WHEN {kind_number(kind)} THEN (SELECT '{{"name":'||json_quote(z.name)||'}}' FROM k_{kind} z
          WHERE z.e=t.{end} AND {printed("z", "t")})"""
        for kind in kinds
    )
    return f"CASE t.{end}&63 {cases} END"


ENDS = f"""'"ends":[{{"entity":'||{_name(("Person",), "s")}||'}},{{"entity":'||{_name(("PartyOrganization", "Unit"), "o")}||'}}]'"""
MERGED = " UNION ALL ".join(_arm(relation, takes) for relation in RELATIONS for takes in (True, False))
CHANGED_ROWS = f"""SELECT '{{"turn":"'||iif(t.i,'TAKES','LEAVES')||'","on":{{"earliest":'
    ||coalesce('"'||date(iif(t.d0>0,t.d0-1+t.i,NULL)+1721424.5)||'"','null')||'}},"record":{{"key":'
    ||json_quote(t.key)||','||{ENDS}||'}}}}' j
  FROM ({MERGED} ORDER BY d0,i,d1,key LIMIT ?1) t ORDER BY t.d0,t.i,t.d1,t.key"""
TURNOVER = Shape(
    "turnover, page 1",
    CHANGED,
    answer("turnover", nodes(CHANGED_ROWS), "during"),
    asked,
    {1: (20,), 100: (20, 100, 1000)},
    row='"turn"',
)
