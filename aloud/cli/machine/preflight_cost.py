"""What a preflight costs on this machine, what follows from it, and what would make it cheaper."""

from __future__ import annotations

from aloud.cli.machine.engine_speed import speech, time_idle_preflight, time_preflight, what_follows
from config.errors import UsageError
from config.models.catalogue import Model, find, known
from config.models.choice import PREFLIGHT_S, quick_enough, spoken_language, whispers_for
from config.models.speeds import keep_preflight, measured_preflight_s, predicted_preflight_s, preflight_s
from config.settings.model import SttSettings
from config.system.cores import cores
from pipeline.session.engines import EngineChoice, threads_for
from voice.stt.base import Stt


def examine_preflights(settings: SttSettings, stt: Stt, *, busy: bool = False) -> EngineChoice | None:
    """Of an STT that is warm; measured now where it was not before, which takes a second or three (blocking).

    ``busy``: other programs take the cores, so that what is measured now is kept for no later start.
    None: they write while they hear, and a preflight costs them nothing. Raises ``SttError``.
    """
    if not stt.name.startswith("whisper:"):
        return None
    model, threads = _model(stt.name), threads_for(settings)
    seconds = measured_preflight_s(model) if model else None
    if seconds is None and busy:
        seconds, _ = time_preflight(stt, speech())
        return EngineChoice("preflight", f"{seconds:.2f} s", f"{_SPEECH} just now, beside other programs")
    if seconds is None:
        seconds, _ = time_idle_preflight(stt, threads)
        if model:
            keep_preflight(model, seconds)
    return choice(settings, model, seconds, threads)


_SPEECH = "three seconds of speech take that long here"


def _model(name: str) -> Model | None:
    """None: a folder of one's own."""
    try:
        return known(name)
    except UsageError:
        return None


def choice(settings: SttSettings, model: Model | None, seconds: float, threads: int) -> EngineChoice:
    """``seconds``: a preflight of three seconds of speech with so many ``threads``."""
    with_threads = f"with {threads} thread{'s' if threads > 1 else ''}"
    why = f"{_SPEECH} {with_threads}; {what_follows(seconds)}"
    return EngineChoice("preflight", f"{seconds:.2f} s", why, cheaper(settings, model, seconds, threads))


def cheaper(settings: SttSettings, model: Model | None, seconds: float, threads: int) -> str:
    """More threads, else the largest smaller model that is quick enough, else the smallest.

    Empty: a preflight is cheap enough, or there is nothing cheaper.
    """
    if seconds <= PREFLIGHT_S:
        return ""
    if threads < cores():
        return "aloud config set stt.threads 0"
    smaller = [
        other
        for other in whispers_for(spoken_language(settings.language))
        if model is None or 0 < other.kernels < model.kernels
    ]
    correction = _correction(model) if model else 1.0
    other = quick_enough(smaller, lambda one: preflight_s(one, correction=correction))
    if other is None:
        return ""
    if find(other.name):
        return f"aloud config set stt whisper:{other.name}"
    return f"aloud models get {other.name} && aloud config set stt whisper:{other.name}"


def _correction(model: Model) -> float:
    measured, predicted = measured_preflight_s(model), predicted_preflight_s(model)
    return measured / predicted if measured and predicted else 1.0
