"""Who hesitates is not cut off; who is done does not wait: 40 questions with a pause inside, 20 without.

The stretches of each question are spoken apart by espeak's voices and laid beside pauses of 300 to 1500 ms,
over a hiss of -60 dBFS. Of the forty pauses 32 lie where the sentence is unfinished (after "um", an article,
a preposition, in a list), six after a statement that leads to a question ("I have a meeting at nine ..."),
and two where the question could have ended as well ("What is the weather like ... in Paris?"): only the sound
of a voice tells those from an end, and synthetic ones do not. The tables of
``voice.turns.endpointing.completeness`` were made with these sentences in view, so twenty more that nobody
has looked at since are counted apart, without a limit, and twenty that were looked at since. ``--rounds N``
asks all of them N times, each time with other voices and other pauses.

Real is the whole conversation: voice detector, segmenter, ``listen``, ``transcribe``, the judge of the end of
a turn, the turn controller with its preflights, the TTS, the speaker. The built-in skills answer, at once: no
answer could begin earlier. The STT is told the true words of what has been spoken so far, without case and
marks, as PocketSphinx would write them; with ``--stt`` they are real. Two things count, both before the last
stretch has ended: that the turn ended, and that a sound of an answer began.

With a turn model the sound judges as well: the one that was fetched, or that in an installed ``pipecat-ai``.
"""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import numpy as np

from aloud.cli.bench import Figure, Options, percentile
from aloud.cli.bench.engines import TOLD
from bench.conversation import hesitations
from bench.conversation.told import Question, ToldStt, speak
from config.runtime.clock import Timeline
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.session.assistant import open_assistant, turn_model
from pipeline.session.run import run_async
from pipeline.session.warmup import import_language
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer
from voice.stt.base import Stt
from voice.stt.transcribe import transcribe
from voice.tts.base import Tts
from voice.turns.endpointing.end_of_turn import EndOfTurn
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.endpointing.smart_turn import SmartTurn
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

_COUNTED = ("unfinished", "leading up", "could have ended")
VOICES = ("en-us", "en", "en-us+f3", "en-us+m3", "en+f2")
PAUSES_MS = (300, 450, 600, 750, 900, 1050, 1200, 1350, 1500)


@dataclass(frozen=True, slots=True)
class Engines:
    """``stt``: None for an STT that is told."""

    settings: Settings
    tts: Tts
    stt: Stt | None
    turn: SmartTurn | None


@dataclass(slots=True)
class Account:
    """When the first turn ended and when the first sound of an answer began, in seconds."""

    enough: anyio.Event = field(default_factory=anyio.Event)
    turn_end: float = float("inf")
    sound: float = float("inf")

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.FinalTranscript():
                self.turn_end = min(self.turn_end, event.at)
            case events.Speaking():
                self.sound = min(self.sound, event.at)
                self.enough.set()
            case _:
                pass


@dataclass(frozen=True, slots=True)
class Outcome:
    """Milliseconds after the end of the last stretch; below 0: cut off."""

    question: Question
    turn_end: float
    sound: float


def _lines(block: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split("|")) for line in block.strip().splitlines()]


def _turn_model() -> SmartTurn | None:
    if model := turn_model():
        return model
    pipecat = importlib.util.find_spec("pipecat")
    for folder in (pipecat and pipecat.submodule_search_locations) or ():
        for path in Path(folder).glob("audio/turn/smart_turn/data/smart-turn-*.onnx"):
            return SmartTurn(path)
    return None


async def _converse(question: Question, engines: Engines, account: Account) -> None:
    settings, timeline, captured = engines.settings, Timeline(), 0
    begun = anyio.current_time()

    async def frames() -> AsyncIterator[Audio]:
        nonlocal captured
        for samples in Framer().push(question.sound):
            captured += FRAME_SAMPLES
            due = begun + captured / HEARING_RATE
            await anyio.sleep_until(due)
            timeline.mark(captured, HEARING_RATE, due)
            yield Audio(samples, HEARING_RATE)

    async with open_assistant(settings, account, timeline.now, tts=engines.tts) as opened:
        begun = anyio.current_time()
        segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
        judge = EndOfTurn(settings.listen, settings.stt, segmenter, lambda: "", engines.turn)
        stt = engines.stt or ToldStt(lambda: question.words_until(captured))
        hearing = transcribe(listen(frames(), Silero(), segmenter), stt, timeline.now, judge)
        async with hearing as heard, anyio.create_task_group() as group:
            group.start_soon(run_conversation, heard, opened.assistant)
            with anyio.move_on_after(len(question.sound) / HEARING_RATE):
                await account.enough.wait()
            group.cancel_scope.cancel()


async def _hear(question: Question, engines: Engines) -> Outcome:
    account = Account()
    await _converse(question, engines, account)
    ended = question.ends[-1] / HEARING_RATE
    return Outcome(question, 1000 * (account.turn_end - ended), 1000 * (account.sound - ended))


def _open(options: Options) -> Engines:
    from pipeline.session.engines import choose_stt, choose_tts

    flags = {"llm.engine": "skills", "speaker.sink": "none", "tts.engine": options.choose_tts()}
    flags |= {"stt.engine": options.choose_stt()} if options.stt else {}
    settings = load(flags, environment={}).settings
    stt = choose_stt(settings.stt)[0] if options.stt else None
    options.engines.stt = stt.name if stt else TOLD
    engines = Engines(settings, choose_tts(settings)[0], stt, _turn_model())
    for engine in (engines.tts, engines.stt, engines.turn):
        if engine:
            engine.warm()
    import_language()
    return engines


def measure(options: Options) -> list[Figure]:
    engines, hiss = _open(options), np.random.default_rng(7)
    options.note("judged by words" + (f" and by sound ({engines.turn.path.name})" if engines.turn else ""))
    voices, pauses = itertools.cycle(VOICES), itertools.cycle(PAUSES_MS)
    places = dict(
        zip(_COUNTED, (hesitations.UNFINISHED, hesitations.LEADING, hesitations.EXTENDED), strict=True)
    )
    places |= {"seen since": hesitations.SEEN_SINCE, "unseen": hesitations.UNSEEN}
    outcomes: dict[str, list[Outcome]] = {place: [] for place in [*places, "complete"]}

    def ask(place: str, line: tuple[str, ...], pause_ms: int) -> None:
        question = speak(line, next(voices), pause_ms, hiss)
        outcomes[place].append(run_async(lambda: _hear(question, engines), fast=True))

    for _ in range(options.rounds or 1):
        for place, block in places.items():
            for line in _lines(block):
                ask(place, line, next(pauses))
        for line in _lines(hesitations.COMPLETE):
            ask("complete", line, 0)
    for place in places:
        for outcome in outcomes[place]:
            if outcome.turn_end < 0:
                options.note(f"cut off ({place}): {' | '.join(outcome.question.segments)}")
    return _figures(outcomes)


def _figures(outcomes: dict[str, list[Outcome]]) -> list[Figure]:
    complete = outcomes["complete"]
    shown = {place: each for place, each in outcomes.items() if place != "complete"}
    hesitant = [outcome for place, each in shown.items() for outcome in each if place in _COUNTED]
    turns = sum(outcome.turn_end < 0 for outcome in hesitant)
    sounds = sum(outcome.sound < 0 for outcome in hesitant)
    waits = [outcome.turn_end for outcome in complete]
    return [
        Figure("turn ended in a pause", 100 * turns / len(hesitant), "%", 5.0),
        Figure("answer sounded before the end", 100 * sounds / len(hesitant), "%", 5.0),
        *(
            Figure(f"  turn ended, {place}", sum(one.turn_end < 0 for one in each), f"of {len(each)}")
            for place, each in shown.items()
        ),
        Figure("wait after a complete question, median", percentile(waits, 50), "ms", 450.0),
        Figure("wait after a complete question, p95", percentile(waits, 95), "ms"),
        Figure("answer sounds after, median", percentile([one.sound for one in complete], 50), "ms"),
        Figure(
            "wait after a hesitant one, median",
            percentile([one.turn_end for one in hesitant if one.turn_end >= 0], 50),
            "ms",
        ),
    ]
