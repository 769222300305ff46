"""An export in a process of its own. In: a store's path, what is asked of it, a form. Out: the same pieces as ``export.pieces`` gives,
through a pipe.

Who answers others meanwhile is not held up by it: it has an interpreter of its own, and gives way to all else. It waits where nobody
takes its pieces, and ends with whoever asked, however that ends: what it writes goes nowhere then.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sys
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

from orggraph.errors import OrggraphError, StoreError
from orggraph.rdf.asked import Asked
from orggraph.rdf.export import Exported, Form, pieces

AT_ONCE = 256 * 1024
"""Bytes that the pipe holds, and of a piece at most."""
YIELDING = 10
"""How much nicer the process is."""
REFUSED = 3
"""Its exit status where it says by an error of ours what is wrong."""
Error = dict[str, str]


def pieces_apart(store: Path, asked: Asked, form: Form) -> Generator[bytes]:
    """Raises StoreError, OrggraphError for what cannot be asked, RuntimeError where the process ends otherwise than it should."""
    command = [sys.executable, "-P", "-m", __name__, str(store.absolute()), json.dumps(asdict(asked)), form]
    path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=os.environ | path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            with contextlib.suppress(OSError):  # more than the system allows
                fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, AT_ONCE)
            while piece := os.read(process.stdout.fileno(), AT_ONCE):
                yield piece
            told = process.stderr.read().decode("utf-8", "replace")
            if (status := process.wait()) != 0:
                raise _error(status, told)
        finally:
            process.kill()


def _error(status: int, told: str) -> Exception:
    if status != REFUSED:
        return RuntimeError(f"the export ended with {status}: {told[-2000:]}")
    said: Error = json.loads(told)
    return (StoreError if said["of"] == StoreError.__name__ else OrggraphError)(said["message"], said["code"])


def main(store: str, asked: str, form: str) -> int:
    """The process."""
    with contextlib.suppress(OSError):  # where it may not even do that
        os.nice(YIELDING)
    out = sys.stdout.fileno()
    try:
        for piece in pieces(Path(store), Asked(**json.loads(asked)), Form(form), Exported()):
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(out, rest) :]
    except BrokenPipeError:
        return 0  # nobody is there any more
    except OrggraphError as error:
        json.dump({"of": type(error).__name__, "message": error.message, "code": error.code}, sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
