"""Names of hosts: what can be one, and which are this machine or its network. Pure."""

from __future__ import annotations

import ipaddress
import re

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def is_host_name(text: str) -> bool:
    """A name as the network knows it (in ASCII: what is foreign in it as ``xn--``), or an address of IP."""
    if _address(text):
        return True
    name = text.lower().removesuffix(".")
    return 0 < len(name) <= 253 and all(map(_LABEL.fullmatch, name.split(".")))


def is_loopback(host: str) -> bool:
    """This machine. A name under ``localhost`` is not: most systems ask the network for it."""
    address = _address(host)
    return address.is_loopback if address else host.lower() == "localhost"


def is_inside(address: str) -> bool:
    """An address of IP that is not the internet's: of this machine, its network, or of nothing."""
    found = _address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found is None or not found.is_global


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
