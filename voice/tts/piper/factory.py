"""``--tts piper:NAME_OR_PATH``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import ModelError
from config.models.catalogue import find, how_to_get
from config.models.named import check_model
from config.runtime.plugins import Factory

if TYPE_CHECKING:
    from config.settings.model import TtsSettings
    from voice.tts.base import Tts

_NEEDS = "NAME.onnx and, beside it, NAME.onnx.json"


def _open(name: str, settings: TtsSettings, threads: int) -> Tts:
    from voice.tts.piper.engine import Piper

    path = find(name)
    if path is None:
        raise ModelError(f"The Piper voice {name!r} is not on this machine.", todo=how_to_get(name))
    return Piper(path, name=name, threads=threads)


def _check(name: str, came: str) -> None:
    check_model("piper", name, came, called="Piper voice", needs=_NEEDS)


PIPER = Factory(_open, "NAME_OR_PATH", check=_check)
