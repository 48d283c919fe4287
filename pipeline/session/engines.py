"""Each sense is a ladder: the first choice that works is used, and says why.

Choosing loads nothing heavy: an engine's own ``warm`` does that, in a thread, while the rest starts.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from config.errors import ModelError, UsageError
from config.models.catalogue import Model, find, how_to_get, installed
from config.models.choice import PREFLIGHT_S, quick_enough, region, spoken_language, voices_for, whispers_for
from config.models.speeds import measured_preflight_s, preflight_s
from config.runtime.cores import stt_threads, tts_threads
from config.runtime.installation import COMMAND, typed_here
from config.settings.model import Settings
from pipeline.session.fallback import FallbackStt, FallbackTts
from voice.stt.base import Stt
from voice.tts.base import Tts

if TYPE_CHECKING:
    from pipeline.llm.base import Llm
    from pipeline.skills.timers import Timers

_log = logging.getLogger(__name__)
E = TypeVar("E")

Sense = Literal["stt", "tts", "llm", "vision", "microphone", "speaker", "processor", "preflight"]


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What is used for one sense, why, and the one command that would improve it (or empty)."""

    sense: Sense
    name: str
    why: str
    improve: str = ""


def better(improve: str) -> str:
    """A choice's ``improve`` as a sentence that ends with the line to type."""
    if improve[:1].isupper():
        return typed_here(improve)
    how = "Better:" if improve.startswith(f"{COMMAND} ") else "Better,"
    return f"{how} {typed_here(improve)}"


def betterment(choices: Sequence[EngineChoice]) -> list[str]:
    """What brings better STT and a better voice, a sentence each; the rest is for the doctor to say."""
    senses = {"stt": "better speech recognition", "tts": "a better voice"}
    found = [
        (choice.improve, senses[choice.sense])
        for choice in choices
        if choice.improve and choice.sense in senses
    ]
    return [
        typed_here(f"There are {' and '.join(what for way, what in found if way == line)} to have: {line}")
        for line in dict.fromkeys(way for way, _ in found)
    ]


def threads_for(settings: Settings) -> int:
    return settings.stt.threads or stt_threads()


def _logged(chosen: tuple[E, EngineChoice]) -> tuple[E, EngineChoice]:
    choice = chosen[1]
    _log.info("%s: %s (%s)", choice.sense, choice.name, choice.why)
    return chosen


def choose_stt(settings: Settings, *, patient: bool = False) -> tuple[Stt, EngineChoice]:
    """``patient``: nobody waits for a preflight, so ``auto`` is the best that is here and not the best in
    time.

    Raises ``UsageError`` for an unknown SPEC, ``ModelError`` for a model that is not here.
    """
    return _logged(_choose_stt(settings, patient=patient))


def _choose_stt(settings: Settings, *, patient: bool) -> tuple[Stt, EngineChoice]:
    kind, _, name = settings.stt.engine.partition(":")
    if kind == "auto":
        stt, choice = _stt_that_work(settings, patient=patient)
        spare = lambda: _pocketsphinx(settings, "in its place")[0]  # noqa: E731
        return (stt if choice.name == "pocketsphinx" else FallbackStt(stt, spare)), choice
    if kind == "pocketsphinx":
        return _pocketsphinx(settings, "chosen")
    if kind == "whisper" and name:
        return _whisper(settings, name, "chosen")
    raise UsageError(
        f"--stt does not know {settings.stt.engine!r}.",
        todo="It takes auto, whisper:NAME_OR_PATH or pocketsphinx.",
    )


def _stt_that_work(settings: Settings, *, patient: bool) -> tuple[Stt, EngineChoice]:
    language = spoken_language(settings.stt.language)
    here = [model for model in whispers_for(language) if find(model.name)]
    if not here:
        return _pocketsphinx(settings, "no Whisper model is here; this one is always there")
    if patient:
        return _whisper(settings, here[0].name, "the best model that is here")
    model = quick_enough(here, preflight_s) or here[-1]
    return _whisper(settings, model.name, _why_this(model, alone=len(here) == 1))


def _why_this(model: Model, *, alone: bool) -> str:
    seconds = measured_preflight_s(model)
    took = f"; three seconds of speech take it {seconds:.2f} s here" if seconds is not None else ""
    if alone:
        return f"the one that is here{took}"
    cost = preflight_s(model)
    quick = cost is not None and cost <= PREFLIGHT_S
    return (
        "the best that is here and quick enough to talk with" if quick else "the smallest that is here"
    ) + took


def _whisper(settings: Settings, name: str, why: str) -> tuple[Stt, EngineChoice]:
    from voice.stt.whisper.engine import Whisper

    path = find(name)
    if path is None:
        raise ModelError(f"The Whisper model {name!r} is not on this machine.", todo=how_to_get(name))
    stt = Whisper(path, threads=threads_for(settings), name=name)
    return stt, EngineChoice("stt", stt.name, why)


def _pocketsphinx(settings: Settings, why: str) -> tuple[Stt, EngineChoice]:
    from voice.stt.pocketsphinx import PocketSphinx

    stt = PocketSphinx()
    stt.require(settings.stt.language)
    return stt, EngineChoice("stt", stt.name, f"{why}, and mishears about one word in three", "aloud setup")


def choose_tts(settings: Settings) -> tuple[Tts, EngineChoice]:
    """Raises ``UsageError`` for an unknown SPEC, ``ModelError`` for a voice that is not here."""
    return _logged(_choose_tts(settings))


def _choose_tts(settings: Settings) -> tuple[Tts, EngineChoice]:
    kind, _, name = settings.tts.engine.partition(":")
    if kind == "auto":
        tts, choice = _tts_that_works(settings)
        spare = lambda: _espeak(settings, _espeak_voice(settings), "in its place")[0]  # noqa: E731
        return (tts if choice.name.startswith("espeak") else FallbackTts(tts, spare)), choice
    if kind == "espeak":
        return _espeak(settings, name or "en-us", "chosen")
    if kind == "piper" and name:
        return _piper(settings, name, "chosen")
    raise UsageError(
        f"--tts does not know {settings.tts.engine!r}.",
        todo="It takes auto, piper:NAME_OR_PATH or espeak:VOICE.",
    )


def _tts_that_works(settings: Settings) -> tuple[Tts, EngineChoice]:
    language = spoken_language(settings.stt.language)
    voices = voices_for(language, region(settings.stt.language))
    listed = [voice.name for voice in voices if find(voice.name)]
    others = [one.name for one in installed() if one.kind == "piper" and one.complete]
    for name in [*listed, *(other for other in others if other.startswith(f"{language}_"))]:
        return _piper(settings, name, "the voice that is here")
    why = "no Piper voice is here; this one is always there, and sounds like it"
    return _espeak(settings, _espeak_voice(settings), why)


def _espeak_voice(settings: Settings) -> str:
    language = spoken_language(settings.stt.language)
    return "en-us" if language == "en" else language


def _piper(settings: Settings, name: str, why: str) -> tuple[Tts, EngineChoice]:
    from voice.tts.piper.engine import Piper

    path = find(name)
    if path is None:
        raise ModelError(f"The Piper voice {name!r} is not on this machine.", todo=how_to_get(name))
    threads = tts_threads(beside_llm=settings.llm.engine.startswith("gguf:"))
    tts = Piper(path, name=name, threads=threads)
    return tts, EngineChoice("tts", tts.name, why)


def _espeak(settings: Settings, voice: str, why: str) -> tuple[Tts, EngineChoice]:
    from voice.tts.espeak import Espeak

    tts = Espeak(voice)
    has_voice = bool(voices_for(spoken_language(settings.stt.language)))
    return tts, EngineChoice("tts", tts.name, why, "aloud setup" if has_voice else "")


async def choose_llm(settings: Settings, timers: Timers) -> tuple[Llm, EngineChoice]:
    """Raises ``UsageError``, ``LlmError``, or ``RefusedError`` when ``offline`` forbids it."""
    return _logged(await _choose_llm(settings, timers))


async def _choose_llm(settings: Settings, timers: Timers) -> tuple[Llm, EngineChoice]:
    from pipeline.skills.offline_llm import OfflineLlm

    skills = OfflineLlm(timers)
    spec = settings.llm.engine
    if spec == "skills":
        return skills, EngineChoice("llm", "skills", "chosen")
    from pipeline.llm.discovery import open_llm

    llm = await open_llm(settings)
    if llm is None:
        return skills, EngineChoice(
            "llm",
            "skills",
            "no model server answers on this machine; built-in skills only",
            "with Ollama running: aloud config set llm ollama:llama3.2",
        )
    where = (
        f"on {llm.remote_host}: what you say and show is sent there" if llm.remote_host else "on this machine"
    )
    return llm, EngineChoice("llm", llm.spec, where if spec == "auto" else f"chosen, {where}")


def vision_choice(llm: Llm) -> EngineChoice:
    if llm.capabilities.sees:
        return EngineChoice("vision", llm.spec, "the model sees pictures itself")
    why = "text, codes, colours and sharpness are measured on this machine"
    return EngineChoice(
        "vision",
        "rapidocr",
        why,
        "with Ollama running, a model that sees: aloud config set llm ollama:qwen2.5vl",
    )


def missing_packages() -> list[str]:
    """Packages an engine needs that cannot be found (without importing them)."""
    names = (
        "faster_whisper",
        "piper",
        "sounddevice",
        "rapidocr",
        "zxingcpp",
        "pocketsphinx",
        "onnxruntime",
        "pywebrtc_audio",
    )
    return [name for name in names if importlib.util.find_spec(name) is None]
