"""Values and dates that others wrote → cells of files. In: terms. Out: text as loading reads it; ValueError for what it cannot keep.

What is said and cannot be read is no blank: a record that ended on a day which nobody can read would go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from orggraph.model.iris import DCAT, ORG, TIME, TYPE
from orggraph.model.model import Field, Model
from orggraph.model.values import Value, clean_boolean, clean_int, clean_string, clean_uri
from orggraph.rdf.own import Row
from orggraph.rdf.reading import Term
from orggraph.rdf.taking import Taking
from orggraph.time.partial import parse_partial

STARTS = (f"{DCAT}startDate", "http://schema.org/startDate", "https://schema.org/startDate", f"{TIME}hasBeginning")
LASTS = (f"{DCAT}endDate", "http://schema.org/endDate", "https://schema.org/endDate")
ENDS = (f"{TIME}hasEnd",)
INSTANTS = tuple(f"{TIME}inXSD{one}" for one in ("Date", "gYearMonth", "gYear", "DateTimeStamp", "DateTime"))
DATE = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")
DURING = f"{ORG}memberDuring"


def kept(term: Term, field: Field, model: Model) -> str:
    """As files write it. Raises ValueError that says why it cannot be kept."""
    match field.type:
        case Value.INT:
            clean_int(term.text)
        case Value.BOOLEAN:
            clean_boolean(term.text)
        case Value.URI:
            clean_uri(term.text)
        case Value.STRING:
            clean_string(term.text)
        case Value.DATE:
            return date_of(term)
        case Value.TERM:
            assert field.terms is not None
            return code(term, model, field.terms)
        case _:
            assert_never(field.type)
    return term.text


def code(term: Term, model: Model, terms: str) -> str:
    for code, one in model.terms[terms].terms.items():
        words = {code, one.label.zh, one.label.en, *one.aliases}
        if term.text == one.iri or term.text.casefold() in {word.casefold() for word in words}:
            return code
    raise ValueError(f"the code list {terms} has no such term")


def interval(taking: Taking, subject: str) -> Row:
    """By its own dates, or those of its ``org:memberDuring``. Raises ValueError."""
    properties = taking.said[subject]
    during = next((term.text for term in properties.get(DURING, [])), "")
    row: Row = {}
    for one in (subject, during):
        for cell, predicates in (("from", STARTS), ("through", LASTS), ("until", ENDS)):
            other = cell == "until" and "through" in row
            text = "" if cell in row or other else next(dates(taking, one, predicates), "")
            if text:
                row[cell] = text
    if during and not row:
        taking.leave(subject, DURING, "says no date that is read")
    elif during:
        taking.take_link(subject, DURING, during)
        taking.take(during, TYPE, *taking.said.get(during, {}).get(TYPE, []))
    if "through" in row:
        row.pop("until", None)
    check_order(row)
    return row


def dates(taking: Taking, subject: str, predicates: Iterable[str]) -> Iterator[str]:
    said = taking.said.get(subject, {})
    for predicate in predicates:
        for term in said.get(predicate, []):
            text = instant(taking, term.text) if term.is_iri else date_of(term)
            taking.take(subject, predicate, term)
            yield text


def instant(taking: Taking, iri: str) -> str:
    about = taking.said.get(iri, {})
    for predicate in INSTANTS:
        for term in about.get(predicate, []):
            taking.take(iri, TYPE, *about.get(TYPE, []))
            taking.take(iri, predicate, term)
            return date_of(term)
    raise ValueError(f"its date {iri} says no day, month or year")


def check_order(row: Row) -> None:
    """Raises ValueError where it surely ends before it begins."""
    for cell, least in (("through", 0), ("until", 1)):
        if row.get("from") and cell in row and parse_partial(row[cell])[1] < parse_partial(row["from"])[0] + least:
            raise ValueError(f"ends ({cell} {row[cell]}) before it begins (from {row['from']})")


def date_of(term: Term) -> str:
    """A day, month or year, as files write them. Raises ValueError."""
    found = DATE.fullmatch(term.text.strip())
    if found is None:
        raise ValueError(f"{term.text} is no date that is read: write 2020-03-31, 2020-03 or 2020")
    parse_partial(found[1])
    return found[1]
