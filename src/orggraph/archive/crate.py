"""What is in the bag for machines that gather research data (RO-Crate 1.1): ``data/`` is the crate's root."""

from __future__ import annotations

from typing import Any

from orggraph.archive.counts import Counts
from orggraph.model.model import Model

FORMS = {".nq": "application/n-quads", ".csv": "text/csv", ".ttl": "text/turtle", ".json": "application/json",
         ".xml": "application/xml", ".md": "text/markdown", ".yaml": "application/yaml", ".yml": "application/yaml"}  # fmt: skip
UNDATED = "1970-01-01"


def crate(model: Model, counts: Counts, files: list[str], version: str) -> dict[str, Any]:
    """``files``: names below ``data/``, without pages; ``version``: of orggraph."""
    parts = [{"@id": name, "@type": "File", "name": name, "encodingFormat": _form(name)} for name in files]
    if counts.pages:
        pages = f"{counts.pages} pages for browsers · 网页"
        parts.append(
            {"@id": "html/", "@type": "Dataset", "name": "html", "encodingFormat": "text/html", "description": pages}
        )
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{model.label.zh} {model.label.en}",
        "description": f"{counts.quads} quads of {counts.load} loads about {counts.entities} entities, as RDF, tables and pages",
        "identifier": model.iri,
        "datePublished": counts.at[:10] or UNDATED,
        "creator": {"@id": "#orggraph"},
        "license": {"@id": "#license"},
        "hasPart": [{"@id": one["@id"]} for one in parts],
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    agent = {"@id": "#orggraph", "@type": "SoftwareApplication", "name": "orggraph", "version": version}
    unsaid = {
        "@id": "#license",
        "@type": "CreativeWork",
        "name": "not stated · 未说明",
        "description": "Ask whoever keeps this bag.",
    }
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [descriptor, root, agent, unsaid, *parts]}


def _form(name: str) -> str:
    return FORMS.get(name[name.rfind(".") :], "application/octet-stream")
