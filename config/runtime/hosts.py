"""Hosts by their names and addresses: which can be asked, which are this machine or its network, and how an
address is shown. Pure.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from config.runtime.clean import CleanText, clean_line
from config.runtime.secrets import masked

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LOGIN = re.compile(r"(^|//)[^/?#@]*(:(?!\d*([/?#]|$)).*)?@")
"""A password may have anything in it; what follows a port has none."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_host_name(text: str) -> bool:
    """A name as the network knows it (in ASCII: what is foreign in it as ``xn--``), or an address of IP."""
    if _ip(text):
        return True
    name = text.lower().removesuffix(".")
    return 0 < len(name) <= 253 and all(map(_LABEL.fullmatch, name.split(".")))


def host_of(address: str) -> str:
    """Empty where it names none, or none that could be asked, or a port that there is not."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return host if _can_be_asked(host) else ""


def _can_be_asked(host: str) -> bool:
    """Letters of any language may be in it; of digits alone only an address of IP."""
    if host.replace(".", "").isdecimal():
        return bool(_ip(host))
    return is_host_name(host if host.isascii() and "xn--" not in host else _encoded(host))


def network_name(host: str) -> str:
    """As the network has it, in ASCII, so that no letter of another script looks like one; empty where it has
    none.
    """
    return host.lower() if host.isascii() else _encoded(host)


def _encoded(host: str) -> str:
    """As the network has it; empty where it has none."""
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def shown_address(address: str, longest: int = 120) -> CleanText:
    """Fit for a sentence: without a name, a password or a key, and without what stands behind a question
    mark.
    """
    shown = masked(_LOGIN.sub(r"\1…@", address, count=1))
    return clean_line(shown.partition("?")[0], longest)


def is_loopback(host: str) -> bool:
    """This machine. A name under ``localhost`` is not: most systems ask the network for it."""
    host = host.strip("[]").rstrip(".").lower()
    ip = _ip(host)
    return ip.is_loopback if ip else host == "localhost"


def is_public(address: str) -> bool:
    """Whether this IP address is reached through the open internet and by nothing else, and is nobody's own
    network; what is no address is not.

    An IPv6 address that carries an IPv4 address (mapped, 6to4, Teredo, NAT64) is as good as that one.
    """
    ip = _ip(address.partition("%")[0])
    if ip is None:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64 or int(ip) >> 32 == 0:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if not all(is_public(str(v4)) for v4 in inner if v4 is not None):
            return False
        if ip in _NAT64 or ip.ipv4_mapped:
            return True
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
