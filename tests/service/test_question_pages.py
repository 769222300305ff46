"""The page of a question in headless Chromium, with the network off: with scripts and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT
from tests.service.serving import serving
from tests.service.test_browser import SECONDS, browser, playwright

__all__ = ["browser", "playwright"]


@pytest.fixture(scope="module")
def base(store_of: Callable[[str], Path]) -> Iterator[str]:
    with serving(store_of("changji"), questions=ROOT / "queries") as url:
        yield url


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that stands at the list; whatever it complains of, or asks of others, fails the test."""
    context = browser.new_context(java_script_enabled=request.param, locale="zh-CN")
    opened = context.new_page()
    opened.set_default_timeout(SECONDS)
    expect.set_options(timeout=SECONDS)
    complaints: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda asked_: asked.append(asked_.url))
    opened.goto(f"{base}/questions")
    yield opened
    context.close()
    assert [
        told for told in complaints if "status of 400" not in told
    ] == []  # which the browser says of our own refusal
    assert {f"{url.scheme}://{url.netloc}" for url in map(urlsplit, asked) if url.scheme != "data"} == {base}


def test_a_question_is_chosen_asked_of_a_day_sorted_and_saved(page: Page) -> None:
    page.get_by_role("link", name="哪些单位副职包联哪些社区").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(70)
    page.get_by_label("日期").fill("2018-04-01")
    page.get_by_label("确定程度").select_option(label="确定")
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**date=2018-04-01**")
    assert "certainty=CERTAIN" in page.url
    expect(rows).to_have_count(3)
    page.get_by_role("columnheader", name="社区").get_by_role("link").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("社区")
    first = rows.first.inner_text()
    page.get_by_role("columnheader", name="社区").get_by_role("link").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("社区")
    assert rows.last.inner_text() == first
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    text = Path(saved.value.path()).read_text("utf-8-sig").splitlines()
    assert saved.value.suggested_filename == "unit-deputies-cover-communities.csv"
    assert (len(text), text[0]) == (4, "单位,副职,社区,街道,确定程度,任期")


def test_what_was_known_at_an_earlier_load_is_seen_with_keys(page: Page, base: str) -> None:
    page.goto(f"{base}/questions/people-of-a-unit")
    caption, keys = page.locator("caption"), page.get_by_role("columnheader", name="编号")
    expect(caption).to_contain_text("次装载")
    expect(keys).to_have_count(0)
    page.get_by_label("按第几次装载时所知").fill("1")
    page.get_by_label("显示编号").check()
    page.get_by_role("button", name="查询").click()
    expect(caption).to_contain_text("按第 1 次装载时所知")
    expect(keys.first).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(caption).to_contain_text("as known at load 1")
    page.get_by_role("link", name="as known now").click()
    expect(caption).not_to_contain_text("as known")
    expect(page.get_by_label("show keys")).to_be_checked()


def test_both_languages_and_a_curve(page: Page) -> None:
    page.get_by_role("link", name="历年有第一书记").click()
    expect(page.locator("svg path")).to_have_count(3)
    assert page.locator("svg").bounding_box()["width"] > 300  # type: ignore[index]  # it is there
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Joint committees with a first secretary over time")
    page.get_by_role("link", name="All questions").click()
    expect(page.locator("h1")).to_have_text("All questions")
    expect(page.get_by_role("link", name="One person's whole career")).to_be_visible()


def test_what_is_wrong_is_said_on_the_page(page: Page, base: str) -> None:
    page.goto(f"{base}/questions/work-orders?nobody=1")
    expect(page.get_by_role("alert")).to_contain_text("no parameter nobody")
