"""The Library of Congress's cases for validators of bags, ``conformance.tar.gz`` (github.com/LibraryOfCongress/bagit-conformance-suite,
CC0): of every version, in folders that say what they are. Judged alike as folders and as archives."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from orggraph.bags.judging import Judged, judge
from tests.bags.making import zipped

ARCHIVE = Path(__file__).with_name("conformance.tar.gz")
WARNED = {
    "duplicate-file-with-different-case": "CASE",
    "made-with-md5sum-tools": "STAR",
    "relative-path": "DOT_SLASH",
    "same-filename-listed-twice-with-different-normalization": "NORMALIZATION",
    "same-filename-listed-twice-with-the-same-hash": "LISTED_TWICE",
    "special-system-files": "SYSTEM_FILE",
}
WRONG = {
    "baginfo-missing-encoding": "DECLARATION",
    "bom-in-bagit.txt": "BYTE_ORDER_MARK",
    "corrupt-data-file": "CHANGED",
    "corrupt-tag-file": "CHANGED",
    "extra-file-in-bag": "UNLISTED",
    "invalid-version-number": "VERSION",
    "missing-baginfo": "MISSING",
    "missing-bagit.txt": "NO_DECLARATION",
    "same-filename-listed-twice-with-different-hashes": "LISTED_TWICE",
    "same-filename-listed-twice-with-the-same-hash": "LISTED_TWICE",
    "bagit-with-invalid-whitespace": "DECLARATION",
    "notAllManifestsListAllFiles": "UNLISTED",
}
"""All others of the invalid ones name files outside of the bag."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suite")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder


def cases() -> list[str]:
    with tarfile.open(ARCHIVE) as archive:
        return sorted({"/".join(parts[:3]) for one in archive if len(parts := Path(one.name).parts) > 3})


def test_all_cases_are_there() -> None:
    found = cases()
    assert len(found) == 60
    assert {one.partition("/")[0] for one in found} == {"v0.93", "v0.94", "v0.95", "v0.96", "v0.97", "v1.0"}


@pytest.mark.parametrize("case", cases())
def test_judged_rightly(suite: Path, tmp_path: Path, case: str) -> None:
    as_archive = zipped(suite / case, tmp_path / "bag.zip")
    for judged in (judge(suite / case), judge(as_archive)):
        _is_right(case, judged)


def _is_right(case: str, judged: Judged) -> None:
    _, of, name = case.split("/")
    problems, warnings = judged.found.problems, judged.found.warnings
    assert judged.valid is (of in ("valid", "warning")), [*map(str, problems.kept)]
    if of == "warning":
        assert WARNED[name] in warnings.counts
    elif of != "valid":
        assert WRONG.get(name, "OUTSIDE") in problems.counts
        assert all(one.file and one.mend for one in problems.kept)
