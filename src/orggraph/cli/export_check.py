"""``orggraph export check``: is a bag whole, ours or anybody's?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from orggraph.archive.proving import prove
from orggraph.bags.judging import Judged
from orggraph.cli.check import untold
from orggraph.cli.counting import counted
from orggraph.cli.options import TableOrJson
from orggraph.cli.progress import loading_progress


def check(
    bag: Annotated[Path, typer.Argument(exists=True, help="A bag by RFC 8493 or a draft of it: a folder, or a .zip.")],
    format: Annotated[TableOrJson, typer.Option(help="How what is found is printed.")] = TableOrJson.TABLE,
) -> None:
    """Tell everything that is wrong with a bag: which file, and how to mend it. · 检查档案包

    One that orggraph made is brought back as well, and made anew: every file must be the same.

    Exit status 1 if the bag is not valid; warnings do not make it so.

    Example: orggraph export check bag.zip
    """
    with loading_progress() as watch:
        judged = prove(bag, watch)
    print_json(judged) if format is TableOrJson.JSON else print_text(bag, judged)
    sys.exit(0 if judged.valid else 1)


def print_json(judged: Judged) -> None:
    """``problems`` and ``warnings``: the first thousand of each in full; the counts are of all."""
    found = judged.found
    told = {
        "valid": judged.valid,
        "own": judged.own,
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
            print(f"and {counted(number, f'more {what}')} of the kind {code}")
    verdict = "valid" if judged.valid else "not valid"
    counts = ", ".join(counted(found.counts.total(), what) for what, found in told)
    size = f"{counted(judged.files, 'file')}, {counted(judged.size, 'byte')}"
    print(f"{bag}: {verdict}; BagIt {judged.version}, {size}: {counts}")
