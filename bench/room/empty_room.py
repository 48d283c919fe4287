"""Noise through the whole conversation, on the fast clock: whatever it takes for words is a hallucination."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

import anyio

from config.runtime.clock import Timeline
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.session.assistant import end_of_turn, open_assistant
from pipeline.session.warmup import import_language
from voice.audio.samples import HEARING_RATE, Audio, Framer, Samples
from voice.stt.base import Stt
from voice.stt.transcribe import transcribe
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero


@dataclass(slots=True)
class Account:
    """What came of a stretch of noise."""

    hallucinations: list[str] = field(default_factory=list)
    """The words of each turn that nobody spoke."""
    counts: Counter[str] = field(default_factory=Counter)

    def __call__(self, event: events.Event) -> None:
        self.counts[event.name] += 1
        if isinstance(event, events.FinalTranscript):
            self.hallucinations.append(event.text)


async def _paced(
    noise: Iterator[Samples], seconds: float, timeline: Timeline, tell: Callable[[float], None]
) -> AsyncIterator[Audio]:
    """As a microphone would bring it."""
    framer, begun, count = Framer(), anyio.current_time(), 0
    timeline.mark(0, HEARING_RATE)
    while count < seconds * HEARING_RATE:
        tell(count / HEARING_RATE)
        for frame in framer.push(next(noise)):
            count += len(frame)
            due = begun + count / HEARING_RATE
            await anyio.sleep_until(due)
            timeline.mark(count, HEARING_RATE, due)
            yield Audio(frame, HEARING_RATE)


async def listen_to(
    settings: Settings, stt: Stt, noise: Iterator[Samples], name: str, seconds: float
) -> Account:
    """``stt`` is warm. Nothing is kept but the words and the counts."""
    timeline, account, vad = Timeline(), Account(), Silero()
    import_language()
    vad.warm()
    async with open_assistant(settings, account, timeline.now) as opened:
        if opened.voice:
            opened.voice.tts.warm()
        segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
        judge = end_of_turn(settings, segmenter, opened.assistant)
        frames = _paced(noise, seconds, timeline, progress(name, seconds))
        async with transcribe(listen(frames, vad, segmenter), stt, timeline.now, judge) as heard:
            await run_conversation(heard, opened.assistant)
    return account


def progress(name: str, whole_s: float) -> Callable[[float], None]:
    """A line on standard error that counts up, where somebody looks at it."""
    if not sys.stderr.isatty():
        return lambda done_s: None

    def tell(done_s: float) -> None:
        last = done_s >= whole_s - 1
        print(
            f"\r{name}: {done_s:.0f} of {whole_s:.0f} s ",
            end="\n" if last else "",
            file=sys.stderr,
            flush=True,
        )

    return tell
