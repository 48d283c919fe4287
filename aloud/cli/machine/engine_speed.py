"""What the engines cost on this machine, by a real preflight and a real sentence."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import aloud
from config.errors import ModelError
from config.models.catalogue import Model, find
from config.models.choice import PREFLIGHT_S
from config.models.speeds import keep_kernel, keep_preflight
from config.settings.model import SttSettings
from pipeline.session.engines import threads_for

if TYPE_CHECKING:
    from voice.audio.samples import Samples
    from voice.stt.base import Stt

SPEECH_S = 3.0
QUICK = "quick enough to talk with"
_RECORDING = Path(aloud.__file__).parent / "sample" / "sum.wav"


def speech() -> Samples:
    """The sample question, three seconds of it."""
    from voice.audio.input.audio_file import read_recording
    from voice.audio.samples import HEARING_RATE

    return read_recording(_RECORDING).samples[: round(SPEECH_S * HEARING_RATE)]


def time_preflight(stt: Stt, samples: Samples) -> tuple[float, str]:
    """Seconds and words; the quicker of two, since the first may still touch memory anew."""
    from voice.stt.context import Conversation

    tries = []
    for _ in range(2):
        hearing = stt.open(Conversation(asked="en"))
        hearing.push(samples)
        begun = time.perf_counter()
        transcript = hearing.preflight()
        tries.append((time.perf_counter() - begun, transcript.text))
    return min(tries)


def what_follows(seconds: float) -> str:
    """From a preflight of three seconds of speech that takes so long, for a conversation."""
    from voice.stt.transcribe import DEAR_PREFLIGHT_S
    from voice.turns.endpointing.segmenter import LULL_MS

    if seconds <= PREFLIGHT_S:
        return f"{QUICK}, since it is written while the silence lasts that ends a turn"
    later = f"an answer begins about {seconds - PREFLIGHT_S:.1f} s later than with quicker speech recognition"
    if seconds <= DEAR_PREFLIGHT_S:
        return later
    return f"so it is begun at {LULL_MS} ms of silence and not at once, and {later}"


def time_idle_preflight(stt: Stt, threads: int) -> tuple[float, str]:
    """``time_preflight`` of three seconds of speech, in the seconds that it would take were this machine
    idle.
    """
    from config.runtime.kernel import kernel_s

    before = kernel_s(threads)
    seconds, words = time_preflight(stt, speech())
    after = kernel_s(threads)
    # Beside other programs the kernel is slower too, and by as much.
    return seconds * min(keep_kernel(before), keep_kernel(after)) / ((before + after) / 2), words


def measure_preflight(settings: SttSettings, model: Model) -> tuple[float, str]:
    """Of three seconds of speech: seconds on this machine when it is idle, and the words that it wrote.

    Kept for the next start.

    Raises ``ModelError``, ``SttError``.
    """
    from voice.stt.whisper.engine import Whisper

    path = find(model.name)
    if path is None:
        raise ModelError(f"The Whisper model {model.name!r} is not on this machine.")
    stt = Whisper(path, threads=threads_for(settings), name=model.name)
    stt.warm("en")
    seconds, words = time_idle_preflight(stt, threads_for(settings))
    keep_preflight(model, seconds)
    return seconds, words


def try_turn_model(model: Model) -> float:
    """Seconds that a judgement of three seconds of speech took. Raises ``ModelError``."""
    from voice.turns.endpointing.smart_turn import SmartTurn

    turn = SmartTurn(model.path)
    turn.warm()
    begun = time.perf_counter()
    turn.complete(speech())
    return time.perf_counter() - begun


def try_voice(model: Model, sentence: str, *, speed: float) -> tuple[float, float]:
    """A sentence: seconds that it lasts, seconds that it took. Raises ``ModelError``, ``TtsError``."""
    from voice.tts.piper.engine import Piper

    tts = Piper(model.path, name=model.name)
    tts.warm()
    begun = time.perf_counter()
    spoken = tts.say(sentence, speed=speed).audio
    return len(spoken.samples) / spoken.rate, time.perf_counter() - begun
