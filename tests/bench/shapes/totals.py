"""Counts beside each row: how many there are, how many of them certainly, how many different ones."""

from __future__ import annotations

from tests.bench.shape import Shape, answer, first_on_day, kind_number, nodes, on_day

DOCUMENT = """
query Totals($first: Int, $date: Date) { at(date: $date) { communities(first: $first) { nodes { name
  workers { totalCount certain: totalCount(certainty: CERTAIN) } cadresSentDown { totalCount nodeCount } } } } }
"""
ROWS = f"""SELECT '{{"name":'||json_quote(c.name)
  ||(SELECT ',"workers":{{"totalCount":'||count(*)||',"certain":'||coalesce(sum(w.f1<=?2 AND w.u0>?2),0)||'}}'
    FROM r_CommunityWorker w WHERE w.o=a.e AND {on_day("w")})
  ||(SELECT ',"cadresSentDown":{{"totalCount":'||count(*)||',"nodeCount":'||count(DISTINCT d.s)||'}}'
    FROM r_SentDown d WHERE d.o=a.e AND {on_day("d")})||'}}' j
  FROM entity a CROSS JOIN k_Community c ON c.e=a.e AND {on_day("c")} AND c.n0>?2
  WHERE (a.e&63)={kind_number("Community")} ORDER BY a.key LIMIT ?1"""
TOTALS = Shape(
    "totalCount of each row",
    DOCUMENT,
    answer("communities", nodes(ROWS)),
    first_on_day,
    {100: (20, 100, 1000)},
)
