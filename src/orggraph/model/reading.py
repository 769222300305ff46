"""YAML files → entries, each with its place (file:line). In: a file or a folder. Out: ``Source text`` decoded, or problems.

A file may hold any of the sections model, terms, fields, kinds, relations, derived; files are read in the order of
their paths, and what they say is put together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import inspect

from orggraph.errors import ModelError, Problem
from orggraph.model import entries as e

SECTIONS: dict[str, type[e.Entry]] = {
    "terms": e.TermsEntry,
    "fields": e.FieldEntry,
    "kinds": e.KindEntry,
    "relations": e.RelationEntry,
    "derived": e.DerivedEntry,
}
Path_ = tuple[str | int, ...]
DEEPEST = 30


@dataclass
class Reading:
    """What was read so far: values by section and name, the place of every path, and the problems."""

    values: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in SECTIONS})
    model: Any = None
    places: dict[Path_, tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path_) -> tuple[str, int]:
        """File and line of a path, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, ("model", 0))

    def problem(self, path: Path_, code: str, message: str, mend: str, value: str = "") -> None:
        file, line = self.place(path)
        self.problems.append(Problem(file, line, ".".join(map(str, path)), code, value, message, mend))


def read_texts(texts: dict[str, str]) -> tuple[e.Entries | None, Reading]:
    """Entries of the named YAML texts and of what every model has; None if any problem kept them from being decoded."""
    reading = Reading()
    builtin = (resources.files("orggraph.model") / "builtin.yaml").read_text("utf-8")
    for name, text in {"builtin.yaml": builtin, **texts}.items():
        _read(reading, name, text)
    return _decode(reading), reading


def model_texts(path: Path) -> dict[str, str]:
    """The YAML texts of a model: one file, or all ``*.yaml`` below a folder but ``derived/``, by path from there."""
    if path.is_file():
        files, root = [path], path.parent
    else:
        files, root = sorted(p for p in path.rglob("*.yaml") if "derived" not in p.relative_to(path).parts), path
    if not files:
        raise ModelError(
            [Problem(str(path), 0, "", "NO_MODEL", "", "has no model", "give a YAML file or a folder of them")]
        )
    texts = {}
    for file in files:
        try:
            texts[file.relative_to(root).as_posix()] = file.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ModelError(
                [Problem(str(file), 0, "", "ENCODING", "", f"is not UTF-8: {error.reason}", "save it as UTF-8")]
            ) from None
    return texts


def read_one(file: str, text: str, type_: type[Any], begin: str) -> tuple[Any, Reading]:
    """A YAML text that is one entry of a type; None if any problem kept it from being decoded. ``begin``: how one begins."""
    reading = Reading()
    reading.places[()] = (file, 1)
    node = _composed(reading, file, text, begin)
    if node is None:
        if not reading.problems:
            reading.problem((), "EMPTY", "is empty", f"begin with {begin}")
        return None, reading
    value = _plain(reading, file, (), node)
    entry = _entry(reading, (), value, type_)
    return (None if reading.problems else entry), reading


def _read(reading: Reading, file: str, text: str) -> None:
    node = _composed(reading, file, text, "kinds:, relations:, …")
    for key_node, value_node in node.value if node is not None else ():
        _section(reading, file, str(key_node.value), key_node, value_node)


def _composed(reading: Reading, file: str, text: str, begin: str) -> yaml.MappingNode | None:
    """The mapping that a YAML text is; None if it is empty, or after a problem."""
    try:
        line = _unbounded(text)
        node = None if line else yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        what = getattr(error, "problem", None) or "cannot be read"
        reading.problems.append(Problem(file, line, "", "YAML", "", f"is no YAML: {what}", "mend the syntax there"))
        return None
    if line:
        message = f"has an alias, or is nested more than {DEEPEST} deep"
        reading.problems.append(Problem(file, line, "", "YAML", "", message, "write it out, in a flatter form"))
        return None
    if node is None or isinstance(node, yaml.MappingNode):
        return node
    reading.problems.append(Problem(file, 1, "", "YAML", "", "is no mapping", f"begin with {begin}"))
    return None


def _unbounded(text: str) -> int:
    """The line of what could make a small text large or deep: an alias, or deep nesting; 0 if there is none."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or isinstance(event, yaml.AliasEvent):
            return event.start_mark.line + 1 if event.start_mark else 1
    return 0


def _section(reading: Reading, file: str, section: str, key_node: yaml.Node, node: yaml.Node) -> None:
    line = key_node.start_mark.line + 1
    reading.places.setdefault((section,), (file, line))
    if section == "model":
        if reading.model is not None:
            reading.problems.append(
                Problem(file, line, "model", "TWICE", "", "the model is named twice", "keep one model: section")
            )
        reading.model = _plain(reading, file, ("model",), node)
    elif section not in SECTIONS:
        known = ", ".join(("model", *SECTIONS))
        reading.problems.append(
            Problem(file, line, section, "UNKNOWN_SECTION", section, "is no section", f"one of {known}")
        )
    elif not isinstance(node, yaml.MappingNode):
        reading.problems.append(
            Problem(file, line, section, "SHAPE", "", "is no mapping of names", f"write {section}: {{Name: …}}")
        )
    else:
        for name_node, entry_node in node.value:
            name = str(name_node.value)
            if name in reading.values[section]:
                place = (file, name_node.start_mark.line + 1)
                first = ":".join(map(str, reading.places[(section, name)]))
                reading.problems.append(
                    Problem(*place, f"{section}.{name}", "TWICE", name, f"stands already at {first}", "name it once")
                )
                continue
            reading.places[(section, name)] = (file, name_node.start_mark.line + 1)
            reading.values[section][name] = _plain(reading, file, (section, name), entry_node)


def _plain(reading: Reading, file: str, path: Path_, node: yaml.Node) -> Any:
    """A YAML node as plain values; every mapping key and list item leaves its place."""
    reading.places.setdefault(path, (file, node.start_mark.line + 1))
    if isinstance(node, yaml.MappingNode):
        plain: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*path, key)
            if key in plain:
                reading.places[here] = (file, key_node.start_mark.line + 1)
                reading.problem(here, "TWICE", "stands twice", "write it once")
            reading.places[here] = (file, key_node.start_mark.line + 1)
            plain[key] = _plain(reading, file, here, value_node)
        return plain
    if isinstance(node, yaml.SequenceNode):
        return [_plain(reading, file, (*path, i), child) for i, child in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:bool":
        return node.value.lower() in ("true", "yes", "on")
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"-?[0-9]{1,15}", node.value):
        return int(node.value)
    return node.value


def _decode(reading: Reading) -> e.Entries | None:
    decoded: dict[str, dict[str, Any]] = {}
    for section, type_ in SECTIONS.items():
        decoded[section] = {}
        for name, value in reading.values[section].items():
            entry = _entry(reading, (section, name), value, type_)
            if entry is not None:
                decoded[section][name] = entry
    if reading.model is None and not any(p.column == "model" for p in reading.problems):
        reading.problem((), "NO_MODEL", "names no model", "add model: {name: …, label: {zh: …, en: …}, iri: …}")
    model = _entry(reading, ("model",), reading.model, e.ModelEntry) if reading.model is not None else None
    return None if reading.problems or model is None else e.Entries(model, **decoded)


def _entry(reading: Reading, path: Path_, value: Any, type_: type[Any]) -> Any:
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        named = re.search(r"`([^`]+)`", what)
        steps: Path_ = tuple(re.findall(r"\.([A-Za-z_]+)", where))
        name = named.group(1) if named else ""
        known = _known_at(type_, where) if "unknown field" in what else []
        meant = get_close_matches(name, known, 1)
        mend = f"did you mean {meant[0]}?" if meant else f"known here: {', '.join(known)}"
        mend = mend if known else "CONTRIBUTING.md, A model, shows what may stand here"
        reading.problem(_named(reading, (*path, *steps), name), "SHAPE", what[:1].lower() + what[1:], mend)
        return None


def _known_at(type_: type[Any], where: str) -> list[str]:
    """The names that may stand at a decoder's path. Example: a kind's ``$.fields[...]`` → ``type``, ``label``, …"""
    infos: list[Any] = [inspect.type_info(type_)]
    for name in re.findall(r"\.([A-Za-z_]+)|\[", where):
        infos = [inner for info in infos for inner in _inside(info, name)]
    return sorted(
        {field.encode_name for info in infos if isinstance(info, inspect.StructType) for field in info.fields}
    )


def _inside(info: Any, name: str) -> list[Any]:
    """What stands in a mapping or a list, or under a name."""
    match info:
        case inspect.StructType(fields=fields):
            found = [field.type for field in fields if field.encode_name == name]
        case (
            inspect.DictType(value_type=inner)
            | inspect.ListType(item_type=inner)
            | inspect.VarTupleType(item_type=inner)
        ):
            found = [inner]
        case _:
            found = []
    return [one for inner in found for one in (inner.types if isinstance(inner, inspect.UnionType) else (inner,))]


def _named(reading: Reading, path: Path_, name: str) -> Path_:
    """Where a name stands at a path, or below it where it stands only once (the decoder does not say keys of mappings)."""
    if (*path, name) in reading.places:
        return (*path, name)
    below = [one for one in reading.places if one[: len(path)] == path and one[-1:] == (name,)]
    return below[0] if name and len(below) == 1 else path
