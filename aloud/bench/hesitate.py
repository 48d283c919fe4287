"""Who hesitates is not cut off; who is done does not wait: 40 questions with a pause inside, 20 without.

The stretches of each question are spoken apart by espeak's voices and laid beside pauses of 300 to 1500 ms,
over a hiss of -60 dBFS. Of the forty pauses 32 lie where the sentence is unfinished (after "um", an article,
a preposition, in a list), six after a statement that leads to a question ("I have a meeting at nine ..."),
and two where the question could have ended as well ("What is the weather like ... in Paris?"): only the
sound of a voice tells those from an end, and synthetic ones do not.

Real are the voice detector, the segmenter, ``listen``, ``transcribe`` and the judge of the end of a turn. The
ears are told the true words of what has been spoken so far, without case and marks, as PocketSphinx would
write them; with ``--ears`` they are real. A question is cut off when its turn ends before its last stretch.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import anyio
import numpy as np

from aloud.bench import Figure, Options, percentile
from aloud.opening import turn_model
from aloud.running import run_async
from config.settings import Settings, load
from voice.audio import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.ears import Hearing, Said, Stt, Transcript, listen, transcribe
from voice.end_of_turn import EndOfTurn
from voice.segmenter import Segmenter
from voice.vad import Silero

UNFINISHED = """
    what is um | the capital of france
    set a timer for ten minutes and | another one for five
    how far is it from here to | the station
    what is the | tallest building in the world
    add milk and | eggs and a loaf of bread to my list
    could you tell me | how long to boil an egg
    i want to know if | the museum is open on sunday
    how do i get to the | airport by train
    remind me to | water the plants at eight
    what was the name of the | actor in that film
    is it going to | rain tomorrow afternoon
    play something by | johann sebastian bach
    can you translate | good morning into french
    what happens when | i mix oil and water
    tell my wife that | i will be late tonight
    how many people live in | the city of berlin
    why is the | sky blue in the daytime
    what is the difference between | a lake and a pond
    send a message to | my brother in london
    do i need a | visa for brazil
    i would like to | book a table for two
    what time does the | last train to oxford leave
    the thing is uh | can you read this letter to me
    who wrote the | book about the white whale
    how much is twenty percent of | three hundred and forty
    find me a recipe with | potatoes and cheese
    what should i do if | the engine gets too hot
    let's say um | ten people are coming to dinner
    when was the | first man on the moon
    my question is | how do birds find their way
    give me directions to the nearest | pharmacy please
    explain to me why | the sea is salty
"""
LEADING = """
    i have a meeting at nine o'clock | when should i leave home
    i am planning a trip to the mountains | which clothes should i take along
    there is a strange noise in the kitchen | what could it be
    my daughter has a fever | should i call a doctor
    we have two eggs and some flour | what can we cook
    the washing machine does not start | what can i check myself
"""
EXTENDED = """
    what is the weather like | in paris on friday
    can you tell me a story | about a dragon and a cat
"""
COMPLETE = """
    what is the capital of france
    how far is the moon
    set a timer for ten minutes
    what time is it in tokyo
    who wrote the lord of the rings
    tell me a joke
    turn off the kitchen light
    how do i cook rice
    is it going to rain tomorrow
    what is twelve times twelve
    can you read me the news
    where is the nearest pharmacy
    when does the sun set today
    play some quiet music
    how old is the universe
    what does this word mean
    can you help me with a letter
    how many days are there in a leap year
    add butter to the shopping list
    why do cats purr
"""
VOICES = ("en-us", "en", "en-us+f3", "en-us+m3", "en+f2")
PAUSES_MS = (300, 450, 600, 750, 900, 1050, 1200, 1350, 1500)
_HISS = 0.001
_BREATH = HEARING_RATE // 4
"""Samples of an unvoiced end ("if") that the voice detector takes for silence."""


@dataclass(frozen=True)
class Question:
    """``ends``: where each stretch's sound ends, in samples at ``HEARING_RATE``."""

    stretches: tuple[str, ...]
    sound: Samples
    ends: tuple[int, ...]

    def words_until(self, sample: int) -> str:
        """What had been said whole, but for a last sound that is all breath."""
        said = zip(self.stretches, self.ends, strict=True)
        return " ".join(text for text, end in said if end <= sample + _BREATH)


def _lines(block: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split("|")) for line in block.strip().splitlines()]


def speak(stretches: tuple[str, ...], voice: str, pause_ms: int, hiss: np.random.Generator) -> Question:
    from voice.espeak import Espeak

    sounds: list[Samples] = [np.zeros(HEARING_RATE, np.float32)]
    ends = []
    for text in stretches:
        sound = Espeak(voice).say(text).audio.at_rate(HEARING_RATE).samples
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        sounds.append(sound[loud[0] : loud[-1] + 1])
        ends.append(sum(map(len, sounds)))
        sounds.append(np.zeros(round(pause_ms / 1000 * HEARING_RATE), np.float32))
    sounds[-1] = np.zeros(4 * HEARING_RATE, np.float32)
    whole = np.concatenate(sounds)
    return Question(stretches, whole + hiss.normal(0, _HISS, len(whole)).astype(np.float32), tuple(ends))


class ToldEars:
    """Implements ``Stt`` and ``Hearing`` at once: told what was said, by how much was heard of it."""

    name = "told"

    def __init__(self, question: Question, heard: Callable[[], int]) -> None:
        self._question = question
        self._heard = heard

    def warm(self) -> None: ...

    def open(self) -> Hearing:
        return self

    def push(self, samples: Samples) -> None: ...

    def draft(self) -> str:
        return self._question.words_until(self._heard())

    def finish(self) -> Transcript:
        text = self.draft()
        return Transcript(text, 1.0 if text else 0.0)


async def _end(question: Question, settings: Settings, stt: Stt | None) -> float:
    """Seconds at which the first turn ended; infinite when none did."""
    begun, captured = anyio.current_time(), 0

    async def frames() -> AsyncIterator[Audio]:
        nonlocal captured
        for samples in Framer().push(question.sound):
            captured += FRAME_SAMPLES
            await anyio.sleep_until(begun + captured / HEARING_RATE)
            yield Audio(samples, HEARING_RATE)

    def now() -> float:
        return anyio.current_time() - begun

    segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
    judge = EndOfTurn(settings.listen, settings.ears, segmenter, lambda: "", turn_model())
    ears = stt or ToldEars(question, lambda: captured)
    async for heard in transcribe(listen(frames(), Silero(), segmenter), ears, now, judge):
        if isinstance(heard, Said) and heard.turn_end is not None:
            return heard.turn_end
    return float("inf")


def _wait_s(question: Question, settings: Settings, stt: Stt | None) -> float:
    """From the end of the last stretch to the end of the turn; negative: cut off."""
    ended = run_async(lambda: _end(question, settings, stt), fast=True)
    return ended - question.ends[-1] / HEARING_RATE


def measure(options: Options) -> list[Figure]:
    settings = load({"ears.engine": options.ears} if options.ears else {}, environment={}).settings
    stt = None
    if options.ears:
        from aloud.rungs import choose_ears

        stt = choose_ears(settings)[0]
        stt.warm()
    hiss = np.random.default_rng(7)
    voices, pauses = itertools.cycle(VOICES), itertools.cycle(PAUSES_MS)
    figures, all_waits = [], []
    for place, block in (("unfinished", UNFINISHED), ("leading up", LEADING), ("could have ended", EXTENDED)):
        asked = [speak(line, next(voices), next(pauses), hiss) for line in _lines(block)]
        waits = [_wait_s(question, settings, stt) for question in asked]
        cut = [" | ".join(q.stretches) for q, wait in zip(asked, waits, strict=True) if wait < 0]
        all_waits += waits
        figures.append(Figure(f"  cut off where the sentence was {place}", len(cut), f"of {len(waits)}"))
        for line in cut:
            options.note(f"cut off: {line}")
    share = 100 * sum(wait < 0 for wait in all_waits) / len(all_waits)
    complete = [speak(line, next(voices), 300, hiss) for line in _lines(COMPLETE)]
    waited = [1000 * _wait_s(question, settings, stt) for question in complete]
    return [
        Figure("cut off in a pause", share, "%", 5.0),
        *figures,
        Figure("wait after a complete question, median", percentile(waited, 50), "ms", 450.0),
        Figure("wait after a complete question, p95", percentile(waited, 95), "ms"),
        Figure(
            "wait after a hesitant one, median", 1000 * percentile([w for w in all_waits if w >= 0], 50), "ms"
        ),
    ]
