"""Files that the README shows. In: the language of a fenced block. Out: the block."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def shown(language: str) -> str:
    """The only block in a language. Raises AssertionError if there is none, or another."""
    blocks = re.findall(
        rf"^```{language}\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 1, f"{len(blocks)} blocks in {language}"
    return str(blocks[0])
