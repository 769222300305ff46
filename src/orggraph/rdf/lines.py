"""Terms and lines of N-Quads in canonical form (RDFC-1.0). In: text. Out: text."""

from __future__ import annotations

import re

from orggraph.model.iris import XSD

ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
ESCAPED = re.compile('[\\x00-\\x1f"\\\\\\x7f]')


def iri(text: str) -> str:
    return f"<{text}>"


def literal(text: str, datatype: str = "", lang: str = "") -> str:
    """``("a", XSD + "string")`` → ``"a"``: a plain one says no type."""
    quoted = f'"{ESCAPED.sub(_escape, text)}"'
    if lang:
        return f"{quoted}@{lang}"
    return f"{quoted}^^<{datatype}>" if datatype and datatype != f"{XSD}string" else quoted


def _escape(found: re.Match[str]) -> str:
    return ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}"


def number_of_lines(text: bytes) -> int:
    """What ``count`` tells, in a quarter of its time, which is a tenth of that of an export."""
    return len(text) - len(text.replace(b"\n", b""))
