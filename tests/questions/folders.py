"""A folder of questions of the small chess model, as a test wants it."""

from __future__ import annotations

from pathlib import Path

DOCUMENT = """
query Members($day: Date, $certainty: Certainty, $fee: Int, $lang: Lang! = ZH) {
  at(date: $day, certainty: $certainty) {
    clubs {
      totalCount
      nodes {
        club: name
        members(where: {record: {fee: {gte: $fee}}}) {
          edges { certainty node { player: name } record { fee valid { since: text(lang: $lang) } } }
        }
      }
    }
  }
}
"""
ENTRY = """title: {zh: 谁是会员, en: Who is a member}
answers: {zh: 某日的会员。, en: The members on a day.}
parameters:
  day: {zh: 日期, en: day, default: 2024-05-01}
  certainty: {zh: 确定程度, en: certainty}
  fee: {zh: 会费至少, en: fee at least}
columns:
  club: {zh: 社团, en: club}
  player: {zh: 会员, en: member}
  fee: {zh: 会费, en: fee}
  certainty: {zh: 确定程度, en: certainty}
  since: {zh: 任期, en: term}
numbers:
  clubs: {zh: 社团数, en: clubs, path: totalCount}
"""


def put(folder: Path, name: str = "01-members", document: str = DOCUMENT, entry: str = ENTRY) -> Path:
    """Puts a question there; gives the folder of all."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "query.graphql").write_text(document, "utf-8")
    (folder / name / "question.yaml").write_text(entry, "utf-8")
    return folder
