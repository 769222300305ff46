"""The flagship in a range: every hop narrows the days that are left, and every edge says whether it is certain."""

from __future__ import annotations

from datetime import date

from orggraph.graphql.engine import Engine
from tests.bench.shape import Asked, C, Shape, answer, joined, kind_number, nodes
from tests.bench.shapes.flagship import RECORD

FROM, UNTIL = "2017-06-01", "2019-07-01"
DOCUMENT = """
query During($first: Int, $from: Date, $until: Date) { during(from: $from, until: $until) {
  units(first: $first, where: {deputyHeads: {some: {covers: {some: {}}}}}) { nodes { name
    deputyHeads(where: {covers: {some: {}}}) { edges { certainty node { name
      covers { edges { node { name street { name } } certainty valid { text(lang: ZH) }
        record { valid { text(lang: ZH) } via { relation { code } citations { title para } } } } } } } } } } } }
"""


def meets(row: str, before: str, certain: bool = False) -> str:
    """That a record meets what the range ``?2`` to ``?3`` and the records before it leave."""
    low, high, start, end = ("f1", "u0", "f1", "u0") if certain else ("f0", "u1", "f0", "u1")
    return f"{row}.{low}<{least(end, before)} AND {row}.{high}>{most(start, before)}"


def most(number: str, records: str) -> str:
    """The latest of the range's start and of records' ``f0`` or ``f1``."""
    return f"max(?2,{','.join(f'{one}.{number}' for one in records)})" if records else "?2"


def least(number: str, records: str) -> str:
    return f"min(?3,{','.join(f'{one}.{number}' for one in records)})" if records else "?3"


def there(state: str, records: str) -> str:
    return f"{state}.k1={C} AND {state}.f0<{least('u1', records)} AND {state}.u1>{most('f0', records)}"


def printed(state: str, records: str) -> str:
    return f"{there(state, records)} AND {state}.n0>={least('u1', records)}"


CHAIN = f"""r_FirstSecretary f CROSS JOIN r_Serves v ON v.s=f.o AND v.k1={C} AND {meets("v", "df")} AND (v.o&63)={kind_number("Community")}
  AND EXISTS(SELECT 1 FROM k_PartyOrganization m WHERE m.e=f.o AND {there("m", "dfv")} AND m._form='communityJointCommittee')"""
OF_DEPUTY = f"f.s=d.s AND f.k1={C} AND {meets('f', 'd')}"
SURE = f"""{meets("f", "d", True)} AND {meets("v", "df", True)} AND EXISTS(SELECT 1 FROM k_PartyOrganization m WHERE m.e=f.o
  AND {there("m", "dfv")} AND m.g1<{least("u0", "dfv")} AND m.v0>{most("f1", "dfv")})"""
COVERED = f"EXISTS(SELECT 1 FROM {CHAIN} WHERE {OF_DEPUTY})"
SURELY_COVERED = f"EXISTS(SELECT 1 FROM {CHAIN} WHERE {OF_DEPUTY} AND {SURE})"
LEFT = f"{most('f0', 'dfv')},{most('f1', 'dfv')},{least('u0', 'dfv')},{least('u1', 'dfv')}"
COVERS = f"""SELECT '{{"node":{{"name":'||json_quote(c.name)||',"street":'||coalesce((SELECT '{{"name":'||json_quote(t.name)||'}}'
    FROM r_PartOf w CROSS JOIN k_Street t ON t.e=w.o AND {printed("t", "dfvw")}
    WHERE w.s=v.o AND w.k1={C} AND {meets("w", "dfv")} LIMIT 1),'null')
  ||'}},"certainty":'||iif({SURE},'"CERTAIN"','"POSSIBLE"')
  ||',"valid":{{"text":'||json_quote(valid_text('zh',{LEFT},NULL,NULL,NULL,NULL))||'}},'||{RECORD}||'}}' j
  FROM {CHAIN} CROSS JOIN k_Community c ON c.e=v.o AND {printed("c", "dfv")}
  WHERE {OF_DEPUTY} ORDER BY (SELECT key FROM entity WHERE e=v.o),max(f.f0,v.f0)"""
DEPUTIES = f"""SELECT '{{"certainty":'||iif(d.f1<?3 AND d.u0>?2 AND {SURELY_COVERED},'"CERTAIN"','"POSSIBLE"')
  ||',"node":{{"name":'||json_quote(p.name)||',"covers":{{"edges":['||{joined(COVERS)}||']}}}}}}' j
  FROM r_DeputyHead d CROSS JOIN k_Person p ON p.e=d.s AND {printed("p", "d")}
  WHERE d.o=a.e AND d.k1={C} AND {meets("d", "")} AND {COVERED} ORDER BY (SELECT key FROM entity WHERE e=d.s)"""
UNITS = f"""SELECT '{{"name":'||json_quote(u.name)||',"deputyHeads":{{"edges":['||{joined(DEPUTIES)}||']}}}}' j
  FROM entity a CROSS JOIN k_Unit u ON u.e=a.e AND {printed("u", "")}
  WHERE (a.e&63)={kind_number("Unit")}
    AND EXISTS(SELECT 1 FROM r_DeputyHead d WHERE d.o=a.e AND d.k1={C} AND {meets("d", "")} AND {COVERED})
  ORDER BY a.key LIMIT ?1"""


def asked(_: Engine, n: int) -> Asked:
    days = (date.fromisoformat(FROM).toordinal(), date.fromisoformat(UNTIL).toordinal())
    return Asked({"first": n, "from": FROM, "until": UNTIL}, (n, *days))


DURING = Shape(
    "flagship, during",
    DOCUMENT,
    answer("units", nodes(UNITS), "during"),
    asked,
    {100: (20, 100, 1000)},
    row='"via"',
)
