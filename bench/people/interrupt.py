"""People speak over an answer of joe's: how soon it is silent, which stop words are obeyed, what it survives.

    python -m bench.people.interrupt [--stt SPEC] [--clock processor | --live] [--unsettled] [--json]

As ``make bench ARGS=interrupt``, on its stage, with recordings of people at -26 dBFS over room tone.

1. *Onset*: sentences of ``complete.tsv`` at random moments of the answer, half of them in its first 3 s.
   Silent: after the last sample above -60 dBFS, from the first 10 ms of the voice that lie within 30 dB of
   its loudest.
2. *Stop words*: those of ``words.tsv`` that mean stop, from the end of the word (the last such 10 ms) until
   nothing is heard any more for good, and until the answer is cancelled. Below 0: before the word was over.
3. *Disturbances*: sixty that take no turn. 52 are made (``bench.conversation.disturbances``: coughs, hums,
doors,
   claps, keyboards); 8 are "yes" of people, of whom the recordings hold no other assent.
4. *Stop sentences*: words alone.

``--unsettled``: the canceller still learns the room, so that only words silence. Fast clocks as in
``bench.people.hesitate``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import get_args

import numpy as np

from aloud.cli.bench import machine, percentile
from aloud.cli.bench.calibration import calibrated, kernels
from bench.conversation.disturbances import ASSENTS, disturbances
from bench.conversation.interrupt import ANSWER
from bench.conversation.reacting import onset, survived
from bench.conversation.staging import AUDIBLE, RATE, Cast, Remembering, Scene, stage
from bench.people.conversing import Clock, open_engines, run_on
from bench.people.corpus import TONE_DBFS, lines, room_tone
from bench.people.hesitate import spread
from bench.people.sets import places, sources
from bench.room.voices import PERSON_DBFS, at_level
from pipeline import events
from pipeline.intents.barge_in import meaning
from pipeline.intents.controls import control_intent
from voice.audio.samples import HEARING_RATE, Samples
from voice.turns.vad.silero import Silero

_SOONEST_S, _EARLY_S, _LATEST_S = 0.4, 3.0, 7.0
"""Of the answer, which sounds from about 0.2 s on: what happens to it falls between."""
_REST_S = 3.0
_SENTENCES, _PLACES = 24, 3
_KINDS = ("onset", "stop", "disturbance")


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """``samples``: from its onset on, 16 kHz. ``end_s``: where its last loud 10 ms end."""

    text: str
    samples: Samples
    at_s: float

    @property
    def end_s(self) -> float:
        return self.at_s + (len(self.samples) - onset(self.samples[::-1])) / HEARING_RATE


@dataclass(frozen=True, slots=True)
class Outcome:
    """Milliseconds after the onset, or after the end of a stop word; None: it did not happen."""

    kind: str
    text: str
    at_s: float
    silent_ms: float | None
    cancelled_ms: float | None
    survived: bool
    heard: tuple[str, ...]


class Stage:
    def __init__(self, cast: Cast, clock: Clock) -> None:
        self._cast, self._clock = cast, clock
        self._rng = np.random.default_rng(7)

    def play(self, sound: Sound) -> Scene:
        first = round(sound.at_s * HEARING_RATE)
        length = first + len(sound.samples) + round(_REST_S * HEARING_RATE)
        microphone = room_tone(length / HEARING_RATE, TONE_DBFS, self._rng)[:length].astype(np.float32)
        microphone[first : first + len(sound.samples)] += sound.samples
        return run_on(self._clock, lambda: stage(self._cast, ANSWER, microphone))

    def outcome(self, kind: str, sound: Sound) -> Outcome:
        scene = self.play(sound)
        since = sound.end_s if kind == "stop" else sound.at_s
        cut = scene.of(events.Interrupted)
        silent = _silent_for_good(scene, sound.at_s) if cut else None
        heard = [
            each.text
            for each in scene.events
            if isinstance(each, events.PreflightTranscript | events.FinalTranscript)
        ][1:]
        return Outcome(
            kind,
            sound.text,
            round(sound.at_s, 2),
            None if silent is None else round(1000 * (silent - since), 1),
            round(1000 * (cut[0].at - since), 1) if cut else None,
            survived(scene),
            tuple(heard),
        )


def _silent_for_good(scene: Scene, after: float) -> float:
    loud = np.flatnonzero(np.abs(scene.between(after, after + 30.0)) > AUDIBLE)
    return after + (int(loud[-1]) + 1) / RATE if len(loud) else after


def _moments(number: int, seed: int) -> Iterator[float]:
    """Half of them early in the answer."""
    rng = np.random.default_rng(seed)
    for each in range(number):
        bounds = (_SOONEST_S, _EARLY_S) if each % 2 else (_EARLY_S, _LATEST_S)
        yield float(rng.uniform(*bounds))


def said(where: str) -> Samples:
    """A recording, as loud as a person, from its onset on."""
    known = sources()
    samples = np.concatenate([place.samples for place in places(where, known)])
    levelled = at_level(samples, PERSON_DBFS)
    return levelled[onset(levelled) :]


def sentences(number: int) -> list[Sound]:
    """Of all speakers, such as take the turn."""
    rows = [row for row in lines("complete.tsv") if meaning(row[3]) == "words" and not control_intent(row[3])]
    chosen = spread(rows, number)
    return [Sound(row[3], said(row[2]), at) for row, at in zip(chosen, _moments(len(chosen), 1), strict=True)]


def stop_words(number: int) -> list[Sound]:
    """Each word at several moments."""
    rows = [row for row in lines("words.tsv") if row[0].startswith("stop") and meaning(row[3]) == "stop"]
    every = [row for row in rows for _ in range(_PLACES)]
    sounds = zip(every, _moments(len(every), 2), strict=True)
    return spread([Sound(row[3], said(row[2]), at) for row, at in sounds], number)


def takes_no_turn(number: int) -> list[Sound]:
    """Sixty: 52 made, 8 of people."""
    made = [each for seed in (1, 2) for each in disturbances(seed) if each.name not in ASSENTS][:52]
    yes = [("yes", said(row[2])) for row in lines("words.tsv") if row[0] == "backchannel"] * 4
    every = [*[(f"{each.name} (made)", each.samples) for each in made], *yes]
    moments = _moments(len(every), 3)
    return spread(
        [Sound(name, samples, at) for (name, samples), at in zip(every, moments, strict=True)], number
    )


def figures(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """ms, and how many."""

    def of(kind: str) -> list[Outcome]:
        return [one for one in outcomes if one.kind == kind]

    def at(values: Sequence[float | None], percent: float) -> float | None:
        return percentile([float("inf") if v is None else v for v in values], percent) if values else None

    onsets, stops, sounds = of("onset"), of("stop"), of("disturbance")
    stopped = [one for one in stops if one.cancelled_ms is not None]
    understood = [one for one in stopped if one.heard and meaning(one.heard[-1]) == "stop"]
    wrong = [text for _, text in lines("stop_sentences.tsv") if meaning(text) != "words"]
    return {
        "interruptions": len(onsets),
        "interruptions lost": sum(one.cancelled_ms is None for one in onsets),
        "onset to silent, p50 ms": at([one.silent_ms for one in onsets], 50),
        "onset to silent, p95 ms": at([one.silent_ms for one in onsets], 95),
        "stop words": len(stops),
        "stop words that silenced for good": len(stopped),
        "stop words understood": len(understood),
        "end of the word to silent for good, p50 ms": at([one.silent_ms for one in stopped], 50),
        "end of the word to silent for good, p95 ms": at([one.silent_ms for one in stopped], 95),
        "end of the word to cancelled, p50 ms": at([one.cancelled_ms for one in stopped], 50),
        "end of the word to cancelled, p95 ms": at([one.cancelled_ms for one in stopped], 95),
        "disturbances": len(sounds),
        "answers lost to one": sum(not one.survived for one in sounds),
        "stop sentences": len(lines("stop_sentences.tsv")),
        "stop sentences taken for stop": len(wrong),
    }


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.people.interrupt")
    parser.add_argument("--stt", default="whisper:tiny.en", help="as aloud takes it: whisper:base, auto")
    parser.add_argument("--clock", choices=get_args(Clock), default="fast")
    parser.add_argument("--live", dest="clock", action="store_const", const="wall", help="--clock wall")
    parser.add_argument("--unsettled", action="store_true", help="only words silence")
    parser.add_argument("--kind", choices=_KINDS, action="append", help="only these; all")
    parser.add_argument("--only", type=int, help="so many of each kind, spread over it")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    asked = _arguments(given)
    engines = open_engines(asked.stt, "en", sound=False)
    before = kernels()
    vad = Silero()
    vad.warm()
    tts = Remembering(engines.tts)
    playing = Stage(Cast(engines.settings, vad, engines.stt, tts, settled=not asked.unsettled), asked.clock)
    kinds = {
        "onset": sentences(asked.only or _SENTENCES),
        "stop": stop_words(asked.only or 1000),
        "disturbance": takes_no_turn(asked.only or 60),
    }
    outcomes = []
    for kind in asked.kind or _KINDS:
        for sound in kinds[kind]:
            outcomes.append(playing.outcome(kind, sound))
            _remark(outcomes[-1])
    calibration = calibrated(before)
    found = figures(outcomes)
    if asked.json:
        told = {
            "clock": asked.clock, "unsettled": asked.unsettled, "engines": engines.names,
            "calibration": calibration.as_json(), "machine": machine(), "figures": found,
        }  # fmt: skip
        print(json.dumps({**told, "outcomes": [asdict(one) for one in outcomes]}))
        return
    print(f"{asked.clock} clock, {engines.names}\n{calibration}")
    for name, value in found.items():
        print(f"{name:45} {'-' if value is None else f'{value:8.1f}'}")


def _remark(one: Outcome) -> None:
    """What went wrong, as it happens."""
    lost = one.cancelled_ms is None if one.kind != "disturbance" else not one.survived
    if lost:
        what = {"onset": "not interrupted by", "stop": "not stopped by", "disturbance": "lost to"}[one.kind]
        print(f"{what} {one.text!r} at {one.at_s} s: heard {list(one.heard)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
