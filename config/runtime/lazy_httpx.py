"""``httpx``: quickly imported, and its clients made, or a sentence about the environment that forbids it."""

from __future__ import annotations

import functools
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from config.errors import AloudError, UsageError
from config.runtime.clean import clean_line
from config.runtime.hosts import shown_address
from config.runtime.installation import added_line

if TYPE_CHECKING:
    import ssl

T = TypeVar("T")

_COMMAND_LINE = "httpx._main"
"""It brings rich and click, is optional, and httpx does without when its import fails. Nothing else is kept
from being imported: other modules belong to whoever runs beside us in this process.
"""


def import_httpx() -> None:
    """Call it before the first ``import httpx``; what is already imported stays as it is."""
    if "httpx" in sys.modules or _COMMAND_LINE in sys.modules:
        return
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # the documented way to make an import fail
    try:
        import httpx  # noqa: F401
    finally:
        sys.modules.pop(_COMMAND_LINE, None)


def certificates() -> ssl.SSLContext:
    """What a client believes, for its ``verify``: as httpx reads it, and once, since that takes 50 ms.

    Raises ``OSError`` for what ``SSL_CERT_FILE`` names and cannot be used.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    return _certificates(file, folder, Path(file).stat().st_mtime_ns if file else 0)


@functools.lru_cache(maxsize=1)
def _certificates(file: str | None, folder: str | None, changed_ns: int) -> ssl.SSLContext:
    import_httpx()
    import httpx

    return httpx.create_ssl_context()


_PROXY = "http://HOST:PORT"
_SCHEMES = ("http", "https", "socks5", "socks5h")


def make_client(make: Callable[[], T], error: type[AloudError] = UsageError, *, proxies: bool = True) -> T:
    """What ``make`` gives: an ``httpx`` client, or a context for its certificates.

    Raises ``error`` where the environment names a proxy or certificates that cannot be used, with the name
    of the variable. ``proxies``: whether the client heeds them.
    """
    _check_certificates(error)
    if proxies:
        for variable, proxy in named_proxies().items():
            _check_proxy(variable, proxy, error)
    try:
        return make()
    except ImportError:
        raise _no_socks("the system's settings", error) from None
    except Exception as wrong:  # httpx.InvalidURL, ValueError, ssl.SSLError: all of the environment
        raise error(
            f"The network cannot be reached as NO_PROXY or the system's settings have it: {wrong}.",
            todo="Correct them, or take it away: unset NO_PROXY",
        ) from None


def named_proxies(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Variable → address of each proxy that is set; as everywhere, the small letters go before."""
    environment = os.environ if environment is None else environment
    found: dict[str, str] = {}
    for scheme in ("http", "https", "all"):
        for variable in (f"{scheme}_proxy", f"{scheme}_proxy".upper()):
            if environment.get(variable):
                found[variable] = environment[variable]
                break
    return found


def through(url: str) -> str:
    """For a sentence about an address that is out of reach: by which proxy it was tried; empty: by none."""
    from urllib.request import proxy_bypass

    scheme = urlsplit(url).scheme
    if proxy_bypass(urlsplit(url).hostname or ""):
        return ""
    for variable, proxy in named_proxies().items():
        if variable.lower() in (f"{scheme}_proxy", "all_proxy"):
            return f" through the proxy in {variable} (“{shown_address(proxy, 80)}”)"
    return ""


def _check_proxy(variable: str, proxy: str, error: type[AloudError]) -> None:
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        usable = parts.scheme in _SCHEMES and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise error(
            f"What {variable} holds is not the address of a proxy: “{shown_address(proxy, 80)}”.",
            todo=f"Set it anew (export {variable}={_PROXY}), or take it away: unset {variable}",
        )
    if proxy.startswith("socks") and importlib.util.find_spec("socksio") is None:
        raise _no_socks(variable, error)


def _no_socks(variable: str, error: type[AloudError]) -> AloudError:
    line = added_line("socksio")
    return error(
        f"{variable} names a SOCKS proxy, and the package socksio, which speaks with it, is not installed.",
        todo=f"Install it ({line}), or name the proxy's HTTP port: export {variable}={_PROXY}",
    )


def _check_certificates(error: type[AloudError]) -> None:
    """``SSL_CERT_FILE`` goes before ``SSL_CERT_DIR``, as in httpx."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file:
        try:
            certificates()
        except OSError as wrong:  # ssl.SSLError is one
            no_file = isinstance(wrong, FileNotFoundError)
            why = "there is no such file" if no_file else "no certificates can be read from it"
            raise error(
                f"SSL_CERT_FILE names {clean_line(file)}, and {why}.", todo=_unset("SSL_CERT_FILE")
            ) from None
    elif folder and not any(map(os.path.isdir, folder.split(os.pathsep))):
        raise error(
            f"SSL_CERT_DIR names {clean_line(folder)}, which is no folder.", todo=_unset("SSL_CERT_DIR")
        )


def _unset(variable: str) -> str:
    return f"Name one with certificates in PEM, or take it away: unset {variable}"


def is_untrusted(error: Exception) -> bool:
    """Of a connection: it stood, and the certificate could not be verified, so nothing was sent."""
    return "CERTIFICATE" in str(error)


def has_hung_up(error: Exception) -> bool:
    """Of what is against the protocol: the other end closed the connection, and said nothing that is no HTTP
    (in the words of httpcore and h11).
    """
    return "disconnected" in str(error) or "closed connection" in str(error)
