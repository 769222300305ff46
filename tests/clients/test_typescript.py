"""Apollo Client, urql and Relay with normalized caches, and graphql-codegen's types, against a real service.

Each client is a program under ``src/`` that names what it asserts: two days, two ranges, two certainties and two loads, asked
one after the other and side by side in one document, are never mixed.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import COMMAND, SERVED, served
from tests.conftest import MODELS
from tests.node import node


@pytest.mark.parametrize("model", SERVED)
@pytest.mark.parametrize("client", ["apollo", "urql", "relay"])
def test_a_cache_never_mixes_scopes(compiled: Path, service_of: Callable[[str], str], client: str, model: str) -> None:
    program = (f"js/{client}.js", service_of(model), model)
    ran = node(
        compiled, "node", "--no-warnings", "--conditions=development", *program, seconds=300
    )  # in which clients warn
    assert ran.stderr == ""
    said = ran.stdout
    assert "neverMixed: ok" in said
    assert "partsAreMerged: ok" in said
    assert "pagesAreMerged: ok" in said


def test_generated_types_are_those_of_the_answers(compiled: Path, service_of: Callable[[str], str]) -> None:
    assert (
        "answersAreTyped: ok"
        in node(compiled, "node", "js/university/typed.js", service_of("university"), "university").stdout
    )


@pytest.mark.parametrize("name", ["apollo.js", "apollo.json", "urql.json"])
def test_a_service_gives_what_the_command_prints(service_of: Callable[[str], str], name: str) -> None:
    printed = subprocess.run(
        [COMMAND, "model", "cache", name, MODELS["university"][0]], capture_output=True, check=True
    )
    assert served(service_of("university"), f"/clients/{name}") == printed.stdout.decode()
