"""The few types that every model's API has, and the shapes that types are described in."""

from __future__ import annotations

from msgspec import Struct


class Argument(Struct, frozen=True):
    name: str
    type: str
    default: str | None = None


class Member(Struct, frozen=True):
    """A field of an object or input type; ``type`` as in SDL."""

    name: str
    type: str
    arguments: tuple[Argument, ...] = ()
    description: str = ""


class ObjectType(Struct, frozen=True):
    name: str
    members: tuple[Member, ...]
    interfaces: tuple[str, ...] = ()
    description: str = ""
    abstract: bool = False


class InputType(Struct, frozen=True):
    name: str
    members: tuple[Member, ...]
    description: str = ""


class EnumType(Struct, frozen=True):
    name: str
    description: str
    values: tuple[tuple[str, str], ...]


SCALARS = {
    "Date": "A day: 2020-03-31.",
    "PartialDate": "A day, a month or a year: 2020-03-31, 2020-03, 2020.",
    "DateTime": "A point in time with its offset from UTC: 2020-03-31T12:00:00+08:00.",
    "Duration": "A step: P1D, P2W, P1M, P1Y.",
    "URI": "An absolute web address or name.",
}

LANG = (Argument("lang", "Lang! = ZH"),)
CERTAINTY = Argument("certainty", "Certainty")
SEEN = (Argument("knownAt", "DateTime"), Argument("load", "Int"), CERTAINTY)
DATES = {
    "at": (Argument("date", "Date"),),
    "during": (Argument("in", "PartialDate"), Argument("from", "Date"), Argument("until", "Date")),
    "ever": (),
}
SEEN_AS = {
    "at": "on a day; without one, on the days around",
    "during": "on some day of a range: in a year or month, or from a day to before another",
    "ever": "on some day or other",
}


def scopes(type_: str, what: str) -> tuple[Member, ...]:
    """``at``, ``during`` and ``ever`` of a type: the same thing in another scope."""
    return tuple(Member(name, type_, (*dates, *SEEN), f"{what}, {SEEN_AS[name]}.") for name, dates in DATES.items())


EACH = (*(Argument(name, type_) for name, type_ in (("dates", "[Date!]"), ("from", "Date"), ("until", "Date"))),
        Argument("step", "Duration"))  # fmt: skip
ROOT = (
    *scopes("Graph!", "Everything"),
    Member("each", "[Graph!]!", EACH, "Everything, on each of some days, or by steps from a day to before another."),
    Member("scope", "Scope!", description="The days, the load and the certainty that all here is seen at."),
)
SEARCH = Member(
    "search",
    "SearchConnection!",
    (Argument("text", "String!"), Argument("kinds", "[Kind!]"), Argument("first", "Int! = 20")),
    "Entities that are there, by any part of a name that they have in some state: in characters, in pinyin, by first letters or mixed.",
)
PATHS = Member(
    "paths",
    "PathList!",
    (
        Argument("from", "ID!"), Argument("to", "ID!"), Argument("through", "[Relation!]"), Argument("avoid", "[ID!]"),
        Argument("maxLength", "Int! = 6"), Argument("first", "Int! = 5"),
    ),
    "How two entities are linked: the shortest paths over records, all of which share a day; none passes an entity twice.",
)  # fmt: skip
PATH_TYPES = (
    ObjectType("PathList", (Member("paths", "[Path!]!"),), (),
               "Shorter ones first, then those that are certain, then by the keys of entity and record, hop by hop."),
    ObjectType("Path", (
        Member("length", "Int!", description="How many records it leads over."),
        Member("certainty", "Certainty!", description="That all its records hold on one day of the scope, and all its entities are there."),
        Member("valid", "Valid!", description="The days that its records share."),
        Member("nodes", "[Entity!]!", description="From the one to the other."),
        Member("records", "[RelationRecord!]!", description="Between each two of its entities."),
    ), (), "A way between two entities."),
)  # fmt: skip
ENUMS = (
    EnumType("Changed", "What became of a state or a record.", (
        ("ADDED", "It was not known before."), ("CORRECTED", "It says something else."),
        ("WITHDRAWN", "It was never so: it is known no more."),
    )),
    EnumType("Match", "How much of a name was typed.", (
        ("EXACT", "All of it."), ("PREFIX", "Its beginning."), ("SUBSTRING", "A part within it."),
    )),
    EnumType("Direction", "From the first to the last, or from the last to the first; what has no value comes last.", (
        ("ASC", "From the first to the last."), ("DESC", "From the last to the first."),
    )),
    EnumType("Certainty", "How sure an answer is, given the days that are not known.", (
        ("CERTAIN", "True whatever the unknown days are."),
        ("POSSIBLE", "Not ruled out."),
    )),
    EnumType("Turn", "Which way one goes.", (
        ("TAKES", "The record begins on that day."), ("LEAVES", "It is the record's last day."),
    )),
    EnumType("Lang", "A language of labels and texts.", (("ZH", "中文"), ("EN", "English"))),
    EnumType("Precision", "How exactly a date is known.", (
        ("DAY", "To the day."), ("MONTH", "To the month."), ("YEAR", "To the year."),
        ("BETWEEN", "Between two days that are no month or year."), ("OPEN", "There is none."), ("UNKNOWN", "Not known."),
    )),
)  # fmt: skip

_SOURCED = (
    Member("id", "ID!", description="The key, and the scope as far as one was given: what clients cache by."),
    Member("key", "ID!", description="Stable for ever; the tail of the IRI."),
    Member("iri", "URI!"),
    Member("valid", "Valid!"),
    Member("certainty", "Certainty!"),
    Member("synthetic", "Boolean!", description="Invented, to stand for what the sources do not name."),
    Member("citations", "[Citation!]!"),
)
ENTITY_MEMBERS = (
    *_SOURCED, Member("kind", "Term!"), Member("name", "String!"),
    Member("history", "EntityStateConnection!", description="All states that are known, whatever the days."),
)  # fmt: skip
VERSION = ObjectType("Version", (
    Member("valid", "Valid!"), Member("known", "Known!"), Member("synthetic", "Boolean!"), Member("citations", "[Citation!]!"),
), (), "What was known of an entity's state or of a record between two loads.", abstract=True)  # fmt: skip
RECORD = ObjectType("RelationRecord", (
    *_SOURCED, Member("relation", "Term!"), Member("ends", "[RecordEnd!]!"),
    Member("known", "Known!", description="Since which load it says this, and until which."),
), ("Node", "Version"), "A record of any relation.", abstract=True)  # fmt: skip
STATE = ObjectType("EntityState", (
    Member("name", "String!"), Member("valid", "Valid!"), Member("known", "Known!"), Member("synthetic", "Boolean!"),
    Member("citations", "[Citation!]!"),
), ("Version",), "What an entity was like between two changes.", abstract=True)  # fmt: skip
EDGE = (Member("cursor", "String!"), Member("certainty", "Certainty!"), Member("valid", "Valid!"))
CONNECTION = (
    Member("pageInfo", "PageInfo!"),
    Member("totalCount", "Int!", (CERTAINTY,), "Edges."),
    Member("nodeCount", "Int!", (CERTAINTY,), "Distinct far ends."),
)
LASTING = (
    Member("days", "Int", description="Days on which at least one of them holds; null if that has no end."),
    Member("spells", "[Stretch!]!", description="These days, in stretches without a hole."),
    Member("gaps", "[Stretch!]!", description="The days of the scope on which none of them holds, in stretches."),
)
PAGE = (Argument("first", "Int"), Argument("after", "String"), Argument("last", "Int"), Argument("before", "String"))
SINCE = (
    Argument("since", "Int!"), Argument("until", "Int"), Argument("where", "ChangeWhere"), Argument("first", "Int"),
    Argument("after", "String"),
)  # fmt: skip
NODES = (
    Member("node", "Node", (Argument("id", "ID!"),), "What an id stands for, in the scope that it carries."),
    Member("nodes", "[Node]!", (Argument("ids", "[ID!]!"),)),
    Member("loads", "LoadConnection!", PAGE, "What was loaded, and when."),
    Member(
        "changes",
        "ChangeConnection!",
        SINCE,
        "What the loads after one (0: all) changed, until another, in their order.",
    ),
    Member("model", "Model!"),
)
CHANGES = (
    ObjectType("Change", (
        Member("what", "Changed!"), Member("load", "Load!"), Member("key", "ID!", description="Of the entity or the record."),
        Member("kind", "Term", description="Of the entity whose state it is."), Member("relation", "Term", description="Of the record."),
        Member("changed", "[String!]!", description="The columns of files that a correction says anew."),
        Member("before", "Version", description="As known before the load, on all days; null if it was not."),
        Member("after", "Version", description="As known from the load on, on all days; null if it is withdrawn."),
    ), (), "A state or a record that a load added, corrected or withdrew."),
    ObjectType("ChangeEdge", (Member("cursor", "String!"), Member("node", "Change!"))),
    ObjectType("ChangeConnection", (
        Member("edges", "[ChangeEdge!]!"), Member("nodes", "[Change!]!"), Member("pageInfo", "PageInfo!"),
        Member("totalCount", "Int!", description="Of all pages."),
        Member("purges", "[Purge!]!", description="What was purged since: copies of it must go."),
    )),
    ObjectType("Purge", (
        Member("number", "Int!"), Member("at", "DateTime!"), Member("table", "String!", description="A kind or a relation."),
        Member("field", "String", description="Null where whole things are gone."), Member("things", "Int!"),
        Member("versions", "Int!"), Member("why", "String!"),
    ), (), "The mark of a purge."),
)  # fmt: skip
OBJECTS = (
    ObjectType("SearchEdge", (
        Member("node", "Entity!"), Member("certainty", "Certainty!"), Member("name", "String!", description="The name that was found."),
        Member("current", "Boolean!", description="Whether it is the name that is shown; else one of another state."),
        Member("match", "Match!"),
    )),
    ObjectType("SearchConnection", (
        Member("edges", "[SearchEdge!]!"), Member("nodes", "[Entity!]!"),
        Member("totalCount", "Int!", (CERTAINTY,), "Entities that are found."),
    ), (), "What a text finds: whole names first, then beginnings, then parts; those in more records first; then by key."),
    ObjectType("Node", (Member("id", "ID!"),), abstract=True),
    VERSION,
    RECORD,
    STATE,
    ObjectType("EntityStateEdge", (Member("node", "EntityState!"),)),
    ObjectType("EntityStateConnection", (
        Member("edges", "[EntityStateEdge!]!"), Member("nodes", "[EntityState!]!"), Member("totalCount", "Int!"),
    )),
    ObjectType("Turnover", (
        Member("turn", "Turn!"),
        Member("on", "End!", description="The day that the record begins, or its last day."),
        Member("certainty", "Certainty!", description="That it holds in the range, turns there, and meets the filter."),
        Member("record", "RelationRecord!"),
        Member("predecessor", "RelationRecord", description="Of a post that one holds at a time: its record before this one."),
        Member("successor", "RelationRecord", description="Of such a post, its record after this one."),
    ), (), "Who takes something or leaves it."),
    ObjectType("TurnoverEdge", (Member("cursor", "String!"), Member("node", "Turnover!"))),
    ObjectType("TurnoverConnection", (
        Member("edges", "[TurnoverEdge!]!"), Member("nodes", "[Turnover!]!"), Member("pageInfo", "PageInfo!"),
        Member("totalCount", "Int!", (CERTAINTY,)),
    )),
    ObjectType("RecordEnd", (Member("name", "String!"), Member("label", "String!", LANG), Member("entity", "Entity"))),
    ObjectType("Known", (Member("from", "Load!"), Member("until", "Load", description="Null while it is still known."))),
    ObjectType("Load", (
        Member("number", "Int!"), Member("at", "DateTime!"), Member("files", "[LoadFile!]!"), Member("added", "Int!"),
        Member("corrected", "Int!"), Member("withdrawn", "Int!"),
    )),
    ObjectType("LoadFile", (Member("name", "String!"), Member("sha256", "String!"))),
    ObjectType("LoadEdge", (Member("cursor", "String!"), Member("node", "Load!"))),
    ObjectType("LoadConnection", (
        Member("edges", "[LoadEdge!]!"), Member("nodes", "[Load!]!"), Member("pageInfo", "PageInfo!"), Member("totalCount", "Int!"),
    )),
    ObjectType("Model", (
        Member("name", "String!"), Member("label", "String!", LANG), Member("iri", "URI!"), Member("timezone", "String!"),
        Member("kinds", "[Term!]!"), Member("relations", "[Term!]!"), Member("derived", "[Term!]!"),
    )),
    ObjectType("DerivedRecord", (
        Member("relation", "Term!"), Member("valid", "Valid"), Member("certainty", "Certainty!"), Member("synthetic", "Boolean!"),
        Member("count", "Int!", (CERTAINTY,), "How many chains of records it stands for; one, if it is not grouped."),
        Member("via", "[RelationRecord!]!", description="The records that it follows from; none of a grouped one."),
    ), (), "A link that follows from records."),
    ObjectType("Valid", (
        Member("from", "End!"),
        Member("until", "End!", description="The first day no longer."),
        Member("through", "End!", description="The last day."),
        Member("text", "String!", LANG),
    )),
    ObjectType("Stretch", (
        Member("valid", "Valid!"), Member("days", "Int", description="Null if it has no end."),
    ), (), "Days in a row."),
    ObjectType("End", (
        Member("value", "PartialDate"), Member("precision", "Precision!"), Member("earliest", "Date"), Member("latest", "Date"),
        Member("text", "String!", LANG),
    )),
    ObjectType("Term", (Member("code", "String!"), Member("label", "String!", LANG), Member("iri", "URI!"))),
    ObjectType("Citation", (Member("title", "String!"), Member("para", "String"), Member("source", "Source!"))),
    ObjectType("Scope", (
        Member("date", "Date", description="The day; null in a range."), Member("from", "Date"), Member("until", "Date"),
        Member("load", "Int!"), Member("certainty", "Certainty!"),
    )),
    ObjectType("PageInfo", (
        Member("hasNextPage", "Boolean!"), Member("hasPreviousPage", "Boolean!"), Member("startCursor", "String"),
        Member("endCursor", "String"),
    )),
    *CHANGES,
)  # fmt: skip

_ORDERED = ("gt", "gte", "lt", "lte")


def _filter(name: str, scalar: str, *comparisons: str) -> InputType:
    tests = [Member("eq", scalar), Member("in", f"[{scalar}!]"), *(Member(word, scalar) for word in comparisons)]
    return InputType(name, (*tests, Member("isNull", "Boolean")))


INPUTS = (
    _filter("StringFilter", "String", "contains", "startsWith"),
    _filter("IntFilter", "Int", *_ORDERED),
    InputType("KeyFilter", (Member("eq", "ID"), Member("in", "[ID!]"))),
    InputType("BooleanFilter", (Member("eq", "Boolean"), Member("isNull", "Boolean"))),
    InputType("DateFilter", (
        Member("eq", "PartialDate"), *(Member(word, "PartialDate") for word in _ORDERED), Member("precision", "Precision"),
        Member("isNull", "Boolean"),
    )),
    InputType("EndFilter", (
        Member("eq", "PartialDate"), *(Member(word, "PartialDate") for word in _ORDERED), Member("precision", "Precision"),
        Member("isNull", "Boolean", description="There is no such end: it is open, or it has always been."),
    )),
    InputType("TurnFilter", (Member("eq", "Turn"), Member("in", "[Turn!]"))),
    InputType("CertaintyFilter", (Member("eq", "Certainty"), Member("in", "[Certainty!]"))),
    InputType("DayFilter", (Member("eq", "PartialDate"), *(Member(word, "PartialDate") for word in _ORDERED))),
    InputType("TurnoverOrderBy", (Member("on", "Direction"),)),
    InputType("ValidOrderBy", (Member("from", "Direction"), Member("until", "Direction"))),
    InputType("DaysOrderBy", (
        Member("count", "Direction"), Member("nodeCount", "Direction"),
        Member("days", "Direction", description="On how many days at least one of them holds; without end is most."),
        Member("gap", "Direction", description="How long none of them holds at most."),
    )),
    InputType("CountOrderBy", (Member("count", "Direction"), Member("nodeCount", "Direction"))),
    InputType("GroupBounds", tuple(Member(word, "Float") for word in ("eq", *_ORDERED))),
    InputType("CountFilter", tuple(Member(bound, "Int") for bound in ("eq", *_ORDERED))),
    InputType("DerivedRecordWhere", (
        Member("and", "[DerivedRecordWhere!]"), Member("or", "[DerivedRecordWhere!]"), Member("not", "DerivedRecordWhere"),
        Member("count", "CountFilter", description="How many chains of records it stands for."),
    )),
    InputType("DerivedRecordOrderBy", (Member("count", "Direction"),)),
    InputType("ValidFilter", (Member("from", "EndFilter"), Member("until", "EndFilter"))),
)  # fmt: skip
