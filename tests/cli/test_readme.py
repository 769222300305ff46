"""The README's sessions do what they say: every command is run, every line of output compared."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from orggraph.model.names import BUILTIN_TYPES
from orggraph.settings import Bounds

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, str]]:
    """Commands of the sessions that run orggraph, with the output that they show."""
    for block in BLOCK.findall(README.read_text("utf-8")):
        if "make demo" in block:
            continue
        lines = iter(block.splitlines())
        command, output = "", ""
        for line in lines:
            if line.startswith("$ "):
                if command:
                    yield command, output
                command, output = line[2:], ""
                if "<<'END'" in line:
                    for inner in lines:
                        command += "\n" + inner
                        if inner == "END":
                            break
            else:
                output += line + "\n"
        yield command, output


def test_the_sessions_print_what_they_show(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    commands = list(steps())
    assert any("orggraph query" in command for command, _ in commands)
    for command, output in commands:
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env={"PATH": path, "LANG": "C.UTF-8"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120,
        )  # fmt: skip
        assert done.stdout == output, command


def test_the_readme_names_every_type_that_is_built_in() -> None:
    text = README.read_text("utf-8")
    listed = text[text.index("### Types") :].split("`")[3].split()
    assert sorted(BUILTIN_TYPES) == listed


def test_the_readme_names_every_bound_and_its_code() -> None:
    text = README.read_text("utf-8")
    for bound in fields(Bounds):
        if code := bound.metadata["code"]:
            assert f"`{bound.name}`" in text
            assert f"`{code}`" in text


def test_what_pages_link_to_is_there() -> None:
    linked = 0
    for page in (README, README.parent / "CONTRIBUTING.md", README.parent / "src/orggraph/service/README.md"):
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text("utf-8")):
            path, _, anchor = link.partition("#")
            target = (page.parent / path) if path else page
            assert target.exists(), f"{page.name}: {link}"
            assert not anchor or anchor in _anchors(target), f"{page.name}: {link}"
            linked += 1
    assert linked > 20


def _anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
