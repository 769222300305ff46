"""GraphQL over HTTP, as graphql-http audits a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.node import node

AUDITS = 61
"""How many there are in the version that is pinned: none is left out, and none does not apply."""


def test_every_audit_is_passed(compiled: Path, service_of: Callable[[str], str]) -> None:
    lines = node(compiled, "node", "js/audits.js", service_of("university"), "university").stdout.splitlines()
    results = [json.loads(line) for line in lines]
    assert len(results) == AUDITS
    failed = [f"{one['id']} {one['name']}: {one['reason']}" for one in results if one["status"] != "ok"]
    assert not failed, "\n".join(failed)
