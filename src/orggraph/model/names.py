"""Names that follow from a model by rule: of GraphQL types and root fields. Said once; the linter sees to it that no
two are equal.

Example: hop ``(kind="Unit", plural="deputyHeads")`` → ``UnitDeputyHeadsConnection``, ``UnitDeputyHeadsWhere``, …
"""

from __future__ import annotations


def upper_first(name: str) -> str:
    """``deputyHeads`` → ``DeputyHeads``."""
    return name[:1].upper() + name[1:]


def where_type(kind: str) -> str:
    return f"{kind}Where"


def is_where(kind: str) -> str:
    return f"{kind}IsWhere"


def scope_where(kind: str, word: str) -> str:
    """What stands under ``at``, ``during`` or ``ever`` in a filter: days and a filter on them."""
    return f"{kind}{upper_first(word)}Where"


def root_connection(kind: str) -> str:
    return f"{kind}Connection"


def root_edge(kind: str) -> str:
    return f"{kind}Edge"


def record_type(relation: str) -> str:
    return f"{relation}Record"


def record_connection(relation: str) -> str:
    return f"{relation}RecordConnection"


def record_edge(relation: str) -> str:
    return f"{relation}RecordEdge"


def record_where(relation: str) -> str:
    """Filter of a relation's records: own fields, dates and all ends."""
    return f"{relation}RecordWhere"


def record_quantifiers(relation: str) -> str:
    return f"{relation}RecordQuantifiers"


def any_quantifiers() -> str:
    """Of all records of an entity."""
    return "RecordQuantifiers"


def own_where(relation: str) -> str:
    """What stands under ``record:``: own fields, dates and further ends."""
    return f"{relation}Where"


def hop_connection(kind: str, plural: str) -> tuple[str, str]:
    """Connection and edge type of a field that leads over a relation."""
    return f"{kind}{upper_first(plural)}Connection", f"{kind}{upper_first(plural)}Edge"


def hop_where(kind: str, plural: str) -> str:
    return f"{kind}{upper_first(plural)}Where"


def hop_quantifiers(kind: str, plural: str) -> str:
    return f"{kind}{upper_first(plural)}Quantifiers"


def order_by(name: str) -> str:
    """Order of a kind's entities; of a relation's records, as seen over a hop."""
    return f"{name}OrderBy"


def record_order_by(relation: str) -> str:
    return f"{relation}RecordOrderBy"


def hop_order_by(kind: str, plural: str) -> str:
    return f"{kind}{upper_first(plural)}OrderBy"


def state_type(kind: str) -> str:
    """A state in the history of an entity of a kind."""
    return f"{kind}State"


def one_where(kind: str, singular: str) -> str:
    return f"{kind}{upper_first(singular)}Where"


def count_where(quantifiers: str) -> str:
    return f"{quantifiers}Count"


def terms_enum(terms: str) -> str:
    return terms


def term_filter(terms: str) -> str:
    return f"{terms}Filter"


def records_field(singular: str) -> str:
    """The field beside a hop that leads to the records themselves."""
    return f"{singular}Records"


def record_roots(relation_singular: str) -> tuple[str, str]:
    """Root fields of a relation's records: one by key, and all."""
    return f"{relation_singular}Record", f"{relation_singular}Records"


def group_type(listed: str) -> str:
    """A group of entities of a kind, or of a relation's records (``listed``: the kind, or the record's type)."""
    return f"{listed}Group"


def group_by(listed: str) -> str:
    """What they can be grouped by."""
    return f"{listed}GroupBy"


def group_key(listed: str) -> str:
    return f"{listed}GroupKey"


def group_figures(listed: str, reckoning: str) -> str:
    """Sums and means of their whole numbers; the least and the greatest."""
    return f"{listed}Group{'Means' if reckoning in ('sum', 'avg') else 'Limits'}"


def group_inputs(listed: str) -> tuple[str, str, str, str, str, str, str]:
    """having, a count, a share, figures in it; orderBy, a share, key and figures in it."""
    words = ("Having", "Count", "Share", "Figures", "OrderBy", "ShareOrderBy", "KeyOrderBy")
    having, count, share, figures, order, share_order, key_order = (f"{listed}Group{word}" for word in words)
    return having, count, share, figures, order, share_order, key_order


def group_figures_order(listed: str) -> str:
    return f"{listed}GroupFiguresOrderBy"


def group_names(listed: str) -> tuple[str, ...]:
    """All of them."""
    figures = (group_figures(listed, "sum"), group_figures(listed, "min"), group_figures_order(listed))
    return (group_type(listed), group_by(listed), group_key(listed), *figures, *group_inputs(listed))


BUILTIN_TYPES = frozenset({
    "Query", "Graph", "Entity", "RelationRecord", "DerivedRecord", "Valid", "End", "Term", "Citation", "PageInfo",
    "Certainty", "Lang", "Precision", "Date", "PartialDate", "URI", "String", "Int", "Float", "Boolean", "ID",
    "StringFilter", "IntFilter", "KeyFilter", "BooleanFilter", "DateFilter", "EndFilter", "ValidFilter",
    "Node", "Scope", "DateTime", "Duration", "Direction", "None", "True", "False", "Model", "Load", "LoadFile",
    "LoadConnection", "LoadEdge", "Known", "RecordEnd", "EntityState", "EntityStateConnection", "EntityStateEdge", "Relation",
    "RelationFilter", "EntityConnection", "EntityEdge", "EntityWhere", "EntityIsWhere", "EntityOrderBy", "EntityAtWhere",
    "EntityDuringWhere", "EntityEverWhere", "RecordConnection", "RecordEdge", "RecordWhere", "RecordOrderBy", "CountOrderBy",
    "ValidOrderBy", any_quantifiers(), count_where(any_quantifiers()), "CountFilter", "DerivedRecordWhere", "DerivedRecordOrderBy",
    "Stretch", "DaysOrderBy",
    "Turn", "Turnover", "TurnoverConnection", "TurnoverEdge", "TurnoverWhere", "TurnoverOrderBy", "TurnFilter", "CertaintyFilter",
    "DayFilter", "Match", "SearchConnection", "SearchEdge", "Path", "PathList",
    "Version", "Change", "Changed", "ChangeConnection", "ChangeEdge", "ChangeWhere", "Kind", "Purge",
    "GroupBounds", *group_names("Entity"), *group_names("Record"),
})  # fmt: skip
