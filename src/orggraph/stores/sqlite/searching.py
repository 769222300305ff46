"""``search``: entities by what somebody typed of their names. In: a ``Search``. Out: pieces, as a listing's.

Readings of the text (``typed.py``) lead over snippets of spelled names to names that match, these to their bearers. Bearers are
looked at in the order of their rank, just until there are enough that are there and have the name at the load; only among those
of the last rank does the key decide. Example: ``WITH a(…) AS (json_each(?1)), m(t,c) AS (names), h(e,t,c,d) AS (bearers) SELECT …``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.stores.sqlite.listing import Printing
from orggraph.stores.sqlite.rows import Spot, by_kind, kind_is, printed_state
from orggraph.stores.sqlite.seen import NULL
from orggraph.stores.sqlite.writing import Json, Piece, concat, conjunction, json_object

EXACT, PREFIX, SUBSTRING = range(3)
MATCH = f"CASE {{}} WHEN {EXACT} THEN '\"EXACT\"' WHEN {PREFIX} THEN '\"PREFIX\"' ELSE '\"SUBSTRING\"' END"
COLUMNS = ("characters", "initials", "letters")
READING = ("what", "low", "high", "found", "whole", "cells")


class Hit(Struct, frozen=True):
    """A row of found bearers: its alias, the entity, the SQL of the name."""

    alias: str
    spot: Spot

    @property
    def name(self) -> str:
        return f"(SELECT name FROM called WHERE t={self.alias}.t)"


class Searching(Printing):
    """Prints everything, what is found by name too."""

    def search(self, node: plan.Search) -> list[Piece]:
        listed = [part for _, part in node.members if isinstance(part, plan.Hits | plan.Nodes)]
        first = self.writer.bind(node.first, "rows")
        columns = [f"{concat(self.hit_part(part))} j{i}" for i, part in enumerate(listed)]
        found = self.ranked(node, f"min({first},{self.most + 1})")
        rows = f"SELECT {','.join(columns or ['1'])} FROM ({found}) x" if listed else "SELECT 1"
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Total(certainty):
                    members.append((key, [self.found(node, certainty)]))
                case _:
                    column = f"j{next(i for i, one in enumerate(listed) if one is part)}"
                    members.append((key, [Json("["), f"coalesce(group_concat({column}),'')", Json("]")]))
        return [f"(SELECT {concat([*json_object(members), 'listed(count(*))'])} FROM ({rows}))"]

    # ------------------------------------------------------------ what is printed of a hit

    def hit_part(self, part: plan.Hits | plan.Nodes) -> list[Piece]:
        """Of a row ``x`` of e, key, c, name, now."""
        if isinstance(part, plan.Nodes):
            return [self.hit_node(part.shapes)]
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case "name":
                    members.append((key, ["json_quote(x.name)"]))
                case "current":
                    members.append((key, ["iif(x.now,'true','false')"]))
                case "match":
                    members.append((key, [MATCH.format("x.c")]))
                case "certainty":
                    members.append((key, [self.hit_certainty()]))
                case str():
                    raise AssertionError(one)
                case shapes:
                    members.append((key, [self.hit_node(shapes)]))
        return json_object(members)

    def hit_node(self, shapes: plan.Shapes) -> str:
        spot = Spot("x.e", tuple(shape.type for shape in shapes))
        return f"coalesce({self.entity(shapes, spot, 'x.key')},{NULL})"

    def hit_certainty(self) -> str:
        if self.certain:
            return "'\"CERTAIN\"'"
        kinds = tuple(kind.name for kind in self.names.model.concrete())
        return f"iif({self.conditions.there(Spot('x.e', kinds), True)},'\"CERTAIN\"','\"POSSIBLE\"')"

    # ------------------------------------------------------------ what is found

    def matches(self, node: plan.Search) -> str:
        """``WITH`` … of the names that match, with how they do (``m``), and of their bearers of the kinds (``h``)."""
        parts = ",".join(f"value->>{i} {name}" for i, name in enumerate(READING))
        readings = f"a AS MATERIALIZED (SELECT {parts} FROM json_each({self.writer.bind(node.text, 'typed')}))"
        few = f"iif(p.place,{SUBSTRING},iif(p.cells=a.cells AND s.text GLOB a.whole,{EXACT},{PREFIX}))"
        many = f"iif(l.text GLOB a.whole,{EXACT},iif(l.text GLOB substr(a.found,2),{PREFIX},{SUBSTRING}))"
        spelled = " CROSS JOIN spelling l ON l.t=p.t AND l.text GLOB a.found"
        ways = [_way(one, "a.cells AND s.text GLOB substr(a.found,2)", few, "") for one in COLUMNS]
        ways += [_way(one, "a.cells IS NULL", many, spelled) for one in COLUMNS]
        names = f"m AS MATERIALIZED (SELECT t,min(c) c FROM ({' UNION ALL '.join(ways)}) GROUP BY t)"
        every = len(node.kinds) == len(list(self.names.model.concrete()))
        kinds = "" if every else f" AND {kind_is(self.names, 'b.e', node.kinds)}"
        bearers = f"h AS MATERIALIZED (SELECT b.e e,b.t t,m.c c,b.degree d,b.still still FROM m CROSS JOIN bearer b ON b.t=m.t{kinds})"
        return f"WITH {readings},{names},{bearers}"

    def ranked(self, node: plan.Search, most: str) -> str:
        """A select of the best: e, key, name, c, whether the name is the one that is printed."""
        h = Hit("h", Spot("h.e", node.kinds))
        q = Hit("q", Spot("q.e", node.kinds))
        good = conjunction([self.there_so(q, self.certain), self.best(q)])
        last = f"SELECT c,d FROM (SELECT * FROM h ORDER BY c,d DESC LIMIT -1) q WHERE {good} LIMIT 1 OFFSET {most}-1"
        last = f"SELECT * FROM ({last}) UNION ALL SELECT {SUBSTRING + 1},0 LIMIT 1"
        shown = conjunction(["(h.c<z.c OR (h.c=z.c AND h.d>=z.d))", self.there_so(h, self.certain), self.best(h)])
        return (
            f"{self.matches(node)},z AS MATERIALIZED ({last}) SELECT h.e e,y.key key,{h.name} name,h.c c,{self.current(h)} now "
            f"FROM z CROSS JOIN h CROSS JOIN entity y ON y.e=h.e WHERE {shown} ORDER BY h.c,h.d DESC,y.key LIMIT {most}"
        )

    def found(self, node: plan.Search, certainty: scopes.Certainty | None) -> str:
        """How many are found."""
        certain = self.certain if certainty is None else certainty is scopes.Certainty.CERTAIN
        there = self.there_so(Hit("h", Spot("h.e", node.kinds)), certain)
        return f"({self.matches(node)} SELECT count(DISTINCT h.e) FROM h WHERE {there})"

    def there_so(self, hit: Hit, certain: bool) -> str:
        """That the entity is there, and has the name in some state that is known at the load."""
        return conjunction([self.conditions.there(hit.spot, certain), self.bears(hit)])

    def bears(self, hit: Hit) -> str:
        """That some state that is known at the load has the name: of the newest load, bearers say so."""
        if self.window.load is None:
            return f"{hit.alias}.still"
        return self.by_name(
            hit, hit.spot.kinds, lambda v, _: f"{v}.e={hit.spot.entity} AND {self.window.known(v)}", "0"
        )

    def current(self, hit: Hit) -> str:
        """Whether the name is that of the state that is printed; where all states have the same, it is."""

        def printed(state: str, kind: str) -> str:
            return printed_state(self.names, state, Spot(hit.spot.entity, (kind,)), self.window)

        several = tuple(kind for kind in hit.spot.kinds if not self.names.settled(kind, ("name",), self.window))
        return self.by_name(hit, several, printed, "1")

    def by_name(self, hit: Hit, kinds: tuple[str, ...], which: Callable[[str, str], str], otherwise: str) -> str:
        """That one of some states of the entity has the name."""

        def case(kind: str) -> str:
            v = self.writer.alias("v")
            return f'EXISTS(SELECT 1 FROM "k_{kind}" {v} WHERE {which(v, kind)} AND {v}.name={hit.name})'

        cases = {kind: case(kind) for kind in kinds}
        return by_kind(self.names, hit.spot, cases, otherwise)

    def best(self, hit: Hit) -> str:
        """That no other name of the entity is found before this one: that matches better, is current, comes first."""
        o, h = Hit("o", Spot("o.e", hit.spot.kinds)), hit.alias
        mine, its = (f"({c},NOT {self.current(one)},{one.name})" for one, c in ((hit, f"{h}.c"), (o, "n.c")))
        others = f"bearer o INDEXED BY bearer_e CROSS JOIN m n ON n.t=o.t WHERE o.e={h}.e AND o.t<>{h}.t"
        return f"NOT EXISTS(SELECT 1 FROM {others} AND {self.bears(o)} AND {its}<{mine})"


def _way(column: str, which: str, how: str, spelled: str) -> str:
    """A select of names (t) that match (c), by snippets whose column lies between two texts."""
    snippets = f"a CROSS JOIN snippet s ON a.what='{column}' AND s.{column}>=a.low AND s.{column}<=a.high AND {which}"
    return f"SELECT p.t t,{how} c FROM {snippets} CROSS JOIN snippet_of p ON p.h=s.h{spelled}"
