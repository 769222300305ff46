"""Which unit deputies cover which communities on a day, with validity, records and citations; the same asked CERTAIN."""

from __future__ import annotations

from tests.bench.shape import C, Shape, answer, first_on_day, joined, kind_number, nodes, on_day

SIZES = {1: (1, 20, 70), 100: (1, 20, 100, 1000)}
DOCUMENT = """
query Flagship($first: Int, $date: Date) { at(date: $date) {
  units(first: $first, where: {deputyHeads: {some: {covers: {some: {}}}}}) { nodes { name
    deputyHeads(where: {covers: {some: {}}}) { nodes { name
      covers { edges { node { name street { name } } certainty
        record { valid { text(lang: ZH) } via { relation { code } citations { title para } } } } } } } } } } }
"""
CITED = (
    "coalesce((SELECT group_concat('{{\"title\":'||json_quote(z.name)||',\"para\":'||json_quote(t.para)||'}}')"
    " FROM cite t CROSS JOIN k_Source z ON z.e=t.s AND z.k1=8388607 AND z.n0=8388607 WHERE t.c={0}.c),'')"
)
RECORD = f"""'"record":{{"valid":{{"text":'||json_quote(valid_text('zh',max(f.f0,v.f0),min(max(f.f1,v.f1),min(f.u1,v.u1)-1),
    max(min(f.u0,v.u0),max(f.f0,v.f0)+1),min(f.u1,v.u1),NULL,NULL,NULL,NULL))
  ||'}},"via":[{{"relation":{{"code":"FirstSecretary"}},"citations":['||{CITED.format("f")}
  ||']}},{{"relation":{{"code":"Serves"}},"citations":['||{CITED.format("v")}||']}}]}}'"""


def statement(certain: bool) -> str:
    """``?1`` units, ``?2`` the day."""

    def holds(record: str) -> str:
        low, high = ("f1", "u0") if certain else ("f0", "u1")
        return f"{record}.k1={C} AND {record}.{low}<=?2 AND {record}.{high}>?2"

    life = " AND m.g1<=?2 AND m.v0>?2" if certain else ""
    committee = f"m.e=f.o AND {on_day('m')}{life} AND m._form='communityJointCommittee'"
    chain = (
        f"r_FirstSecretary f CROSS JOIN r_Serves v ON v.s=f.o AND {holds('v')} AND (v.o&63)={kind_number('Community')}"
    )
    certainty = """'"CERTAIN"'"""
    if not certain:
        sure = "f.f1<=?2 AND f.u0>?2 AND v.f1<=?2 AND v.u0>?2 AND m.g1<=?2 AND m.v0>?2 AND c.g1<=?2 AND c.v0>?2"
        certainty = f"""iif({sure},{certainty},'"POSSIBLE"')"""
    covers = f"""SELECT '{{"node":{{"name":'||json_quote(c.name)||',"street":'||coalesce((SELECT '{{"name":'||json_quote(t.name)||'}}'
    FROM r_PartOf w CROSS JOIN k_Street t ON t.e=w.o AND {on_day("t")} AND t.n0>?2 WHERE w.s=v.o AND {holds("w")} LIMIT 1),'null')
  ||'}},"certainty":'||{certainty}||','||{RECORD}||'}}' j
  FROM {chain} CROSS JOIN k_PartyOrganization m ON {committee} CROSS JOIN k_Community c ON c.e=v.o AND {on_day("c")} AND c.n0>?2
  WHERE f.s=d.s AND {holds("f")} ORDER BY (SELECT key FROM entity WHERE e=v.o)"""
    covered = f"""EXISTS(SELECT 1 FROM {chain} WHERE f.s=d.s AND {holds("f")}
      AND EXISTS(SELECT 1 FROM k_PartyOrganization m WHERE {committee}))"""
    deputies = f"""SELECT '{{"name":'||json_quote(p.name)||',"covers":{{"edges":['||{joined(covers)}||']}}}}' j
  FROM r_DeputyHead d CROSS JOIN k_Person p ON p.e=d.s AND {on_day("p")} AND p.n0>?2
  WHERE d.o=a.e AND {holds("d")} AND {covered} ORDER BY (SELECT key FROM entity WHERE e=d.s)"""
    units = f"""SELECT '{{"name":'||json_quote(u.name)||',"deputyHeads":{{"nodes":['||{joined(deputies)}||']}}}}' j
  FROM entity a CROSS JOIN k_Unit u ON u.e=a.e AND {on_day("u")} AND u.n0>?2
  WHERE (a.e&63)={kind_number("Unit")}
    AND EXISTS(SELECT 1 FROM r_DeputyHead d WHERE d.o=a.e AND {holds("d")} AND {covered}) ORDER BY a.key LIMIT ?1"""
    return answer("units", nodes(units))


FLAGSHIP = Shape(
    "flagship",
    DOCUMENT,
    statement(False),
    first_on_day,
    SIZES,
    row='"certainty"',
)
CERTAIN = Shape(
    "flagship, CERTAIN",
    DOCUMENT.replace("date: $date", "date: $date, certainty: CERTAIN"),
    statement(True),
    first_on_day,
    {100: (20, 100, 1000)},
    row='"certainty"',
)
