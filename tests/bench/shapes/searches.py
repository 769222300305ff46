"""Search by a name of two characters, by its pinyin, by its first letters. By hand one reads the text oneself: which snippets
it begins, which spellings it has, and which kinds may not be there on the day."""

from __future__ import annotations

from functools import partial

from orggraph.graphql.engine import Engine
from orggraph.model import model_of
from orggraph.model.reading import model_texts
from tests.bench.shape import DAY, ON_DAY, ROOT, Asked, Shape, answer, joined, kind_number, on_day

DOCUMENT = """
query Search($text: String!, $first: Int!, $date: Date) { at(date: $date) { search(text: $text, first: $first) {
  edges { match node { key name } } } } }
"""
LAST = "\U0010ffff"
KINDS = [kind.name for kind in model_of(model_texts(ROOT / "schema")).concrete()]
COME_AND_GO = ("PartyOrganization", "Unit", "Team")
"""Kinds whose entities may not be there on the day."""
THERE = " ".join(
    f"WHEN {kind_number(kind)} THEN EXISTS(SELECT 1 FROM k_{kind} v WHERE v.e=b.e AND {on_day('v')})"
    for kind in COME_AND_GO
)


def by_hand(text: str, column: str, pattern: str) -> str:
    """``?1`` rows, ``?2`` the day: of what is written so in a column of snippets, whose spelling has two cells like these."""
    names = f"""SELECT p.t t,min(iif(p.place,2,iif(p.cells=2 AND s.text GLOB '{pattern}',0,1))) c FROM snippet s
      CROSS JOIN snippet_of p ON p.h=s.h
      WHERE s.{column}>='{text}' AND s.{column}<='{text}{LAST}' AND s.text GLOB '{pattern}*' GROUP BY 1"""
    found = f"""SELECT b.e e,min(m.c) c,b.degree d FROM ({names}) m CROSS JOIN bearer b ON b.t=m.t
      WHERE b.still AND CASE b.e&63 {THERE} ELSE 1 END GROUP BY 1"""
    name = "CASE e&63 " + " ".join(
        f"WHEN {kind_number(kind)} THEN (SELECT z.name FROM k_{kind} z WHERE z.e=x.e AND {on_day('z')} AND z.n0>?2)"
        for kind in KINDS
    ) + " END"  # fmt: skip
    match = """CASE c WHEN 0 THEN 'EXACT' WHEN 1 THEN 'PREFIX' ELSE 'SUBSTRING' END"""
    rows = f"""SELECT '{{"match":"'||{match}||'","node":{{"key":'||json_quote(key)||',"name":'||json_quote({name})||'}}}}' j
      FROM (SELECT f.e e,y.key key,c FROM ({found}) f CROSS JOIN entity y ON y.e=f.e ORDER BY c,d DESC,key LIMIT ?1) x"""
    return answer("search", f"""'"edges":['||{joined(rows)}||']'""")


def asked(_: Engine, n: int, text: str) -> Asked:
    return Asked({"text": text, "first": n, "date": DAY}, (n, ON_DAY))


def shape(name: str, text: str, column: str, low: str, pattern: str) -> Shape:
    statement = by_hand(low, column, pattern)
    return Shape(f"search by {name}", DOCUMENT, statement, partial(asked, text=text), {100: (20,)}, row='"match"')


SHORT = shape("a name of two characters", "王伟", "characters", "王伟", "/王??????/伟??????")
PINYIN = shape("pinyin", "wangwei", "letters", "wangwe", "/?wang  /?wei   ")
INITIALS = shape("first letters", "ww", "initials", "ww", "/?w?????/?w?????")
