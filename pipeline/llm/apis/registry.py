"""The APIs by the name that the setting ``llm.api`` gives them; each is imported when it is spoken."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from pipeline.llm.apis.base import Api

APIS: Mapping[str, str] = {
    "chat": "pipeline.llm.apis.chat:ChatCompletions",
    "responses": "pipeline.llm.apis.responses:Responses",
    "messages": "pipeline.llm.apis.messages:Messages",
    "gemini": "pipeline.llm.apis.gemini:Gemini",
    "ollama": "pipeline.llm.apis.ollama:Ollama",
}
_OF_ONE_MODEL = frozenset({"gemini"})
"""Its name is part of where it is asked."""


def open_api(name: str, model: str) -> Api:
    """One of ``APIS``."""
    module, _, cls = APIS[name].partition(":")
    make: Callable[..., Api] = getattr(importlib.import_module(module), cls)
    return make(model) if name in _OF_ONE_MODEL else make()
