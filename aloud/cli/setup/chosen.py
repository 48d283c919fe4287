"""Settings as they are chosen on the way: in force at once, written at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.settings.model import Settings


def changed(settings: Settings, chosen: Mapping[str, Any]) -> Settings:
    """``{"llm.engine": "skills"}`` over ``settings``."""
    for name, value in chosen.items():
        group, _, key = name.partition(".")
        part = getattr(settings, group).model_copy(update={key: value})
        settings = settings.model_copy(update={group: part})
    return settings


def value_of(settings: Settings, name: str) -> Any:
    group, _, key = name.partition(".")
    return getattr(getattr(settings, group), key)
