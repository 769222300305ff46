"""``orggraph export check``: is a bag whole, ours or anybody's?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from orggraph.bags.judging import Judged, judge
from orggraph.cli.check import untold
from orggraph.cli.options import TableOrJson
from orggraph.cli.progress import loading_progress


def check(
    bag: Annotated[Path, typer.Argument(help="A bag by RFC 8493 or a draft of it: a folder, or a .zip.")],
    format: Annotated[TableOrJson, typer.Option(help="How what is found is printed.")] = TableOrJson.TABLE,
) -> None:
    """Tell everything that is wrong with a bag: which file, and how to mend it. · 检查档案包

    Exit status 1 if the bag is not valid; warnings are none.

    Example: orggraph export check bag.zip
    """
    with loading_progress() as watch:
        judged = judge(bag, watch)
    print_json(judged) if format is TableOrJson.JSON else print_text(bag, judged)
    sys.exit(0 if judged.valid else 1)


def print_json(judged: Judged) -> None:
    """``problems`` and ``warnings``: the first thousand of each in full; the counts are of all."""
    found = judged.found
    told = {
        "valid": judged.valid,
        "version": judged.version,
        "files": judged.files,
        "bytes": judged.size,
        "problems": [asdict(one) for one in found.problems.kept],
        "counts": dict(found.problems.counts),
        "warnings": [asdict(one) for one in found.warnings.kept],
        "warned": dict(found.warnings.counts),
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))


def print_text(bag: Path, judged: Judged) -> None:
    """A row for each problem, then for each warning."""
    from orggraph.cli.query import print_table

    told = (("problem", judged.found.problems), ("warning", judged.found.warnings))
    rows = [[what, one.code, one.place, one.message, one.mend] for what, found in told for one in found.kept]
    if rows:
        print_table(["", "code", "where", "what is wrong", "what to do"], rows)
    for what, found in told:
        for code, number in untold(found):
            print(f"and {number} more {what}s of the kind {code}")
    verdict = "valid" if judged.valid else "not valid"
    counts = f"{judged.found.problems.counts.total()} problems, {judged.found.warnings.counts.total()} warnings"
    print(f"{bag}: {verdict}; BagIt {judged.version}, {judged.files} files, {judged.size} bytes: {counts}")
