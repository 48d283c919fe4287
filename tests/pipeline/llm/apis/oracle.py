"""What the vendors' own types say of a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter


def as_told(params: TypeAdapter[Any], body: dict[str, Any]) -> Any:
    """``body`` without what the types do not know; raises ``ValidationError`` for what they do not allow."""
    return _read(params.validate_python(body))


def _read(value: Any) -> Any:
    """All of it: what is typed as iterable is looked at only while it is iterated over."""
    if isinstance(value, Mapping):
        return {name: _read(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | Iterator):
        return [_read(inner) for inner in value]
    return value
