"""The README of a bag, for whoever opens it in thirty years: what is in it, how to verify it with tools that are everywhere, how to
bring the graph back. In: a model, counts. Out: Markdown in Chinese or English."""

from __future__ import annotations

from typing import Literal

from orggraph.archive.counts import Counts
from orggraph.model.model import Model

ZH = """# {label}

截至第 {load} 次载入（{at}）的全部知识图谱：{entities} 个实体，{quads} 条四元组，含全部历史版本。本包遵循 BagIt 1.0（RFC 8493）。

## 用通用工具校验

在本文件所在目录运行（Linux；macOS 用 `shasum -a 512 -c`）：

    sha512sum --quiet -c tagmanifest-sha512.txt
    sha512sum --quiet -c manifest-sha512.txt
    (find . ! -type d | cut -c3-; cut -d' ' -f3- manifest-sha512.txt tagmanifest-sha512.txt; echo tagmanifest-sha512.txt) | sort | uniq -u

前两条没有输出：清单所列文件都在、未改。第三条没有输出：此目录中除清单所列之外没有别的文件（含隐藏文件与链接）。
连同清单一起改过的，这三条都看不出；“全面检查”（见下）能看出。

## 内容

- `data/graph.nq`：全部版本，RDF N-Quads，按字节排序；每次载入为一个命名图。
- `data/tables/`：当前各表，CSV；`csv-metadata.json`（W3C CSVW）说明各列。
- `data/model/`：模型（YAML）；`model.zh.md` 为其说明；`ontology.ttl`（OWL）、`shapes.ttl`（SHACL）。
- `data/premis.xml`：每次载入一个事件（PREMIS 3）；`ro-crate-metadata.json`：目录（RO-Crate；
  按 JSON-LD 解读时须从网上取其上下文，当作 JSON 读则不必）。
- `data/html/index.html`：网页（实体不超过 {most} 个时才有；本包 {pages} 页）。
- `data/orggraph.json`：各项数目。

## 恢复

在本文件所在目录运行；所得文件放在本目录之外，放在里面就不再是原来的包：

    orggraph import rdf data/graph.nq --model data/model --store ../new.db

恢复后，`orggraph export rdf --history --store ../new.db -o ../again.nq` 所得与 `data/graph.nq` 逐字节相同。
全面检查：`orggraph export check .`，重新生成每个文件并逐一比对。
"""
EN = """# {label}

The whole graph up to load {load} ({at}): {entities} entities, {quads} quads, every version of its history. This is a bag by BagIt 1.0
(RFC 8493).

## Verify it with common tools

In the folder of this file (Linux; on macOS `shasum -a 512 -c`):

    sha512sum --quiet -c tagmanifest-sha512.txt
    sha512sum --quiet -c manifest-sha512.txt
    (find . ! -type d | cut -c3-; cut -d' ' -f3- manifest-sha512.txt tagmanifest-sha512.txt; echo tagmanifest-sha512.txt) | sort | uniq -u

If the first two say nothing, every file that is listed is there, and unchanged. If the third says nothing, there is no other file in this
folder (hidden ones and links included). Who changed the lists as well is found by none of them, but by `orggraph export check`, below.

## What is in it

- `data/graph.nq`: every version as RDF N-Quads, in the order of bytes; each load is a named graph.
- `data/tables/`: the current rows as CSV; `csv-metadata.json` (W3C CSVW) says what the columns are.
- `data/model/`: the model (YAML), explained in `model.en.md`; `ontology.ttl` (OWL) and `shapes.ttl` (SHACL).
- `data/premis.xml`: each load as an event (PREMIS 3); `ro-crate-metadata.json`: a list of all this (RO-Crate; who reads it as JSON-LD
  fetches its context from the net, as that standard has it; as JSON it needs nothing).
- `data/html/index.html`: pages for a browser (for up to {most} entities; this bag has {pages}).
- `data/orggraph.json`: how many there are of everything.

## Bring it back

In the folder of this file; what is made goes outside of it, for with more in it it is this bag no longer:

    orggraph import rdf data/graph.nq --model data/model --store ../new.db

Then `orggraph export rdf --history --store ../new.db -o ../again.nq` writes the bytes of `data/graph.nq` again. `orggraph export check .`
makes every file anew and compares it.
"""


def readme(model: Model, counts: Counts, lang: Literal["zh", "en"], most: int) -> str:
    text, label = (ZH, model.label.zh) if lang == "zh" else (EN, model.label.en)
    return text.format(label=label, load=counts.load, at=counts.at, entities=counts.entities, quads=counts.quads,
                       most=most, pages=counts.pages)  # fmt: skip
