"""``orggraph export check`` as people and programs see it: words, JSON, exit status."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.bags.making import bag
from tests.cli.test_commands import ORGGRAPH


def orggraph(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ORGGRAPH, *arguments], capture_output=True, text=True, check=False, timeout=120)


def test_exit_status_and_words(tmp_path: Path) -> None:
    top = bag(tmp_path / "包", {"人员.csv": b"1"})
    good = orggraph("export", "check", str(top))
    assert (good.returncode, good.stderr) == (0, "")
    assert "valid; BagIt 1.0, 1 file, 1 byte: 0 problems" in good.stdout
    (top / "data/人员.csv").write_bytes(b"2")
    bad = orggraph("export", "check", str(top))
    assert bad.returncode == 1
    assert "CHANGED" in bad.stdout
    assert "data/人员.csv" in bad.stdout
    told = json.loads(orggraph("export", "check", str(top), "--format", "json").stdout)
    assert [one["code"] for one in told["problems"]] == ["CHANGED"]
    assert orggraph("export", "check", str(tmp_path / "nothing")).returncode == 2
    assert orggraph("export", "check").returncode == 2


def test_whose_bag_it_is_and_that_only_ours_will_do(tmp_path: Path) -> None:
    top = bag(tmp_path / "包", {"人员.csv": b"1"})
    assert "not a bag of orggraph: judged by RFC 8493 alone" in orggraph("export", "check", str(top)).stdout
    strict = orggraph("export", "check", str(top), "--own")
    assert strict.returncode == 1
    assert "FOREIGN" in strict.stdout
    told = json.loads(orggraph("export", "check", str(top), "--own", "--format", "json").stdout)
    assert (told["valid"], told["own"], told["compared"]) == (False, False, False)


def test_what_is_no_bag_has_no_version_and_no_files(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("hi")
    done = orggraph("export", "check", str(tmp_path / "a.zip"))
    assert done.returncode == 1
    assert f"{tmp_path / 'a.zip'}: not valid; nothing could be read: 1 problem, 0 warnings\n" in done.stdout
    assert "\n1 row\n" in done.stdout
