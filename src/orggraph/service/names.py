"""What a service is called, and whose pages may ask it. In: names as people write them. Out: as browsers send them.

``Graph.Example:8000`` → ``graph.example``; ``https://组织.example/`` → ``https://xn--tn0ag.example``.
"""

from __future__ import annotations

import ipaddress
import re

from orggraph.errors import OrggraphError

ANY = "*"
HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{1,255})(:[0-9]{1,5})?")
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9._-]{1,255})(:[0-9]{1,5})?")


def name_of(host: str) -> str | None:
    """The name in a Host header; None for what is no host."""
    found = HOST.fullmatch(host)
    return found["name"].lower().removesuffix(".") if found else None


def host_names(given: tuple[str, ...]) -> frozenset[str]:
    """Names that a service is given. Raises OrggraphError."""
    names = {one if one == ANY else name_of(_ascii(one)) or "" for one in given}
    if "" in names:
        wrong = next(one for one in given if one != ANY and not name_of(_ascii(one)))
        raise OrggraphError(
            f"--allow-host {wrong}: write the name alone, as graph.example (or {ANY} for any)", "BAD_SETTING"
        )
    return frozenset(names)


def origins(given: tuple[str, ...]) -> frozenset[str]:
    """Sites whose pages may ask. Raises OrggraphError."""
    found = set()
    for one in given:
        scheme, _, place = one.removesuffix("/").partition("://")
        site = f"{scheme.lower()}://{_ascii(place).lower()}"
        if one not in (ANY, "null") and not ORIGIN.fullmatch(site):
            mend = f"write scheme and name alone, as https://app.example or http://localhost:3000 (or {ANY} for any)"
            raise OrggraphError(f"--allow-origin {one}: {mend}", "BAD_SETTING")
        found.add(one if one in (ANY, "null") else site)
    return frozenset(found)


def is_address(name: str) -> bool:
    """Whether it is an IP address, and no name."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def is_local(host: str) -> bool:
    """Whether only this machine can reach an address."""
    return host.lower() == "localhost" or (is_address(host) and ipaddress.ip_address(host.strip("[]")).is_loopback)


def _ascii(name: str) -> str:
    """A name as it stands in DNS."""
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return ""
