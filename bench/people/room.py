"""Aloud hears its own voice out of a loudspeaker, and people who interrupt it, over virtual sound cards.

    python -m bench.people.room [--minutes 20] [--rounds 40] [--stt SPEC] [--tts SPEC] [--json]

``make bench ARGS=room`` with people in the place of espeak: in real time, ``--minutes`` of Aloud's own voice
in eight rooms, its echo at -6, -12 and -20 dB and 30 to 200 ms late, two conversations at once. Every
interruption is a recording of a person that says a stop word, or a short sentence that takes the turn, as
loud as the echo of -6 dB. It is noticed when the answer is cancelled within 2 s of its first sound.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain, cycle

from aloud.cli.bench import Options, machine, print_table
from aloud.cli.bench.calibration import calibrated, kernels
from bench.people.corpus import lines
from bench.people.interrupt import said
from bench.room.room import conversations, echo, on_cards
from bench.room.voices import PERSON_DBFS, Utterance, at_level
from pipeline.intents.barge_in import meaning
from pipeline.intents.controls import control_intent

LONGEST_S = 1.5
"""Of a sentence: who notices it at its end must do so within 2 s."""


def people() -> Iterator[Utterance]:
    """Endless: stop words and short sentences in turn."""
    stops = [row for row in lines("words.tsv") if row[0].startswith("stop") and meaning(row[3]) == "stop"]
    whole = [
        row for row in lines("complete.tsv") if meaning(row[3]) == "words" and not control_intent(row[3])
    ]
    brief = [each for each in map(_utterance, whole) if each.seconds <= LONGEST_S]
    return chain.from_iterable(zip(cycle(map(_utterance, stops)), cycle(brief), strict=False))


def _utterance(row: Sequence[str]) -> Utterance:
    return Utterance(row[3], row[1], at_level(said(row[2]), PERSON_DBFS))


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.people.room")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--stt", default="whisper:tiny.en")
    parser.add_argument("--tts")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(given)
    options = Options(rounds=asked.rounds, stt=asked.stt, tts=asked.tts)
    stt, tts, before = options.choose_stt(), options.choose_tts(), kernels()
    talks = conversations(asked.rounds, 60 * asked.minutes, people())
    on_cards(stt, tts, talks)
    figures = echo("sound card", talks, options, asked.rounds)
    calibration = calibrated(before)
    if asked.json:
        told = {"stt": stt, "tts": tts, "kernels": calibration.as_json(), "machine": machine()}
        print(json.dumps({**told, "figures": [asdict(figure) for figure in figures]}))
    else:
        print(f"{stt}, {tts}\n{calibration}")
        print_table(figures, calibration)
    sys.exit(0 if all(figure.met for figure in figures) else 1)


if __name__ == "__main__":
    main()
