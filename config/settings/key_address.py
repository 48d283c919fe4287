"""Whether a key that was named for one model server may go to another: only if the address is the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_ENGINE, _KEY = "llm.engine", "llm.api_key_env"
_PORTS = {"http": 80, "https": 443}


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port; of what is no address (``ollama:llama3.2``) its kind."""
    try:
        parts = urlsplit(address.strip())
        return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return address, "", None


def is_of_another(before: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether what is ``given`` (a flag, say) names another server than what was set ``before`` together with
    a key, and says nothing of a key.
    """
    named = (before.get(_ENGINE), given.get(_ENGINE))
    if _KEY in given or _KEY not in before or not all(isinstance(each, str) for each in named):
        return False
    return origin(str(named[0])) != origin(str(named[1]))
