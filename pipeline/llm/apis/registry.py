"""The APIs by the name that the setting ``llm.api`` gives them; each is imported when it is spoken."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from pipeline.llm.apis.base import Api

APIS: Mapping[str, str] = {
    "chat": "pipeline.llm.apis.chat:ChatCompletions",
    "responses": "pipeline.llm.apis.responses:Responses",
    "messages": "pipeline.llm.apis.messages:Messages",
    "gemini": "pipeline.llm.apis.gemini:Gemini",
    "ollama": "pipeline.llm.apis.ollama:Ollama",
}


def open_api(name: str) -> Api:
    """One of ``APIS``."""
    module, _, cls = APIS[name].partition(":")
    api: Api = getattr(importlib.import_module(module), cls)()
    return api
