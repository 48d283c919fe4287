"""Segments to words: the engine works beside the frames, and what was a pause only is dropped.

The time of each engine's piece of work is told on the fast clock; nothing waits for a real one.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

import anyio
import anyio.lowlevel
import numpy as np
import pytest

from config.errors import SttError
from config.runtime.clean import clean
from config.runtime.clock import FastLoop
from voice.audio.samples import FRAME_SAMPLES, Audio, Samples
from voice.stt.base import SttStream, Transcript
from voice.stt.context import Conversation
from voice.stt.events import (
    InterimTranscript,
    MinInterruptionReached,
    PreflightTranscript,
    RecognitionFailed,
    SpeechEvent,
    SpeechStarted,
    TurnResumed,
)
from voice.stt.transcribe import Judge, transcribe
from voice.turns.endpointing.segmenter import (
    Ended,
    Lull,
    Paused,
    Resumed,
    SegmenterEvent,
    Sound,
    Started,
    Sustained,
)

FRAME_S = FRAME_SAMPLES / 16_000
NOTHING = np.empty(0, np.float32)
Line = Sequence[SegmenterEvent | float]
"""What the segmenter told, and seconds between."""


def frames(count: int) -> list[SegmenterEvent | float]:
    """Voice, as fast as it is spoken."""
    each: list[SegmenterEvent | float] = []
    for _ in range(count):
        each += [Sound(np.zeros(FRAME_SAMPLES, np.float32)), FRAME_S]
    return each


class Counting:
    """Implements ``Stt`` and ``SttStream``: its words are how many frames it has heard. ``asked``: for
    what.
    """

    name = "counting"

    def __init__(self, confidence: float = 1.0, fails: Sequence[str] = ()) -> None:
        self.asked: list[str] = []
        self._heard = 0
        self._confidence = confidence
        self._fails = list(fails)

    def warm(self, language: str = "auto") -> None: ...

    def open(self, conversation: Conversation | None = None) -> SttStream:
        self._heard = 0
        return self

    def push(self, samples: Samples) -> None:
        self._fail("push")
        self._heard += len(samples) // FRAME_SAMPLES

    def preflight(self, *, thorough: bool = False) -> Transcript:
        self.asked.append("thorough" if thorough else "preflight")
        self._fail("preflight")
        return Transcript(f"{self._heard}{' sure' if thorough else ''}", self._confidence)

    def spot(self, seconds: float) -> str:
        self.asked.append("spot")
        return f"about {self._heard}"

    def finish(self) -> Transcript:
        self.asked.append("finish")
        self._fail("finish")
        return Transcript(str(self._heard), 1.0)

    def _fail(self, at: str) -> None:
        if at in self._fails:
            self._fails.remove(at)
            raise SttError("The STT broke.")


class Noting:
    """Implements ``Judge``: notes what it was told, and says so long."""

    def __init__(self, wait_ms: int = 300) -> None:
        self.told: list[str] = []
        self._wait_ms = wait_ms

    def wait_for_words(self) -> None:
        self.told.append("wait")

    def words(self, text: str, confidence: float = 1.0, closing: float | None = None) -> int:
        self.told.append(f"words {text}".strip())
        return self._wait_ms

    async def sound(self, sound: Audio) -> None:
        self.told.append(f"sound {len(sound.samples) // FRAME_SAMPLES}")


def heard(
    line: Line,
    stt: Counting,
    judge: Judge | None = None,
    talking: Callable[[], bool] = lambda: False,
    now: Callable[[], float] = anyio.current_time,
) -> list[SpeechEvent]:
    async def segments() -> AsyncIterator[SegmenterEvent]:
        for item in line:
            if isinstance(item, float | int):
                await anyio.sleep(item)
            else:
                yield item

    async def hear() -> list[SpeechEvent]:
        async with transcribe(segments(), stt, now, judge, talking=talking) as told:
            return [item async for item in told]

    return anyio.run(hear, backend_options={"loop_factory": FastLoop})


def brief(told: Sequence[SpeechEvent]) -> list[str]:
    """``FinalTranscript 12`` of a Said with the text 12; the others by their names and texts."""
    return [f"{type(item).__name__} {getattr(item, 'text', '')}".strip() for item in told]


def test_a_pause_brings_a_draft_and_the_end_its_words() -> None:
    stt, judge = Counting(), Noting()
    line = [Started(0), *frames(12), Paused(), 0.14, Lull(np.zeros(4 * FRAME_SAMPLES, np.float32)), 0.2]
    told = heard([*line, Ended(0, 12 * FRAME_SAMPLES)], stt, judge)
    assert brief(told) == ["SpeechStarted", "PreflightTranscript 12", "FinalTranscript 12"]
    assert judge.told == ["wait", "words 12", "sound 16"]
    assert stt.asked == ["preflight", "finish"]


def test_that_a_voice_lasts_is_told_while_the_engine_is_still_at_work() -> None:
    let_go, pushed = threading.Event(), []

    class Slow(Counting):
        def push(self, samples: Samples) -> None:
            assert let_go.wait(10)
            pushed.append(len(samples))
            super().push(samples)

    async def segments() -> AsyncIterator[SegmenterEvent]:
        yield Started(0)
        for _ in range(30):
            yield Sound(np.zeros(FRAME_SAMPLES, np.float32))
            await anyio.lowlevel.checkpoint()
        yield Sustained()
        yield Ended(0, 30 * FRAME_SAMPLES)

    async def hear() -> list[SpeechEvent]:
        told: list[SpeechEvent] = []
        async with transcribe(segments(), Slow(), lambda: 0.0) as items:
            async for item in items:
                told.append(item)
                if isinstance(item, MinInterruptionReached):
                    assert not pushed
                    let_go.set()
        return told

    told = anyio.run(hear)
    assert told[:2] == [SpeechStarted(0.0), MinInterruptionReached()]
    assert brief(told[2:]) == ["FinalTranscript 30"]  # every frame reached it, once


def test_the_words_of_a_pause_that_was_none_are_dropped() -> None:
    """A voice resumes while the engine is at work: the frames do not wait, and the preflight is not told."""

    class Slow(Counting):
        def preflight(self, *, thorough: bool = False) -> Transcript:
            resumed.wait(10)
            return super().preflight(thorough=thorough)

    resumed = threading.Event()

    async def segments() -> AsyncIterator[SegmenterEvent]:
        for item in [Started(0), *frames(8), Paused(), Resumed(), *frames(4)]:
            if isinstance(item, float | int):
                await anyio.sleep(item)
            else:
                yield item
        resumed.set()
        await anyio.sleep(0.2)
        yield Paused()
        yield Ended(0, 12 * FRAME_SAMPLES)

    async def hear() -> list[SpeechEvent]:
        async with transcribe(segments(), Slow(), lambda: 0.0) as told:
            return [item async for item in told]

    assert brief(anyio.run(hear)) == ["SpeechStarted", "FinalTranscript 12"]


def test_a_draft_that_was_told_is_taken_back_when_a_voice_resumes() -> None:
    line = [Started(0), *frames(8), Paused(), 0.3, Resumed(), *frames(4), Paused(), 0.3]
    told = heard([*line, Ended(0, 12 * FRAME_SAMPLES)], Counting())
    assert brief(told) == [
        "SpeechStarted",
        "PreflightTranscript 8",
        "TurnResumed",
        "PreflightTranscript 12",
        "FinalTranscript 12",
    ]


def test_a_voice_before_the_words_were_told_goes_on_with_the_same_turn() -> None:
    """The segmenter had ended it: the engine was late, and the person has gone on."""

    class Late(Counting):
        def finish(self) -> Transcript:
            began.wait(10)
            return super().finish()

    began = threading.Event()
    stt = Late()

    async def segments() -> AsyncIterator[SegmenterEvent]:
        yield Started(0)
        yield Sound(np.zeros(8 * FRAME_SAMPLES, np.float32))
        yield Ended(0, 8 * FRAME_SAMPLES)
        await anyio.sleep(0.1)
        yield Started(20 * FRAME_SAMPLES)
        began.set()
        yield Sound(np.zeros(5 * FRAME_SAMPLES, np.float32))
        await anyio.sleep(0.1)
        yield Ended(20 * FRAME_SAMPLES, 25 * FRAME_SAMPLES)

    async def hear() -> list[SpeechEvent]:
        async with transcribe(segments(), stt, lambda: 0.0) as told:
            return [item async for item in told]

    told = anyio.run(hear)
    assert brief(told) == ["SpeechStarted", "FinalTranscript 13"]  # one turn, with all of its sound


def test_an_endless_talker_is_cut_and_nothing_is_lost() -> None:
    cut = 8 * FRAME_SAMPLES
    line = [Started(0), *frames(8), Paused(), Ended(0, cut), Started(cut), *frames(3), Paused()]
    told = heard([*line, Ended(cut, cut + 3 * FRAME_SAMPLES)], Counting())
    assert [text for text in brief(told) if text.startswith("FinalTranscript")] == [
        "FinalTranscript 8",
        "FinalTranscript 3",
    ]


def test_a_doubtful_draft_is_heard_again() -> None:
    line = [Started(0), *frames(8), Paused(), 0.9, Ended(0, 8 * FRAME_SAMPLES)]
    stt = Counting(confidence=0.4)
    assert brief(heard(line, stt, Noting(900)))[1:3] == [
        "PreflightTranscript 8",
        "PreflightTranscript 8 sure",
    ]
    sure = Counting(confidence=0.9)
    heard(line, sure, Noting(900))
    assert "thorough" not in sure.asked


def test_the_same_words_are_told_once() -> None:
    class Unmoved(Counting):
        def preflight(self, *, thorough: bool = False) -> Transcript:
            return replace(super().preflight(thorough=thorough), text=clean(f"{self._heard}"))

    line = [Started(0), *frames(8), Paused(), 0.9, Ended(0, 8 * FRAME_SAMPLES)]
    stt = Unmoved(confidence=0.4)
    assert brief(heard(line, stt, Noting(900))) == [
        "SpeechStarted",
        "PreflightTranscript 8",
        "FinalTranscript 8",
    ]
    assert "thorough" in stt.asked


def test_nobody_waits_for_a_second_look_that_takes_much_longer_than_the_silence() -> None:
    now = 0.0

    class Slow(Counting):
        def preflight(self, *, thorough: bool = False) -> Transcript:
            nonlocal now
            now += 2.0 if thorough else 0.1
            return super().preflight(thorough=thorough)

    line: list[SegmenterEvent | float] = []
    for begin in range(0, 300 * FRAME_SAMPLES, 100 * FRAME_SAMPLES):
        line += [Started(begin), *frames(1), Paused(), 0.9, Ended(begin, begin + FRAME_SAMPLES), 0.1]
    stt = Slow(confidence=0.4)
    heard(line, stt, Noting(900), now=lambda: now)
    assert stt.asked.count("preflight") == 3
    assert stt.asked.count("thorough") == 1  # the first, by which it is known what one takes


@pytest.mark.parametrize(("over_an_answer", "spots"), [(True, True), (False, False)])
def test_over_an_answer_the_first_words_are_looked_for_while_they_are_spoken(
    over_an_answer: bool, spots: bool
) -> None:
    line = [Started(0), *frames(80), Paused(), 0.3, Ended(0, 80 * FRAME_SAMPLES)]
    stt = Counting()
    told = heard(line, stt, talking=lambda: over_an_answer)
    assert any(isinstance(item, InterimTranscript) for item in told) is spots
    if spots:
        assert 5 <= stt.asked.count("spot") <= 12  # of 2.6 s the first 1.8, every 0.16 s
        assert (
            max(int(text.split()[-1]) for text in brief(told) if text.startswith("InterimTranscript")) <= 57
        )


def test_where_drafts_are_dear_they_wait_for_a_longer_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are never given up: a machine that was slow for a while is asked again."""
    now, took = 0.0, iter([2.0, 0.1, 0.1, 0.1])

    class Costly(Counting):
        def preflight(self, *, thorough: bool = False) -> Transcript:
            nonlocal now
            now += next(took)
            return super().preflight(thorough=thorough)

    async def segments() -> AsyncIterator[SegmenterEvent]:
        for number in range(4):
            yield Started(number * 100 * FRAME_SAMPLES)
            yield Sound(np.zeros(FRAME_SAMPLES, np.float32))
            yield Paused()
            await anyio.sleep(0.14)
            asked.append((number, "paused", stt.asked.count("preflight")))
            yield Lull(NOTHING)
            await anyio.sleep(0.1)
            yield Ended(number * 100 * FRAME_SAMPLES, (number * 100 + 1) * FRAME_SAMPLES)
            await anyio.sleep(0.1)

    async def hear() -> None:
        async with transcribe(segments(), stt, lambda: now) as told:
            async for _ in told:
                pass

    asked: list[tuple[int, str, int]] = []
    stt = Costly()
    anyio.run(hear, backend_options={"loop_factory": FastLoop})
    assert [preflights for _, _, preflights in asked] == [1, 1, 2, 4]
    assert stt.asked.count("preflight") == 4


@pytest.mark.parametrize("at", ["push", "preflight"])
def test_an_engine_that_failed_once_hears_all_of_it_again(at: str) -> None:
    line = [Started(0), *frames(8), Paused(), 0.4, Ended(0, 8 * FRAME_SAMPLES)]
    told = heard(line, Counting(fails=[at]), Noting())
    assert brief(told)[-1] == "FinalTranscript 8"


def test_an_engine_that_fails_at_the_end_is_told_of_and_the_next_turn_is_heard() -> None:
    turn = [*frames(8), Paused(), 0.4]
    line = [Started(0), *turn, Ended(0, 8 * FRAME_SAMPLES), 0.5, Started(10**6), *turn]
    told = heard([*line, Ended(10**6, 10**6 + 1)], Counting(fails=["finish"]), Noting())
    assert brief(told) == [
        "SpeechStarted",
        "PreflightTranscript 8",
        "RecognitionFailed",
        "SpeechStarted",
        "PreflightTranscript 8",
        "FinalTranscript 8",
    ]
    assert any(isinstance(item, RecognitionFailed) for item in told)


def test_frames_that_come_faster_than_time_wait_for_the_words_of_a_pause() -> None:
    """A recording through a pipe: the judge is asked as it would be live."""
    judge = Noting()
    sound = [item for item in frames(8) if not isinstance(item, float)]
    line = [Started(0), *sound, Paused(), Lull(NOTHING), Ended(0, 8 * FRAME_SAMPLES)]
    assert brief(heard(line, Counting(), judge)) == [
        "SpeechStarted",
        "PreflightTranscript 8",
        "FinalTranscript 8",
    ]
    assert "words 8" in judge.told


def test_a_draft_and_its_resumption_are_told_in_their_order() -> None:
    line: list[SegmenterEvent | float] = [Started(0)]
    for _ in range(5):
        line += [*frames(4), Paused(), 0.1, Resumed()]
    told = heard([*line, *frames(2), Paused(), 0.3, Ended(0, 1)], Counting())
    kinds = [type(item) for item in told]
    for before, after in itertools.pairwise(kinds):
        assert not (before is PreflightTranscript and after is PreflightTranscript)
        assert not (before is TurnResumed and after is TurnResumed)
