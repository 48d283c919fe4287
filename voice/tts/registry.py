"""The engines that speak, by the kind that ``--tts KIND:VOICE`` names; other packages' by ``aloud.tts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from config.runtime.plugins import Factory, Registry

if TYPE_CHECKING:
    from config.settings.model import TtsSettings
    from voice.tts.base import Tts

TtsFactory: TypeAlias = "Factory[[str, TtsSettings, int], Tts]"
"""``open`` is given what stands after the colon, and how many threads there are to compute with. It raises
``TtsError`` or ``ModelError``."""

TTS: Registry[TtsFactory] = Registry(
    "aloud.tts",
    {"piper": "voice.tts.piper.factory:PIPER", "espeak": "voice.tts.espeak:ESPEAK"},
    has=("name", "rate", "warm", "say", "stream"),
)
