"""The engines that hear, by the kind that ``--stt KIND:NAME`` names; other packages' by ``aloud.stt``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from config.runtime.plugins import Factory, Registry

if TYPE_CHECKING:
    from config.settings.model import SttSettings
    from voice.stt.base import Stt

SttFactory: TypeAlias = "Factory[[str, SttSettings], Stt]"
"""``open`` is given what stands after the colon, and raises ``SttError`` or ``ModelError``."""

STT: Registry[SttFactory] = Registry(
    "aloud.stt",
    {
        "whisper": "voice.stt.whisper.factory:WHISPER",
        "pocketsphinx": "voice.stt.pocketsphinx:POCKETSPHINX",
    },
    has=("name", "warm", "open"),
)
