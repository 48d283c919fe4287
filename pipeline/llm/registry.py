"""The ways to reach an LLM, by the kind that ``--llm KIND:MODEL`` names; other packages' by ``aloud.llm``."""

from __future__ import annotations

from config.runtime.plugins import Registry
from pipeline.llm.wire import Wire

LLM: Registry[Wire] = Registry(
    "aloud.llm",
    {
        "ollama": "pipeline.llm.wires.ollama:OLLAMA",
        "openai": "pipeline.llm.wires.openai:OPENAI",
        "anthropic": "pipeline.llm.wires.anthropic:ANTHROPIC",
        "gemini": "pipeline.llm.wires.gemini:GEMINI",
        "gguf": "pipeline.llm.wires.gguf:GGUF",
        "http": "pipeline.llm.wires.address:ADDRESS",
        "https": "pipeline.llm.wires.address:ADDRESS",
    },
    has=("spec", "remote_host", "capabilities", "image_limits", "warm", "reply", "aclose"),
    kind=Wire,
)
