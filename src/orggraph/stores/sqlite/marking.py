"""What a store's answers are of, in one short text. In: a connection. Out: another text for each state of what it holds.

The number of the last load alone would not do: a purge changes what is known without a load, a migration how it is told, and
another file may be put in the place of this one with as many loads.
"""

from __future__ import annotations

import hashlib

import apsw

from orggraph.stores.sqlite.asking import rows

STATE = """
SELECT (SELECT k || ' ' || at FROM load ORDER BY k DESC LIMIT 1), (SELECT max(p) || ' ' || max(at) FROM purge),
       (SELECT group_concat(value, char(0)) FROM meta WHERE name IN ('format', 'model'))
"""


def read_mark(connection: apsw.Connection) -> str:
    """Read in one transaction, as a single statement is."""
    ((load, purge, model),) = rows(connection, STATE)
    return f"{load} {purge} {hashlib.sha256(str(model).encode()).hexdigest()[:16]}"
