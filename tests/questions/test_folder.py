"""A folder of questions: what is read from it, and that whatever is wrong with one is told with its place and mend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph.graphql.engine import Engine
from orggraph.questions.asking import ask
from orggraph.questions.checking import check_questions
from orggraph.questions.formats import json_pieces, markdown
from orggraph.questions.paged import Paged
from orggraph.questions.question import QuestionError, find
from orggraph.questions.reading import read_questions, signature
from tests.questions.folders import DOCUMENT, ENTRY, put


@pytest.fixture
def chess(engine_of: Callable[[str], Engine]) -> Engine:
    return engine_of("minimal")


def problems(engine: Engine, folder: Path) -> list[str]:
    return [str(one) for one in check_questions(engine, read_questions(folder)).problems]


def test_a_question_is_asked_by_name_or_number(chess: Engine, tmp_path: Path) -> None:
    found = check_questions(chess, read_questions(put(tmp_path)))
    assert found.problems == ()
    (ready,) = found.ready
    assert all(find(found.ready, name) is ready for name in ("members", "01-members", "01", "1"))
    answered = ask(chess, ready, {}, "zh")
    assert answered.rows == [
        ["东城棋社", "李雷", 120, "CERTAIN", "2023年4月起"],
        ["东城棋社", "𠮷田", None, "CERTAIN", "2024年2月29日起"],
    ]
    assert (answered.numbers, answered.load) == ({"clubs": 1}, 1)
    with pytest.raises(QuestionError, match="there is no question member; did you mean members"):
        find(found.ready, "member")


def test_parameters_are_typed_as_text(chess: Engine, tmp_path: Path) -> None:
    (ready,) = check_questions(chess, read_questions(put(tmp_path))).ready
    assert [row[1] for row in ask(chess, ready, {"fee": "110"}, "zh").rows] == ["李雷"]
    assert [row[1] for row in ask(chess, ready, {"day": "2023-04-15"}, "zh").rows] == ["李雷", "韩梅梅"]
    assert [row[1] for row in ask(chess, ready, {"day": "2023-04-15", "certainty": "certain"}, "zh").rows] == ["韩梅梅"]
    assert ask(chess, ready, {"fee": " "}, "en").rows[0][-1] == "since April 2023"
    there = r"it has day \(Date, 2024-05-01\), certainty \(CERTAIN\|POSSIBLE\), fee \(Int\)"
    for wrong, told in (
        ({"dya": "1"}, "no parameter dya"),
        ({"fee": "dear"}, "dear is no whole number"),
        ({"certainty": "x"}, "x is"),
    ):
        with pytest.raises(QuestionError, match=f"{told}.*{there}"):
            ask(chess, ready, wrong, "zh")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((ENTRY, "title: {zh: 谁是会员, en: Who is a member}\n", ""), "question.yaml:1 object missing required field `title`"),
        ((ENTRY, "path: totalCount", "path: totalCuont"), "question.yaml:14 numbers.clubs.path: totalCuont is no number"),
        ((ENTRY, "  player: {", "  palyer: {"), "question.yaml:9 columns.palyer: palyer is no value of the answer"),
        ((ENTRY, "  fee: {zh: 会费至少", "  feee: {zh: 会费至少"), "question.yaml:6 parameters.feee: the document has no variable $feee"),
        ((ENTRY, "  fee: {zh: 会费至少", "  feee: {zh: 会费至少"), "question.yaml:3 parameters: says nothing of $fee"),
        ((ENTRY, "default: 2024-05-01", "default: 2024-05"), "question.yaml:3 parameters: "),
        ((ENTRY, "en: club}", "english: club}"), "question.yaml:8 columns.club.english: object contains unknown field `english`"),
        ((ENTRY, "columns:", "columns: [1"), "question.yaml:8 is no YAML"),
        ((DOCUMENT, "player: name", "player: nmae"), "query.graphql:9 Cannot query field 'nmae'"),
        ((DOCUMENT, "node { player: name }", "node { player: name }}"), "query.graphql:"),
        ((ENTRY, "numbers:", "pages: {after: clubs.pageInfo}\nnumbers:"), "pages.after: the document has no variable $after: String"),
        ((ENTRY, "numbers:", "curve: {x: day, y: [fee]}\nnumbers:"), "question.yaml:13 curve.x: day is no column"),
        ((DOCUMENT, "club: name", "player: name club: name"), "columns.player: player may be at.clubs.nodes."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    chess: Engine, tmp_path: Path, change: tuple[str, str, str], told: str
) -> None:
    of, old, new = change
    assert old in of
    changed = of.replace(old, new, 1)
    put(tmp_path, document=changed if of is DOCUMENT else DOCUMENT, entry=changed if of is ENTRY else ENTRY)
    put(tmp_path, "02-sound")
    found = problems(chess, tmp_path)
    assert any(f"01-members/{told}" in one or told in one for one in found), found
    assert all(one.startswith("01-members/") for one in found)
    assert [one.name for one in check_questions(chess, read_questions(tmp_path)).ready] == ["sound"]


def test_folders_that_are_no_questions_are_told(chess: Engine, tmp_path: Path) -> None:
    put(tmp_path, "Members!")
    put(tmp_path, "01-a")
    put(tmp_path, "02-a")
    (tmp_path / "03-empty").mkdir()
    put(tmp_path, "04-bytes")
    (tmp_path / "04-bytes" / "question.yaml").write_bytes("标题".encode("gb18030"))
    found = problems(chess, tmp_path)
    assert [one.partition(" ")[0] for one in found] == [
        "02-a", "03-empty/query.graphql", "03-empty/question.yaml", "04-bytes/question.yaml", "Members!",
    ]  # fmt: skip
    assert "name it like 07-cross-appointed" in found[-1]


def test_a_folder_that_changes_has_another_signature(tmp_path: Path) -> None:
    put(tmp_path)
    before = signature(tmp_path)
    assert before == signature(tmp_path)
    put(tmp_path, "02-more")
    assert signature(tmp_path) != before


def test_rows_of_lists_in_and_beside_one_another(chess: Engine, tmp_path: Path) -> None:
    """The innermost list makes the rows, unless ``rows:`` names another; then what is deeper is one cell; several add up."""
    document = """{ ever { clubs { nodes { club: name members { nodes { player: name } } } }
      players { nodes { player: name clubs: memberships { nodes { club: name } } } } } }"""
    words = "title: {zh: 甲, en: a}\nanswers: {zh: 甲, en: a}\ncolumns:\n"
    club = "  club: {zh: 社团, en: club, path: ever.clubs.nodes.club}\n"
    inner, beside = (
        f"  player: {{zh: 棋手, en: player, path: {one}.nodes.player}}\n" for one in ("members", "players")
    )
    put(tmp_path, "1-each", document, words + club + inner)
    put(tmp_path, "2-joined", document, "rows: ever.clubs.nodes\n" + words + club + inner)
    both = "  club: {zh: 社团, en: club}\n  player: {zh: 棋手, en: player}\n"
    put(tmp_path, "3-both", document, "rows: [ever.clubs.nodes, players.nodes]\n" + words + both)
    put(tmp_path, "4-beside", document, words + club + beside)
    found = check_questions(chess, read_questions(tmp_path))
    rows = {ready.name: ask(chess, ready, {}, "zh").rows for ready in found.ready}
    assert sorted(str(row[1]) for row in rows["each"]) == ["李雷", "韩梅梅", "𠮷田"]
    assert {row[0] for row in rows["each"]} == {"东城棋社"}
    ((club_told, people),) = rows["joined"]
    assert isinstance(people, list)
    assert (club_told, sorted(map(str, people))) == ("东城棋社", ["李雷", "韩梅梅", "𠮷田"])
    assert len(rows["both"]) == 4
    (beside_told,) = found.problems
    assert (beside_told.place, beside_told.mend) == ("4-beside/question.yaml:3", "say rows: LIST")


def test_numbers_are_values_counts_sums_and_shares(chess: Engine, tmp_path: Path) -> None:
    numbers = """  fees: {zh: 甲, en: a, path: sum.fee}
  nodes: {zh: 甲, en: a, path: clubs.nodes}
  share: {zh: 甲, en: a, path: clubs.nodes, per: totalCount, times: 250}
  fee: {zh: 甲, en: a, path: record.fee}
"""
    summed = DOCUMENT.replace("    clubs {", "    memberRecords { groups(by: []) { sum { fee } } }\n    clubs {")
    (ready,) = check_questions(
        chess,
        read_questions(
            put(tmp_path, document=summed, entry=ENTRY.replace("en: fee}", "en: fee, path: record.fee}") + numbers)
        ),
    ).ready
    told = ask(chess, ready, {"day": "2023-04-15"}, "zh").numbers
    assert told == {"clubs": 1, "fees": 220, "nodes": 1, "share": 250, "fee": None}


def test_machines_get_values_and_people_get_words(chess: Engine, tmp_path: Path) -> None:
    (ready,) = check_questions(chess, read_questions(put(tmp_path))).ready
    answered = ask(chess, ready, {"day": "2023-04-15"}, "en")
    told = json.loads(b"".join(json_pieces(Paged(answered))))
    assert told["rows"][0] == {
        "club": "东城棋社", "player": "李雷", "fee": 120, "certainty": "POSSIBLE", "since": "since April 2023",
    }  # fmt: skip
    assert told["parameters"] == {"day": "2023-04-15"}
    lines = markdown(answered, "en").splitlines()
    assert lines[0] == "| club | member | fee | certainty | term |"
    assert lines[1] == "| --- | --- | ---: | --- | --- |"
    assert lines[2] == "| 东城棋社 | 李雷 | 120 | possible | since April 2023 |"
