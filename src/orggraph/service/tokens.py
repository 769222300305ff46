"""The tokens of those who may ask. In: a file, one line each; what a request brings. Out: whose token it is; Refused.

    # name   token as its hash                          last day
    alice    sha256:9f86d081884c7d659a2feaa0c55ad015…   2027-01-31
    harvest  sha256:60303ae22b998861bce3b28f33eec1be…   never

The file keeps hashes, so that who reads it cannot ask; a token is 32 random bytes, which no guess meets. It is compared with
every line in constant time. A file that changed is read again within a second, so that a line taken out is a token taken back: its
good lines count, and the log tells the bad ones. Without the file nobody is let in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import os
import re
import secrets
import time
from datetime import date
from pathlib import Path

from msgspec import Struct

from orggraph.errors import OrggraphError
from orggraph.service.refusing import Refused

LOG = logging.getLogger("orggraph.service")
HASH = re.compile(r"sha256:[0-9a-f]{64}")
NEVER = "never"
LOOKS_APART = 1.0
"""Seconds between two looks at the file."""
CHALLENGES = (
    (b"www-authenticate", b'Bearer realm="orggraph"'),
    (b"www-authenticate", b'Basic realm="orggraph", charset="UTF-8"'),
)
"""Basic as well: by it a browser asks its user, the name and the token as password."""
NO_TOKENS = ("NO_TOKENS", "the file of tokens cannot be read; whoever runs the service must mend it")
SEND = "send Authorization: Bearer TOKEN"


class Token(Struct, frozen=True):
    """``last``: the last day that it is good; None: always."""

    name: str
    digest: bytes
    last: date | None


class Tokens:
    """The tokens of a file, as it is now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._looked = time.monotonic()
        self._changed = _changed(path)
        self._tokens, problems = read_tokens(path)
        if problems:
            raise OrggraphError("\n".join(problems), "BAD_TOKENS")

    def check(self, authorization: bytes) -> str:
        """The name of whose token it is. Raises Refused."""
        token = sent_token(authorization)
        if token is None:
            raise Refused(401, "TOKEN_MISSING", f"this service asks who you are; {SEND}", CHALLENGES)
        digest = hashlib.sha256(token).digest()
        found = None
        for one in self.now():
            if hmac.compare_digest(one.digest, digest):
                found = one
        if found is None:
            raise Refused(401, "TOKEN_UNKNOWN", f"no such token is known here; {SEND}", CHALLENGES)
        if found.last is not None and date.today() > found.last:
            message = f"the token {found.name} was good until {found.last}; ask whoever runs the service for another"
            raise Refused(401, "TOKEN_EXPIRED", message, CHALLENGES)
        return found.name

    def now(self) -> tuple[Token, ...]:
        """The tokens, read anew where the file has changed. Raises Refused."""
        if fault := self.fault():
            raise Refused(503, *fault)
        return self._tokens

    def fault(self) -> tuple[str, str] | None:
        """Why nobody can be let in now, or None: code and words."""
        if (now := time.monotonic()) - self._looked >= LOOKS_APART:
            self._looked = now
            if (changed := _changed(self.path)) != self._changed:
                self._changed = changed
                self._read()
        return NO_TOKENS if self._changed is None else None

    def _read(self) -> None:
        try:
            self._tokens, problems = read_tokens(self.path)
        except OrggraphError as error:
            self._changed, problems = None, [error.message]
        for problem in problems:
            LOG.error("%s", problem)


def read_tokens(path: Path) -> tuple[tuple[Token, ...], list[str]]:
    """The good lines of a file, and what is wrong with the others. Raises OrggraphError where there is no file to read."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "is no UTF-8"
        mend = f"make one: orggraph token NAME --tokens {path}"
        raise OrggraphError(f"{path}: {told}; {mend}", "NO_TOKENS") from None
    tokens: dict[str, Token] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            token = _token(words)
            if token.name in tokens:
                raise ValueError(f"{token.name} stands twice; give each token a name of its own")
            tokens[token.name] = token
        except ValueError as error:
            problems.append(f"{path}:{number} {error}")
    if not tokens and not problems:
        problems.append(f"{path}: has no token; make one: orggraph token NAME --tokens {path}")
    return tuple(tokens.values()), problems


def _token(words: list[str]) -> Token:
    if len(words) != 3:
        raise ValueError(f"has {len(words)} words; write: name  sha256:HASH  last day (2027-01-31, or {NEVER})")
    name, digest, last = words
    if not HASH.fullmatch(digest):
        raise ValueError(
            f"{name}: the token's hash is written sha256: and 64 of 0-9a-f (orggraph token {name} makes both)"
        )
    try:
        return Token(name, bytes.fromhex(digest[7:]), None if last == NEVER else date.fromisoformat(last))
    except ValueError:
        raise ValueError(f"{name}: {last} is no day; write 2027-01-31, or {NEVER}") from None


def loose(path: Path) -> str | None:
    """What to do where others of this machine can read or write the file; None where they cannot, and where there is none."""
    if os.name != "posix" or not path.is_file() or not path.stat().st_mode & 0o077:
        return None
    return f"{path} can be read by others on this machine; close it: chmod 600 {path}"


def add_token(path: Path, name: str, last: date | None) -> str:
    """A new token, its hash put at the file's end. Raises OrggraphError."""
    if not re.fullmatch(r"[^\s#]{1,64}", name):
        raise OrggraphError(f"{name!r}: a token's name is one word of at most 64 characters", "BAD_TOKENS")
    known = read_tokens(path)[0] if path.exists() else ()
    if any(one.name == name for one in known):
        raise OrggraphError(
            f"{path}: has a token {name}; take its line out first, or name this one otherwise", "BAD_TOKENS"
        )
    token = secrets.token_urlsafe(32)
    line = f"{name}  sha256:{hashlib.sha256(token.encode()).hexdigest()}  {last or NEVER}\n"
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(line if _ends_a_line(path) else f"\n{line}")
    return token


def sent_token(authorization: bytes) -> bytes | None:
    """The token of ``Bearer TOKEN``, or the password of ``Basic …``."""
    scheme, _, rest = authorization.partition(b" ")
    match scheme.lower():
        case b"bearer":
            return rest.strip() or None
        case b"basic":
            try:
                return base64.b64decode(rest.strip(), validate=True).partition(b":")[2] or None
            except binascii.Error:
                return None
    return None


def _changed(path: Path) -> tuple[int, int, int] | None:
    """Another value for each content of the file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _ends_a_line(path: Path) -> bool:
    content = path.read_bytes()
    return not content or content.endswith(b"\n")
