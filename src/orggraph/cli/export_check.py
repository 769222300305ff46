"""``orggraph export check``: is a bag whole, ours or anybody's?"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from orggraph.archive.proving import prove
from orggraph.bags.judging import Judged
from orggraph.cli.counting import counted
from orggraph.cli.options import TableOrJson
from orggraph.cli.progress import loading_progress

MOST = 20
"""So many problems and so many warnings are told to people in full."""


def check(
    bag: Annotated[Path, typer.Argument(exists=True, help="A bag by RFC 8493 or a draft of it: a folder, or a .zip.")],
    format: Annotated[TableOrJson, typer.Option(help="How what is found is printed.")] = TableOrJson.TABLE,
    own: Annotated[
        bool,
        typer.Option(
            "--own",
            help="Only a bag of orggraph is valid, of which every file is proved. · 只认 orggraph 的档案包，且每个文件都须得证明",
        ),
    ] = False,
) -> None:
    """Tell everything that is wrong with a bag: which file, and how to mend it. · 检查档案包

    One that anything in it says is of orggraph is brought back as well, and made anew: every file must be the same. The last line says
    whether that was done.

    Exit status 1 if the bag is not valid; warnings do not make it so.

    Example: orggraph export check bag.zip --own
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was brought back is taken away
    with loading_progress() as watch:
        judged = prove(bag, watch, own)
    print_json(judged) if format is TableOrJson.JSON else print_text(bag, judged)
    sys.exit(0 if judged.valid else 1)


def print_json(judged: Judged) -> None:
    """``problems`` and ``warnings``: the first thousand of each in full; the counts are of all."""
    found = judged.found
    told = {
        "valid": judged.valid,
        "own": judged.own,
        "compared": judged.compared,
        "unproved": judged.unproved,
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
    """A row for each of the first problems, then of the first warnings."""
    from orggraph.cli.query import print_table

    told = (("problem", judged.found.problems), ("warning", judged.found.warnings))
    rows = [[what, one.code, one.place, one.message, one.mend] for what, found in told for one in found.kept[:MOST]]
    if rows:
        print_table(["", "code", "where", "what is wrong", "what to do"], rows)
    for what, found in told:
        left = found.counts - Counter(one.code for one in found.kept[:MOST])
        for code, number in sorted(left.items()):
            print(f"and {counted(number, f'more {what}')} of the kind {code}; --format json tells more of them")
    counts = ", ".join(counted(found.counts.total(), what) for what, found in told)
    if not judged.version:
        print(f"{bag}: not valid; nothing could be read: {counts}")
        return
    verdict = "valid" if judged.valid else "not valid"
    size = f"{counted(judged.files, 'file')}, {counted(judged.size, 'byte')}"
    print(f"{bag}: {verdict}; BagIt {judged.version}, {size}: {counts}")
    print(how_close(judged))


def how_close(judged: Judged) -> str:
    """Whether more was looked at than what any bag must be."""
    if not judged.own:
        return (
            "not a bag of orggraph: judged by RFC 8493 alone, what its files say was not looked at"
            " · 不是 orggraph 的档案包：仅按 RFC 8493 检查，未核对文件的内容"
        )
    if not judged.compared:
        return (
            "a bag of orggraph, of which files cannot be made anew and compared before what is told above is mended"
            " · orggraph 的档案包；上述问题解决之前，无法重新生成文件并逐一比对"
        )
    said = "a bag of orggraph: every file was made anew and compared", "orggraph 的档案包：已重新生成每个文件并逐一比对"
    if judged.unproved:
        en = f"{counted(judged.unproved, 'file')} of another version may be otherwise, and nothing proves what they say (see warnings)"
        return f"{said[0]}; {en} · {said[1]}；其中 {judged.unproved} 个属其他版本、与重新生成的不同，其内容未得证明（见警告）"
    return " · ".join(said)
