"""Golden cases: ``tests/queries/<model>/<case>/`` with query.graphql, variables.json (if any) and result.json; plan.txt and
sqlite.sql where the shape is worth looking at. ``make goldens`` rewrites them; the diff is reviewed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.plan.printer import print_plan

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/query.graphql"))
REWRITE = os.environ.get("ORGGRAPH_GOLDENS") == "rewrite"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case_answers_as_written(case: Path, engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of(case.parent.name)
    document = (case / "query.graphql").read_text("utf-8")
    given = case / "variables.json"
    variables = json.loads(given.read_text("utf-8")) if given.exists() else {}
    try:
        answer = json.loads(engine.execute(document, variables))
    except RequestErrors as refused:
        answer = {"errors": refused.errors}
    check(case / "result.json", json.dumps(answer, ensure_ascii=False, indent=1) + "\n", needed=True)
    if "data" in answer:
        check(case / "plan.txt", print_plan(engine.plan(document, variables)) + "\n")
        check(case / "sqlite.sql", engine.statement(document, variables)[0].text + "\n")


def check(golden: Path, text: str, needed: bool = False) -> None:
    """A golden that must be there, or that is looked at only where there is one."""
    if REWRITE and (needed or golden.exists()):
        golden.write_text(text, "utf-8")
    if needed:
        assert golden.exists(), f"{golden} is missing; make goldens writes it"
    if golden.exists():
        assert text == golden.read_text("utf-8")


def test_there_are_cases() -> None:
    assert len(CASES) >= 30
