"""Folders → questions. In: a folder of ``NN-name/`` with ``query.graphql`` and ``question.yaml``. Out: those that can be read, and
every problem of the others with its file and line: one broken question takes no other away.
"""

from __future__ import annotations

import re
from pathlib import Path

from orggraph.errors import Problem
from orggraph.model.reading import read_one
from orggraph.questions.entries import QuestionEntry
from orggraph.questions.question import DOCUMENT, ENTRY, Folder, Question

NAME = re.compile(r"(?:(?P<number>\d{1,4})-)?(?P<name>[a-z][a-z0-9-]*)")
MOST, MOST_BYTES = 1_000, 256 * 1024
Signature = tuple[tuple[str, int, int], ...]


def signature(path: Path) -> Signature:
    """What changes whenever a question of a folder does: its files, when they were written, their sizes."""
    found = []
    for folder in _folders(path):
        for file in (folder / DOCUMENT, folder / ENTRY):
            try:
                looks = file.stat()
            except OSError:
                continue
            found.append((str(file), looks.st_mtime_ns, looks.st_size))
    return tuple(found)


def read_questions(path: Path) -> Folder:
    """All questions of a folder."""
    if not path.is_dir():
        return Folder(
            problems=(Problem(str(path), 0, "", "NO_FOLDER", "", "is no folder", "give a folder of questions"),)
        )
    questions: dict[str, Question] = {}
    problems: list[Problem] = []
    for folder in _folders(path):
        question = _question(folder, problems)
        if question is None:
            continue
        if question.name in questions:
            message = f"the name {question.name} stands twice in this folder"
            problems.append(Problem(folder.name, 0, "", "TWICE", question.name, message, "rename one of the two"))
        questions.setdefault(question.name, question)
    return Folder(tuple(questions.values()), tuple(problems))


def _folders(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_dir() and not one.name.startswith("."))[:MOST]


def _question(folder: Path, problems: list[Problem]) -> Question | None:
    named = NAME.fullmatch(folder.name)
    if not named:
        mend = "name it like 07-cross-appointed: a number, small letters, digits and hyphens"
        problems.append(Problem(folder.name, 0, "", "NAME", folder.name, "is no name of a question", mend))
        return None
    document = _text(folder, DOCUMENT, "put the GraphQL document there", problems)
    text = _text(folder, ENTRY, "put title, answers, parameters and columns there", problems)
    if document is None or text is None:
        return None
    entry, reading = read_one(f"{folder.name}/{ENTRY}", text, QuestionEntry, "title: {zh: …, en: …}")
    problems += reading.problems
    return Question(named["name"], named["number"] or "", document, entry, reading) if entry is not None else None


def _text(folder: Path, name: str, mend: str, problems: list[Problem]) -> str | None:
    file = folder / name
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError(f"has more than {MOST_BYTES} bytes")
        return file.read_text("utf-8-sig")
    except FileNotFoundError:
        code, what = "MISSING", "is not there"
    except UnicodeDecodeError as error:
        code, what, mend = "ENCODING", f"is not UTF-8: {error.reason}", "save it as UTF-8"
    except (OSError, ValueError) as error:
        code, what, mend = "UNREADABLE", f"cannot be read: {error}", "make it a readable file"
    problems.append(Problem(f"{folder.name}/{name}", 0, "", code, "", what, mend))
    return None
