"""The page in headless Chromium, with the network off: whatever is no address of our service cannot be reached, and nothing asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, TimeoutError, expect, sync_playwright

from orggraph.service.tokens import add_token
from tests.programs import program
from tests.service.serving import serving

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
SECONDS = 30_000
"""Milliseconds that anything may take to show up, on a machine that does much else."""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


def launched(playwright: Playwright, *flags: str) -> Browser:
    return playwright.chromium.launch(executable_path=program("chromium"), args=[*FLAGS, *flags])


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = launched(playwright)
    yield found
    found.close()


@pytest.fixture(scope="module")
def base(store_of: Callable[[str], Path]) -> Iterator[str]:
    with serving(store_of("changji")) as url:
        yield url


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """The page, as it stands open; whatever it complains of fails the test."""
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(SECONDS)
    expect.set_options(timeout=SECONDS)
    complaints: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(base)
    yield opened
    opened.close()
    assert complaints == []
    assert {f"{url.scheme}://{url.netloc}" for url in map(urlsplit, asked)} == {base}


def editor(page: Page) -> str:
    """What stands in the editor of the question, as far as it is on the screen."""
    return text(page, ".graphiql-query-editor .view-lines")


def text(page: Page, lines: str) -> str:
    """The text of an editor's lines; the editor writes blanks as no-break spaces."""
    return page.locator(lines).inner_text().replace("\xa0", " ")


def run(page: Page) -> str:
    """Runs what stands there, and reads the answer as it is shown."""
    page.get_by_role("button", name="Execute query").click()
    page.locator(".graphiql-response .view-lines", has_text="load").wait_for()
    return text(page, ".graphiql-response .view-lines")


def test_it_opens_with_the_flagship_and_answers_it(page: Page) -> None:
    expect(page).to_have_title("昌吉市基层治理 · grassroots governance of Changji")
    expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text("UnitDeputiesCoverCommunities")
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".graphiql-response .view-lines")).to_contain_text("（示例）")


def test_a_query_is_typed_with_completion_run_and_its_answer_read(page: Page) -> None:
    page.locator(".graphiql-query-editor .view-lines").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type('{ at(date: "2020-03-31") { stre')
    complete(page, "streets")
    page.keyboard.type(" { totalCo")
    complete(page, "totalCount")
    assert editor(page).startswith('{ at(date: "2020-03-31") { streets { totalCount')
    assert '"totalCount": 6' in run(page)


def complete(page: Page, name: str) -> None:
    """Takes a name that is offered; asks for offers again while the page has not read the schema."""
    offered = page.locator(f'.suggest-widget.visible [role=option][aria-label="{name}"]')
    for _ in range(15):
        with suppress(TimeoutError):
            offered.click(timeout=2_000)
            return
        page.keyboard.press("Escape")
        page.keyboard.press("Control+Space")
    raise AssertionError(f"{name} is not offered")


def test_a_mistake_is_marked_before_anything_is_asked(page: Page) -> None:
    page.locator(".graphiql-query-editor .view-lines").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("{ nothingOfThatName }")
    page.locator(".graphiql-query-editor .squiggly-error").first.wait_for()


def test_a_link_opens_with_its_question_and_what_was_typed_is_there_again(page: Page, base: str) -> None:
    page.goto(f"{base}/?query=query%20Linked%20%7B%20streets%20%7B%20totalCount%20%7D%20%7D")
    expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text("Linked")
    for _ in range(SECONDS // 100):  # the editor keeps what stands in it a while after it is typed
        if "Linked" in page.evaluate("() => JSON.stringify(localStorage)"):
            break
        page.wait_for_timeout(100)
    page.goto(base)
    expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text("Linked")
    assert '"totalCount": 6' in run(page)


def test_where_tokens_are_wanted_the_browser_is_asked_for_one(
    browser: Browser, store_of: Callable[[str], Path], tmp_path: Path
) -> None:
    tokens = tmp_path / "tokens.txt"
    token = add_token(tokens, "alice", None)
    with serving(store_of("university"), tokens=tokens) as url:
        context = browser.new_context(http_credentials={"username": "alice", "password": token})
        asking = context.new_page()
        asking.goto(url)
        expect(asking.locator(".graphiql-query-editor .view-lines")).to_contain_text("totalCount")
        assert '"nodes"' in run(asking)
        context.close()


def test_no_other_host_is_asked_for_by_the_page(playwright: Playwright, base: str, tmp_path: Path) -> None:
    """By the browser's own log of its network, which tells for whom each request was made; those of workers are in it."""
    log = tmp_path / "net.json"
    browser = launched(playwright, f"--log-net-log={log}")
    page = browser.new_page()
    page.goto(base)
    page.locator(".graphiql-query-editor .view-lines").click()
    page.keyboard.type("{ nothingOfThatName }")
    page.locator(".graphiql-query-editor .squiggly-error").first.wait_for()
    browser.close()
    events = [event.get("params", {}) for event in json.loads(log.read_text("utf-8"))["events"]]
    urls = {event["url"] for event in events if event.get("initiator") == base}
    assert {"graphql.worker", "editor.worker", "json.worker"} <= {name_of(url) for url in urls}
    assert {f"{url.scheme}://{url.netloc}" for url in map(urlsplit, urls)} == {base}


def name_of(url: str) -> str:
    """``…/pages/json.worker-HASH.js`` → ``json.worker``."""
    return url.rpartition("/")[2].partition("-")[0]
