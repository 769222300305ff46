"""N-Quads come in canonical form, say what the rows say, and are a whole file or none."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard

from orggraph.errors import OrggraphError
from orggraph.graphql.schema import sdl
from orggraph.model import model_of
from orggraph.opening import open_engine
from orggraph.rdf import canonical
from orggraph.rdf.asked import EVERYTHING, Asked
from orggraph.rdf.canonical import in_order, merged, sorted_lines
from orggraph.rdf.export import Form, export
from orggraph.rdf.filing import whole_file
from orggraph.rdf.mapping import template
from orggraph.stores.sqlite.load import load
from tests.cli.test_commands import ORGGRAPH, run
from tests.node import node
from tests.rdf import small
from tests.rdf.plain import Plain, Term
from tests.small_model import put

HERE = Path(__file__).parent
ASKED = [
    EVERYTHING,
    Asked(history=True),
    Asked(at="2019-04-01"),
    Asked(at="2019-04-01", certain=True),
    Asked(during="2018-01-01..2019-06-01", load=1),
]


def exported(store: Path, asked: Asked = EVERYTHING, form: Form = Form.NQUADS) -> bytes:
    found: list[bytes] = []
    export(store, asked, form, found.append)
    return b"".join(found)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.store(tmp_path_factory.mktemp("small"))


def export_into(file: Path, store: Path) -> None:
    with whole_file(file, force=True) as write:
        write(b"half")
        export(store, EVERYTHING, Form.NQUADS, write)


def as_term(term: Term) -> ox.NamedNode | ox.Literal:
    if term[0] == "iri":
        return ox.NamedNode(term[1])
    return ox.Literal(term[1], datatype=ox.NamedNode(term[2])) if term[2] else ox.Literal(term[1])


def as_triple(triple: tuple[Term, Term, Term]) -> ox.Triple:
    subject, predicate, object_ = map(as_term, triple)
    return ox.Triple(subject, predicate, object_)  # type: ignore[arg-type]  # subjects are no literals


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_is_written_is_canonical(store: Path, tmp_path: Path, asked: Asked) -> None:
    written = exported(store, asked)
    parsed = list(ox.parse(written, format=ox.RdfFormat.N_QUADS))
    dataset = ox.Dataset(parsed)
    assert len(dataset) == len(parsed) == written.count(b"\n") > 100
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = (ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    assert b"".join(sorted(lines)) == written
    (tmp_path / "graph.nq").write_bytes(written)
    assert node(HERE, "node", "canonize.mjs", str(tmp_path / "graph.nq")).stdout.encode() == written


@pytest.mark.parametrize("name", ["changji", "university"])
def test_the_canonical_form_of_whole_graphs(store_of: Callable[[str], Path], tmp_path: Path, name: str) -> None:
    lines = exported(store_of(name), Asked(history=True)).splitlines(keepends=True)
    assert lines == sorted(set(lines))
    part = b"".join(
        lines[:: 1 + len(lines) // 10_000]
    )  # of sorted lines, any; more than that take rdf-canonize minutes
    (tmp_path / "graph.nq").write_bytes(part)
    assert node(HERE, "node", "canonize.mjs", str(tmp_path / "graph.nq")).stdout.encode() == part


def test_what_is_written_is_what_the_rows_say(store: Path, store_of: Callable[[str], Path]) -> None:
    for path in (store, store_of("university"), store_of("minimal")):
        model = open_engine(path).store.model
        plain = {as_triple(one) for one in Plain(path, model).triples()}
        found = {quad.triple for quad in ox.parse(exported(path), format=ox.RdfFormat.N_QUADS)}
        assert plain <= found
        rest = {one.subject.value for one in found - plain if isinstance(one.subject, ox.NamedNode)}
        of_model = {terms.iri for terms in model.terms.values()}
        of_model |= {term.iri for terms in model.terms.values() for term in terms.terms.values()}
        roles = {f"{model.iri}role/{name}" for name, relation in model.relations.items() if relation.membership}
        assert rest == {model.iri} | of_model | roles


def test_the_same_graph_is_the_same_bytes(store: Path, tmp_path: Path) -> None:
    again = small.store(tmp_path)
    assert hashlib.sha256(exported(store)).digest() != hashlib.sha256(exported(store, Asked(load=1))).digest()
    modified = b"<http://purl.org/dc/terms/modified>"  # when it was loaded
    one, other = ([line for line in exported(path).splitlines() if modified not in line] for path in (store, again))
    assert one == other


@pytest.mark.parametrize("long", [1, 2, 3, 5, 32])
def test_keys_that_begin_others_come_in_the_order_of_iris(long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "LONG", long)
    keys = sorted({"p", "p1", "p1-2", "p1-2.x", "p1.x", "p10", "p1_", "p1A", "p-", "p.", "p1-", "p1--"})
    for base in ("https://example.org/", "https://example.org/x#"):
        model = model_of({"m.yaml": small.MODEL.replace("https://example.org/小/", base)})
        things = [
            (key, f"<{base}{key}{'/' if '#' in base else '#'}a> .\n".encode(), f"<{base}{key}> .\n".encode(), b"")
            for key in keys
        ]
        runs = in_order(template(model, model.kinds["Person"], False), things)
        lines = b"".join(block for run in runs for _, block in run)
        assert lines == sorted_lines(lines)
        assert lines.count(b"\n") == 2 * len(keys)


def test_hostile_text_comes_back_as_it_was(store: Path) -> None:
    names = {
        quad.object.value
        for quad in ox.parse(exported(store), format=ox.RdfFormat.N_QUADS)
        if isinstance(quad.object, ox.Literal) and quad.predicate.value.endswith("prefLabel")
    }
    assert {f"{text}x" for text in small.TEXTS} <= names


@pytest.mark.parametrize("barred", ["\ufffe", "\uffff", "\x01", "\x7f", "\x85", "\ufeff", "\ud800"])
def test_what_no_graph_may_hold_is_refused_when_it_is_loaded(tmp_path: Path, barred: str) -> None:
    data = put(tmp_path / "in", {"Person.jsonl": json.dumps({"key": "p1", "name": f"a{barred}b"}) + "\n"})
    with pytest.raises(OrggraphError, match=f"U\\+{ord(barred):04X}"):
        load(tmp_path / "s.db", {"small.yaml": small.MODEL}, sdl, [data])


def test_scopes_that_cannot_be_say_why(store: Path) -> None:
    for asked in (Asked(at="2019-02"), Asked(at="2019-02-30"), Asked(at="2019-01-01", during="2019"),
                  Asked(history=True, at="2019-01-01"), Asked(load=9), Asked(during="2019-01-02..2019-01-01"),
                  Asked(known_at="2019-01-01"), Asked(load=1, known_at="2019-01-01T00:00:00Z")):  # fmt: skip
        with pytest.raises(OrggraphError):
            exported(store, asked)
    with pytest.raises(OrggraphError, match="nquads"):
        exported(store, Asked(history=True), Form.NTRIPLES)
    assert exported(store, Asked(known_at="2019-01-01T00:00:00Z")) == exported(store, Asked(load=0))


@pytest.mark.parametrize(
    ("during", "all_of_both"),
    [("2019..2020", "2019-01-01..2021-01-01"), ("2019-03..", "2019-03-01.."), ("2019-03-02..2020-02", "2019-03-02..2020-03-01"),
     ("2019..9999", "2019-01-01..")],
)  # fmt: skip
def test_ends_of_a_range_that_are_no_days_are_told_with_the_days_that_they_may_be(
    store: Path, during: str, all_of_both: str
) -> None:
    with pytest.raises(OrggraphError, match=f"the ends of a range are days.* all of it is {all_of_both}$"):
        exported(store, Asked(during=during))
    assert exported(store, Asked(during=all_of_both))


def test_a_file_is_packed_as_its_name_says_and_the_same_each_time(store: Path, tmp_path: Path) -> None:
    plain = exported(store)
    for name, unpack in (
        ("g.nq", bytes),
        ("g.nq.gz", gzip.decompress),
        ("g.nq.zst", lambda data: zstandard.ZstdDecompressor().stream_reader(data).read()),
    ):
        printed = run("export", "rdf", "--store", store, "-o", tmp_path / name)
        assert f"{len(plain.splitlines())} quads of load 3" in printed
        first = (tmp_path / name).read_bytes()
        assert unpack(first) == plain
        run("export", "rdf", "--store", store, "-o", tmp_path / name, "--force")
        assert (tmp_path / name).read_bytes() == first
    assert run("export", "rdf", "--store", store).encode() == plain


def test_what_is_broken_off_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "g.nq"
    file.write_text("before")
    for refused in (tmp_path / "none.db", tmp_path):
        with pytest.raises(OrggraphError):
            export_into(file, refused)
    assert [path.name for path in tmp_path.iterdir()] == ["g.nq"]
    assert file.read_text() == "before"


def test_a_command_that_is_stopped_leaves_no_half_file(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    command: list[str | Path] = [
        ORGGRAPH,
        "export",
        "rdf",
        "--store",
        store_of("changji"),
        "--history",
        "-o",
        tmp_path / "g.nq.gz",
    ]
    running = subprocess.Popen(command, stderr=sys.stderr)
    deadline = time.monotonic() + 60
    while not list(tmp_path.iterdir()):
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 143
    assert list(tmp_path.iterdir()) == []


def test_streams_are_merged_by_what_their_blocks_begin_with() -> None:
    chance = random.Random(11)
    for _ in range(300):
        starts = sorted(chance.sample(range(1000), chance.randrange(1, 200)))
        streams: list[list[list[tuple[str, bytes]]]] = [[] for _ in range(chance.randrange(1, 6))]
        for start in starts:  # in runs of any length, some of which lie within others'
            runs = chance.choice(streams)
            if not runs or chance.random() < 0.2:
                runs.append([])
            runs[-1].append((f"{start:04}", f"{start:04}\n".encode()))
        found = b"".join(merged([iter(runs) for runs in streams]))
        assert found == "".join(f"{start:04}\n" for start in starts).encode()


@pytest.mark.parametrize("certain", [False, True])
@pytest.mark.parametrize("day", ["2020-03-31", "2016-07-01"])
def test_what_has_a_property_in_a_standard_is_said_by_it_on_a_day(
    store_of: Callable[[str], Path], certain: bool, day: str
) -> None:
    path = store_of("changji")
    written = exported(path, Asked(at=day, certain=certain))
    assert written.splitlines() == sorted(set(written.splitlines()))
    base, property_ = open_engine(path).store.model.iri, "http://www.w3.org/ns/org#subOrganizationOf"
    graph = list(ox.parse(written, format=ox.RdfFormat.N_QUADS))
    ends: dict[str, dict[str, str]] = {"lower": {}, "higher": {}}
    for quad in graph:
        name = quad.predicate.value.removeprefix(f"{base}relation/SubordinateTo/")
        if name in ends:
            ends[name][str(quad.subject)] = str(quad.object)
    said = {(str(quad.subject), str(quad.object)) for quad in graph if quad.predicate.value == property_}
    assert said == {(lower, ends["higher"][record]) for record, lower in ends["lower"].items()}
    assert said or day < "2020"
    for asked in (EVERYTHING, Asked(history=True), Asked(during="2020")):
        assert property_.encode() not in exported(path, asked)
