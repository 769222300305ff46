"""What is printed of the thing at hand, and needs nothing of what stands below it."""

from __future__ import annotations

from msgspec import Struct

from orggraph.model.model import Field, Kind, Relation
from orggraph.plan.groups import Figure
from orggraph.plan.scope import Certainty, Value


class Text(Struct, frozen=True):
    """JSON that is the same in every answer."""

    json: str


class Scalar(Struct, frozen=True):
    """A field of the thing at hand, or one of ``key``, ``iri``, ``name``, ``synthetic``, ``certainty``."""

    field: Field | str


class Labelled(Struct, frozen=True):
    """A term of a code list: ``code``, ``zh``, ``en``, ``iri`` or constant JSON, by response key."""

    field: Field
    members: tuple[tuple[str, str | Text], ...]


class EndPart(Struct, frozen=True):
    """``value``, ``precision``, ``earliest``, ``latest``, ``zh`` or ``en`` (text) of ``from``, ``until`` or ``through``."""

    end: str
    part: str


class Dates(Struct, frozen=True):
    """The interval of the thing at hand: ``zh``/``en`` text, constant JSON, or an object of end parts, by response key."""

    members: tuple[tuple[str, str | Text | tuple[tuple[str, EndPart | Text], ...]], ...]


class LoadFiles(Struct, frozen=True):
    """``name``, ``sha256`` or constant JSON of each file of the load at hand, by response key."""

    members: tuple[tuple[str, str | Text], ...]


class TheScope(Struct, frozen=True):
    """``date``, ``from``, ``until``, ``load``, ``certainty`` or constant JSON of the scope at hand, by response key."""

    members: tuple[tuple[str, str | Text], ...]


class Total(Struct, frozen=True):
    """How many edges, or (``nodes``) different far ends, there are at a certainty (None: as the scope lists them)."""

    certainty: Certainty | None = None
    nodes: bool = False


class Days(Struct, frozen=True):
    """On how many days some edge of the list holds; null where they have no end."""


class Stretches(Struct, frozen=True):
    """The days on which some edge of the list holds, in stretches; or (``gaps``) those on which none does. ``valid`` parts,
    ``days`` or constant JSON of each, by response key."""

    gaps: bool
    members: tuple[tuple[str, Text | Dates | Days], ...]


class PageInfo(Struct, frozen=True):
    """``hasNextPage``, ``hasPreviousPage``, ``startCursor``, ``endCursor`` or constant JSON, by response key."""

    members: tuple[tuple[str, str | Text], ...]


class TurnDay(Struct, frozen=True):
    """The day of the turn at hand: parts of an end, or constant JSON, by response key."""

    members: tuple[tuple[str, str | Text], ...]


class ChangeTests(Struct, frozen=True):
    """Which changes are told: those in these ``tables`` (kinds and relations; of the relations those that ``relations`` of the
    request lists, if it does), of these things (``keys``), of these sorts (``what``), that cite one of these
    ``sources`` before or after, of one of these entities or of a record in which it stands at an end (``touching``)."""

    tables: tuple[Kind | Relation, ...]
    relations: Value | None = None
    keys: Value | None = None
    what: Value | None = None
    sources: Value | None = None
    touching: Value | None = None


class FileRow(Struct, frozen=True):
    """The same in the columns of files."""

    before: bool


class Purges(Struct, frozen=True):
    """The marks of purges that were made since: ``number``, ``at``, ``table``, ``field``, ``things``, ``versions``, ``why`` or
    constant JSON, by response key."""

    members: tuple[tuple[str, str | Text], ...]


class AllTold(Struct, frozen=True):
    """The cursor behind all changes that there are: for who is told none, and so has no change's."""


class OneOfFew(Struct, frozen=True):
    """Text by the name of a kind or a relation."""

    cases: tuple[tuple[str, Text], ...]


class FigureObject(Struct, frozen=True):
    members: tuple[tuple[str, Figure | Text], ...]
