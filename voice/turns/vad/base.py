"""The protocol that every voice detector fulfils."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from voice.audio.samples import Samples


class Vad(Protocol):
    """How likely a frame holds a voice."""

    def push(self, frame: Samples) -> float: ...

    def look(self, frames: Sequence[Samples]) -> list[float]:
        """As if each were pushed; several at once cost less."""

    def reset(self) -> None: ...
