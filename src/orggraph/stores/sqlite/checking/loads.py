"""Loads, figures of how many there are, and what was purged. In: a store whose versions were looked at. Out: findings."""

from __future__ import annotations

import json
import re
from datetime import datetime

from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.changes_kept import changes_in, place_number
from orggraph.stores.sqlite.checking.findings import Checking, Table, table_of
from orggraph.stores.sqlite.ddl import PLACE_BITS
from orggraph.stores.sqlite.facts import epoch_of, measured
from orggraph.stores.sqlite.measuring import counted

SHA256 = re.compile("[0-9a-f]{64}")
MEASURE = "load anything; figures are counted anew"


def check_loads(checking: Checking) -> None:
    """Numbers without a hole, readable times and files, counts that fit the versions that are there."""
    with checking.reading("load"):
        found = rows(checking.connection, "SELECT k, at, files, added, corrected, withdrawn FROM load ORDER BY k")
        before = ""
        for place, (k, at, files, *counts) in enumerate(found, 1):
            if k != place:
                checking.problem("load", k, "k", "LOAD_NUMBER", f"is load {k}, where {place} is due", value=k)
                break
            if not _is_moment(at):
                checking.problem("load", k, "at", "LOAD_TIME", f"{at} is no moment in UTC", value=at)
            elif at < before:
                message = f"is of {at}, before the load that it follows ({before})"
                checking.warn("load", k, "at", "LOAD_TIME", message, "look at the clock of the machine that loads")
            before = at
            if not _are_files(files):
                checking.problem("load", k, "files", "LOAD_FILES", "are no files with their SHA-256", value=files)
            _counts(checking, k, *counts)


def newest(checking: Checking) -> int:
    """The number of the last load."""
    return int(value(checking.connection, "SELECT coalesce(max(k), 0) FROM load"))


def _counts(checking: Checking, k: int, added: int, corrected: int, withdrawn: int) -> None:
    """What a load says that it did, beside what the versions say. One that is written anew for its neighbour is no
    correction; and what was purged is counted no more."""
    opened, begun, closed = checking.opened[k], checking.begun[k], checking.closed[k]
    if checking.purged:
        fits = min(added, corrected, withdrawn) >= 0 and begun <= added and closed <= withdrawn
    else:
        fits = begun == added and 0 <= corrected <= opened - begun and closed == withdrawn
    if not fits:
        message = f"says {added} added, {corrected} corrected, {withdrawn} withdrawn; versions say {begun} added, "
        message += f"{opened - begun} that follow another, {closed} withdrawn"
        checking.problem("load", k, "added", "LOAD_COUNTS", message)


def _is_moment(at: str) -> bool:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.isoformat(timespec="milliseconds") == at


def _are_files(text: str) -> bool:
    try:
        files = json.loads(text)
    except ValueError:
        return False
    return isinstance(files, dict) and all(isinstance(one, str) and SHA256.fullmatch(one) for one in files.values())


def check_changes(checking: Checking) -> None:
    """The log of changes says what the versions say."""
    tables: list[Table] = [*checking.model.concrete(), *checking.model.relations.values()]
    for table in tables:
        with checking.reading("change"):
            kept = f"SELECT k, m, x, b FROM change WHERE m >> {PLACE_BITS} = {place_number(table)}"
            said = changes_in(table, "1", "1")
            for here, there in ((kept, said), (said, kept)):
                differing = (
                    f"SELECT k, count(*) FROM (SELECT * FROM ({here}) EXCEPT SELECT * FROM ({there})) GROUP BY k"
                )
                for k, number in checking.every(differing):
                    words = (
                        "has {} changes that no version shows"
                        if here == kept
                        else "lacks {} changes that versions show"
                    )
                    message = f"{words.format(number)}, of load {k} in {table_of(table)}"
                    checking.problem("change", k, table_of(table), "CHANGES", message)
    places = ",".join(str(place_number(table)) for table in tables)
    with checking.reading("change"):
        for k, number in checking.every(
            f"SELECT k, count(*) FROM change WHERE m >> {PLACE_BITS} NOT IN ({places}) GROUP BY k"
        ):
            checking.problem("change", k, "m", "CHANGES", f"has {number} changes of no table of the model")


def check_figures(checking: Checking) -> None:
    """Figures of how many there are, as counted now."""
    with checking.reading("fan_out"):
        checking.watch("counting", checking.versions)
        there = {(name, role): mean for name, role, mean in checking.every("SELECT name, role, mean FROM fan_out")}
        known = counted(checking.connection, checking.model)
        for named in sorted(there.keys() | known.keys()):
            if there.get(named) != known.get(named):
                message = f"is {there.get(named)}; counted: {known.get(named)}"
                checking.problem("fan_out", 0, ".".join(filter(None, named)), "FIGURE", message, MEASURE)


def check_facts(checking: Checking) -> None:
    """What statements take for true of all entities of a kind, looked at anew: one that is not would make wrong answers."""
    with checking.reading("fact"):
        there = set(checking.every("SELECT kind, what FROM fact"))
        known = measured(checking.connection, checking.model)
        for kind, what in sorted(there - known):
            checking.problem("fact", 0, f"{kind}: {what}", "FACT", "is not true", MEASURE)
        kept = value(checking.connection, "SELECT value FROM meta WHERE name = 'epoch'")
        if kept != epoch_of(checking.connection, there):
            checking.problem("meta", 0, "epoch", "FACT", f"is {kept}, not that of the facts and the model", MEASURE)


def check_purges(checking: Checking) -> None:
    """Marks of what was purged: readable, and finished."""
    with checking.reading("purge"):
        for p, name, at, things, versions, why, done in checking.every(
            "SELECT p, name, at, things, versions, why, done FROM purge ORDER BY p, name"
        ):
            if not _is_moment(at) or min(things, versions) < 0 or not why.strip() or p < 1:
                checking.problem("purge", p, name, "PURGE_MARK", "says not when, how many or why")
            if done != 1:
                mend = "run: orggraph purge --finish"
                checking.problem("purge", p, name, "PURGE_UNFINISHED", "is not overwritten in the file yet", mend)
