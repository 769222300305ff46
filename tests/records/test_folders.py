"""Which files of a folder are loaded: nothing is left out unsaid, nothing is read that is no file in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orggraph.errors import LoadError, Problem
from orggraph.records.files import InFile, loads, passed_over
from orggraph.records.watching import changed, sha256s
from orggraph.stores.sqlite.load import How
from orggraph.stores.sqlite.load import load as load_files
from tests.records.refusals import refused, told
from tests.small_model import FILES, MODEL, PEOPLE, load, put


def bad(folder: Path) -> list[Problem]:
    with pytest.raises(LoadError) as error:
        loads([folder])
    return error.value.problems


def names(groups: list[list[InFile]]) -> list[list[str]]:
    return [[file.path.name for file in group] for group in groups]


def test_numbered_folders_are_loads_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in ("10", "2", "1"):
        put(tmp_path / number, {f"{number}.csv": ""})
    assert names(loads([tmp_path])) == [["1.csv"], ["2.csv"], ["10.csv"]]


def test_what_is_no_table_is_passed_over_and_named(tmp_path: Path) -> None:
    put(tmp_path, FILES | {"README.md": "", "说明.txt": "", ".DS_Store": "", "~$book.xlsx": ""})
    assert [[file.path.suffix for file in group] for group in loads([tmp_path])] == [[".csv"] * 4]
    assert [one.name for one in passed_over([tmp_path])] == ["README.md", "说明.txt"]


@pytest.mark.parametrize(
    "name", ["人员.xls", "人员.ods", "data.json", "data.parquet", "data.zip", "人员.xlsx.gz", "人员.gz"]
)
def test_a_table_in_a_format_that_is_not_read_is_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path, FILES | {name: ""})
    problems = bad(tmp_path)
    assert told(problems) == [("FORMAT", name, 0, "")]
    assert "save it as" in problems[0].mend


def test_a_file_that_is_named_is_loaded_or_refused(tmp_path: Path) -> None:
    put(tmp_path, {"说明.txt": ""})
    assert told(bad(tmp_path / "说明.txt")) == [("FORMAT", "说明.txt", 0, "")]
    assert told(bad(tmp_path / "none.csv")) == [("NO_FILE", "none.csv", 0, "")]


def test_tables_beside_numbered_folders_and_in_other_folders_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "1", FILES)
    put(tmp_path, {"人员.csv": PEOPLE, "README.md": ""})
    put(tmp_path / "old", {"人员.csv": PEOPLE})
    assert told(bad(tmp_path)) == [("BESIDE", "old", 0, ""), ("BESIDE", "人员.csv", 0, "")]
    put(tmp_path / "1" / "deep" / "deeper", {"人员.csv": PEOPLE})
    assert ("FOLDER", "deep", 0, "") in told(bad(tmp_path))
    put(tmp_path / "plain" / "pictures", {"a.png": ""})
    put(tmp_path / "plain", FILES)
    assert len(loads([tmp_path / "plain"])[0]) == 4


def test_links_are_followed_within_the_folder_only(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", FILES)
    put(tmp_path / "elsewhere", {"区.csv": "key,name\n"})
    (folder / "within.csv").symlink_to(folder / "人员.csv")
    assert len(loads([folder])[0]) == 5
    (folder / "区.csv").symlink_to(tmp_path / "elsewhere" / "区.csv")
    (folder / "all").symlink_to(tmp_path / "elsewhere")
    (folder / "nothing.csv").symlink_to(tmp_path / "none.csv")
    (folder / "circle.csv").symlink_to(folder / "circle.csv")
    (folder / "around").symlink_to(folder)
    assert {(code, name) for code, name, *_ in told(bad(folder))} == {
        ("LINK", "区.csv"), ("LINK", "all"), ("LINK", "nothing.csv"), ("LINK", "circle.csv"), ("FOLDER", "around"),
    }  # fmt: skip
    (tmp_path / "numbered").mkdir()
    (tmp_path / "numbered" / "1").symlink_to(tmp_path / "elsewhere")
    assert told(bad(tmp_path / "numbered")) == [("LINK", "1", 0, "")]
    (tmp_path / "named").symlink_to(tmp_path / "elsewhere")
    assert names(loads([tmp_path / "named"])) == [["区.csv"]], "a link that the user names is the user's"


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", FILES)
    os.mkfifo(folder / "区.csv")
    assert told(bad(folder)) == [("NO_FILE", "区.csv", 0, "")]
    assert "pipe or a device" in bad(Path("/dev/zero"))[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_or_folder_without_permission_is_told(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", FILES)
    (folder / "人员.csv").chmod(0)
    assert ("NO_FILE", "人员.csv", 0, "") in told(refused(tmp_path / "small.db", folder))
    folder.chmod(0)
    try:
        assert told(bad(folder)) == [("NO_FILE", "in", 0, "")]
    finally:
        folder.chmod(0o755)


def test_a_path_that_cannot_be_is_told(tmp_path: Path) -> None:
    assert told(bad(tmp_path / ("长" * 300)))[0][0] == "NO_FILE"


def one_changed(folder: Path) -> Iterator[tuple[str, str]]:
    """What is told after each way to change a folder."""
    people, other = folder / "人员.csv", PEOPLE.replace("芳", "方")
    ways: dict[str, Callable[[], object]] = {
        "appended": lambda: people.write_text(PEOPLE + "p3,陈刚\n"),
        "same size and time": lambda: keep_time(people, lambda: people.write_text(other)),
        "written anew": lambda: replace_file(people),
        "taken away": people.unlink,
        "one more": lambda: put(folder, {"区.csv": "key,name\n"}),
        "one renamed": lambda: people.rename(folder / "person.csv"),
    }
    for way, change in ways.items():
        shutil.rmtree(folder, ignore_errors=True)
        put(folder, FILES)
        (group,) = loads([folder])
        before = sha256s(group)
        assert not list(changed(group, before))
        change()
        found = list(changed(group, before))
        assert found, way
        yield way, Path(found[0].file).name


def keep_time(path: Path, change: Callable[[], object]) -> None:
    found = path.stat()
    change()
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def replace_file(path: Path) -> None:
    shutil.copy2(path, path.with_suffix(".new"))
    os.replace(path.with_suffix(".new"), path)


def test_a_change_while_reading_is_seen(tmp_path: Path) -> None:
    found = dict(one_changed(tmp_path / "in"))
    assert found == {
        "appended": "人员.csv", "same size and time": "人员.csv", "written anew": "人员.csv", "taken away": "人员.csv",
        "one more": "in", "one renamed": "人员.csv",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["人员.csv", "区.csv"])
def test_nothing_is_loaded_of_a_folder_that_changes_while_it_is_read(tmp_path: Path, name: str) -> None:
    folder = put(tmp_path / "in", FILES)

    def meanwhile(step: str, _: int) -> None:
        if step == "writing":
            put(folder, {name: "key,name\np1,王芳\np2,李𠮷\np9,陈刚\n"})

    with pytest.raises(LoadError) as error:
        load_files(tmp_path / "small.db", {"small.yaml": MODEL}, lambda _: "", [folder], How(watch=meanwhile))
    assert [one.code for one in error.value.problems] == ["CHANGED_WHILE_READ"]
    assert not (tmp_path / "small.db").exists()
    (folder / "区.csv").unlink(missing_ok=True)
    assert load(tmp_path / "small.db", folder)[0].number == 1


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    first, second = put(tmp_path / "a", {"人员.csv": PEOPLE}), put(tmp_path / "b", {"人员.csv": "key,name\np3,陈刚\n"})
    both = [folder / "人员.csv" for folder in (first, second)]
    assert len(sha256s(loads(both)[0])) == 2
