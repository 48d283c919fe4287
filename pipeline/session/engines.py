"""Each sense is a ladder: the first choice that works is used, and says why.

Choosing loads nothing heavy: an engine's own ``warm`` does that, in a thread, while the rest starts.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from config.models.catalogue import Model, find, installed
from config.models.choice import PREFLIGHT_S, quick_enough, region, spoken_language, voices_for, whispers_for
from config.models.speeds import measured_preflight_s, preflight_s
from config.runtime.clean import CleanText, clean, clean_sentence
from config.runtime.installation import COMMAND, typed_here
from config.runtime.plugins import Registry
from config.settings.model import Settings, SttSettings
from config.system.cores import stt_threads, tts_threads
from pipeline.session.fallback import FallbackStt, FallbackTts
from voice.stt.base import Stt
from voice.stt.registry import STT
from voice.tts.base import Tts
from voice.tts.registry import TTS

if TYPE_CHECKING:
    from pipeline.llm.base import Llm

_log = logging.getLogger(__name__)
E = TypeVar("E")

Sense = Literal[
    "stt",
    "tts",
    "llm",
    "model",
    "vision",
    "microphone",
    "speaker",
    "processor",
    "preflight",
    "plug-in",
    "mcp",
]


@dataclass(frozen=True, slots=True, init=False)
class EngineChoice:
    """What is used for one sense, why, and the one command that would improve it (or empty). Names in them
    are cleaned here.
    """

    sense: Sense
    name: CleanText
    why: CleanText
    improve: CleanText

    def __init__(self, sense: Sense, name: str, why: str, improve: str = "") -> None:
        for field, value in (("sense", sense), ("name", clean_sentence(name)), ("why", clean_sentence(why))):
            object.__setattr__(self, field, value)
        object.__setattr__(self, "improve", clean_sentence(improve))


def better(improve: str) -> CleanText:
    """A choice's ``improve`` as a sentence that ends with the line to type."""
    if improve[:1].isupper():
        return clean(typed_here(improve))
    how = "Better:" if improve.startswith(f"{COMMAND} ") else "Better,"
    return clean(f"{how} {typed_here(improve)}")


def betterment(choices: Sequence[EngineChoice]) -> list[CleanText]:
    """What makes it hear and speak better, a sentence each; the rest is for the doctor to say."""
    does = {"stt": "hear", "tts": "speak"}
    found = [
        (choice.improve, does[choice.sense]) for choice in choices if choice.improve and choice.sense in does
    ]
    return [
        clean(typed_here(f"It can {' and '.join(what for way, what in found if way == line)} better: {line}"))
        for line in dict.fromkeys(way for way, _ in found)
    ]


def threads_for(stt: SttSettings) -> int:
    return stt.threads or stt_threads()


def _logged(chosen: tuple[E, EngineChoice]) -> tuple[E, EngineChoice]:
    choice = chosen[1]
    _log.info("%s: %s (%s)", choice.sense, choice.name, choice.why)
    return chosen


def choose_stt(settings: SttSettings, *, patient: bool = False) -> tuple[Stt, EngineChoice]:
    """``patient``: nobody waits for a preflight, so ``auto`` is the best that is here and not the best in
    time.

    Raises ``UsageError`` for an unknown SPEC, ``ModelError`` for a model that is not here, ``PluginError``.
    """
    return _logged(_choose_stt(settings, patient=patient))


def _choose_stt(settings: SttSettings, *, patient: bool) -> tuple[Stt, EngineChoice]:
    if settings.engine != "auto":
        return _opened_stt(settings, settings.engine, "chosen")
    stt, choice = _stt_that_work(settings, patient=patient)
    spare = lambda: _opened_stt(settings, "pocketsphinx", "in its place")[0]  # noqa: E731
    return (stt if choice.name == "pocketsphinx" else FallbackStt(stt, spare)), choice


def _opened_stt(settings: SttSettings, spec: str, why: str) -> tuple[Stt, EngineChoice]:
    kind, _, name = spec.partition(":")
    factory = STT.find(kind)
    if factory is None or not factory.takes(name):
        raise STT.unknown(spec, "", "auto")
    stt = factory.open(name, settings)
    return stt, EngineChoice("stt", stt.name, _with(factory.remark, why), factory.improve)


def _with(remark: str, why: str) -> str:
    return f"{why}, and {remark}" if remark else why


def _stt_that_work(settings: SttSettings, *, patient: bool) -> tuple[Stt, EngineChoice]:
    language = spoken_language(settings.language)
    here = [model for model in whispers_for(language) if find(model.name)]
    if not here:
        why = "no Whisper model is here; this one is always there"
        return _opened_stt(settings, "pocketsphinx", why)
    if patient:
        return _opened_stt(settings, f"whisper:{here[0].name}", "the best model that is here")
    model = quick_enough(here, preflight_s) or here[-1]
    return _opened_stt(settings, f"whisper:{model.name}", _why_this(model, alone=len(here) == 1))


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


def choose_tts(settings: Settings) -> tuple[Tts, EngineChoice]:
    """Raises ``UsageError`` for an unknown SPEC, ``ModelError`` for a voice that is not here."""
    return _logged(_choose_tts(settings))


def _choose_tts(settings: Settings) -> tuple[Tts, EngineChoice]:
    if settings.tts.engine != "auto":
        return _opened_tts(settings, settings.tts.engine, "chosen")
    tts, choice = _tts_that_works(settings)
    spare = lambda: _opened_tts(settings, _espeak(settings), "in its place")[0]  # noqa: E731
    return (tts if choice.name.startswith("espeak") else FallbackTts(tts, spare)), choice


def _opened_tts(settings: Settings, spec: str, why: str) -> tuple[Tts, EngineChoice]:
    kind, _, name = spec.partition(":")
    factory = TTS.find(kind)
    if factory is None or not factory.takes(name):
        raise TTS.unknown(spec, "", "auto")
    threads = tts_threads(beside_llm=settings.llm.engine.startswith("gguf:"))
    tts = factory.open(name, settings.tts, threads)
    has_voice = bool(voices_for(spoken_language(settings.stt.language)))
    improve = factory.improve if has_voice else ""
    return tts, EngineChoice("tts", tts.name, _with(factory.remark, why), improve)


def _tts_that_works(settings: Settings) -> tuple[Tts, EngineChoice]:
    language = spoken_language(settings.stt.language)
    voices = voices_for(language, region(settings.stt.language))
    listed = [voice.name for voice in voices if find(voice.name)]
    others = [one.name for one in installed() if one.kind == "piper" and one.complete]
    for name in [*listed, *(other for other in others if other.startswith(f"{language}_"))]:
        return _opened_tts(settings, f"piper:{name}", "the voice that is here")
    why = "no Piper voice is here; this one is always there, and sounds like it"
    return _opened_tts(settings, _espeak(settings), why)


def _espeak(settings: Settings) -> str:
    language = spoken_language(settings.stt.language)
    return "espeak:en-us" if language == "en" else f"espeak:{language}"


async def choose_llm(settings: Settings, *, spoken: bool = False) -> tuple[Llm | None, EngineChoice]:
    """None: what the skills can answer. ``spoken``: so are its answers. Raises ``UsageError``, ``LlmError``,
    or ``RefusedError`` when ``offline`` forbids it.
    """
    return _logged(await _choose_llm(settings, spoken))


async def _choose_llm(settings: Settings, spoken: bool) -> tuple[Llm | None, EngineChoice]:
    spec = settings.llm.engine
    if spec == "skills":
        return None, EngineChoice("llm", "skills", "chosen")
    from pipeline.session.llms import open_llms

    llm, told = await open_llms(settings, spoken=spoken)
    if llm is None:
        return None, EngineChoice(
            "llm",
            "skills",
            "no model server answers on this machine; built-in skills only",
            "choose one that suits this machine: aloud setup --only llm",
        )
    return llm, EngineChoice("llm", llm.spec, told if spec == "auto" else f"chosen, {told}")


def capabilities_of(llm: Llm) -> EngineChoice:
    """What it can do, as far as its server or a test says."""
    from pipeline.llm.summary import summarise

    known = llm.capabilities
    if known.said_by.startswith("a test"):
        return EngineChoice("model", llm.spec, summarise(known))
    return EngineChoice("model", llm.spec, summarise(known), "test it: aloud setup --only llm")


def vision_choice(llm: Llm | None, chosen: str = "auto") -> EngineChoice:
    """``chosen``: the setting ``vision.engine``."""
    if llm and llm.capabilities.sees:
        return EngineChoice("vision", llm.spec, "the model sees pictures itself")
    why = "text, codes, colours and sharpness are measured on this machine"
    if chosen != "auto":
        return EngineChoice("vision", chosen, f"chosen; {why}, and no picture goes to a model")
    return EngineChoice(
        "vision",
        "rapidocr",
        why,
        "choose a model that sees: aloud setup --only llm",
    )


def plugin_choices() -> list[EngineChoice]:
    """What other packages bring, each imported just now: how it is chosen, or why it cannot be."""
    from pipeline.dictation.targets.registry import TARGETS
    from pipeline.llm.registry import LLM
    from vision.sources.registry import SOURCES

    options: dict[Registry[Any], str] = {
        STT: "--stt",
        TTS: "--tts",
        LLM: "--llm",
        SOURCES: "--image",
        TARGETS: "--to",
    }
    choices = []
    for registry, option in options.items():
        for plugin in registry.plugins():
            why = f"from the package {plugin.package}; it is chosen by {option} {plugin.form}"
            failed, todo = (plugin.error.failed, plugin.error.todo) if plugin.error else (why, "")
            choices.append(EngineChoice("plug-in", plugin.name, failed, todo))
    return choices + _plugin_tools()


def _plugin_tools() -> list[EngineChoice]:
    from pipeline.tools.plugins import plugin_tools

    found = plugin_tools()
    here = [EngineChoice("plug-in", tool.name, "a tool that a model may call") for tool in found.tools]
    return here + [EngineChoice("plug-in", one.name, str(one), one.todo) for one in found.broken]


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
