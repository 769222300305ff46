"""Random loads that follow one another. In: a Model. Out: files in numbered folders, and the Ledger that they say.

The first brings the world; later ones correct it (some columns are absent: they keep what is known; some cells blank: they
empty it), add to it, and withdraw from it. What no load would accept is drawn again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from orggraph.model.model import Model
from tests.oracle.ledger import Ledger, Name, Row, ledger_of
from tests.oracle.random_files import first_files, later_files
from tests.oracle.random_rows import (
    Drawn,
    RowLists,
    ends_of,
    first_rows,
    fit_together,
    new_key,
    record_dates,
    state_content,
    state_dates,
    values,
)
from tests.oracle.random_values import TEXTS, day, loosened
from tests.oracle.spans import RowError

BUILT_IN = ("name", "until", "through", "attested", "source", "para", "synthetic")


@dataclass(frozen=True)
class RandomLoads:
    """``files``: CSV texts by folder and file name, ``1/Body.csv``."""

    files: Mapping[str, str]
    ledger: Ledger


def random_loads(rng: Random, model: Model, most: int = 3) -> RandomLoads:
    rows = first_rows(rng, model)
    first = first_files(rng, model, rows)
    files = {f"1/{name}": text for name, text in first.items()}
    ledger = ledger_of(model, []).then(rows, first)
    for number in range(2, 1 + rng.randint(1, most)):
        later = LaterLoad(rng, ledger).drawn()
        told = later_files(rng, model, later)
        after = ledger.then(later, told)
        if after is not ledger and not any(load.files == after.loads[-1].files for load in ledger.loads):
            files |= {f"{number}/{name}": text for name, text in told.items()}
            ledger = after
    return RandomLoads(files, ledger)


class LaterLoad:
    """Draws the rows of one more load; ``absent``: the columns that a table's file has not."""

    def __init__(self, rng: Random, ledger: Ledger) -> None:
        self.rng, self.ledger, self.model = rng, ledger, ledger.model
        self.rows: RowLists = {}
        self.absent: dict[str, frozenset[str]] = {}

    def drawn(self) -> RowLists:
        changes: list[Callable[[], tuple[str, Row] | None]] = [
            self.correction, self.correction, self.correction, self.new_state, self.new_entity, self.new_record,
            self.new_record, self.withdrawal,
        ]  # fmt: skip
        for _ in range(self.rng.randint(2, 9)):
            for _ in range(5):
                change = self.rng.choice(changes)()
                if change and self.accepts(*change):
                    break
        return {table: self.unnamed(table, rows) for table, rows in self.rows.items()}

    def unnamed(self, table: str, rows: list[Row]) -> list[Row]:
        """The rows of a kind now and then without ``from``, where that names the same states."""
        states: dict[str, list[str]] = {}
        for of, key, start in self.named:
            if of == table:
                states.setdefault(key, []).append(start)
        clear = all(states.get(row["key"], [""]) == [row.get("from")] for row in rows)
        if table not in self.model.kinds or not clear or self.rng.random() < 0.6:
            return rows
        return [{column: cell for column, cell in row.items() if column != "from"} for row in rows]

    def accepts(self, table: str, row: Row) -> bool:
        """Puts a row in, if no row of this load names the same and all of them are accepted together."""
        if any(self.same(table, row, other) for other in self.rows.get(table, ())):
            return False
        rows = {**self.rows, table: [*self.rows.get(table, ()), row]}
        try:
            world = self.ledger.then(rows).last
        except RowError:
            return False
        if not all(fit_together(world, relation) for relation in self.model.relations.values()):
            return False  # of any: a source's date, too, is what records begin or end by
        self.rows = rows
        return True

    def same(self, table: str, row: Row, other: Row) -> bool:
        return row["key"] == other["key"] and (table in self.model.relations or row["from"] == other["from"])

    # ------------------------------------------------------------ changes

    @property
    def named(self) -> list[Name]:
        return [*(self.ledger.book or {})]

    def correction(self) -> tuple[str, Row] | None:
        """A known row with some cells drawn again."""
        table, key, _ = name = self.rng.choice(self.named)
        known = (self.ledger.book or {})[name].row
        drawn = self.content(table, key)
        if drawn is None:
            return None
        fixed = {"key", "nature", *(("from",) if table in self.model.kinds else ())}
        changed = {column for column in drawn if column not in fixed and self.rng.random() < 0.3}
        changed -= {"para"} if "source" not in changed else set()
        changed |= {"para"} if "source" in changed else set()
        if (relation := self.model.relations.get(table)) is not None:
            joined = {relation.subject.name, relation.object.name}  # a relation may join only some kinds with some
            changed |= joined if changed & joined else set()
        return table, self.row(table, {**known, **{column: drawn[column] for column in changed}})

    def content(self, table: str, key: str) -> Drawn | None:
        """All cells of a row, drawn."""
        if table == "Source":
            return {"name": self.rng.choice(TEXTS), "date": loosened(self.rng, day(self.rng)), "publisher": ""}
        if table in self.model.kinds:
            dates = self.rng.choice(state_dates(self.rng))
            return {"key": key, **state_content(self.rng, self.model, table, self.sources), **dates}
        relation = self.model.relations[table]
        ends = ends_of(self.rng, self.keys, relation)
        if ends is None:
            return None
        drawn = {
            "key": key,
            **ends,
            **values(self.rng, self.model, relation.fields),
            **record_dates(self.rng, relation),
        }
        content = state_content(self.rng, self.model, "Source", self.sources)
        return drawn | {column: content[column] for column in ("source", "para", "synthetic")}

    def new_state(self) -> tuple[str, Row] | None:
        """One more state of an entity."""
        entities = [name for name in self.named if name[0] in self.model.kinds and name[0] != "Source"]
        table, key, _ = self.rng.choice(entities)
        return self.whole(table, key)

    def new_entity(self) -> tuple[str, Row] | None:
        kinds = [kind.name for kind in self.model.concrete() if kind.name != "Source"]
        table = self.rng.choice(kinds)
        return self.whole(table, new_key(self.rng, table, self.number()))

    def new_record(self) -> tuple[str, Row] | None:
        table = self.rng.choice([*self.model.relations])
        return self.whole(table, new_key(self.rng, table, self.number()))

    def withdrawal(self) -> tuple[str, Row] | None:
        table, key, start = self.rng.choice(self.named)
        if table == "Source":  # what is cited must stay
            return None
        return table, {"key": key, "withdrawn": "是", **({"from": start} if table in self.model.kinds else {})}

    # ------------------------------------------------------------ rows

    def whole(self, table: str, key: str) -> tuple[str, Row] | None:
        drawn = self.content(table, key)
        return None if drawn is None else (table, self.row(table, drawn))

    def row(self, table: str, cells: Row) -> Row:
        """A row with the columns that the table's file has."""
        return {column: cells.get(column, "") for column in self.columns(table)}

    def columns(self, table: str) -> list[str]:
        described = self.model.kinds.get(table) or self.model.relations[table]
        kind = table in self.model.kinds
        builtin = [column for column in BUILT_IN if kind or column != "name"]
        optional = [*builtin, *(one.name for one in described.fields), *(() if kind else ("from",))]
        if table not in self.absent:
            chance = self.rng.choice((0.0, 0.2, 0.5))
            absent = {column for column in optional if self.rng.random() < chance}
            self.absent[table] = frozenset(absent | ({"para"} if "source" in absent else set()))
        ends = [end.name for end in self.model.relations[table].ends] if table in self.model.relations else []
        return [
            "key",
            *ends,
            *(("from",) if kind else ()),
            *(column for column in optional if column not in self.absent[table]),
        ]

    @property
    def sources(self) -> list[str]:
        return self.keys["Source"]

    @property
    def keys(self) -> dict[str, list[str]]:
        entities = self.ledger.last.entities.values()
        return {kind.name: [x.key for x in entities if x.kind == kind.name] for kind in self.model.concrete()}

    def number(self) -> int:
        return 100 * len(self.ledger.loads) + sum(map(len, self.rows.values()))
