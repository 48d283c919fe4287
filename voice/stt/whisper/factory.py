"""``--stt whisper:NAME_OR_PATH``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import ModelError
from config.models.catalogue import find, how_to_get
from config.models.named import check_model
from config.runtime.plugins import Factory
from config.system.cores import stt_threads

if TYPE_CHECKING:
    from config.settings.model import SttSettings
    from voice.stt.base import Stt


def _open(name: str, settings: SttSettings) -> Stt:
    from voice.stt.whisper.engine import Whisper

    path = find(name)
    if path is None:
        raise ModelError(f"The Whisper model {name!r} is not on this machine.", todo=how_to_get(name))
    return Whisper(path, threads=settings.threads or stt_threads(), name=name)


def _check(name: str, came: str) -> None:
    check_model("whisper", name, came, called="Whisper model", needs="a folder with model.bin")


WHISPER = Factory(_open, "NAME_OR_PATH", check=_check)
