"""Who holds posts in two or more bodies of one community at once, community by community."""

from __future__ import annotations

from tests.bench.shape import Shape, answer, first_on_day, joined, kind_number, nodes, on_day

DOCUMENT = """
query CrossAppointed($first: Int, $date: Date) { at(date: $date) {
  communities(first: $first) { nodes { name crossAppointed { edges { certainty node { name } } } } } } }
"""
COMMUNITY, GRID = kind_number("Community"), kind_number("Grid")


def way(post: int, records: str, posts: str, organization: str = "") -> str:
    """The people who come to the community ``a`` over some records, and whether they certainly do."""
    each = [record.split()[1] for record in records.split(" CROSS JOIN ")]
    holds = " AND ".join(on_day(one) for one in each)
    sure = [f"{one}.f1<=?2 AND {one}.u0>?2" for one in each]
    if organization:
        life = f"EXISTS(SELECT 1 FROM k_PartyOrganization m WHERE m.e=h.o AND {on_day('m')}{{}})"
        holds += f" AND {life.format(organization)}"
        sure.append(life.format(" AND m.g1<=?2 AND m.v0>?2"))
    return f"SELECT h.s e,{post} p,({' AND '.join(sure)}) t FROM {records} WHERE {posts} AND {holds}"


SERVED = "v.o=a.e AND h.o=v.s"
IN_GRID = f"w.o=a.e AND (w.s&63)={GRID} AND v.o=w.s"
PARTY = " AND m._form='communityPartyOrganization'"
WAYS = " UNION ALL ".join(
    [
        way(0, "r_Serves v CROSS JOIN r_ResidentsCommitteeMember h", SERVED),
        way(1, "r_Serves v CROSS JOIN r_OwnersCommitteeMember h", SERVED),
        way(2, "r_PartOf w CROSS JOIN r_PartOf x CROSS JOIN r_Manages v CROSS JOIN r_FirmManager h",
            f"w.o=a.e AND (w.s&63)={GRID} AND x.o=w.s AND v.o=x.s AND h.o=v.s"),
        *(way(3, f"r_Serves v CROSS JOIN r_{one} h", SERVED, PARTY) for one in ("Secretary", "DeputySecretary", "CommitteeMember")),
        way(4, "r_PartOf w CROSS JOIN r_Serves v CROSS JOIN r_GridBranchMember h", f"{IN_GRID} AND h.o=v.s", " "),
    ]
)  # fmt: skip
PAIRS = f"""WITH b AS MATERIALIZED ({WAYS})
  SELECT x.e e,x.t AND y.t t FROM b x CROSS JOIN b y WHERE y.e=x.e AND y.p>x.p"""
LISTED = joined(f"""SELECT '{{"certainty":"'||iif(q.t,'CERTAIN','POSSIBLE')||'","node":{{"name":'||json_quote(p.name)||'}}}}' j
    FROM ({PAIRS}) q CROSS JOIN entity z ON z.e=q.e CROSS JOIN k_Person p ON p.e=q.e AND {on_day("p")} AND p.n0>?2 ORDER BY z.key""")
ROWS = f"""SELECT '{{"name":'||json_quote(c.name)||',"crossAppointed":{{"edges":['||{LISTED}||']}}}}' j
  FROM entity a CROSS JOIN k_Community c ON c.e=a.e AND {on_day("c")} AND c.n0>?2
  WHERE (a.e&63)={COMMUNITY} ORDER BY a.key LIMIT ?1"""
OVERLAP = Shape(
    "overlap on a day",
    DOCUMENT,
    answer("communities", nodes(ROWS)),
    first_on_day,
    {100: (20, 100, 1000)},
    row='"certainty"',
)
