"""What is named of engines, looked at before anything begins: also where this run does not use them.

A wrong name in a settings file or in an option is told at once, and not on the day on which it is needed.
Nothing heavy is imported: espeak is loaded (30 ms) where one of its voices is named, or a language that
Whisper does not hear.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from config.errors import ModelError, TtsError, UsageError
from config.language.codes import LANGUAGES, no_language
from config.runtime.plugins import Registry
from config.settings.loading import Configuration
from config.settings.model import LlmSettings
from voice.stt.registry import STT
from voice.tts.registry import TTS

_OR_NONE = {
    "fallback": "Name a model, or none: aloud config set llm.fallback ''",
    "small": "Name a model, or none: aloud config set llm.small ''",
}
_VISION = ("auto", "rapidocr")
_CODE = re.compile(r"([a-z]{2,3})([-_][a-z0-9]{2,8})*", re.IGNORECASE)


def check_engines(configuration: Configuration, used: Collection[str]) -> None:
    """``used``: the senses that the command may need; of others a model may be absent that could be fetched,
    and what another package brings is not imported.

    Raises ``UsageError`` for what there cannot be, ``ModelError`` for what is not on this machine,
    ``PluginError`` for a plug-in that cannot be used.
    """
    settings = configuration.settings
    for registry, spec in ((STT, settings.stt.engine), (TTS, settings.tts.engine)):
        if spec != "auto":
            _check_engine(registry, spec, _came(configuration, f"{registry.called}.engine"), used)
    for name, spec in _llms(settings.llm):
        _check_llm(spec, _came(configuration, f"llm.{name}"), used)
    if settings.vision.engine not in _VISION:
        came = _came(configuration, "vision.engine")
        raise UsageError(
            f"--vision does not know {settings.vision.engine!r}{came}.",
            todo=f"It takes {' or '.join(_VISION)}.",
        )
    check_language(settings.stt.language, _came(configuration, "stt.language"))


def _came(configuration: Configuration, name: str) -> str:
    """Where a value came from, in brackets; nothing for an option, which the person has just typed."""
    origin = configuration.origins.get(name, "flag")
    return "" if origin in ("flag", "default") else f" ({origin})"


def _check_engine(registry: Registry[Any], spec: str, came: str, used: Collection[str]) -> None:
    kind, _, name = spec.partition(":")
    if registry.called not in used and registry.is_brought(kind):
        return
    factory = registry.find(kind)
    if factory is None or not factory.takes(name):
        raise registry.unknown(spec, came, "auto")
    try:
        factory.check(name, came)
    except ModelError:
        if registry.called in used:
            raise


def _llms(llm_settings: LlmSettings) -> Iterator[tuple[str, str]]:
    """Raises ``UsageError`` for what cannot stand in."""
    yield "engine", llm_settings.engine
    for name in ("fallback", "small"):
        if spec := getattr(llm_settings, name):
            if spec.strip() == "skills":
                raise UsageError(
                    f"llm.{name} names no model: the built-in skills are always there.",
                    todo=_OR_NONE[name],
                )
            yield name, spec


def _check_llm(text: str, came: str, used: Collection[str]) -> None:
    from pipeline.llm.registry import LLM
    from pipeline.llm.spec import parse_spec, split

    kind, model = split(text.strip())
    if text.strip() in ("auto", "skills") or ("llm" not in used and LLM.is_brought(kind)):
        return
    parse_spec(text)
    if wire := LLM.find(kind):
        wire.check(model, came)


def check_language(wanted: str, came: str = "") -> None:
    """Raises ``UsageError`` for a language that is neither heard nor spoken. ``came``: from where."""
    code = _CODE.fullmatch(wanted)
    if wanted == "auto" or (code and code[1].lower() in LANGUAGES):
        return
    from voice.tts.espeak import languages

    try:
        if code and code[1].lower() in languages():
            return
    except TtsError:
        return
    raise no_language(wanted, came)
