"""A crowd, music, hiss and silence want no answer; who is louder than the crowd wants one.

    python -m bench.people.crowd [--minutes 30] [--louder 6 10 15] [--stt SPEC] [--json]

Real music, ten people who talk at once, silence and hiss, a quarter of the minutes each, spoken to a whole
conversation with real STT: every turn answered is one that nobody meant. Deaf: the longest utterance that
ended in nothing, from its first voice until that was known; who begins to speak in it waits until then.

Then ten commands and questions of the woman of Asterisk, each ``--louder`` dB above each of nine others who
talk on. At 6 dB her words are 3.5 dB below the nine together. Answered: a turn with this one sentence of
hers in it, and no other, was told with words, right or wrong; of the ten sentences so much was wrong, what
was not heard included. Other turns were meant by nobody. The fast clock runs; ``--clock processor`` leaves
out other programs on the machine.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import get_args

import numpy as np

from aloud.cli.bench import machine
from aloud.cli.bench.calibration import calibrated, kernels
from bench.people.conversing import Clock, Engines, hearing, open_engines, run_on
from bench.people.corpus import TALKER_DBFS, lines, music, talkers, ten_talkers
from bench.people.sets import places, sources
from bench.room.voices import active_dbfs
from bench.wer import plain
from config.runtime.clock import Timeline
from pipeline.conversation.converse import run_conversation
from pipeline.session.assistant import open_assistant
from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.events import FalseInterruption, FinalTranscript, SpeechEvent, SpeechStarted

ASKED = 10
_FIRST_S, _EVERY_S = 15.0, 10.0
HISS_DBFS = -40.0
_SHOWN = 80
"""Letters of a turn that are printed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds in the recording."""

    text: str
    start_s: float
    end_s: float


@dataclass(slots=True)
class Heeded:
    """What the STT told of one recording. ``deaf_s``: the longest utterance that ended in nothing."""

    turns: list[Turn] = field(default_factory=list)
    ignored: int = 0
    deaf_s: float = 0.0
    _since: float = 0.0

    def take(self, event: SpeechEvent, now: float) -> None:
        match event:
            case SpeechStarted(since):
                self._since = since
            case FalseInterruption():
                self.ignored += 1
                self.deaf_s = round(max(self.deaf_s, now - self._since), 2)
            case FinalTranscript():
                self.turns.append(Turn(event.text, round(event.speech_start, 2), round(event.speech_end, 2)))
            case _:
                pass


def heed(sound: Samples, engines: Engines, clock: Clock) -> Heeded:
    async def run() -> Heeded:
        heeded, timeline = Heeded(), Timeline()

        async def told(heard: AsyncIterator[SpeechEvent]) -> AsyncIterator[SpeechEvent]:
            async for event in heard:
                heeded.take(event, timeline.now())
                yield event

        async with (
            open_assistant(engines.settings, lambda _: None, timeline.now, tts=engines.tts) as opened,
            hearing(sound, engines, timeline) as heard,
        ):
            await run_conversation(told(heard), opened.assistant)
        return heeded

    return run_on(clock, run)


def wordless(minutes: float) -> dict[str, Samples]:
    """Of each a quarter of the minutes."""
    seconds = 15 * minutes
    length, rng = round(seconds * HEARING_RATE), np.random.default_rng(1)
    hiss = 10 ** (HISS_DBFS / 20) * rng.standard_normal(length)
    return {
        "music": np.resize(music(), length),
        "ten talkers": ten_talkers(seconds),
        "silence": np.zeros(length, np.float32),
        "hiss": hiss.astype(np.float32),
    }


@dataclass(frozen=True, slots=True)
class Asked:
    text: str
    start_s: float
    end_s: float


def louder(db: float) -> tuple[Samples, list[Asked]]:
    """Nine who talk on, and ten times one who is louder than each of them."""
    rows = [row for row in lines("complete.tsv") if row[0] == "report" and row[1] in ("command", "question")]
    chosen = [rows[at * len(rows) // ASKED] for at in range(ASKED)]
    others = talkers(_FIRST_S + ASKED * _EVERY_S, 9)
    mixed, asked, known = np.sum(others, axis=0), [], sources()
    for number, (_, _, where, text) in enumerate(chosen):
        said = np.concatenate([place.samples for place in places(where, known)])
        begin = round((_FIRST_S + number * _EVERY_S) * HEARING_RATE)
        end = begin + len(said)
        mixed[begin:end] += said * 10 ** ((TALKER_DBFS + db - active_dbfs(said)) / 20)
        asked.append(Asked(text, begin / HEARING_RATE, end / HEARING_RATE))
    return (mixed * min(1.0, 0.9 / np.abs(mixed).max())).astype(np.float32), asked


@dataclass(frozen=True, slots=True)
class Answered:
    """``wrong``: percent of the words asked. ``meant_by_nobody``: turns in which she did not speak."""

    louder_db: float
    answered: int
    wrong: float
    meant_by_nobody: int
    deaf_s: float
    heard: list[tuple[str, str]]


def turns_of(turns: Sequence[Turn], asked: Sequence[Asked]) -> dict[Asked, list[Turn]]:
    """Those in which that sentence lies, and no other."""
    of: dict[Asked, list[Turn]] = {one: [] for one in asked}
    for turn in turns:
        inside = [one for one in asked if turn.start_s < one.end_s and turn.end_s > one.start_s]
        if len(inside) == 1:
            of[inside[0]].append(turn)
    return of


def answered(db: float, engines: Engines, clock: Clock) -> Answered:
    import jiwer

    sound, asked = louder(db)
    heeded = heed(sound, engines, clock)

    of = turns_of(heeded.turns, asked)
    heard = [(one.text, " ".join(turn.text for turn in of[one])) for one in asked]
    wrong = jiwer.wer([plain(text) for text, _ in heard], [plain(words) for _, words in heard])
    nobody = len(heeded.turns) - sum(map(len, of.values()))
    number = sum(bool(words) for _, words in heard)
    return Answered(db, number, round(100 * wrong, 1), nobody, heeded.deaf_s, heard)


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.people.crowd")
    parser.add_argument("--minutes", type=float, default=30.0, help="music, talkers, silence, hiss together")
    parser.add_argument("--louder", type=float, nargs="*", default=[6.0, 10.0, 15.0], metavar="DB")
    parser.add_argument("--stt", default="whisper:tiny.en", help="as aloud takes it: whisper:base, auto")
    parser.add_argument("--language", default="en", help="stt.language")
    parser.add_argument("--clock", choices=get_args(Clock), default="fast")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(given)
    engines = open_engines(asked.stt, asked.language)
    before = kernels()
    rooms = {name: heed(sound, engines, asked.clock) for name, sound in wordless(asked.minutes).items()}
    rows = [answered(db, engines, asked.clock) for db in asked.louder]
    calibration = calibrated(before)
    if asked.json:
        told = {
            "minutes": asked.minutes, "clock": asked.clock, "engines": engines.names,
            "kernels": calibration.as_json(), "machine": machine(), "louder": [asdict(row) for row in rows],
            "rooms": {name: asdict(heeded) for name, heeded in rooms.items()},
        }  # fmt: skip
        print(json.dumps(told))
        return
    print(f"{asked.minutes:g} minutes, {asked.clock} clock, {engines.names}\n{calibration}")
    for name, room in rooms.items():
        print(f"{name:12} {len(room.turns)} turns answered, {room.ignored} ignored, deaf {room.deaf_s:.1f} s")
        for turn in room.turns:
            print(f"    {turn.start_s:7.1f} s  {turn.text[:_SHOWN]}")
    for row in rows:
        figures = f"{row.answered} of {ASKED} answered, words wrong {row.wrong:.1f} %"
        print(f"+{row.louder_db:g} dB: {figures}; {row.meant_by_nobody} by nobody, deaf {row.deaf_s:.1f} s")
        for text, words in row.heard:
            print(f"    {text} -> {words[:_SHOWN] or '(nothing)'}")


if __name__ == "__main__":
    main()
