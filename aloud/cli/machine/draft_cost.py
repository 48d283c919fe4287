"""What a draft costs on this machine, what follows from it, and what would make it cheaper."""

from __future__ import annotations

from aloud.cli.machine.engine_speed import speech, time_draft, time_idle_draft, what_follows
from config.errors import UsageError
from config.models.catalogue import Model, find, known
from config.models.choice import DRAFT_S, quick_enough, spoken_language, whispers_for
from config.models.speeds import draft_s, keep_draft, measured_draft_s, predicted_draft_s
from config.runtime.cores import cores
from config.settings.model import Settings
from pipeline.session.engines import Rung, threads_for
from voice.stt.base import Stt


def examine_drafts(settings: Settings, stt: Stt, *, busy: bool = False) -> Rung | None:
    """Of ears that are warm; measured now where it was not before, which takes a second or three (blocking).

    ``busy``: other programs take the cores, so that what is measured now is kept for no later start.
    None: they write while they hear, and a draft costs them nothing. Raises ``EarsError``.
    """
    if not stt.name.startswith("whisper:"):
        return None
    model, threads = _model(stt.name), threads_for(settings)
    seconds = measured_draft_s(model) if model else None
    if seconds is None and busy:
        seconds, _ = time_draft(stt, speech())
        return Rung("draft", f"{seconds:.2f} s", f"{_SPEECH} just now, beside other programs")
    if seconds is None:
        seconds, _ = time_idle_draft(stt, threads)
        if model:
            keep_draft(model, seconds)
    return rung(settings, model, seconds, threads)


_SPEECH = "three seconds of speech take that long here"


def _model(name: str) -> Model | None:
    """None: a folder of one's own."""
    try:
        return known(name)
    except UsageError:
        return None


def rung(settings: Settings, model: Model | None, seconds: float, threads: int) -> Rung:
    """``seconds``: a draft of three seconds of speech with so many ``threads``."""
    with_threads = f"with {threads} thread{'s' if threads > 1 else ''}"
    why = f"{_SPEECH} {with_threads}; {what_follows(seconds)}"
    return Rung("draft", f"{seconds:.2f} s", why, cheaper(settings, model, seconds, threads))


def cheaper(settings: Settings, model: Model | None, seconds: float, threads: int) -> str:
    """More threads, else the largest smaller model that is quick enough, else the smallest.

    Empty: a draft is cheap enough, or there is nothing cheaper.
    """
    if seconds <= DRAFT_S:
        return ""
    if threads < cores():
        return "aloud config set ears.threads 0"
    smaller = [
        other
        for other in whispers_for(spoken_language(settings.ears.language))
        if model is None or 0 < other.kernels < model.kernels
    ]
    correction = _correction(model) if model else 1.0
    other = quick_enough(smaller, lambda one: draft_s(one, correction=correction))
    if other is None:
        return ""
    if find(other.name):
        return f"aloud config set ears whisper:{other.name}"
    return f"aloud models get {other.name} && aloud config set ears whisper:{other.name}"


def _correction(model: Model) -> float:
    measured, predicted = measured_draft_s(model), predicted_draft_s(model)
    return measured / predicted if measured and predicted else 1.0
