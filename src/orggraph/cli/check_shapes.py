"""``orggraph check --shapes``: what a SHACL processor would say of the graph, asked of the store."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from orggraph.cli.options import Language, TableOrJson
from orggraph.cli.progress import loading_progress
from orggraph.rdf.judging import Report, judge
from orggraph.rdf.turtle import Names

HEADINGS = {
    Language.ZH: ["焦点节点", "属性", "约束", "值", "要求"],
    Language.EN: ["focus node", "path", "constraint", "value", "what must be so"],
}
VERDICTS = {
    Language.ZH: "第 {load} 次载入后的图，{shapes} 个形状：{number} 处违反",
    Language.EN: "the graph as of load {load}, {shapes} shapes: {number} violations",
}
MORE = {Language.ZH: "另有 {number} 处 {what}", Language.EN: "and {number} more of the kind {what}"}


def check_shapes(store: Path, format: TableOrJson, lang: Language) -> int:
    """Tells what breaks the shapes; 1 if anything does."""
    with loading_progress() as watch:
        report = judge(store, watch)
    print_json(report) if format is TableOrJson.JSON else print_text(report, lang)
    return 1 if report.counts else 0


def print_json(report: Report) -> None:
    """``results``: the first thousand in full; ``counts`` are of all, by constraint component."""
    told = {
        "conforms": not report.counts,
        "load": report.load,
        "shapes": report.shapes,
        "results": [asdict(one) | {"message": {"zh": one.message.zh, "en": one.message.en}} for one in report.results],
        "counts": dict(report.counts),
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))


def print_text(report: Report, lang: Language) -> None:
    """A row for each result, IRIs by their prefixes."""
    from orggraph.cli.query import print_table

    names = Names(report.model)
    rows = [
        [names.iri(one.focus), names.iri(one.path), one.component.rpartition("#")[2].removesuffix("ConstraintComponent"),
         one.value and names.term(one.value), getattr(one.message, lang)]
        for one in report.results
    ]  # fmt: skip
    if rows:
        print_table(HEADINGS[lang], rows)
    for what, number in sorted((report.counts - report.told()).items()):
        print(MORE[lang].format(number=number, what=what.rpartition("#")[2]))
    print(VERDICTS[lang].format(load=report.load, shapes=report.shapes, number=report.counts.total()))
