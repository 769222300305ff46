"""Pages of persons by keyset: the first and the ten-thousandth, as far as there are that many."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from orggraph.graphql.engine import Engine
from tests.bench.shape import DAY, ON_DAY, Asked, Shape, joined, kind_number, on_day

DOCUMENT = """
query Page($first: Int!, $after: String, $date: Date) { at(date: $date) { persons(first: $first, after: $after) {
  edges { cursor node { key name workplaces { nodes { name households } } } } pageInfo { hasNextPage endCursor } } } }
"""
CURSORS = """
query Cursors($first: Int!, $after: String, $date: Date) { at(date: $date) { persons(first: $first, after: $after) {
  pageInfo { endCursor } } } }
"""
CURSOR = "hex(?4||{0})"
PERSONS = f"""entity a CROSS JOIN k_Person p ON p.e=a.e AND {on_day("p")} AND p.n0>?2
  WHERE (a.e&63)={kind_number("Person")}"""
WORKPLACES = joined(f"""SELECT '{{"name":'||json_quote(c.name)||',"households":'||json_quote(c._households)||'}}' j
    FROM r_CommunityWorker w CROSS JOIN k_Community c ON c.e=w.o AND {on_day("c")} AND c.n0>?2
    WHERE w.s=a.e AND {on_day("w")} ORDER BY (SELECT key FROM entity WHERE e=w.o)""")
ROWS = f"""SELECT a.key k,'{{"cursor":"'||{CURSOR.format("a.key")}||'","node":{{"key":'||json_quote(a.key)
    ||',"name":'||json_quote(p.name)||',"workplaces":{{"nodes":['||{WORKPLACES}||']}}}}}}' j
  FROM {PERSONS} AND a.key>?3 ORDER BY a.key LIMIT ?1"""
STATEMENT = f"""SELECT CAST('{{"data":{{"at":{{"persons":{{"edges":['||js||'],"pageInfo":{{"hasNextPage":'
  ||iif(EXISTS(SELECT 1 FROM {PERSONS} AND a.key>x.k),'true','false')||',"endCursor":'
  ||coalesce('"'||{CURSOR.format("k")}||'"','null')||'}}}}}}}},"extensions":{{"load":'||(SELECT max(k) FROM load)||'}}}}' AS BLOB)
  FROM (SELECT coalesce(group_concat(j),'') js,max(k) k FROM ({ROWS})) x"""
STEP = 10_000


def asked(engine: Engine, n: int, page: int) -> Asked:
    """The page's cursor, taken by walking there; or that of the last whole page, where there are not so many persons."""
    places = min((page - 1) * n, engine.store.count("Person") // n * n - n)
    after = None
    while places > 0:
        after = _last(engine, min(places, STEP), after)
        places -= STEP
    # a cursor bears what list it is of, then its row's key: the statement by hand is told the former
    head, end, key = bytes.fromhex(after or _last(engine, 1, None)).decode().partition("]")
    return Asked({"first": n, "after": after, "date": DAY}, (n, ON_DAY, key if after else "", head + end))


def _last(engine: Engine, places: int, after: str | None) -> str:
    reply: dict[str, Any] = json.loads(engine.execute(CURSORS, {"first": places, "after": after, "date": DAY}))
    return str(reply["data"]["at"]["persons"]["pageInfo"]["endCursor"])


SIZES = {100: (20, 100, 1000)}
FIRST_PAGE = Shape("persons, page 1", DOCUMENT, STATEMENT, partial(asked, page=1), SIZES, '"cursor"')
FAR_PAGE = Shape("persons, page 10,000", DOCUMENT, STATEMENT, partial(asked, page=10_000), SIZES, '"cursor"')
