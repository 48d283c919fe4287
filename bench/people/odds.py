"""The weights of ``voice.turns.endpointing.odds``, fitted to the pauses of people, and what they are worth.

    python -m bench.people.odds [--set tune|report] [--stt whisper:tiny.en]

Every pause of at least 256 ms in what ``hesitate.py`` plays: the preflight there, how sure the STT is, what
the turn model takes 200 ms of the silence for, and whether it was the end. Printed is how often an end has
better odds than a pause: with the weights in use, and with weights fitted to all recordings but the one asked
about.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.people.conversing import Engines, open_engines
from bench.people.sets import SETS, Speech, complete, hesitations
from config.settings.model import ListenSettings
from voice.audio.samples import FRAME_SAMPLES, Framer, Samples
from voice.stt.context import Conversation
from voice.turns.endpointing import odds
from voice.turns.endpointing.completeness import read, words_of
from voice.turns.endpointing.segmenter import Lull, Paused, Resumed, Segmenter, Sound, Started
from voice.turns.endpointing.sentence_endings import ending
from voice.turns.vad.base import Vad
from voice.turns.vad.silero import Silero

LEAST_MS = 256
"""Shorter pauses end no turn."""
_AFTER_S = 2.0
_RIDGE = 0.3
_GROUPS = ("incomplete", "unclear", "stated", "complete")
_MERGED = {
    "clause": "incomplete",
    "dictating": "incomplete",
    "phrase": "unclear",
    "thinking": "incomplete",
    "leading": "stated",
    "extendable": "complete",
}

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pause:
    """``ms``: None at the end of what is said."""

    said: str
    known: odds.Evidence
    ms: float | None


@dataclass(slots=True)
class _Silence:
    preflight: Samples
    lull: Samples | None = None
    began: int = 0
    ms: float | None = None


def silences(sound: Samples, vad: Vad) -> list[_Silence]:
    """As the segmenter finds them when nothing ends the utterance."""
    segmenter, found, heard = Segmenter(ListenSettings()), list[_Silence](), list[Samples]()
    for number, frame in enumerate(Framer().push(sound)):
        segmenter.expect(1e9)
        for segment in segmenter.push(frame, vad.push(frame)):
            match segment:
                case Started():
                    heard.clear()
                case Sound(samples):
                    heard.append(samples)
                case Paused():
                    found.append(_Silence(np.concatenate(heard), began=number - 1))
                case Lull(samples):
                    found[-1].lull = np.concatenate([found[-1].preflight, samples])
                case Resumed():
                    found[-1].ms = (number - found[-1].began) * FRAME_SAMPLES / 16
                case _:
                    pass
    return [one for one in found if one.ms is None or one.ms >= LEAST_MS]


def pauses(speeches: Sequence[Speech], engines: Engines) -> Iterator[Pause]:
    for speech in speeches:
        sound = speech.sound[: speech.ends[-1] + round(_AFTER_S * 16_000)]
        for silence in silences(sound, Silero()):
            hearing = engines.stt.open(Conversation("en"))
            hearing.push(silence.preflight)
            preflight = hearing.preflight()
            heard = engines.turn.complete(silence.lull) if engines.turn and silence.lull is not None else None
            if preflight.text:
                reading = read(preflight.text, "en")
                last = ending(words_of(preflight.text), "en")
                known = odds.Evidence(
                    reading, preflight.text, preflight.confidence, heard, last, preflight.closing
                )
                yield Pause(speech.text, known, silence.ms)


def row(pause: Pause) -> Numbers:
    """What each weight is multiplied with, by differences of ``voice.turns.endpointing.odds`` itself."""
    known = pause.known
    group = _MERGED.get(known.reading, known.reading)

    def share(**one: float) -> float:
        nothing = {
            "readings": dict.fromkeys(odds.WEIGHTS.readings, 0.0),
            "doubt": 0.0,
            "open": 0.0,
            "sound": 0.0,
            "ending": 0.0,
            "closing": 0.0,
        }
        return odds.log_odds(known, odds.Weights(**(nothing | one)))  # type: ignore[arg-type]

    told = (share(doubt=1), share(open=1), share(sound=1), share(ending=1), share(closing=1))
    return np.array([*(float(group == g) for g in _GROUPS), *told])


def fit(rows: Numbers, over: Numbers) -> Numbers:
    """A logistic regression with a ridge, by Newton's method."""
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (over - likely) - _RIDGE * weights
        bend = (rows * (likely * (1 - likely))[:, None]).T @ rows + _RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def ranked(scores: Numbers, over: Numbers) -> float:
    """The share of pairs of an end and a pause in which the end has the better odds."""
    ends, others = scores[over == 1][:, None], scores[over == 0][None]
    return float(np.mean((ends > others) + 0.5 * (ends == others)))


def without(found: Sequence[Pause], rows: Numbers, over: Numbers, key: Callable[[Pause], str]) -> Numbers:
    """Each scored by weights that know nothing of its own."""
    keys, scores = np.array([key(each) for each in found]), np.zeros(len(found))
    for one in set(keys):
        others = keys != one
        scores[~others] = rows[~others] @ fit(rows[others], over[others])
    return scores


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.people.odds")
    parser.add_argument("--set", choices=SETS, default="tune")
    parser.add_argument("--stt", default="whisper:tiny.en")
    asked = parser.parse_args(given)
    engines = open_engines(asked.stt, "en")
    found = [*pauses([*hesitations(asked.set), *complete(asked.set)], engines)]
    rows, over = np.array([row(each) for each in found]), np.array([float(each.ms is None) for each in found])
    used = np.array([odds.log_odds(each.known) for each in found])
    left_out = without(found, rows, over, lambda each: " ".join(each.said.split()[:3]))
    print(f"{asked.set}, {engines.names}: {len(found)} pauses, {int(over.sum())} of them ends")
    print(f"an end has better odds than a pause: {100 * ranked(used, over):.1f} % of pairs as it is,")
    print(f"{100 * ranked(left_out, over):.1f} % with weights fitted to the others,")
    sound = np.array([0.5 if one.known.complete is None else one.known.complete for one in found])
    print(f"{100 * ranked(sound, over):.1f} % by the turn model alone")
    for name, weight in zip(
        [*_GROUPS, "doubt", "open", "sound", "ending", "closing"], fit(rows, over), strict=True
    ):
        print(f"{name:12} {weight:6.2f}")


if __name__ == "__main__":
    main()
