"""The ETag of an answer, known before its statement runs. In: what the answer hangs on. Out: a tag; whether a client has it.

It is a hash of the store's mark (last load, purges, model; today's date where the statement reads it), the document, the
operation's name, the coerced variables, the media type and orggraph's version. Tags are strong: the same hash means the same bytes.
What is packed is other bytes, so ``packing.py`` adds ``-gzip`` or ``-br``; what a client has in any packing is still what it is.
"""

from __future__ import annotations

import hashlib
import re

from orggraph import __version__
from orggraph.graphql.engine import Question
from orggraph.stores.contract import Store

PACKED = re.compile(rb'(-gzip|-br)?"$')
LASTS = (b"cache-control", b"private, no-cache")
"""An answer may be kept by who asked, and is asked for again each time: a load may have come."""


def tag_of(question: Question, store: Store, document: str, name: str | None, kind: bytes) -> bytes:
    """``"…"``: the same for the same answer."""
    parts = (__version__, store.mark(question.statement), document, name, question.variables, kind)
    return (
        b'"' + hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest().encode() + b'"'
    )


def has(held: bytes, tag: bytes) -> bytes | None:
    """The tag by which a client holds what ``tag`` is of, from its If-None-Match; compared weakly, as HTTP wants it."""
    if held.strip() == b"*":
        return tag
    for one in held.split(b","):
        bare = one.strip().removeprefix(b"W/")
        if PACKED.sub(b'"', bare) == tag:
            return bare
    return None
