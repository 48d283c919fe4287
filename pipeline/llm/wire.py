"""What ``--llm`` names, and a way to reach it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from config.runtime.plugins import Factory

if TYPE_CHECKING:
    from config.settings.model import LlmSettings, VisionSettings
    from pipeline.llm.base import Llm


@dataclass(frozen=True, slots=True)
class Spec:
    kind: Literal["auto", "skills", "gguf", "ollama", "cloud", "server", "plugin"]
    text: str
    base_url: str = ""
    model: str = ""
    """A model's name, "" for the first that the server lists; of a GGUF its path."""
    api: str = "chat"
    """What the server is spoken to in: one of ``pipeline.llm.apis.registry.APIS``."""
    found: bool = False
    """Nobody named it: it was found running here."""

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""


def plain_spec(text: str, model: str, environment: Mapping[str, str]) -> Spec:
    """Of another package's wire, which knows by itself where its model is."""
    return Spec("plugin", text, model=model)


@dataclass(frozen=True, slots=True)
class LlmOptions:
    """What opening an LLM may need to know."""

    settings: LlmSettings
    vision: VisionSettings
    """How pictures are made ready for it."""
    offline: bool = False
    """Nothing is to go to another machine: a model elsewhere raises ``RefusedError``."""
    spoken: bool = False
    """Its answers are spoken, to a person who waits for the first word."""


if TYPE_CHECKING:
    _Opens = Factory[[Spec, LlmOptions], Awaitable[Llm]]
else:
    _Opens = Factory


@dataclass(frozen=True)
class Wire(_Opens):
    """``open`` raises ``LlmError`` or ``ModelError``, and sends nothing that a person said or showed."""

    spec: Callable[[str, str, Mapping[str, str]], Spec] = plain_spec
    """Of the whole text, of what stands after the colon, and of the environment. Raises ``UsageError``."""
