"""Each sense is a ladder: the first rung that works is used, and says why.

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
from config.models.choice import DRAFT_S, quick_enough, region, spoken_language, voices_for, whispers_for
from config.models.speeds import draft_s, measured_draft_s
from config.runtime.cores import stt_threads, tts_threads
from config.runtime.installation import COMMAND, typed_here
from config.settings.model import Settings
from pipeline.session.fallback import SparedEars, SparedMouth
from voice.stt.base import Stt
from voice.tts.base import Tts

if TYPE_CHECKING:
    from pipeline.llm.base import Mind
    from pipeline.skills.timers import Timers

_log = logging.getLogger(__name__)
E = TypeVar("E")

Sense = Literal["ears", "mouth", "mind", "eyes", "microphone", "speaker", "processor", "draft"]


@dataclass(frozen=True, slots=True)
class Rung:
    """What is used for one sense, why, and the one command that would improve it (or empty)."""

    sense: Sense
    name: str
    why: str
    improve: str = ""


def better(improve: str) -> str:
    """A rung's ``improve`` as a sentence that ends with the line to type."""
    if improve[:1].isupper():
        return typed_here(improve)
    how = "Better:" if improve.startswith(f"{COMMAND} ") else "Better,"
    return f"{how} {typed_here(improve)}"


def betterment(rungs: Sequence[Rung]) -> list[str]:
    """What brings better ears and a better voice, a sentence each; the rest is for the doctor to say."""
    senses = {"ears": "better ears", "mouth": "a better voice"}
    found = [(rung.improve, senses[rung.sense]) for rung in rungs if rung.improve and rung.sense in senses]
    return [
        typed_here(f"There are {' and '.join(what for way, what in found if way == line)} to have: {line}")
        for line in dict.fromkeys(way for way, _ in found)
    ]


def threads_for(settings: Settings) -> int:
    return settings.ears.threads or stt_threads()


def _logged(chosen: tuple[E, Rung]) -> tuple[E, Rung]:
    rung = chosen[1]
    _log.info("%s: %s (%s)", rung.sense, rung.name, rung.why)
    return chosen


def choose_ears(settings: Settings, *, patient: bool = False) -> tuple[Stt, Rung]:
    """``patient``: nobody waits for a draft, so ``auto`` is the best that is here and not the best in time.

    Raises ``UsageError`` for an unknown SPEC, ``ModelError`` for a model that is not here.
    """
    return _logged(_choose_ears(settings, patient=patient))


def _choose_ears(settings: Settings, *, patient: bool) -> tuple[Stt, Rung]:
    kind, _, name = settings.ears.engine.partition(":")
    if kind == "auto":
        stt, rung = _ears_that_work(settings, patient=patient)
        spare = lambda: _pocketsphinx(settings, "in its place")[0]  # noqa: E731
        return (stt if rung.name == "pocketsphinx" else SparedEars(stt, spare)), rung
    if kind == "pocketsphinx":
        return _pocketsphinx(settings, "chosen")
    if kind == "whisper" and name:
        return _whisper(settings, name, "chosen")
    raise UsageError(
        f"--ears does not know {settings.ears.engine!r}.",
        todo="It takes auto, whisper:NAME_OR_PATH or pocketsphinx.",
    )


def _ears_that_work(settings: Settings, *, patient: bool) -> tuple[Stt, Rung]:
    language = spoken_language(settings.ears.language)
    here = [model for model in whispers_for(language) if find(model.name)]
    if not here:
        return _pocketsphinx(settings, "no Whisper model is here; this one is always there")
    if patient:
        return _whisper(settings, here[0].name, "the best model that is here")
    model = quick_enough(here, draft_s) or here[-1]
    return _whisper(settings, model.name, _why_this(model, alone=len(here) == 1))


def _why_this(model: Model, *, alone: bool) -> str:
    seconds = measured_draft_s(model)
    took = f"; three seconds of speech take it {seconds:.2f} s here" if seconds is not None else ""
    if alone:
        return f"the one that is here{took}"
    cost = draft_s(model)
    quick = cost is not None and cost <= DRAFT_S
    return (
        "the best that is here and quick enough to talk with" if quick else "the smallest that is here"
    ) + took


def _whisper(settings: Settings, name: str, why: str) -> tuple[Stt, Rung]:
    from voice.stt.whisper.engine import Whisper

    path = find(name)
    if path is None:
        raise ModelError(f"The Whisper model {name!r} is not on this machine.", todo=how_to_get(name))
    stt = Whisper(path, threads=threads_for(settings), name=name)
    return stt, Rung("ears", stt.name, why)


def _pocketsphinx(settings: Settings, why: str) -> tuple[Stt, Rung]:
    from voice.stt.pocketsphinx import PocketSphinx

    stt = PocketSphinx()
    stt.require(settings.ears.language)
    return stt, Rung("ears", stt.name, f"{why}, and mishears about one word in three", "aloud setup")


def choose_mouth(settings: Settings) -> tuple[Tts, Rung]:
    """Raises ``UsageError`` for an unknown SPEC, ``ModelError`` for a voice that is not here."""
    return _logged(_choose_mouth(settings))


def _choose_mouth(settings: Settings) -> tuple[Tts, Rung]:
    kind, _, name = settings.mouth.engine.partition(":")
    if kind == "auto":
        tts, rung = _mouth_that_works(settings)
        spare = lambda: _espeak(settings, _espeak_voice(settings), "in its place")[0]  # noqa: E731
        return (tts if rung.name.startswith("espeak") else SparedMouth(tts, spare)), rung
    if kind == "espeak":
        return _espeak(settings, name or "en-us", "chosen")
    if kind == "piper" and name:
        return _piper(settings, name, "chosen")
    raise UsageError(
        f"--mouth does not know {settings.mouth.engine!r}.",
        todo="It takes auto, piper:NAME_OR_PATH or espeak:VOICE.",
    )


def _mouth_that_works(settings: Settings) -> tuple[Tts, Rung]:
    language = spoken_language(settings.ears.language)
    voices = voices_for(language, region(settings.ears.language))
    listed = [voice.name for voice in voices if find(voice.name)]
    others = [one.name for one in installed() if one.kind == "piper" and one.complete]
    for name in [*listed, *(other for other in others if other.startswith(f"{language}_"))]:
        return _piper(settings, name, "the voice that is here")
    why = "no Piper voice is here; this one is always there, and sounds like it"
    return _espeak(settings, _espeak_voice(settings), why)


def _espeak_voice(settings: Settings) -> str:
    language = spoken_language(settings.ears.language)
    return "en-us" if language == "en" else language


def _piper(settings: Settings, name: str, why: str) -> tuple[Tts, Rung]:
    from voice.tts.piper.engine import Piper

    path = find(name)
    if path is None:
        raise ModelError(f"The Piper voice {name!r} is not on this machine.", todo=how_to_get(name))
    threads = tts_threads(beside_llm=settings.mind.engine.startswith("gguf:"))
    tts = Piper(path, name=name, threads=threads)
    return tts, Rung("mouth", tts.name, why)


def _espeak(settings: Settings, voice: str, why: str) -> tuple[Tts, Rung]:
    from voice.tts.espeak import Espeak

    tts = Espeak(voice)
    has_voice = bool(voices_for(spoken_language(settings.ears.language)))
    return tts, Rung("mouth", tts.name, why, "aloud setup" if has_voice else "")


async def choose_mind(settings: Settings, timers: Timers) -> tuple[Mind, Rung]:
    """Raises ``UsageError``, ``MindError``, or ``RefusedError`` when ``offline`` forbids it."""
    return _logged(await _choose_mind(settings, timers))


async def _choose_mind(settings: Settings, timers: Timers) -> tuple[Mind, Rung]:
    from pipeline.skills.offline_llm import SkillsMind

    skills = SkillsMind(timers)
    spec = settings.mind.engine
    if spec == "skills":
        return skills, Rung("mind", "skills", "chosen")
    from pipeline.llm.discovery import open_mind

    mind = await open_mind(settings)
    if mind is None:
        return skills, Rung(
            "mind",
            "skills",
            "no model server answers on this machine; built-in skills only",
            "with Ollama running: aloud config set mind ollama:llama3.2",
        )
    where = f"on {mind.where}: what you say and show is sent there" if mind.where else "on this machine"
    return mind, Rung("mind", mind.spec, where if spec == "auto" else f"chosen, {where}")


def eyes_rung(mind: Mind) -> Rung:
    if mind.abilities.sees:
        return Rung("eyes", mind.spec, "the model sees pictures itself")
    why = "text, codes, colours and sharpness are measured on this machine"
    return Rung(
        "eyes",
        "rapidocr",
        why,
        "with Ollama running, a model that sees: aloud config set mind ollama:qwen2.5vl",
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
