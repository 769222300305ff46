"""The flagship as an expert would write it by hand for this file: the same answer, nothing that these data do not need.

It takes for granted what the compiler may not: one state of a committee at a time, one street of a community, no two
coverages of one community by one person.
"""

from __future__ import annotations

FLAGSHIP = """
query Flagship($first: Int, $date: Date) { at(date: $date) {
  units(first: $first, where: {deputyHeads: {some: {covers: {some: {}}}}}) { nodes { name
    deputyHeads(where: {covers: {some: {}}}) { nodes { name
      covers { edges { node { name street { name } } certainty
        record { valid { text(lang: ZH) } via { relation { code } citations { title para } } } } } } } } } } }
"""
C = 8388607
CITED = (
    "coalesce((SELECT group_concat('{{\"title\":'||json_quote(z.name)||',\"para\":'||json_quote(t.para)||'}}')"
    " FROM cite t CROSS JOIN k_Source z ON z.e=t.s AND z.k1=8388607 AND z.n0=8388607 WHERE t.c={0}.c),'')"
)
CHAIN = f"""r_FirstSecretary f CROSS JOIN k_PartyOrganization m ON m.e=f.o AND m.k1={C} AND m.f0<=?2 AND m.u1>?2
  AND m._form='communityJointCommittee' CROSS JOIN r_Serves v ON v.s=f.o AND v.k1={C} AND v.f0<=?2 AND v.u1>?2"""
COVERS = f"""SELECT '{{"node":{{"name":'||json_quote(c.name)||',"street":'||coalesce((SELECT '{{"name":'||json_quote(t.name)||'}}'
    FROM r_PartOf w CROSS JOIN k_Street t ON t.e=w.o AND t.k1={C} AND t.f0<=?2 AND t.u1>?2 AND t.n0>?2
    WHERE w.s=v.o AND w.k1={C} AND w.f0<=?2 AND w.u1>?2 LIMIT 1),'null')
  ||'}},"certainty":'||iif(f.f1<=?2 AND f.u0>?2 AND v.f1<=?2 AND v.u0>?2 AND m.g1<=?2 AND m.v0>?2 AND c.g1<=?2 AND c.v0>?2,
    '"CERTAIN"','"POSSIBLE"')
  ||',"record":{{"valid":{{"text":'||json_quote(valid_text('zh',max(f.f0,v.f0),min(max(f.f1,v.f1),min(f.u1,v.u1)-1),
    max(min(f.u0,v.u0),max(f.f0,v.f0)+1),min(f.u1,v.u1),NULL,NULL,NULL,NULL))
  ||'}},"via":[{{"relation":{{"code":"FirstSecretary"}},"citations":['||{CITED.format("f")}
  ||']}},{{"relation":{{"code":"Serves"}},"citations":['||{CITED.format("v")}||']}}]}}}}' j
  FROM {CHAIN} CROSS JOIN k_Community c ON c.e=v.o AND c.k1={C} AND c.f0<=?2 AND c.u1>?2 AND c.n0>?2
  WHERE f.s=d.s AND f.k1={C} AND f.f0<=?2 AND f.u1>?2 ORDER BY (SELECT key FROM entity WHERE e=v.o)"""
COVERED = f"""EXISTS(SELECT 1 FROM {CHAIN} CROSS JOIN k_Community c ON c.e=v.o AND c.k1={C} AND c.f0<=?2 AND c.u1>?2
  WHERE f.s=d.s AND f.k1={C} AND f.f0<=?2 AND f.u1>?2)"""
DEPUTIES = f"""SELECT '{{"name":'||json_quote(p.name)||',"covers":{{"edges":['||coalesce((SELECT group_concat(j) FROM ({COVERS})),'')
  ||']}}}}' j FROM r_DeputyHead d CROSS JOIN k_Person p ON p.e=d.s AND p.k1={C} AND p.f0<=?2 AND p.u1>?2 AND p.n0>?2
  WHERE d.o=a.e AND d.k1={C} AND d.f0<=?2 AND d.u1>?2 AND {COVERED} ORDER BY (SELECT key FROM entity WHERE e=d.s)"""
UNITS = f"""SELECT '{{"name":'||json_quote(u.name)||',"deputyHeads":{{"nodes":['||coalesce((SELECT group_concat(j)
  FROM ({DEPUTIES})),'')||']}}}}' j FROM entity a CROSS JOIN k_Unit u ON u.e=a.e AND u.k1={C} AND u.f0<=?2 AND u.u1>?2 AND u.n0>?2
  WHERE (a.e&63)=?3 AND EXISTS(SELECT 1 FROM r_DeputyHead d WHERE d.o=a.e AND d.k1={C} AND d.f0<=?2 AND d.u1>?2 AND {COVERED}
    AND EXISTS(SELECT 1 FROM k_Person p WHERE p.e=d.s AND p.k1={C} AND p.f0<=?2 AND p.u1>?2)) ORDER BY a.key LIMIT ?1"""
STATEMENT = f"""SELECT CAST('{{"data":{{"at":{{"units":{{"nodes":['||coalesce((SELECT group_concat(j) FROM ({UNITS})),'')
  ||']}}}}}},"extensions":{{"load":'||(SELECT max(k) FROM load)||'}}}}' AS BLOB)"""
