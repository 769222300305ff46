"""Reading rows from a connection: what the type checker cannot know of SQL is said here, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import apsw


def rows(connection: apsw.Connection, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """All rows of a statement, as tuples."""
    return connection.execute(sql, parameters).fetchall()


def value(connection: apsw.Connection, sql: str, parameters: Sequence[Any] = ()) -> Any:
    """The only value of a statement's first row (None if there is no row); a tuple if it has several columns."""
    return connection.execute(sql, parameters).get
