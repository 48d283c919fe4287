"""The address of the hub, its origin, and what may be shown to it: a token stays at its origin."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from config.errors import ModelError
from config.runtime.hosts import is_host_name, is_loopback

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    scheme: str
    host: str
    port: int

    @property
    def is_safe(self) -> bool:
        """Nobody on the way reads what is sent there."""
        return self.scheme == "https" or is_loopback(self.host)

    def __str__(self) -> str:
        """As a person is told it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class HubAddress:
    """``base`` is the address without a name and a password, and without a stroke at its end."""

    base: str
    origin: Origin
    password: str = field(default="", repr=False)
    """``NAME:PASSWORD`` of the address; empty: it has none."""

    def headers(self, to: Origin) -> dict[str, str]:
        """What shows who asks: the person's token or password, to the hub itself and unread on the way.

        Raises ``ModelError`` for a token that cannot be one.
        """
        if to != self.origin or not to.is_safe:
            return {}
        if token := hub_token():
            return {"Authorization": f"Bearer {token}"}
        if self.password:
            return {"Authorization": f"Basic {base64.b64encode(self.password.encode()).decode()}"}
        return {}


def hub_token() -> str:
    """``HF_TOKEN``, or empty. Raises ``ModelError`` for what cannot be one."""
    token = os.environ.get("HF_TOKEN", "").strip()
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ModelError(
            "What HF_TOKEN holds cannot be a token.",
            todo="Set it anew: export HF_TOKEN=YOUR_TOKEN. Or take it away: unset HF_TOKEN",
        )
    return token


def origin_of_url(url: str) -> Origin | None:
    """None for what is no plain ``http`` or ``https`` address."""
    if any(c <= " " or c in "\\\x7f" for c in url):
        return None
    try:
        parts = urlsplit(url)
        return _origin(parts)
    except ValueError:
        return None


def _origin(parts: SplitResult) -> Origin | None:
    host, port = parts.hostname or "", parts.port
    if parts.scheme not in _PORTS or port == 0:
        return None
    try:
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return Origin(parts.scheme, host, port or _PORTS[parts.scheme]) if is_host_name(host) else None


def hub_address(text: str) -> HubAddress | None:
    """None for what is no address of a hub."""
    origin = origin_of_url(text)
    if origin is None:
        return None
    parts = urlsplit(text)
    if parts.query or parts.fragment:
        return None
    secret = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    base = f"{parts.scheme}://{origin_host(parts)}{parts.path.rstrip('/')}"
    return HubAddress(base, origin, secret if parts.username or parts.password else "")


def origin_host(parts: SplitResult) -> str:
    """Host and port as written, without a name and a password."""
    return parts.netloc.rpartition("@")[2]
