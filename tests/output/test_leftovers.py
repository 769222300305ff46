"""What a killed process leaves beside a file is gone with the next writing of that file, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from orggraph.output.leftovers import beside
from orggraph.output.placing import placed

KILLED = """
import os, signal, sys
from pathlib import Path
from orggraph.output.placing import placed
with placed(Path(sys.argv[1])) as part:
    part.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(path: Path) -> str:
    """The name of what it left."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    (left,) = (one.name for one in path.parent.iterdir() if one.name.startswith(f".{path.name}."))
    return left


def test_what_was_left_is_gone_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "图[1].nq"
    left = killed(path)
    other = tmp_path / left.replace("图[1]", "图")  # of another file
    alive = tmp_path / left.replace(left.split(".")[-2], str(os.getppid()))
    elsewhere = tmp_path / left.replace(left.split(".")[-3], "0123abcd")
    for one in (other, alive, elsewhere):
        one.write_text("x")
    with placed(path) as part:
        assert not (tmp_path / left).exists()
        part.write_text("whole")
    assert sorted(tmp_path.iterdir()) == sorted([path, other, alive, elsewhere])


def test_what_was_there_before_stays_until_something_is_there(tmp_path: Path) -> None:
    path = tmp_path / "bag"
    old = tmp_path / killed(path).replace(".part", ".old")
    old.mkdir()
    (old / "bagit.txt").write_text("x")
    beside(path, "part")
    assert (old / "bagit.txt").exists()
    path.mkdir()
    beside(path, "part")
    assert list(tmp_path.iterdir()) == [path]
