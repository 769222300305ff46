"""What happened to the graph, as archives write it (PREMIS 3): the graph's file with its checksum, and each load and purge as an event."""

from __future__ import annotations

from xml.sax.saxutils import escape

from orggraph.model.model import Model
from orggraph.stores.sqlite.marks import Mark
from orggraph.stores.sqlite.quads import Load

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<premis xmlns="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">
"""
OBJECT = """<object xsi:type="file">
<objectIdentifier><objectIdentifierType>URI</objectIdentifierType><objectIdentifierValue>{id}</objectIdentifierValue></objectIdentifier>
<objectCharacteristics>
<fixity><messageDigestAlgorithm>SHA-512</messageDigestAlgorithm><messageDigest>{digest}</messageDigest></fixity>
<size>{size}</size>
<format><formatDesignation><formatName>application/n-quads</formatName></formatDesignation></format>
</objectCharacteristics>
<originalName>data/graph.nq</originalName>
</object>
"""
EVENT = """<event>
<eventIdentifier><eventIdentifierType>URI</eventIdentifierType><eventIdentifierValue>{id}</eventIdentifierValue></eventIdentifier>
<eventType>{type}</eventType>
<eventDateTime>{at}</eventDateTime>
<eventDetailInformation><eventDetail>{detail}</eventDetail></eventDetailInformation>
<eventOutcomeInformation>
<eventOutcome>success</eventOutcome>
<eventOutcomeDetail>
<eventOutcomeDetailNote>{note}</eventOutcomeDetailNote>
</eventOutcomeDetail>
</eventOutcomeInformation>
<linkingAgentIdentifier>
<linkingAgentIdentifierType>local</linkingAgentIdentifierType>
<linkingAgentIdentifierValue>orggraph</linkingAgentIdentifierValue>
</linkingAgentIdentifier>
<linkingObjectIdentifier>
<linkingObjectIdentifierType>URI</linkingObjectIdentifierType>
<linkingObjectIdentifierValue>{graph}</linkingObjectIdentifierValue>
</linkingObjectIdentifier>
</event>
"""
AGENT = """<agent>
<agentIdentifier>
<agentIdentifierType>local</agentIdentifierType>
<agentIdentifierValue>orggraph</agentIdentifierValue></agentIdentifier>
<agentName>orggraph</agentName>
<agentType>software</agentType>
<agentVersion>{version}</agentVersion>
</agent>
"""


def _event(id: str, type: str, at: str, detail: str, note: str, graph: str) -> str:
    return EVENT.format(id=id, type=type, at=escape(at), detail=escape(detail), note=escape(note), graph=graph)


def premis(model: Model, loads: list[Load], marks: list[Mark], digest: str, size: int, version: str) -> str:
    """``digest`` (sha512) and ``size``: of ``data/graph.nq``; ``version``: of orggraph."""
    graph = escape(model.iri)
    parts = [HEAD, OBJECT.format(id=graph, digest=digest, size=size)]
    for load in loads:
        detail = "; ".join(f"{name} sha256:{told}" for name, told in sorted(load.files.items()))
        note = f"added {load.added}, corrected {load.corrected}, withdrawn {load.withdrawn}"
        parts.append(_event(f"{graph}load/{load.number}", "ingestion", load.at, detail, note, graph))
    for one in marks:
        note = f"{one.versions} versions of {one.things} in {one.table[2:]} lost {one.field or 'all that they had'}"
        parts.append(_event(f"{graph}purge/{one.purge}/{one.table[2:]}", "deletion", one.at, one.why, note, graph))
    return "".join([*parts, AGENT.format(version=escape(version)), "</premis>\n"])
