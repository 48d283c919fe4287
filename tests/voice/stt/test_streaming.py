"""Speech to words for a dictation: words as they come, then the final ones; real engines, real speech."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from config.settings.model import ListenSettings
from tests.people import person, plain, wrong
from tests.spoken import sound
from voice.audio.samples import HEARING_RATE, Audio, Framer, Samples, concatenate, silence
from voice.stt.base import Stt
from voice.stt.events import FinalTranscript
from voice.stt.pocketsphinx import PocketSphinx
from voice.stt.streaming import Dictated, InterimWords, dictated
from voice.stt.whisper.engine import Whisper
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

pytestmark = pytest.mark.anyio


async def heard(stt: Stt, sound: Samples, *, live: bool = True, behind_s: float = 0.0) -> list[Dictated]:
    async def frames() -> AsyncIterator[Audio]:
        for frame in Framer().push(sound):
            yield Audio(frame, HEARING_RATE)

    vad, segmenter = Silero(), Segmenter(ListenSettings(preflight_ms=256, longest_s=28))
    segments = listen(frames(), vad, segmenter)
    told = dictated(segments, stt, segmenter, lambda: 0.0, live=live, behind_s=lambda: behind_s)
    return [item async for item in told]


def spoken(*parts: str | float) -> Samples:
    return sound(*parts).samples


@pytest.fixture(scope="module")
def micro(models: Path) -> Whisper:
    stt = Whisper(models / "whisper-micro", threads=1)
    stt.warm()
    return stt


def said(told: Sequence[Dictated]) -> list[str]:
    return [item.text for item in told if isinstance(item, FinalTranscript)]


READ = "It was the best of times."
SENTENCE = "Remind me in twenty minutes to water the plants."


async def test_words_come_while_a_person_reads_and_committed_only_grows(hearing: Whisper) -> None:
    told = await heard(hearing, concatenate([person("two_cities", 0.0, 3.05), silence(1.0, 16_000)]).samples)
    partial = [item.words for item in told if isinstance(item, InterimWords)]
    [text] = said(told)
    assert wrong(READ, text) <= 0.1
    assert len(partial) >= 3
    assert partial[2].committed.startswith("It was the best")
    for before, after in pairwise(partial):
        assert after.committed.startswith(before.committed)
    shown = f"{partial[-1].committed} {partial[-1].tentative}"
    assert plain(shown) == plain(text), "the pause has heard it all before it proves to be the end"


async def test_pocketsphinx_tells_its_own_partial_words() -> None:
    told = await heard(PocketSphinx(), spoken(0.3, "Add milk and bread to the shopping list.", 1.0))
    partial = [item.words for item in told if isinstance(item, InterimWords)]
    assert partial[-1].committed or partial[-1].tentative
    assert "shopping list" in said(told)[0]


async def test_without_a_watcher_or_behind_only_final_words(micro: Whisper) -> None:
    sound = spoken(0.3, SENTENCE, 1.0)
    quiet, late = await heard(micro, sound, live=False), await heard(micro, sound, behind_s=1.0)
    assert said(quiet) == said(late) == [SENTENCE]
    assert not [item for item in quiet if isinstance(item, InterimWords)]
    assert len([item for item in late if isinstance(item, InterimWords)]) <= 1, "only that of the pause"


async def test_the_longer_an_utterance_the_shorter_the_pause_that_ends_it(micro: Whisper) -> None:
    """A person who hardly pauses is cut in a pause, and not in a word."""
    parts: list[str | float] = [0.3]
    for _ in range(5):
        parts += ["The blue bicycle is in the garage.", 0.36]
    told = await heard(micro, spoken(*parts, 1.0), live=False)
    ends = [(item.speech_start, item.speech_end) for item in told if isinstance(item, FinalTranscript)]
    assert len(ends) >= 2
    assert all(end - start < 24 for start, end in ends)
    assert "bicycle" in said(told)[-1]


async def test_the_sound_is_heard_to_its_last_sample(micro: Whisper) -> None:
    sound = spoken(0.3, SENTENCE)
    assert said(await heard(micro, sound)) == [SENTENCE]
    assert np.abs(sound[-HEARING_RATE:]).max() > 0.01
