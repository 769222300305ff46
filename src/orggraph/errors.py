"""The errors that orggraph tells its user.

OrggraphError            code, message; never carries a trace outside
├── ModelError           problems of a model: file, line, what, mend
├── LoadError            problems of files: file, line, column, value, what, mend
├── StoreError           a store that cannot be opened, is not ours, or has another model
└── OperationError       a GraphQL operation that is refused or stopped
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place. ``line`` is 1-based (0: the whole file); ``mend`` says how to put it right."""

    file: str
    line: int
    column: str
    code: str
    value: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        what = f"{self.column}: {self.message}" if self.column else self.message
        return f"{where} {what}" + (f" ({self.mend})" if self.mend else "")


class OrggraphError(Exception):
    """The root of all errors that are told to a user; ``code`` is stable, the text is for people."""

    code = "ERROR"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class ProblemsError(OrggraphError):
    """Several problems, each with its place; nothing was done."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ModelError(ProblemsError):
    code = "MODEL"


class LoadError(ProblemsError):
    code = "LOAD"


class StoreError(OrggraphError):
    code = "STORE"


class OperationError(OrggraphError):
    """A GraphQL operation refused before it ran, or stopped while it ran."""

    code = "OPERATION"
