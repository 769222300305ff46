"""Tokens: several, named, with a last day, kept as hashes; a file that changes is a list that changes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from orggraph.errors import OrggraphError
from orggraph.service.app import create_app
from orggraph.service.settings import ServiceSettings
from orggraph.service.tokens import LOOKS_APART, add_token, loose, read_tokens
from tests.service.serving import serving
from tests.service.test_protocol import code

ASKED = {"query": "{ __typename }"}
HASH = "sha256:" + "0" * 64


def ask(base: str, token: str | None = None, path: str = "/graphql") -> httpx.Response:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return httpx.get(f"{base}{path}", params=ASKED, headers=headers)


def soon(base: str, token: str, status: int) -> httpx.Response:
    """The answer once the file has been looked at again."""
    deadline = time.monotonic() + 3 * LOOKS_APART
    while (answer := ask(base, token)).status_code != status and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def test_only_who_has_a_token_may_ask(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    file = tmp_path / "令牌.txt"
    alice, harvest = add_token(file, "爱丽丝", date.today()), add_token(file, "harvest", None)
    old = add_token(file, "old", date.today() - timedelta(1))
    assert not any(token in file.read_text("utf-8") for token in (alice, harvest, old))
    with serving(store_of("university"), tokens=file) as base:
        for good in (alice, harvest):
            assert ask(base, good).json()["data"] == {"__typename": "Query"}
        for token, expected in (
            (None, "TOKEN_MISSING"),
            ("guess", "TOKEN_UNKNOWN"),
            (old, "TOKEN_EXPIRED"),
            (alice[:-1], "TOKEN_UNKNOWN"),
        ):
            refused = ask(base, token)
            assert (refused.status_code, code(refused)) == (401, expected)
            assert "Bearer" in refused.headers["www-authenticate"]
            assert alice not in refused.text
        assert "Authorization: Bearer" in ask(base).text
        assert "old" in ask(base, old).text
        assert ask(base, path="/schema.graphql").status_code == ask(base, path="/nothing").status_code == 401
        assert ask(base, alice, "/nothing").status_code == 404


def test_a_browser_may_send_it_as_a_password(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    token = add_token(tmp_path / "tokens.txt", "alice", None)
    with serving(store_of("university"), tokens=tmp_path / "tokens.txt") as base:
        assert httpx.get(f"{base}/graphql", params=ASKED, auth=("爱丽丝", token)).status_code == 200
        for authorization in (
            "Basic ???",
            "Basic",
            "Basic YWxpY2U=",
            "Bearer",
            "Digest x",
            f"bearer {token}x",
        ):
            headers = {"authorization": authorization}
            assert httpx.get(f"{base}/graphql", params=ASKED, headers=headers).status_code == 401
        assert (
            httpx.get(f"{base}/graphql", params=ASKED, headers={"authorization": f"bearer {token}"}).status_code == 200
        )


def test_a_file_that_changes_is_read_again(
    store_of: Callable[[str], Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "tokens.txt"
    alice = add_token(file, "alice", None)
    with serving(store_of("university"), tokens=file) as base:
        assert ask(base, alice).status_code == 200
        bob = add_token(file, "bob", None)
        assert soon(base, bob, 200).status_code == 200
        lines = file.read_text("utf-8").splitlines()
        file.write_text(
            f"{lines[1]}\nhalf a line\n", "utf-8"
        )  # alice's line is gone, and what is wrong beside it is told
        assert code(soon(base, alice, 401)) == "TOKEN_UNKNOWN"
        assert ask(base, bob).status_code == 200
        assert f"{file}:2" in caplog.text
        file.unlink()
        gone = soon(base, bob, 503)
        assert (gone.status_code, code(gone)) == (503, "NO_TOKENS")
        ready = httpx.get(f"{base}/health/ready")
        assert (ready.status_code, ready.json()["code"]) == (503, "NO_TOKENS")
        file.write_text("\n".join(lines), "utf-8")
        assert soon(base, alice, 200).status_code == 200
        assert httpx.get(f"{base}/health/ready").status_code == 200


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "has no token"),
        ("# alice\n", "has no token"),
        (f"alice {HASH}", ":1 has 2 words"),
        ("alice secret never", ":1 alice: the token's hash is written sha256:"),
        (f"alice {HASH.upper()} never", ":1 alice: the token's hash"),
        (f"alice {HASH} 2027-02-30", ":1 alice: 2027-02-30 is no day"),
        (f"\nalice {HASH} never\nalice {HASH} never # twice", ":3 alice stands twice"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_when_the_service_starts(
    store_of: Callable[[str], Path], tmp_path: Path, text: str, problem: str
) -> None:
    file = tmp_path / "tokens.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(OrggraphError, match=r"tokens\.txt") as refused:
        create_app(ServiceSettings(store_of("university"), tokens=file))
    assert problem in refused.value.message


def test_a_service_does_not_start_without_the_file_that_it_is_to_read(
    store_of: Callable[[str], Path], tmp_path: Path
) -> None:
    with pytest.raises(OrggraphError, match="orggraph token NAME"):
        create_app(ServiceSettings(store_of("university"), tokens=tmp_path / "none.txt"))


def test_a_token_is_added_behind_what_is_there_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "tokens.txt"
    file.write_text(f"alice {HASH} 2027-01-31", "utf-8")  # without a newline at its end
    add_token(file, "bob", None)
    tokens, problems = read_tokens(file)
    assert ([one.name for one in tokens], problems) == (["alice", "bob"], [])
    assert tokens[0].last == date(2027, 1, 31)
    for name in ("bob", "two words", "", "x" * 65):
        with pytest.raises(OrggraphError):
            add_token(file, name, None)
    new = tmp_path / "new.txt"
    add_token(new, "carol", None)
    if os.name == "posix":
        assert new.stat().st_mode & 0o777 == 0o600
        assert loose(new) is None
        new.chmod(0o640)
        assert "chmod 600" in str(loose(new))
