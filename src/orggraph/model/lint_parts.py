"""First round: each entry by itself. Names are well formed, labels are there, what is named exists, bounds are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from orggraph.model.entries import DerivedEntry, Entries, FieldEntry, Label
from orggraph.model.reading import Path_, Reading
from orggraph.model.values import Value

TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
FIELD_NAME = re.compile(r"[a-z][A-Za-z0-9_]*")
TERM_NAME = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*")
MOST_KINDS, MOST_RELATIONS, LONGEST_CHAIN = 63, 1023, 8
MOST_MEMBERS = 12
"""Chains of a union, roles of an overlap."""
Fields = dict[str, FieldEntry | None]


def lint_parts(entries: Entries, reading: Reading) -> None:
    _model(entries, reading)
    _sizes(entries, reading)
    for section in ("terms", "kinds", "relations", "derived"):
        for name, entry in getattr(entries, section).items():
            here: Path_ = (section, name)
            if not TYPE_NAME.fullmatch(name):
                mend = "write it like FirstSecretary: a capital, then letters and digits"
                reading.problem(here, "TYPE_NAME", f"{name} is no type name", mend, name)
            _label(reading, (*here, "label"), entry.label)
            _iri(reading, (*here, "iri"), entry.iri)
    _terms(entries, reading)
    for path, fields in field_lists(entries):
        _fields(entries, reading, path, fields)
    _named_kinds(entries, reading)
    _field_names(entries, reading)
    for name, derived in entries.derived.items():
        _derived(reading, ("derived", name), derived)


def _derived(reading: Reading, here: Path_, derived: DerivedEntry) -> None:
    """It follows in one way, from chains of some length and in some number."""
    forms = [word for word in ("chain", "union", "overlap") if getattr(derived, word)]
    if len(forms) > 1:
        message = f"it says {' and '.join(forms)}"
        reading.problem((*here, forms[-1]), "DERIVED_FORM", message, "keep one: what else follows is another relation")
    elif derived.members and not derived.chain and not 2 <= len(derived.members) <= MOST_MEMBERS:
        message = f"there are {len(derived.members)} chains in the {forms[0]}; it takes 2 to {MOST_MEMBERS}"
        reading.problem((*here, forms[0]), "MEMBER_COUNT", message, "add or take out chains; one alone is a chain:")
    elif derived.overlap and not 2 <= derived.least <= len(derived.members):
        message = f"least: {derived.least} of {len(derived.members)} chains"
        mend = "write a number from 2 to the number of chains; for any one of them write union:"
        reading.problem((*here, "overlap", "least"), "OVERLAP_LEAST", message, mend, str(derived.least))
    for path, chain in derived.members or ((("chain",), ()),):
        if not 1 <= len(chain) <= LONGEST_CHAIN:
            message = f"a chain has 1 to {LONGEST_CHAIN} steps; this one has {len(chain)}"
            mend = "write chain: [{field: …}, …], or union: or overlap: of chains"
            reading.problem((*here, *path), "CHAIN_LENGTH", message, mend)


def field_lists(entries: Entries) -> Iterator[tuple[Path_, Fields]]:
    """Every list of fields, with its place; shared ones too."""
    yield ("fields",), dict(entries.fields)
    for section, entry_list in (("kinds", entries.kinds), ("relations", entries.relations)):
        for name, entry in entry_list.items():
            yield (section, name, "fields"), entry.fields


def near(word: str, known: list[str]) -> str:
    """ "did you mean …" for a word that looks like a known one."""
    found = get_close_matches(word, known, 1)
    return f"did you mean {found[0]}?" if found else f"one of {', '.join(sorted(known)[:12])}"


def _model(entries: Entries, reading: Reading) -> None:
    model = entries.model
    _label(reading, ("model", "label"), model.label)
    if not _absolute(model.iri) or model.iri[-1] not in "/#":
        mend = "write an absolute IRI that ends in / or #, as https://example.org/graph/"
        reading.problem(("model", "iri"), "IRI", f"{model.iri} is no base of IRIs", mend, model.iri)
    try:
        ZoneInfo(model.timezone)
    except (ValueError, OSError, KeyError):
        reading.problem(
            ("model", "timezone"), "TIMEZONE", f"{model.timezone} is no time zone", "as Asia/Shanghai", model.timezone
        )


def _sizes(entries: Entries, reading: Reading) -> None:
    concrete = [name for name, kind in entries.kinds.items() if not kind.abstract]
    if len(concrete) > MOST_KINDS:
        message = f"there are {len(concrete)} kinds that are not abstract; at most {MOST_KINDS} can be told apart"
        reading.problem(
            ("kinds", concrete[MOST_KINDS]), "TOO_MANY_KINDS", message, "make some of them terms of one kind"
        )
    if len(entries.relations) > MOST_RELATIONS:
        last = list(entries.relations)[MOST_RELATIONS]
        reading.problem(
            ("relations", last), "TOO_MANY_RELATIONS", f"at most {MOST_RELATIONS} relations", "join some of them"
        )


def _label(reading: Reading, path: Path_, label: Label) -> None:
    for lang, text in (("zh", label.zh), ("en", label.en)):
        if not text.strip():
            reading.problem((*path, lang), "NO_LABEL", f"the label has no {lang} text", "say it in both languages")


def _absolute(iri: str) -> bool:
    parts = urlsplit(iri)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"[\s<>\"{}|\\^`]", iri)


def _iri(reading: Reading, path: Path_, iri: str | None) -> None:
    if iri is not None and not _absolute(iri):
        reading.problem(path, "IRI", f"{iri} is no absolute IRI", "as https://example.org/graph/kind/Person", iri)


def _terms(entries: Entries, reading: Reading) -> None:
    for name, terms in entries.terms.items():
        if not terms.terms:
            reading.problem(("terms", name, "terms"), "NO_TERMS", "the code list is empty", "add a term")
        spelled: dict[str, str] = {}
        for code, term in terms.terms.items():
            path: Path_ = ("terms", name, "terms", code)
            if not TERM_NAME.fullmatch(code) or code in ("true", "false", "null"):
                reading.problem(
                    path, "TERM_NAME", f"{code} is no name that GraphQL takes", "keep the spelling as an alias", code
                )
            _label(reading, path, Label(zh=term.zh, en=term.en))
            _iri(reading, (*path, "iri"), term.iri)
            for word in {one.casefold() for one in (code, term.zh, term.en, *term.aliases)}:
                if spelled.setdefault(word, code) != code:
                    message = f"{word} is a spelling of {spelled[word]} too"
                    reading.problem(path, "TERM_TWICE", message, "give each term spellings of its own", word)


def _fields(entries: Entries, reading: Reading, path: Path_, fields: Fields) -> None:
    types = [*(value for value in Value if value is not Value.TERM), *entries.terms]
    for name, field in fields.items():
        here = (*path, name)
        if not FIELD_NAME.fullmatch(name):
            reading.problem(here, "FIELD_NAME", f"{name} is no field name", "write it like floorArea", name)
        if field is None:
            if name not in entries.fields:
                mend = "give it a type and a label, or declare it under fields:"
                reading.problem(here, "NO_SHARED_FIELD", f"there is no shared field {name}", mend, name)
            continue
        _label(reading, (*here, "label"), field.label)
        _iri(reading, (*here, "iri"), field.iri)
        if field.type not in types:
            reading.problem(
                (*here, "type"),
                "UNKNOWN_TYPE",
                f"{field.type} is no type",
                near(field.type, list(map(str, types))),
                field.type,
            )


def _named_kinds(entries: Entries, reading: Reading) -> None:
    """Every kind that something names must be there."""
    for name, kind in entries.kinds.items():
        for i, above in enumerate(kind.extends):
            _kind(entries, reading, ("kinds", name, "extends", i), above)
    for name, relation in entries.relations.items():
        ends = [("subject", relation.subject), ("object", relation.object)]
        for role, end in ends:
            _iri(reading, ("relations", name, role, "iri"), end.iri)
            _kind(entries, reading, ("relations", name, role, "kind"), end.kind)
        for role, further in relation.ends.items():
            _kind(entries, reading, ("relations", name, "ends", role, "kind"), further.kind)
            _iri(reading, ("relations", name, "ends", role, "iri"), further.iri)
        for i, pair in enumerate(relation.pairs):
            for role, side in (("subject", pair.subject), ("object", pair.object)):
                _kind(entries, reading, ("relations", name, "pairs", i, role, "kind"), side.kind)
    for name, derived in entries.derived.items():
        _kind(entries, reading, ("derived", name, "subject", "kind"), derived.subject.kind)
        _kind(entries, reading, ("derived", name, "object", "kind"), derived.object.kind)
        for path, chain in derived.members:
            for i, step in enumerate(chain):
                if step.kind is not None:
                    _kind(entries, reading, ("derived", name, *path, i, "kind"), step.kind)


def _kind(entries: Entries, reading: Reading, path: Path_, kind: str) -> None:
    if kind not in entries.kinds:
        reading.problem(path, "UNKNOWN_KIND", f"{kind} is no kind", near(kind, list(entries.kinds)), kind)


def _field_names(entries: Entries, reading: Reading) -> None:
    """Names of ends and of the fields that lead over relations: well formed, in twos, different."""
    for path, singular, plural in leading_fields(entries):
        for word, name in (("singular", singular), ("plural", plural)):
            if name is not None and not FIELD_NAME.fullmatch(name):
                reading.problem(
                    (*path, word), "FIELD_NAME", f"{name} is no field name", "write it like deputyHeads", name
                )
        if path[0] == "relations" and (singular is None) != (plural is None):
            reading.problem(path, "HALF_NAMED", "singular and plural go together", "give both, or neither")
        if singular is not None and singular == plural:
            reading.problem(
                (*path, "plural"), "SAME_PLURAL", f"{plural} is singular and plural", "choose two words", plural or ""
            )
    for name, kind in entries.kinds.items():
        if not FIELD_NAME.fullmatch(kind.plural):
            reading.problem(
                ("kinds", name, "plural"),
                "FIELD_NAME",
                f"{kind.plural} is no field name",
                "write it like streets",
                kind.plural,
            )
    for section in ("relations", "derived"):
        for name, entry in getattr(entries, section).items():
            for role in ("subject", "object"):
                end = getattr(entry, role)
                if not FIELD_NAME.fullmatch(end.name):
                    reading.problem(
                        (section, name, role, "name"),
                        "FIELD_NAME",
                        f"{end.name} is no field name",
                        "write it like person",
                        end.name,
                    )
                if section == "derived" and end.one and end.singular is None:
                    mend = "give its singular, or leave one: out"
                    reading.problem(
                        (section, name, role), "ONE_WITHOUT_SINGULAR", "a to-one needs a singular name", mend
                    )


def leading_fields(entries: Entries) -> Iterator[tuple[Path_, str | None, str | None]]:
    """Place, singular and plural of every end that names fields."""
    for section in ("relations", "derived"):
        for name, entry in getattr(entries, section).items():
            for role in ("subject", "object"):
                end = getattr(entry, role)
                yield (section, name, role), end.singular, end.plural
    for name, relation in entries.relations.items():
        for role, further in relation.ends.items():
            yield ("relations", name, "ends", role), further.singular, further.plural
        for i, pair in enumerate(relation.pairs):
            for role, side in (("subject", pair.subject), ("object", pair.object)):
                yield ("relations", name, "pairs", i, role), side.singular, side.plural
