"""The README's gallery shows what its questions are and answer. ``ORGGRAPH_GOLDENS=rewrite`` writes it anew."""

from __future__ import annotations

import os
from collections.abc import Callable

from orggraph.graphql.engine import Engine
from orggraph.questions.checking import check_questions
from orggraph.questions.reading import read_questions
from tests.conftest import ROOT
from tests.questions.gallery import SHOWN, between, gallery


def test_the_gallery_is_what_is_asked_and_answered(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("changji")
    made = gallery(engine, check_questions(engine, read_questions(ROOT / "queries")))
    readme = ROOT / "README.md"
    before, shown, after = between(readme.read_text("utf-8"))
    if os.environ.get("ORGGRAPH_GOLDENS") == "rewrite":
        readme.write_text(before + made + after, "utf-8")
        return
    assert len(SHOWN) == 10
    first_screen = [line for line in before.partition("## Ten lines")[0].splitlines() if line.startswith("|")]
    assert len(first_screen) == 4
    assert "\n".join(first_screen) in made
    assert shown == made, "ORGGRAPH_GOLDENS=rewrite python -m pytest tests/questions/test_gallery.py"
