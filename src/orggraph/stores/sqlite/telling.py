"""What is printed of one row: fields, key and id, certainty, dates, citations, since which load it is known.

In: plan nodes and the thing at hand. Out: pieces of one SELECT, which are never null: a missing value is the text
``null``.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence

from msgspec.structs import replace

from orggraph.model.model import Field
from orggraph.model.values import Value as FieldType
from orggraph.plan import nodes as plan
from orggraph.stores.sqlite.bundles import made_up
from orggraph.stores.sqlite.rows import Spot
from orggraph.stores.sqlite.seen import NULL, Seen
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.sources import rows_of_record
from orggraph.stores.sqlite.writing import (
    CURRENT,
    Json,
    Piece,
    concat,
    conjunction,
    json_list,
    json_object,
    quote,
)


class Telling(Seen, ABC):
    """Prints what one row says."""

    # ------------------------------------------------------------ scalars

    def scalar(self, field: Field | str, shown: Shown) -> str:
        match field:
            case Field():
                return self.field(field, shown)
            case "key":
                return f"json_quote({self.key(shown)})"
            case "id":
                return self.id(shown)
            case "iri":
                return f"json_quote({quote(self.names.model.iri)}||{self.key(shown)})"
            case "name":
                return f"json_quote({shown.state}.name)"
            case "synthetic":
                return f"iif({self.synthetic(shown)},'true','false')"
            case "certainty":
                return self.certainty(shown)
            case "turn":
                assert shown.record is not None
                return f"iif({shown.record.alias}.i,'\"TAKES\"','\"LEAVES\"')"
        raise AssertionError(field)

    def field(self, field: Field, shown: Shown) -> str:
        text = f'{shown.row}."_{field.name}"'
        match field.type:
            case FieldType.INT:
                return f"coalesce({text},{NULL})"
            case FieldType.BOOLEAN:
                return f"CASE {text} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {NULL} END"
        return f"json_quote({text})"

    @staticmethod
    def key(shown: Shown) -> str:
        if shown.key:
            return shown.key
        if shown.spot:
            return f"(SELECT key FROM entity WHERE e={shown.spot.entity})"
        assert shown.record is not None
        return f"(SELECT key FROM record WHERE r={shown.record.alias}.r)"

    def id(self, shown: Shown) -> str:
        """The key and the scope, as far as one was given; a record's is the one that it was found in."""
        window = shown.holds.window if shown.holds else self.window
        suffix = self.id_suffix(window)
        if not suffix:
            return f"json_quote({self.key(shown)})"
        return concat([Json('"'), self.key(shown), *suffix, Json('"')])

    def synthetic(self, shown: Shown) -> str:
        if shown.rows is not None and shown.rows.bundle is not None:
            return made_up(self.writer, shown.rows.bundle)
        if shown.rows is not None:
            return "(" + " OR ".join(f"{record.alias}.syn" for record in shown.rows.records) + ")"
        return f"{shown.row}.syn"

    def certainty(self, shown: Shown) -> str:
        if self.certain:
            return "'\"CERTAIN\"'"
        certain = shown.certain
        if shown.holds is not None:
            assert shown.record is not None
            certain = conjunction(shown.holds.certainly(rows_of_record(shown.record)))
        return f"iif({certain},'\"CERTAIN\"','\"POSSIBLE\"')"

    def labelled(self, node: plan.Labelled, shown: Shown) -> str:
        return self.term_of(node, f'{shown.row}."_{node.field.name}"')

    def term_of(self, node: plan.Labelled, code: str) -> str:
        """The term of a code, which SQL gives; none for none."""
        t = self.writer.alias("t")
        columns = {part: f"json_quote({t}.{part})" for part in ("code", "zh", "en", "iri")}
        printed = concat(json_object(constant_or(node.members, columns)))
        terms = quote(node.field.terms or "")
        return f"coalesce((SELECT {printed} FROM term {t} WHERE {t}.l={terms} AND {t}.code={code}),{NULL})"

    # ------------------------------------------------------------ dates

    def dates(self, node: plan.Dates, shown: Shown) -> list[Piece]:
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case str():
                    members.append((key, [f"json_quote(valid_text('{part}',{shown.numbers}))"]))
                case parts:
                    members.append((key, json_object([(name, [self.end(one, shown)]) for name, one in parts])))
        return json_object(members)

    def end(self, part: plan.EndPart | plan.Text, shown: Shown) -> Piece:
        if isinstance(part, plan.Text):
            return Json(part.json)
        return f"json_quote(valid_end('{part.end}','{part.part}',{shown.numbers}))"

    # ------------------------------------------------------------ citations and loads

    def cited(self, node: plan.Cited, shown: Shown) -> list[Piece]:
        c, s = self.writer.alias("c"), self.writer.alias("s")
        columns = {"title": f"json_quote({s}.name)", "para": f"json_quote({c}.para)"}
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Object():
                    source = self.shown_entity(Spot(f"{c}.s", ("Source",)), "", s)
                    members.append((key, self.object(part, source)))
                case name:
                    members.append((key, [columns[name]]))
        last = f"{s}.e={c}.s AND {self.window.known(s)} AND {s}.n0={CURRENT}"
        rows = (
            f'SELECT {concat(json_object(members))} j FROM cite {c} CROSS JOIN "k_Source" {s} '
            f"WHERE {c}.c={shown.row}.c AND {last} ORDER BY {c}.i"
        )
        return json_list(f"(SELECT group_concat(j) FROM ({rows}))")

    def known(self, node: plan.Known, shown: Shown) -> list[Piece]:
        """The load that brought the version, and the one that took it back."""
        columns = {"from": "k0", "until": "k1"}
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, end, part in node.members:
            if isinstance(part, plan.Text):
                members.append((key, [Json(part.json)]))
                continue
            found = self.writer.alias("l")
            printed = concat(self.object(part, Shown(load=found)))
            load = f"(SELECT {printed} FROM load {found} WHERE {found}.k={shown.row}.{columns[end]})"
            members.append((key, [f"coalesce({load},{NULL})"]))
        return json_object(members)

    def load_part(self, part: str, shown: Shown) -> str:
        """``number``, ``at``, or a count of a load."""
        match part:
            case "number":
                return f"{shown.load}.k"
            case "at":
                return f"json_quote({shown.load}.at)"
        return f"{shown.load}.{part}"

    def load_files(self, node: plan.LoadFiles, shown: Shown) -> list[Piece]:
        f = self.writer.alias("f")
        columns = {"name": f"json_quote({f}.key)", "sha256": f"json_quote({f}.value)"}
        printed = concat(json_object(constant_or(node.members, columns)))
        rows = f"SELECT {printed} j FROM json_each({shown.load}.files) {f} ORDER BY {f}.key"
        return json_list(f"(SELECT group_concat(j) FROM ({rows}))")

    # ------------------------------------------------------------ entities

    def shown_entity(self, spot: Spot, key: str, state: str) -> Shown:
        s = state
        cells = (
            f"iif({s}.f0={s}.g0 AND {s}.f1={s}.g1,{s}.w_from,NULL),iif({s}.u0={s}.v0 AND {s}.u1={s}.v1,{s}.w_until,NULL),"
            f"iif({s}.u0={s}.v0 AND {s}.u1={s}.v1,{s}.w_through,NULL),{s}.w_attested"
        )
        numbers = f"{s}.g0,{s}.g1,{s}.v0,{s}.v1,{cells}"
        return Shown(spot, key, s, numbers=numbers, certain=self.state_certain(s, spot))

    def state_certain(self, state: str, spot: Spot) -> str:
        """That the entity whose printed state a row is is certainly there: on a day only that state's life can say so."""
        known = self.names.always_there(spot.kinds[0], spot, self.window)
        if self.window.day is not None and not known and not self.names.lies_within(spot, self.window, True):
            return self.window.life_meets(state)
        return self.conditions.there(spot if spot.record else replace(spot, entity=f"{state}.e"), True)


def constant_or(
    members: Sequence[tuple[str, str | plan.Text]], columns: dict[str, str]
) -> list[tuple[str, Sequence[Piece]]]:
    """Members that are constant JSON, or one of some columns."""
    return [(key, [Json(part.json) if isinstance(part, plan.Text) else columns[part]]) for key, part in members]
