"""Third round: names that are made by rule are all different: GraphQL types, fields of each kind, files, columns, IRIs.

Names are compared without case, since SQLite's tables and columns are.
"""

from __future__ import annotations

from collections.abc import Iterable

from orggraph.model import names
from orggraph.model.columns import built_in_words, column_words, folded
from orggraph.model.entries import Entries
from orggraph.model.iris import OURS, WRITTEN
from orggraph.model.joining import join
from orggraph.model.model import End, Field, Hop, Kind, Link, Model, Relation
from orggraph.model.parts import Part, kind_parts, record_parts
from orggraph.model.reading import Path_, Reading

ENTITY_FIELDS = (
    "id", "key", "iri", "kind", "name", "valid", "certainty", "synthetic", "citations", "history", "records", "at", "during",
    "ever", "and", "or", "not", "is", "within", "citedFrom", "record", "count", "known", "isNull", "from", "until",
    "through", "attested", "source", "para", "withdrawn",
)  # fmt: skip
RECORD_FIELDS = (
    "id", "key", "iri", "relation", "ends", "valid", "certainty", "known", "synthetic", "citations", "via", "count", "and",
    "or", "not", "from", "until", "through", "attested", "source", "para", "withdrawn", "name",
)  # fmt: skip
ROOT_FIELDS = (
    "at", "during", "ever", "each", "changes", "loads", "model", "node", "nodes", "entity", "entities", "record", "records",
    "scope", "turnover", "paths", "search",
)  # fmt: skip


class Names:
    """Names taken so far in one place, and by what."""

    def __init__(self, reading: Reading, code: str, what: str, taken: Iterable[str] = ()) -> None:
        self.reading, self.code, self.what = reading, code, what
        self.taken: dict[str, str] = {name.casefold(): "a built-in one" for name in taken}

    def take(self, name: str, path: Path_, by: str) -> None:
        before = self.taken.setdefault(name.casefold(), by)
        if before != by:
            message = (
                f"{name} is {self.what} of {by} and of {before}"
                if before != "a built-in one"
                else f"{name} is {self.what} that is built in"
            )
            self.reading.problem(path, self.code, message, "choose another name", name)


def lint_names(entries: Entries, reading: Reading) -> None:
    model = join(entries)
    _types(model, reading)
    _roots(model, reading)
    for kind in model.kinds.values():
        _kind(model, reading, kind)
    for relation in model.relations.values():
        _record(model, reading, relation)
    _files(model, reading)
    _iris(entries, model, reading)


def _types(model: Model, reading: Reading) -> None:
    types = Names(reading, "TYPE_TWICE", "a GraphQL type", names.BUILTIN_TYPES)
    for terms in model.terms:
        for name in (names.terms_enum(terms), names.term_filter(terms)):
            types.take(name, ("terms", terms), f"terms {terms}")
    for kind in model.kinds:
        made = (
            kind, names.where_type(kind), names.is_where(kind), names.root_connection(kind), names.root_edge(kind),
            names.order_by(kind), names.state_type(kind), *names.group_names(kind),
            *(names.scope_where(kind, word) for word in ("at", "during", "ever")),
        )  # fmt: skip
        for name in made:
            types.take(name, ("kinds", kind), f"kind {kind}")
    for relation in model.relations:
        made_of = (
            relation, names.record_type(relation), names.record_connection(relation), names.record_edge(relation),
            names.record_where(relation), names.record_quantifiers(relation), names.count_where(names.record_quantifiers(relation)),
            names.own_where(relation), names.order_by(relation), names.record_order_by(relation),
            *names.group_names(names.record_type(relation)),
        )  # fmt: skip
        for name in made_of:
            types.take(name, ("relations", relation), f"relation {relation}")
    for derived in model.derived:
        types.take(derived, ("derived", derived), f"derived {derived}")
    leading: list[Hop | Link] = [*model.hops, *model.links]
    for hop in leading:
        path, by = _of(hop)
        quantifiers = names.hop_quantifiers(hop.kind, hop.plural)
        made_by = [
            *names.hop_connection(hop.kind, hop.plural),
            names.hop_where(hop.kind, hop.plural),
            names.hop_order_by(hop.kind, hop.plural),
            quantifiers,
            names.count_where(quantifiers),
        ]
        if hop.one and hop.singular:
            made_by.append(names.one_where(hop.kind, hop.singular))
        for name in made_by:
            types.take(name, path, by)


def _of(hop: Hop | Link) -> tuple[Path_, str]:
    if isinstance(hop, Hop):
        return ("relations", hop.relation), f"{hop.kind}.{hop.plural} of {hop.relation} from {hop.origin}"
    section = "relations" if hop.climbs else "derived"
    return (section, hop.derived), f"{hop.kind}.{hop.plural} of {hop.derived}"


def _roots(model: Model, reading: Reading) -> None:
    roots = Names(reading, "ROOT_TWICE", "a root field", ROOT_FIELDS)
    for kind in model.kinds.values():
        if kind.singular == kind.plural:
            reading.problem(
                ("kinds", kind.name, "plural"),
                "SAME_PLURAL",
                f"{kind.plural} is singular and plural",
                "choose two words",
                kind.plural,
            )
            continue
        roots.take(kind.singular, ("kinds", kind.name), f"kind {kind.name}")
        roots.take(kind.plural, ("kinds", kind.name, "plural"), f"kind {kind.name}, many")
    for relation in model.relations.values():
        one, many = names.record_roots(relation.singular)
        roots.take(one, ("relations", relation.name), f"relation {relation.name}")
        roots.take(many, ("relations", relation.name), f"relation {relation.name}, many")


def _kind(model: Model, reading: Reading, kind: Kind) -> None:
    fields = Names(reading, "FIELD_TWICE", "a field", ENTITY_FIELDS)
    for field in kind.fields:
        fields.take(field.name, ("kinds", kind.name, "fields", field.name), f"{kind.name}, its own")
    hops: list[Hop | Link] = [*model.hops_of(kind.name), *model.links_of(kind.name)]
    for hop in hops:
        path, by = _of(hop)
        fields.take(hop.plural, path, by)
        if hop.singular and (hop.one or isinstance(hop, Hop)):
            fields.take(hop.singular, path, f"{by}, one")
        if isinstance(hop, Hop):
            fields.take(names.records_field(hop.singular), path, f"{by}, records")
    _parts(reading, ("kinds", kind.name), kind_parts(model, kind))


def _parts(reading: Reading, path: Path_, parts: tuple[Part, ...]) -> None:
    """What a thing can be grouped by is named by joining names; those must be different too."""
    taken = Names(reading, "PART_TWICE", "what can be grouped by")
    for number, part in enumerate(parts):
        steps = " → ".join(step.label.en for step in part.steps)
        taken.take(part.name, path, f"{part.label.en} ({steps or 'its own'}, {number})")


def _record(model: Model, reading: Reading, relation: Relation) -> None:
    fields = Names(reading, "FIELD_TWICE", "a field", RECORD_FIELDS)
    for end in relation.ends:
        fields.take(end.name, ("relations", relation.name), f"end {end.role}")
    for field in relation.fields:
        fields.take(field.name, ("relations", relation.name, "fields", field.name), f"field {field.name}")
    _parts(reading, ("relations", relation.name), record_parts(model, relation))


def _files(model: Model, reading: Reading) -> None:
    """Files are named for kinds and relations by name or label; columns for fields and ends by name or label."""
    files = Names(reading, "LABEL_TWICE", "a file's name")
    for section, tables in (("kinds", model.kinds), ("relations", model.relations)):
        for name, table in tables.items():
            if isinstance(table, Kind) and table.abstract:
                continue
            for word in {folded(one) for one in (name, table.label.zh, table.label.en)}:
                files.take(word, (section, name, "label"), f"{section[:-1]} {name}")
            columns = Names(reading, "COLUMN_TWICE", "a column", built_in_words())
            parts: list[Field | End] = [*table.fields, *(table.ends if isinstance(table, Relation) else ())]
            for part in parts:
                for word in column_words(table, part):
                    columns.take(word, (section, name), part.name)


def _iris(entries: Entries, model: Model, reading: Reading) -> None:
    """IRIs that the model declares; a shared one may stand for the same field of several kinds."""
    iris = Names(reading, "IRI_TWICE", "the IRI")
    for section, things in (("kinds", model.kinds), ("relations", model.relations), ("derived", model.derived)):
        for name, thing in things.items():
            iris.take(thing.iri, (section, name, "iri"), f"{section[:-1]} {name}")
    for name, terms in model.terms.items():
        iris.take(terms.iri, ("terms", name, "iri"), f"terms {name}")
        for code, term in terms.terms.items():
            iris.take(term.iri, ("terms", name, "terms", code), f"term {name}.{code}")
    for kind_name, kind in entries.kinds.items():
        for field in kind.fields:
            made = next(one for one in model.kinds[kind_name].fields if one.name == field)
            iris.take(made.iri, ("kinds", kind_name, "fields", field, "iri"), f"field {field}")
    for name, described in model.kinds.items():
        _properties(reading, "kinds", name, described)
    for name, joining in model.relations.items():
        _properties(reading, "relations", name, joining)


def _properties(reading: Reading, section: str, name: str, table: Kind | Relation) -> None:
    """The properties that one thing is written with are told apart, also from those that every graph has."""
    taken = Names(reading, "IRI_TWICE", "the IRI", WRITTEN)
    parts: list[Field | End] = [*(table.ends if isinstance(table, Relation) else ()), *table.fields]
    for part in parts:
        taken.take(part.iri, (section, name), f"{name}.{part.name}")
        if part.iri.startswith(OURS):
            message = f"{part.iri} is of a vocabulary that is built in"
            reading.problem((section, name), "IRI_TWICE", message, "choose another IRI", part.iri)
