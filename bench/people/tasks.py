"""Timers, units, sums, "stop" and "repeat" by voice, in each language: the transcript.

    python -m bench.people.tasks [--language it] [--stt whisper:base] [--json]

Numbers and lengths are said by the people of Asterisk's prompts where there are some (``tasks.toml``); the
rest of each sentence, and all that Aloud says, is a TTS's. Everything else is real: what is said is listened
to, recognised, routed and answered as in ``aloud talk``. Wrong: another tool or control than what was asked
for, or other arguments.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tomllib
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from aloud.cli.bench import machine
from bench.people.conversing import run_on
from bench.people.corpus import TONE_DBFS, room_tone, sound
from bench.room.voices import PERSON_DBFS, at_level
from config.language.phrases import phrases
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.session.audio import frames_input, speaker_output
from pipeline.session.engines import choose_tts
from pipeline.session.opened_engines import open_engines
from pipeline.session.session import Session
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.audio.speech import Speech

TABLE = Path(__file__).with_name("tasks.toml")
_INTO_S = 1.5
"""So long an answer has sounded when it is spoken into."""
_AFTER_S = 1.0
"""From the end of an answer to what is asked next."""
_LONGEST_S = 30.0
"""Until what was asked is taken to be left without an answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``tool`` and ``arguments``, or ``control``: what must become of it. ``over``: said into an answer."""

    say: str
    samples: Samples
    over: bool = False
    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    control: str = ""


@dataclass(slots=True)
class Answered:
    asked: Asked
    heard: str = ""
    answer: str = ""
    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    interrupted: bool = False


def right(each: Answered, before: Answered | None, language: str) -> bool:
    """Whether what was asked for became of it, and nothing else."""
    if each.asked.tool:
        given = each.asked.arguments.items() <= each.arguments.items()
        named = "name" in each.arguments and "name" not in each.asked.arguments
        return each.tool == each.asked.tool and given and not named and bool(each.answer)
    if each.tool or before is None:
        return False
    begun = phrases(language).tables["capabilities"]["here"].partition("{")[0]
    became = {
        "stop": before.interrupted and not each.answer,
        "repeat": each.answer == before.answer,
        "capabilities": each.answer.startswith(begun),
    }
    return became[each.asked.control]


def asked_in(language: str) -> list[Asked]:
    """Raises ``SystemExit`` where the recordings of people were not fetched."""
    spoken = tomllib.loads(TABLE.read_text("utf-8"))[language]
    voice = choose_tts(load({"tts.engine": spoken["tts"]}, environment={}).settings)[0]

    def part(text: str) -> Samples:
        said = sound(spoken["sounds"], text[1:]) if text[0] == "@" else _whole(voice.say(text), voice.rate)
        return at_level(said, PERSON_DBFS)

    def asked(say: Sequence[str], **wanted: Any) -> Asked:
        return Asked(" ".join(say), np.concatenate([part(text) for text in say]), **wanted)

    return [asked(**each) for each in spoken["ask"]]


def _whole(speech: Speech, rate: int) -> Samples:
    return Audio(speech.audio.samples, rate).at_rate(HEARING_RATE).samples


class Person:
    """Asks one thing after the other: when the answer before is over, or into it."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._waiting = deque(asked)
        self.account: list[Answered] = []
        self._by_turn: dict[int, Answered] = {}
        self._idle_since: float | None = None
        self._speaking_since: float | None = None
        self._said_at = 0.0

    def told(self, event: events.Event) -> None:
        """What happens in the session."""
        match event:
            case events.Ready():
                self._idle_since = event.at
            case events.FinalTranscript(text=text):
                answered = self._by_turn.setdefault(event.turn, self.account[-1])
                answered.heard = f"{answered.heard} {text}".strip()
            case events.Speaking():
                self._speaking_since = event.at
            case events.ToolUsed(tool=tool, arguments=arguments) if event.turn in self._by_turn:
                self._by_turn[event.turn].tool, self._by_turn[event.turn].arguments = tool, arguments
            case events.Spoke(heard=heard, complete=complete) if event.turn in self._by_turn:
                self._by_turn[event.turn].answer, self._by_turn[event.turn].interrupted = heard, not complete
            case events.TurnDone() if self.account and self._by_turn.get(event.turn) is self.account[-1]:
                self._idle_since, self._speaking_since = event.at, None
            case _:
                pass

    def _next(self, now: float) -> Asked | None:
        since, wait = self._idle_since, _AFTER_S
        if self._waiting and self._waiting[0].over:
            since, wait = self._speaking_since, _INTO_S
        late = self.account and now > self._said_at + _LONGEST_S
        if not self._waiting or not (late or (since is not None and now >= since + wait)):
            return None
        self._said_at, self._idle_since = now, None
        self.account.append(Answered(self._waiting.popleft()))
        return self.account[-1].asked

    def _is_done(self, now: float) -> bool:
        quiet = self._idle_since is not None and now > self._idle_since + _AFTER_S
        return not self._waiting and (quiet or now > self._said_at + _LONGEST_S)

    async def frames(self) -> AsyncIterator[Audio]:
        """As a microphone would give them."""
        tone = Framer().push(room_tone(10.0, TONE_DBFS, np.random.default_rng(3)).astype(np.float32))
        rest, begun, count = np.zeros(0, np.float32), anyio.current_time(), 0
        for quiet in itertools.cycle(tone):
            now = count / HEARING_RATE
            if not len(rest) and (asked := self._next(now)):
                rest = asked.samples
            elif not len(rest) and self._is_done(now):
                return
            frame, said, rest = quiet.copy(), rest[:FRAME_SAMPLES], rest[FRAME_SAMPLES:]
            frame[: len(said)] += said
            count += FRAME_SAMPLES
            await anyio.sleep_until(begun + count / HEARING_RATE)
            yield Audio(frame, HEARING_RATE)


def converse_in(language: str, settings: Settings) -> list[Answered]:
    """One conversation; engines take as long as they take."""
    person = Person(asked_in(language))

    async def run() -> None:
        async with open_engines(settings) as engines:
            output = speaker_output(settings.speaker)
            await Session(engines, frames_input(person.frames()), output, settings, person.told).run()

    run_on("fast", run)
    return person.account


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    table = tomllib.loads(TABLE.read_text("utf-8"))
    parser.add_argument("--language", choices=[*table], action="append")
    parser.add_argument("--stt", default="whisper:base")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures: dict[str, Any] = {"machine": machine(), "stt": given.stt}
    for language in given.language or [*table]:
        flags = {"llm.engine": "skills", "speaker.sink": "none", "stt.language": language}
        flags |= {"stt.engine": given.stt, "tts.engine": table[language]["tts"]}
        account = converse_in(language, load(flags, environment={}).settings)
        befores = [None, *account]
        good = [right(each, before, language) for each, before in zip(account, befores, strict=False)]
        figures[language] = f"{sum(good)} of {len(table[language]['ask'])}"
        if not given.json:
            _print(language, account, good)
    print(json.dumps(figures, ensure_ascii=False))


def _print(language: str, account: Sequence[Answered], good: Sequence[bool]) -> None:
    print(f"\n{language}: {sum(good)} of {len(account)}")
    for each, fine in zip(account, good, strict=True):
        print(f"{'  ' if fine else '! '}{each.asked.say}\n    heard: {each.heard}")
        done = f" [{each.tool} {dict(each.arguments)}]" if each.tool else ""
        print(f"    Aloud: {each.answer}{' …' if each.interrupted else ''}{done}")


if __name__ == "__main__":
    main()
