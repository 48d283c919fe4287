"""What may be left out of a request when a server does not know it."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.llm.apis.base import Body

TOOLS = (
    "not support tools",
    "support tool use",
    "tool choice",
    "tool_choice",
    "function calling",
    "tools param",
    "tool calling",
)
"""The words with which Ollama, vLLM, OpenRouter, llama.cpp and OpenAI refuse them."""
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "stream_options": ("stream_options", "include_usage"),
    "temperature": ("temperature",),
    "tools": TOOLS,
}


def lighten(body: Body, refusal: str, optional: Mapping[str, tuple[str, ...]] = OPTIONAL) -> bool:
    """Leave out of ``body`` what a server's error names, if it is ``optional``: a model without tools is
    still good to talk to. False: nothing to be done.
    """
    said = refusal.lower()
    for name, words in optional.items():
        if name in body and any(word in said for word in words):
            del body[name]
            return True
    return False
