"""What the service's page shows of clients is what is run here."""

from __future__ import annotations

import re
from pathlib import Path

from tests.clients.conftest import HERE

SHOWN_IN = ("*.json", "src/**/*.ts", "programs/*")


def test_every_snippet_is_part_of_what_is_run() -> None:
    readme = (HERE.parents[1] / "src" / "orggraph" / "service" / "README.md").read_text("utf-8")
    section = readme.partition("\n## Clients\n")[2].partition("\n## ")[0]
    snippets = re.findall(r"```(?!sh)\w+\n(.*?)```", section, re.DOTALL)
    assert len(snippets) > 5
    run = [lines(path) for pattern in SHOWN_IN for path in HERE.glob(pattern)]
    for snippet in snippets:
        shown = "\n".join(map(str.strip, snippet.strip().splitlines()))
        assert any(shown in text for text in run), snippet


def lines(path: Path) -> str:
    """A file without its indentation."""
    return "\n".join(map(str.strip, path.read_text("utf-8").splitlines()))
