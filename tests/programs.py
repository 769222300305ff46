"""Programs of Debian's that some tests need; `make debian` installs them. In: a program's name. Out: its path."""

from __future__ import annotations

import os
import shutil

import pytest


def program(name: str) -> str:
    """Where it is; where it is not the test is passed over, and fails where all are wanted, as in CI."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        word = f"{name} is not installed: make debian"
        if os.environ.get("ORGGRAPH_ALL_TESTS"):
            pytest.fail(word)
        pytest.skip(word)
    return found
