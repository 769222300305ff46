"""Node for tests. In: a folder whose packages `make` has installed, and a command. Out: what the command said.

A folder has a `package.json`, a `package-lock.json` with integrity hashes and without addresses (an `.npmrc` with
`omit-lockfile-registry-resolved=true` keeps it so), and a place in the Makefile's `NPM_FOLDERS`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.prefix) / "node" / "bin"


def node(folder: Path, *command: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Runs a command in a folder with our node, npm and its packages' commands first in PATH; raises AssertionError with
    all that it said if it fails."""
    assert (BIN / "node").exists(), "there is no Node here: make node"
    path = os.pathsep.join([str(BIN), str(folder / "node_modules" / ".bin"), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done
