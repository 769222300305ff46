"""Which operation a request asks. In: the body of a POST, the query of a GET. Out: one ``Asked``, of the right types; Refused.

Types are those of GraphQL over HTTP; what else is there is passed over, as the draft wants it. ``extensions`` may hold
anything; of them only ``persistedQuery`` is read. A text that is no Unicode, or a number that no JSON reader agrees on, is refused
here and never comes to a statement.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import msgspec

from orggraph.service.headers import read_once
from orggraph.service.refusing import Refused
from orggraph.service.request import Request

MOST_PARAMETERS = 100
JSON_TYPE = "application/json"
BODY_TOLD = "the body"


class PersistedQuery(msgspec.Struct, rename={"sha256": "sha256Hash"}):
    """What Apollo's clients send in place of a document, or beside it."""

    sha256: str = ""


class Extensions(msgspec.Struct, rename={"persisted": "persistedQuery"}):
    persisted: PersistedQuery | None = None


class Asked(msgspec.Struct, rename={"name": "operationName", "document_id": "documentId"}):
    """A request's parameters. ``document_id``: by the draft's trusted documents, ``sha256:…`` or a name."""

    query: str | None = None
    variables: dict[str, Any] | None = None
    name: str | None = None
    extensions: Extensions | None = None
    document_id: str | None = None

    @property
    def sha256(self) -> str:
        """The hash by which a client calls a document, without the document."""
        return self.extensions.persisted.sha256 if self.extensions and self.extensions.persisted else ""


JSON_WORDS = {"str": "string", "int": "number", "float": "number", "dict": "object", "array": "list"}
BODY = msgspec.json.Decoder(Asked)
PARAMETERS: dict[str, msgspec.json.Decoder[Any]] = {
    "variables": msgspec.json.Decoder(dict[str, Any] | None),
    "extensions": msgspec.json.Decoder(Extensions | None),
}
NAMES = {"query": "query", "operationName": "name", "documentId": "document_id"} | {one: one for one in PARAMETERS}


def from_body(request: Request, body: bytes) -> Asked:
    """What a POST asks. Raises Refused."""
    check_type(request.headers.get(b"content-type", b""))
    if request.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Refused(415, "CONTENT_ENCODING", "the body is read as it comes; send it without Content-Encoding")
    try:
        return BODY.decode(body)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        _refuse(error, body, BODY_TOLD)


def from_query(query: bytes) -> Asked:
    """What a GET asks; an empty parameter is one that is not given. Raises Refused."""
    found: dict[str, Any] = {}
    for name, text in _parameters(query):
        field = NAMES.get(name)
        if field is None or not text:
            continue
        if field in found:
            raise Refused(400, "TWICE", f"{name} is given twice; give it once")
        found[field] = _decoded(name, text) if name in PARAMETERS else text
    return Asked(**found)


@read_once
def check_type(content_type: bytes) -> None:
    """Refused where a body is not JSON in UTF-8."""
    kind, *parameters = (part.strip().lower() for part in content_type.decode("latin-1").split(";"))
    if kind != JSON_TYPE:
        told = f"it came as {kind}" if kind else "it came without Content-Type"
        raise Refused(415, "MEDIA_TYPE", f"send the operation with Content-Type: {JSON_TYPE}; {told}")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise Refused(415, "CHARSET", f"the body is read as UTF-8; {value.strip()} is not")


def _parameters(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise Refused(400, "BAD_QUERY", "the query of the URL is no UTF-8") from None
    except ValueError:
        raise Refused(400, "BAD_QUERY", f"the query of the URL has more than {MOST_PARAMETERS} parameters") from None


def _decoded(name: str, text: str) -> Any:
    try:
        return PARAMETERS[name].decode(text)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        _refuse(error, text.encode(), name)


def _refuse(error: Exception, body: bytes, what: str) -> NoReturn:
    """Refused, with what is wrong with JSON text."""
    if isinstance(error, msgspec.ValidationError):
        if what == BODY_TOLD and body.lstrip()[:1] == b"[":
            raise Refused(400, "BATCH", "batches are not answered; send one operation a request") from None
        raise Refused(
            400, "BAD_REQUEST", f"{what} is no request of GraphQL over HTTP: {_in_json_words(str(error))}"
        ) from None
    if isinstance(error, RecursionError):
        raise Refused(400, "TOO_DEEP", f"{what} nests too deeply") from None
    raise Refused(400, "BAD_JSON", f"{what} is no JSON: {_told(error, body)}") from None


def _in_json_words(text: str) -> str:
    """As msgspec says it, with the types' names of JSON for those of Python."""
    return re.sub(r"\b(str|int|float|dict|array)\b", lambda found: JSON_WORDS[found[0]], text)


def _told(error: Exception, body: bytes) -> str:
    """What is wrong, in words; msgspec has none for half a surrogate pair."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if not body.strip():
        return "it is empty"
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return r"it has half a surrogate pair, such as \ud800 alone, which is no character"
    except (ValueError, RecursionError):
        pass
    return str(error).removeprefix("JSON is malformed: ")
