"""Progress: what is shown on a terminal while a load is read and written, and nothing elsewhere."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from orggraph.cli.progress import Totals, loading_progress

ROOT = Path(__file__).parents[2]


def test_each_step_has_the_total_that_is_known_of_it() -> None:
    totals, found = Totals([100, None]), []
    for step, rows in [
        ("reading", 0),
        ("reading", 90),
        ("writing", 0),
        ("publishing", 90),
        ("reading", 0),
        ("writing", 0),
    ]:
        if totals.begins(step):
            found.append((step, totals.total()))
        totals.told(rows)
    assert found == [("reading", 100), ("writing", 90), ("publishing", None), ("reading", None), ("writing", 0)]


def test_elsewhere_nothing_is_foreseen() -> None:
    def foreseen() -> list[int | None]:
        raise AssertionError("looked at files that nobody watches")

    with loading_progress(foreseen) as watch:
        watch("reading", 1)


def test_a_terminal_sees_rows_rate_and_what_is_left(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "orggraph", "load", str(ROOT / "seeds/changji"), "--store", str(tmp_path / "a.db")]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    model = ["--model", str(ROOT / "schema")]
    with subprocess.Popen(command + model, stdout=subprocess.PIPE, stderr=follower, env=environment) as running:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        assert running.wait() == 0
    text = shown.decode()
    assert "reading" in text
    assert "rows/s" in text
    assert " rows" in text
    assert "left" in text
