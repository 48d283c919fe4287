"""What the vendors' own types say of a request."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter


class Vendor:
    """One of their modules, imported when it is asked for: that takes a second, and each process that finds
    the tests would pay for it.
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # pytest looks for marks of its own
            raise AttributeError(name)
        return getattr(importlib.import_module(self._module), name)


class Told:
    """What one of their types says of a value. ``name``: ``module:Type``."""

    def __init__(self, name: str) -> None:
        self._name = name

    @functools.cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        module, _, name = self._name.partition(":")
        return TypeAdapter(getattr(importlib.import_module(module), name))

    def validate_python(self, value: Any) -> Any:
        """Raises ``ValidationError`` for what it does not allow."""
        return self._adapter.validate_python(value)


def as_told(params: Told, body: dict[str, Any]) -> Any:
    """``body`` without what the types do not know; raises ``ValidationError`` for what they do not allow."""
    return _read(params.validate_python(body))


def _read(value: Any) -> Any:
    """All of it: what is typed as iterable is looked at only while it is iterated over."""
    if isinstance(value, Mapping):
        return {name: _read(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | Iterator):
        return [_read(inner) for inner in value]
    return value
