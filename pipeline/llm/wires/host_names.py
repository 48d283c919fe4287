"""Whether an address names a host that can be asked; and an address as it may be shown. Pure."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from config.runtime.clean import CleanText, clean_line

_LONGEST = 253
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE | re.ASCII)
_LOGIN = re.compile(r"(?<=[:/])[^#]*@")
_SHOWN = 120
"""Characters of an address in a sentence."""


def is_host(name: str) -> bool:
    """An IP address, or a name as the internet knows them."""
    if "[" in name or ":" in name or name.replace(".", "").isdecimal():
        return _is_ip(name)
    if not name.isascii() or "xn--" in name.lower():
        name = _encoded(name)
    labels = name.removesuffix(".").split(".")
    return len(name) <= _LONGEST and all(map(_LABEL.fullmatch, labels))


def shown_address(address: str) -> CleanText:
    """Without the name and the password in it, and without what stands behind a question mark."""
    address = _LOGIN.sub("…@", address).partition("?")[0]
    return clean_line(address, _SHOWN)


def host_of(address: str) -> str:
    """ "" where it names none, or none that could be asked, or a port that there is not."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return host if is_host(host) else ""


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _encoded(name: str) -> str:
    """As the network has it; "" where it has none."""
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""
