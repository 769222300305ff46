"""Files that the README shows. In: the language of a fenced block. Out: the block."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def shown(language: str) -> str:
    """The only block in a language. Raises AssertionError if there is none, or another."""
    found = blocks(language)
    assert len(found) == 1, f"{len(found)} blocks in {language}"
    return found[0]


def blocks(language: str) -> list[str]:
    """All blocks in a language."""
    text = (ROOT / "README.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
