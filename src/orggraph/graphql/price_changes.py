"""What a feed of changes costs. In: ``changes`` as it is asked, and how selections and objects are priced. Out: ``Figures``.

All that is written is written for each table that may change; rows are those of a page, each with its versions. What is looked
at besides is known only to the store: a page begins in an index, and tests of sorts and sources pass over what they do not
want, at most all that there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from orggraph.graphql.figures import NOTHING, Figures, dearest, together
from orggraph.graphql.merging import Asked
from orggraph.graphql.values import Values
from orggraph.graphql.vocabulary import Vocabulary
from orggraph.model import names
from orggraph.model.model import Kind, Model, Relation
from orggraph.stores.contract import Store

Printed = Callable[[str, tuple[Any, ...]], Figures]
"""The figures of an object of a type."""


class Pricing(Protocol):
    """Prices fields of one document (``price.py``)."""

    words: Vocabulary
    store: Store
    values: Values

    def argument(self, asked: Asked, name: str, page: bool = False) -> Any: ...

    def collect(self, asked: Asked, type_: str) -> list[Asked]: ...

    def page(self, asked: Asked) -> float: ...


WRITTEN, TEST = 20.0, 6.0
"""Parts in which a page is written, and what tests one table's versions."""


def tables_asked(model: Model, where: Mapping[str, Any]) -> list[Kind | Relation]:
    """The tables that a filter leaves, as far as the document itself says it."""
    kinds, relations = where.get("kinds"), where.get("relations")
    found: list[Kind | Relation] = []
    if kinds is not None or relations is None:
        found += [kind for kind in model.concrete() if kinds is None or not {kind.name, *kind.supers}.isdisjoint(kinds)]
    if relations is not None or kinds is None:
        found += [one for one in model.relations.values() if relations is None or one.name in relations]
    return found


def changes(pricing: Pricing, asked: Asked, printed: Printed) -> Figures:
    """``printed``: prices an object."""
    where, store, collect = pricing.argument(asked, "where") or {}, pricing.store, pricing.collect
    node, where = asked.arguments.get("where"), where if isinstance(where, dict) else {}
    plain = node is not None and not pricing.values.variables_in(node)
    tables, page = tables_asked(pricing.words.model, where if plain else {}), pricing.page(asked)
    known = sum(store.count(one.name) if isinstance(one, Kind) else store.records(one.name) for one in tables)
    tested = sum(where.get(name) is not None for name in ("citedFrom", "touching"))
    rows = Figures(0.0, WRITTEN + TEST * tested * len(tables))
    passed = known if any(one is not None for one in where.values()) else min(page, known)
    found = []
    for one in collect(asked, "ChangeConnection"):
        match one.name:
            case "nodes" | "edges":
                items = [one] if one.name == "nodes" else [e for e in collect(one, "ChangeEdge") if e.name == "node"]
                each = together(_change(item, tables, collect, printed) for item in items)
                found.append(
                    together(
                        (each.times(1.0)._replace(rows=min(page, known) * each.rows + passed * (1.0 + tested)), rows)
                    )
                )
            case "totalCount":
                found.append(rows._replace(rows=known * (1.0 + tested)))
            case "pageInfo":
                looks = any(part.name == "hasNextPage" for part in collect(one, "PageInfo"))
                found.append(together((rows._replace(rows=passed * (1.0 + tested)), rows if looks else NOTHING)))
            case _:
                found.append(Figures(1.0, 4.0, 1))
    return together(found).above(1.0, 2.0)


def _change(
    asked: Asked, tables: list[Kind | Relation], collect: Callable[[Asked, str], list[Asked]], printed: Printed
) -> Figures:
    """One change, in any of the tables."""
    parts = []
    for one in collect(asked, "Change"):
        match one.name:
            case "before" | "after":
                parts.append(dearest(_version(table, one, printed) for table in tables))
            case "load":
                parts.append(printed("Load", one.below).times(len(tables))._replace(rows=1.0))
            case "changed":
                columns = sum(len(table.fields) + 8 for table in tables)
                parts.append(Figures(4.0, 2.0 * columns))
            case _:
                parts.append(Figures(1.0, 2.0 * len(tables)))
    return together(parts).above(1.0, 1.0)


def _version(table: Kind | Relation, asked: Asked, printed: Printed) -> Figures:
    if isinstance(table, Kind):
        return printed(names.state_type(table.name), asked.below).above(1.0, 3.0)
    return printed(names.record_type(table.name), asked.below).times(1.25).above(1.0, 3.0)  # some ends in two ways
