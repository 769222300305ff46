"""What is found in a bag. In: a file's name, what is wrong, how to mend it. Out: problems (the bag is not valid) and warnings.

Names come from strangers: they are told with whatever could act on a terminal written as an escape.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orggraph.errors import Problem, Problems

LONGEST = 300


@dataclass(frozen=True)
class Found:
    problems: Problems = field(default_factory=Problems)
    warnings: Problems = field(default_factory=Problems)

    def problem(self, file: str, code: str, message: str, mend: str, line: int = 0) -> None:
        self.problems.add(Problem(shown(file), line, "", code, "", message, mend))

    def warning(self, file: str, code: str, message: str, mend: str, line: int = 0) -> None:
        self.warnings.add(Problem(shown(file), line, "", code, "", message, mend))

    def either(self, wrong: bool, file: str, code: str, message: str, mend: str, line: int = 0) -> None:
        """A problem in newer versions of the rules that was none in older ones, or the other way round."""
        (self.problem if wrong else self.warning)(file, code, message, mend, line)


def shown(name: str) -> str:
    """A name that can be printed anywhere; a long one cut."""
    cut = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in cut)
