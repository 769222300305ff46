"""Groups of a root list: by a term with counts and shares; by what an organization is, two tables away; by the year of a day.

By hand one knows what our plan does not: that records are many to an organization and many to a day, so that rows are
counted by these first and only what is left is looked up or dated.
"""

from __future__ import annotations

from orggraph.graphql.engine import Engine
from tests.bench.shape import DAY, ON_DAY, Asked, Shape, answer, joined, on_day

DOCUMENT = "query Groups($date: Date) {{ at(date: $date) {{ {0} {{ groups(by: [{1}]) {{ key {{ {2} }} {3} }} }} }} }}"
ANY = {100: (20,)}
"""A group by itself is of all rows, whatever N is."""


def asked(_: Engine, __: int) -> Asked:
    return Asked({"date": DAY}, (None, ON_DAY))


def by_hand(field: str, key: str, counts: str, groups: str) -> str:
    """The reply with an object of each row of a select: pieces of SQL give its key and what is counted."""
    rows = f"""SELECT '{{"key":{{'||{key}||'}},'||{counts}||'}}' j FROM ({groups})"""
    return answer(field, f"""'"groups":['||{joined(rows)}||']'""")


COUNT = """'"count":'||n"""
PLACE = "(SELECT place FROM term WHERE l='{}' AND code=p)"
WORKERS = f"""SELECT p,n,round(1.0*n/sum(n) OVER (),4) share FROM (SELECT w._post p,count(*) n FROM r_CommunityWorker w
  WHERE {on_day("w")} GROUP BY 1) ORDER BY {PLACE.format("WorkerPost")}"""
BY_TERM = Shape(
    "groups by a term",
    DOCUMENT.format("communityWorkerRecords", "post", "post { code }", "count share"),
    by_hand(
        "communityWorkerRecords",
        """'"post":{"code":'||json_quote(p)||'}'""",
        """'"count":'||n||',"share":'||share""",
        WORKERS,
    ),
    asked,
    ANY,
    row='"count"',
)

MEMBERS = f"""SELECT m._form p,sum(q.n) n FROM (SELECT o,count(*) n FROM r_PartTimeMember v INDEXED BY r_PartTimeMember_o
    WHERE {on_day("v")} GROUP BY o) q CROSS JOIN k_PartyOrganization m ON m.e=q.o AND {on_day("m")} AND m.n0>?2
  GROUP BY 1 ORDER BY {PLACE.format("PartyOrganizationForm")}"""
BY_FORM = Shape(
    "groups by the form of an end",
    DOCUMENT.format("partTimeMemberRecords", "organization_form", "organization_form { code }", "count"),
    by_hand("partTimeMemberRecords", """'"organization_form":{"code":'||json_quote(p)||'}'""", COUNT, MEMBERS),
    asked,
    ANY,
    row='"count"',
)

YEAR = "substr(date({}+1721424.5),1,4)"
DAYS = f"""SELECT v.f0 f0,v.f1 f1,count(*) n FROM r_CommunityWorker v INDEXED BY r_CommunityWorker_o
  WHERE {on_day("v")} GROUP BY 1,2"""
YEARS = f"""SELECT p,sum(n) n FROM (SELECT iif({YEAR.format("f0")}={YEAR.format("f1")},{YEAR.format("f0")},NULL) p,n
  FROM ({DAYS})) GROUP BY 1 ORDER BY p IS NULL,p"""
BY_YEAR = Shape(
    "groups by the year of a day",
    DOCUMENT.format("communityWorkerRecords", "from_year", "from_year", "count"),
    by_hand("communityWorkerRecords", """'"from_year":'||json_quote(p)""", COUNT, YEARS),
    asked,
    ANY,
    row='"count"',
)
