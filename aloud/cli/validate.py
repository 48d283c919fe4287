"""What is named of engines, looked at before anything begins: also where this run does not use them.

A wrong name in a settings file or in an option is told at once, and not on the day on which it is needed.
Nothing heavy is imported: espeak is loaded (30 ms) where one of its voices is named, or a language that
Whisper does not hear.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from config.errors import AloudError, ModelError, TtsError, UsageError
from config.language.close_matches import perhaps
from config.language.codes import LANGUAGES, no_language
from config.models.catalogue import Kind, Model, catalogue, find, installed, known
from config.settings.model import Configuration

_TAKES = {
    "stt": ("auto, whisper:NAME_OR_PATH or pocketsphinx", ("auto", "whisper", "pocketsphinx")),
    "tts": ("auto, piper:NAME_OR_PATH or espeak:VOICE", ("auto", "piper", "espeak")),
}
_BARE = ("auto", "pocketsphinx", "espeak")
"""Kinds that need no name after them."""
_CODE = re.compile(r"([a-z]{2,3})([-_][a-z0-9]{2,8})*", re.IGNORECASE)
_CALLED = {"whisper": "Whisper model", "piper": "Piper voice"}


def check_engines(configuration: Configuration, used: Collection[str]) -> None:
    """``used``: the senses that the command may need; of others a model may be absent that could be fetched.

    Raises ``UsageError`` for what there cannot be, ``ModelError`` for what is not on this machine.
    """
    from pipeline.llm.spec import parse_spec

    settings = configuration.settings
    _check_engine("stt", settings.stt.engine, configuration, used)
    _check_engine("tts", settings.tts.engine, configuration, used)
    spec = parse_spec(settings.llm.engine)
    if spec.kind == "gguf" and not Path(spec.model).expanduser().is_file():
        raise ModelError(
            f"There is no model file {spec.model}.", todo="Name a .gguf file: aloud talk --llm gguf:PATH"
        )
    _check_language(settings.stt.language, _came(configuration, "stt.language"))


def _came(configuration: Configuration, name: str) -> str:
    """Where a value came from, in brackets; nothing for an option, which the person has just typed."""
    origin = configuration.origins.get(name, "flag")
    return "" if origin in ("flag", "default") else f" ({origin})"


def _check_engine(sense: str, spec: str, configuration: Configuration, used: Collection[str]) -> None:
    forms, kinds = _TAKES[sense]
    kind, _, name = spec.partition(":")
    came = _came(configuration, f"{sense}.engine")
    if kind not in kinds or (not name and kind not in _BARE) or (name and kind in ("auto", "pocketsphinx")):
        raise UsageError(f"--{sense} does not know {spec!r}{came}.", todo=f"It takes {forms}.")
    if kind == "espeak" and name:
        _check_espeak(name, came)
    elif kind in _CALLED:
        absent = _absent("whisper" if kind == "whisper" else "piper", name, came)
        if absent and (sense in used or isinstance(absent, UsageError)):
            raise absent


def _absent(kind: Kind, name: str, came: str) -> AloudError | None:
    """Why a model cannot be used; None: it is here."""
    path = find(f"{kind}:{name}")
    if path is not None and path.is_dir() == (kind == "whisper"):
        return None
    called = f"{_CALLED[kind]} {name!r}{came}"
    if path is not None or Path(name).expanduser().exists():
        needs = "a folder with model.bin" if kind == "whisper" else "NAME.onnx and, beside it, NAME.onnx.json"
        return UsageError(f"What is at {name} is no {_CALLED[kind]}{came}.", todo=f"It takes {needs}.")
    try:
        model: Model | None = known(name)
    except UsageError:
        model = None
    if model and model.kind == kind:
        return ModelError(f"The {called} is not on this machine.", todo=f"Fetch it: aloud models get {name}")
    names = [each.name for each in catalogue() if each.kind == kind]
    names += [each.name for each in installed() if each.kind == kind]
    near = perhaps(name, names, f"{kind}:")
    return UsageError(f"There is no {called}.", todo=f"{near} See all: aloud models list".strip())


def _check_espeak(voice: str, came: str) -> None:
    from voice.tts.espeak import choose, has_voice, languages

    try:
        if has_voice(voice):
            return
        todo = choose(voice, languages())
    except TtsError:
        return  # it cannot be loaded: that is told where it is needed
    raise UsageError(f"Espeak has no voice {voice!r}{came}.", todo=todo)


def _check_language(wanted: str, came: str) -> None:
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
