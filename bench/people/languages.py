"""Languages that change in one conversation, and short words that must not change it.

    python -m bench.people.languages [--stt whisper:base] [--set report] [--clock processor] [--json]

1. *Changes*: one conversation, its language told by nobody: blocks of whole sentences of the Asterisk voices,
   English, Spanish, English, French and so on. Wrong: an utterance that was written in another language, the
   first of a block apart, which is counted by itself.
2. *Short*: utterances of one to three words, shorter than 1.5 s: each English one as the first words of a
   conversation; all of them in a row; and those of Spanish and French in a row behind two whole sentences.
   Wrong: any that is written in another language.

Sets: every second recording of a list is for ``tune``, the others and the reader of Beckett for ``report``.
An utterance of which the STT makes no words is counted as not heard.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import get_args

import numpy as np

from aloud.cli.bench import machine
from aloud.cli.bench.calibration import calibrated, kernels
from bench.people.conversing import Clock, Engines, open_engines, turns_of
from bench.people.corpus import TONE_DBFS, join, lines, recordings, room_tone
from bench.people.sets import SETS, places, sources
from bench.room.voices import PERSON_DBFS, at_level
from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.context import Conversation
from voice.stt.language_pin import Guess, Pin

ACCOUNT = "en"
BLOCK, SENTENCE_WORDS = 4, 4
SHORT_WORDS, SHORT_S, SHORT_NUMBER = 3, 1.5, 50
LEAST_S = 0.2
"""Of voice begin an utterance: less than that is heard by nobody."""
_GAP_MS = 2500.0
_SLACK_S = 0.4
"""A turn belongs to the utterance over which it begins, give or take so much."""


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    text: str
    language: str
    samples: Samples


@dataclass(frozen=True, slots=True)
class Written:
    """``languages``: of the turns that the STT made of it, none where they heard no words. ``place``: first,
    later of a block. ``guess``: Whisper's of the last of them.
    """

    text: str
    language: str
    languages: tuple[str, ...]
    heard: str
    place: str
    guess: Guess | None

    @property
    def wrong(self) -> bool:
        return any(each != self.language for each in self.languages)


class Listening(Pin):
    """A pin that tells what it went by."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.guesses: list[Guess] = []

    def keep(self, guess: Guess) -> None:
        super().keep(guess)
        self.guesses.append(guess)


def _every(language: str, chosen: str) -> list[Utterance]:
    """One speaker's recordings that belong to the set, those without a text of their own apart."""
    speaker = {"en": "allison", "es": "allison-es", "fr": "june"}[language]
    every = [Utterance(r.text, language, r.samples) for r in recordings(language, speaker)]
    return every[SETS.index(chosen) :: 2]


def sentences(language: str, chosen: str) -> list[Utterance]:
    whole = [one for one in _every(language, chosen) if one.text[-1] in ".?!" and one.text[0].isupper()]
    return [one for one in whole if len(one.text.split()) >= SENTENCE_WORDS]


def short(language: str, chosen: str) -> list[Utterance]:
    brief = [one for one in _every(language, chosen) if len(one.text.split()) <= SHORT_WORDS]
    if language != "en":
        return brief
    brief = [*(_readers() if chosen == "report" else []), *brief]
    heard = [one for one in brief if LEAST_S <= len(one.samples) / HEARING_RATE < SHORT_S]
    return heard[:SHORT_NUMBER]


def _readers() -> list[Utterance]:
    """The phrases of Beckett, and "yes", "no" and "not now" of the readers of Endgame."""
    known = sources()
    rows = [row for row in lines("complete.tsv") if row[2].startswith("beckett@")]
    rows += [row for row in lines("words.tsv") if row[1] == "readers-endgame" and row[0] != "inside"]
    return [Utterance(text, "en", places(where, known)[0].samples) for *_, where, text in rows]


def changing(chosen: str) -> list[list[Utterance]]:
    """Blocks: English before and behind each of another language, until those are used up."""
    every = {language: sentences(language, chosen) for language in ("en", "es", "fr")}
    blocks = {language: _blocks(those) for language, those in every.items()}
    english = iter(blocks["en"])
    order = [next(english)]
    for at in range(max(len(blocks["es"]), len(blocks["fr"]))):
        for language in ("es", "fr"):
            if at < len(blocks[language]):
                order += [blocks[language][at], next(english)]
    return order


def _blocks(every: Sequence[Utterance]) -> list[list[Utterance]]:
    whole = len(every) - len(every) % BLOCK
    return [list(every[at : at + BLOCK]) for at in range(0, whole, BLOCK)]


def hear(said: Sequence[tuple[Utterance, str]], engines: Engines, clock: Clock) -> list[Written]:
    """One conversation. ``said``: utterances and their ``place``."""
    quiet = np.zeros(0, np.float32)
    parts = [quiet, *(at_level(one.samples, PERSON_DBFS) for one, _ in said), quiet]
    length = sum(map(len, parts)) / HEARING_RATE + (len(parts) - 1) * _GAP_MS / 1000
    tone = room_tone(length, TONE_DBFS, np.random.default_rng(3))
    sound = join(parts, [_GAP_MS] * (len(parts) - 1), tone).astype(np.float32)
    conversation = Conversation(ACCOUNT)
    conversation.pin = pin = Listening(ACCOUNT)
    turns = turns_of(sound, engines, clock, conversation)
    # A model for one language alone guesses nothing.
    guesses = dict(zip((id(turn) for turn in turns), pin.guesses, strict=False))
    found = []
    for (one, place), (begin, end) in zip(said, _spans(parts), strict=True):
        own = [t for t in turns if begin - _SLACK_S <= t.speech_start < end]
        guess = guesses.get(id(own[-1])) if own else None
        heard = " ".join(turn.text for turn in own)
        found.append(Written(one.text, one.language, tuple(t.language for t in own), heard, place, guess))
    return found


def _spans(parts: Sequence[Samples]) -> Iterator[tuple[float, float]]:
    """Seconds at which each part between the two empty ones begins and ends."""
    at = _GAP_MS / 1000
    for part in parts[1:-1]:
        yield at, at + len(part) / HEARING_RATE
        at += len(part) / HEARING_RATE + _GAP_MS / 1000


def measure(chosen: str, engines: Engines, clock: Clock) -> dict[str, list[Written]]:
    blocks = changing(chosen)
    placed = [(one, "later" if at else "first") for block in blocks for at, one in enumerate(block)]
    brief = short("en", chosen)
    found = {
        "changes": hear(placed, engines, clock),
        "short, each the first": [hear([(one, "first")], engines, clock)[0] for one in brief],
        "short, in a row": hear([(one, "later") for one in brief], engines, clock),
    }
    for language in ("es", "fr"):
        before = [(one, "before") for one in sentences(language, chosen)[:2]]
        row = [(one, "later") for one in short(language, chosen)]
        found[f"short, in a row, {language}"] = hear([*before, *row], engines, clock)[len(before) :]
    return found


def figures(found: dict[str, list[Written]]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for name, every in found.items():
        heard = [one for one in every if one.languages]
        if name == "changes":
            first = [one for one in heard if one.place == "first"]
            counted |= {"changes": len(first), "wrong, the first after a change": sum(o.wrong for o in first)}
            heard = [one for one in heard if one.place != "first"]
            name = "later ones"
        counted |= {name: len(heard), f"{name}: wrong": sum(one.wrong for one in heard)}
        counted[f"{name}: not heard"] = sum(not one.languages for one in every)
    return counted


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.people.languages")
    parser.add_argument("--stt", default="whisper:base", help="whisper:NAME, a model for many languages")
    parser.add_argument("--set", choices=SETS, default="report", help="which of the recordings")
    parser.add_argument("--clock", choices=get_args(Clock), default="fast")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    asked = _arguments(given)
    before = kernels()
    engines = open_engines(asked.stt, "auto")
    found = measure(asked.set, engines, asked.clock)
    calibration = calibrated(before)
    counted = figures(found)
    if asked.json:
        told = {"set": asked.set, "clock": asked.clock, "engines": engines.names, "figures": counted}
        told |= {"kernels": calibration.as_json(), "machine": machine()}
        rows = {name: [asdict(one) for one in every] for name, every in found.items()}
        print(json.dumps({**told, "utterances": rows}))
        return
    for name, every in found.items():
        for one in every:
            if one.wrong or not one.languages:
                print(f"{name}: {one.language} {one.text!r} {one.languages} {one.heard!r} {one.guess}")
    print(f"{asked.set}, clock {asked.clock}, {engines.names}\n{calibration}")
    for title, count in counted.items():
        print(f"{title:40} {count:4}")


if __name__ == "__main__":
    main()
