"""A person who talks with Aloud in real time, on recordings of people; and what was late meanwhile."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from itertools import cycle

import anyio
import numpy as np

from aloud.cli.bench import percentile
from bench.null_card import card
from bench.people.sets import BEFORE_S, Speech, complete
from config.language.normalise import words_only
from config.runtime.clock import Timeline, in_thread
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.session.assistant import end_of_turn, open_assistant
from pipeline.session.engines import choose_stt
from pipeline.session.warmup import import_language
from voice.audio.input.microphone import FRAME_S
from voice.audio.output.speaker import Speaker
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.stt.context import Conversation
from voice.stt.transcribe import transcribe
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

ANSWER = (
    "Sure, here is a short answer for you. "
    "The place lies on a broad river in the north, and many people from all over the country visit it every "
    "single year, most of them in the summer. "
    "In spring the water is high."
)
_INTERRUPTS = 4
"""Every so manieth question comes into the answer before it."""
_INTO_S = 2.0
_LONGEST_S = 40.0
_TICK_S = 0.01
_SAME_S = 0.7
"""So far may the end of speech, as Aloud tells it, lie from the true one."""
_STEERS = ("again", "repeat", "hold", "wait")
"""Aloud would obey these itself."""


def questions() -> list[Speech]:
    """What the woman of Asterisk asks and commands."""
    asked = [one for one in complete("report") if one.kind in ("question", "command")]
    return [one for one in asked if not any(word in one.text.lower() for word in _STEERS)]


@dataclass
class Talk:
    """Times in seconds. ``waits``: from the true end of a question to the first word of its answer."""

    settings: Settings
    asked: list[Speech]
    lasts_s: float
    waits: list[float] = field(default_factory=list)
    silenced: list[float] = field(default_factory=list)
    """From the first sound of an interruption to silence."""
    loop_lag: list[float] = field(default_factory=list)
    """Of a task that wanted to run every 10 ms."""
    frame_lag: list[float] = field(default_factory=list)
    """From the moment a frame was captured to the one at which it had been looked at."""
    preflighted: int = 0
    """Answers begun from a preflight whose words were those of the turn."""
    underruns: int = 0
    gaps: list[float] = field(default_factory=list)
    card_late: list[float] = field(default_factory=list)
    _preflight: str = ""
    _ends: list[float] = field(default_factory=list)
    """Of the questions that have no answer yet."""
    _ended: bool = False

    def rows(self) -> Iterator[tuple[str, float, str]]:
        """(title, value, unit)."""
        yield "answers", len(self.waits), ""
        for title, values in (
            ("voice to voice", self.waits),
            ("interrupted to silent", self.silenced),
            ("a frame was looked at late by", self.frame_lag),
            ("the event loop was late by", self.loop_lag),
            ("the loudspeaker's callback was late by", self.card_late),
        ):
            for percent in (50, 95, 99):
                if values and (percent < 99 or len(values) > 100):
                    yield f"{title} p{percent}", 1000 * percentile(values, percent), "ms"
            if values:
                yield f"{title}, most", 1000 * max(values), "ms"
        yield "preemptive answers", self.preflighted, ""
        yield "questions without an answer", len(self._ends), ""
        yield "sound ran out", self.underruns, ""

    async def hold(self) -> None:
        timeline, vad = Timeline(), Silero()
        stt = choose_stt(self.settings.stt)[0]
        async with AsyncExitStack() as stack:
            opened = await stack.enter_async_context(
                open_assistant(self.settings, self._notify, timeline.now)
            )
            assert opened.voice is not None
            import_language()
            for load in (vad.warm, stt.warm, opened.voice.tts.warm):
                await in_thread(load)
            segmenter = Segmenter(self.settings.listen, confirm_ms=self.settings.interrupt.confirm_ms)
            judge = end_of_turn(self.settings, segmenter, opened.assistant)
            frames = self._frames(timeline, opened.voice.speaker)
            segments = listen(frames, vad, segmenter)
            talking = opened.voice.speaker
            told = Conversation.of(self.settings.stt)
            hearing = transcribe(
                segments, stt, timeline.now, judge, talking=lambda: talking.speaking, conversation=told
            )
            async with (
                aclosing(frames),
                aclosing(segments),
                hearing as heard,
                anyio.create_task_group() as watching,
            ):
                watching.start_soon(self._watch)
                assert card.stream is not None
                card.stream.forget()  # how late it was while all was loading
                await run_conversation(heard, opened.assistant)
                watching.cancel_scope.cancel()
            self.underruns = opened.voice.speaker.underruns
            self.gaps, self.card_late = list(card.stream.gaps), list(card.stream.late_s)

    def _notify(self, event: events.Event) -> None:
        match event:
            case events.PreflightTranscript(text=text):
                self._preflight = words_only(text)
            case events.TurnResumed():
                self._preflight = ""
            case events.FinalTranscript(text=text):
                self.preflighted += words_only(text) == self._preflight
                self._preflight = ""
            case events.TurnDone(latency=latency) if latency.speech_end is not None:
                self._done(latency.speech_end, latency.audible)
            case _:
                pass

    def _done(self, speech_end: float, audible: float | None) -> None:
        """A question that was taken for two is answered by the last of the two."""
        for end in [end for end in self._ends if abs(end - speech_end) < _SAME_S]:
            self._ended = end == self._ends[-1]
            if audible is not None:
                self.waits.append(audible - end)
                self._ends.remove(end)

    async def _watch(self) -> None:
        while True:
            due = anyio.current_time() + _TICK_S
            await anyio.sleep_until(due)
            self.loop_lag.append(anyio.current_time() - due)

    async def _frames(self, timeline: Timeline, speaker: Speaker) -> AsyncGenerator[Audio, None]:
        begun = anyio.current_time()
        timeline.mark(0, HEARING_RATE)
        for count, samples in enumerate(self._sounds(speaker, timeline.now), 1):
            due = begun + count * FRAME_SAMPLES / HEARING_RATE
            await anyio.sleep_until(due)
            timeline.mark(count * FRAME_SAMPLES, HEARING_RATE, due)
            yield Audio(samples, HEARING_RATE)
            self.frame_lag.append(anyio.current_time() - due)

    def _sounds(self, speaker: Speaker, now: Callable[[], float]) -> Iterator[Samples]:
        """The next frame, asked for when the one before it has been looked at."""
        still = np.random.default_rng(3).normal(0, 6e-4, FRAME_SAMPLES).astype(np.float32)
        count = 0
        for number, question in enumerate(cycle(self.asked), 1):
            if count * FRAME_SAMPLES / HEARING_RATE > self.lasts_s:
                return
            begun, framer, self._ended = count * FRAME_SAMPLES, Framer(), False
            onset = begun / HEARING_RATE + BEFORE_S if speaker.speaking else float("inf")
            for samples in framer.push(question.sound[: question.ends[-1]]) + framer.flush():
                yield samples
                count += 1
                if now() > onset and (speaker.paused or not speaker.speaking):
                    self.silenced.append(now() - onset)
                    onset = float("inf")
            self._ends.append((begun + question.ends[-1]) / HEARING_RATE)
            sounded_s = waited_s = 0.0
            until_s = _INTO_S if (number + 1) % _INTERRUPTS == 0 else float("inf")
            while not self._ended and sounded_s < until_s and waited_s < _LONGEST_S:
                yield still
                count += 1
                waited_s += FRAME_S
                sounded_s += FRAME_S if speaker.speaking else 0.0
