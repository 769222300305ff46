"""The questions that come with orggraph, on three days and at both certainties, are what the seed's files say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from orggraph.graphql.engine import Engine
from orggraph.questions.asking import Answered
from orggraph.questions.checking import Set, check_questions
from orggraph.questions.paged import Paged
from orggraph.questions.question import find
from orggraph.questions.reading import read_questions
from orggraph.questions.spreadsheets import xlsx_of
from orggraph.questions.whole import ask_whole
from tests.conftest import ROOT
from tests.questions import second_crossing, second_ways, second_wide
from tests.questions.register import CERTAIN, POSSIBLE, day, world
from tests.questions.second import COUNTED, cell

DAYS = ("2020-03-31", "2019-06-15", "2018-01-20")
TIMELESS = {"career", "first-secretaries-over-time", "what-a-source-says"}
"""Asked of no day; the others but one of a day."""
ANSWERS = (second_wide, second_crossing, second_ways)
"""Their questions are in ``COUNTED`` once they are imported."""


@pytest.fixture(scope="module")
def questions(engine_of: Callable[[str], Engine]) -> Set:
    return check_questions(engine_of("changji"), read_questions(ROOT / "queries"))


@pytest.fixture
def ask(engine_of: Callable[[str], Engine], questions: Set) -> Callable[..., Answered]:
    """Asks a question by its name."""

    def asked(name: str, **typed: str) -> Answered:
        return ask_whole(engine_of("changji"), questions.ready, find(questions.ready, name), typed, "zh")

    return asked


def test_every_question_of_the_folder_can_be_asked(questions: Set) -> None:
    assert questions.problems == ()
    assert {one.name for one in questions.ready} >= set(COUNTED)


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("certainty", [CERTAIN, POSSIBLE])
@pytest.mark.parametrize("name", COUNTED)
def test_its_rows_are_what_the_files_say(ask: Callable[..., Answered], name: str, certainty: str, on: str) -> None:
    columns, make = COUNTED[name]
    answered = ask(name, **typed(name, certainty, on))
    names = [heading.name for heading in answered.headings]
    sure_told = "certainty" in names
    places = [names.index(column) for column in (*columns.split(), *(["certainty"] if sure_told else []))]
    found = Counter(tuple(plain(row[place]) for place in places) for row in answered.rows)
    listed = (CERTAIN,) if certainty == CERTAIN else (CERTAIN, POSSIBLE)
    rows = [(row, sure) for row, sure in make(world(), day(on), certainty) if sure in listed]
    assert found == Counter((*row, sure) if sure_told else row for row, sure in rows)


BOUNDED = (
    "communities-without-first-secretary",
    "part-time-members",
    "part-time-members-taken-out",
    "compounds-without-property-firm",
    "who-changed",
)


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("name", BOUNDED)
def test_its_numbers_are_the_least_and_the_most_that_the_files_allow(
    ask: Callable[..., Answered], name: str, on: str
) -> None:
    """Whatever certainty is asked for; committees of other forms have no part-time members, so that none is left out."""
    rows = [sure for _, sure in COUNTED[name][1](world(), day(on), POSSIBLE) if sure]
    for certainty in (CERTAIN, POSSIBLE):
        numbers = ask(name, **typed(name, certainty, on)).numbers
        assert (numbers["surely"], numbers["possibly"]) == (rows.count(CERTAIN), len(rows))


def typed(name: str, certainty: str, on: str) -> dict[str, str]:
    """What is asked: a day, a month, or neither; a certainty where there is one."""
    if name in ("first-secretaries-over-time", "what-a-source-says", "what-changed"):
        return {}
    if name in TIMELESS:
        return {"certainty": certainty}
    given = {"certainty": certainty}
    match name:
        case "rotating-chairs":
            return given | {"month": on[:7]}
        case "who-changed":
            return given | {"from": date.fromordinal(day(on) - 365).isoformat(), "until": on}
    return given | {"date": on}


def plain(value: object) -> object:
    """A cell of several values as one that can be compared."""
    return cell(value) if isinstance(value, list) else value


def test_a_question_differs_between_days_and_certainties() -> None:
    """Else the comparison above would prove little."""
    telling = 0
    for _, make in COUNTED.values():
        answers = [Counter(make(world(), day(on), POSSIBLE)) for on in DAYS]
        telling += any(sure == POSSIBLE for answer in answers for _, sure in answer) and answers[0] != answers[2]
    assert telling >= 7


def test_pages_are_asked_for_until_all_is_there(ask: Callable[..., Answered]) -> None:
    """More than a list may have at once; each thing and record of the source once."""
    said = ask("what-a-source-says", source="synthetic-register")
    keys = Counter(row[1] for row in said.rows)
    w = world()
    wanted = {key for key, source in w.cited.items() if source == "synthetic-register" or key == "synthetic-register"}
    wanted |= {r.key for records in w.records.values() for r in records if r.source == "synthetic-register"}
    assert len(keys) > 10_000
    assert set(keys) == {key for key in wanted if key != "synthetic-register"}
    assert set(keys.values()) == {1}


def test_figures_are_met(ask: Callable[..., Answered]) -> None:
    for certainty in (CERTAIN, POSSIBLE):
        answered = ask("published-figures", certainty=certainty)
        unmet = [row for row in answered.rows if row[-1] == "UNMET"]
        assert (unmet, answered.unmet) == ([], 0)
        assert [row[0] for row in answered.rows if row[-1] == "UNCOUNTED"] == ["居民志愿者"]


def test_a_figure_that_is_not_met_is_told(ask: Callable[..., Answered]) -> None:
    answered = ask("published-figures", date="2018-01-20")
    assert answered.unmet == sum(row[-1] == "UNMET" for row in answered.rows) > 10


def test_the_files_are_read_as_they_are() -> None:
    assert Path(ROOT / "seeds" / "changji" / "1" / "Person.csv").exists()
    assert len(world().records["FirstSecretary"]) == 124


def test_in_a_workbook_days_are_days_and_months_and_years_stay_text(ask: Callable[..., Answered]) -> None:
    def column(answered: Answered, name: str) -> set[type]:
        book = CalamineWorkbook.from_object(BytesIO(b"".join(xlsx_of(Paged(answered), "zh"))))
        place = [heading.name for heading in answered.headings].index(name)
        return {type(row[place]) for row in book.get_sheet_by_index(0).to_python()[1:] if row[place] != ""}

    assert column(ask("first-secretaries-over-time"), "day") == {date}
    upgraded = ask("service-centres")
    assert {row[4] for row in upgraded.rows} >= {"2018", "2019-08"}
    assert column(upgraded, "upgraded") == {str}
    assert column(upgraded, "floorArea") == {float}
