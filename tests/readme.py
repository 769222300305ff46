"""What the README shows in fenced blocks. In: the language of a block. Out: the blocks."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def blocks(language: str) -> list[str]:
    """All blocks in a language."""
    text = (ROOT / "README.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
