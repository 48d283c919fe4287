"""Who hesitates is not cut off, who is done does not wait: people, heard by real STT.

    python -m bench.people.hesitate [--set tune|report] [--stt SPEC] [--amid] [--live] [--json]

What ``make bench ARGS=hesitate`` measures with synthetic voices and told words, on recordings of people. Of
each of ``hesitations.tsv`` the first part is no whole sentence; room tone follows for 300 to 1500 ms, then
the rest. Cut off: the turn ended before the last sound of the rest. ``complete.tsv`` is over: how long until
the turn is. ``--amid``: not the first thing that is said, so that the STT is told what was. The built-in
skills answer. Without ``--live`` the fast clock runs: engines cost what they cost, waits nothing; ``--clock
processor`` leaves out what other programs on the machine take of it, and counts what two threads do at once
twice, so that turns wait longer than live. Most cuts are made into fluent speech: nobody drew out the word
before the pause.
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
from bench.people.conversing import Clock, Engines, converse_on, open_engines
from bench.people.sets import BEFORE_S, SETS, Speech, complete, hesitations
from voice.audio.samples import HEARING_RATE
from voice.stt.context import REMEMBERED, Conversation, PriorUtterance

_ALIKE = 12
"""Letters."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Milliseconds after the last sound of the utterance; below 0: before it. None: it did not happen."""

    kind: str
    parts: tuple[str, ...]
    pause_ms: float
    turn_ms: float | None
    sound_ms: float | None
    heard: tuple[str, ...]

    @property
    def cut_off(self) -> bool:
        return self.turn_ms is not None and self.turn_ms < 0

    def __str__(self) -> str:
        pause = f" ({self.pause_ms:.0f} ms) "
        return f"{pause.join(self.parts)} -> {' / '.join(self.heard) or '(nothing heard)'}"


def ask(speech: Speech, engines: Engines, clock: Clock, conversation: Conversation | None = None) -> Outcome:
    account = converse_on(speech.sound, engines, clock, conversation)
    ended = speech.ends[-1] / HEARING_RATE

    def after(moment: float) -> float | None:
        return None if moment == float("inf") else round(1000 * (moment - ended), 1)

    heard = tuple(said.text for said in account.said)
    pause_ms = speech.pause_ms
    return Outcome(speech.kind, speech.parts, pause_ms, after(account.turn_end), after(account.sound), heard)


def amid(speeches: Sequence[Speech]) -> Iterator[tuple[Speech, Conversation]]:
    """Each in a conversation in which three others were said before, none that begins alike."""
    rng = np.random.default_rng(1)
    for speech in speeches:
        others = [each for each in speeches if each.text[:_ALIKE] != speech.text[:_ALIKE]]
        conversation = Conversation("en")
        for at in rng.choice(len(others), REMEMBERED, replace=False):
            seconds = others[at].ends[-1] / HEARING_RATE - BEFORE_S
            conversation.keep(PriorUtterance(others[at].text, "en", seconds), 0.9)
        yield speech, conversation


def figures(hesitant: Sequence[Outcome], done: Sequence[Outcome]) -> dict[str, float | None]:
    """In percent and ms, None where there is nothing to count."""
    waits = [one.turn_ms for one in done if one.turn_ms is not None and one.turn_ms >= 0]
    sounds = [one.sound_ms for one in done if one.sound_ms is not None and one.sound_ms >= 0]
    later = [one.turn_ms for one in hesitant if one.turn_ms is not None and one.turn_ms >= 0]

    def share(number: int, of: int) -> float | None:
        return round(100 * number / of, 1) if of else None

    def at(values: list[float], percent: float) -> float | None:
        return percentile(values, percent) if values else None

    return {
        "hesitations": len(hesitant),
        "cut off, %": share(sum(one.cut_off for one in hesitant), len(hesitant)),
        "wait after a hesitant one, median ms": at(later, 50),
        "complete": len(done),
        "complete, no turn": sum(one.turn_ms is None for one in done),
        "complete, ended inside": sum(one.cut_off for one in done),
        "wait after a complete one, median ms": at(waits, 50),
        "wait after a complete one, p90 ms": at(waits, 90),
        "answer sounds after, median ms": at(sounds, 50),
        "answer sounds after, p90 ms": at(sounds, 90),
    }


def spread(every: Sequence[Speech], number: int | None) -> list[Speech]:
    """So many, evenly; all when there are not more or none is named."""
    if number is None or number >= len(every):
        return list(every)
    return [every[at * len(every) // number] for at in range(number)]


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.people.hesitate")
    parser.add_argument("--set", choices=SETS, default="tune", help="whose recordings")
    parser.add_argument("--stt", default="whisper:tiny.en", help="as aloud takes it: whisper:base, auto")
    parser.add_argument("--language", default="auto", help="stt.language")
    parser.add_argument("--words-alone", action="store_true", help="without the turn model")
    parser.add_argument("--clock", choices=get_args(Clock), default="fast")
    parser.add_argument("--live", dest="clock", action="store_const", const="wall", help="--clock wall")
    parser.add_argument("--amid", action="store_true", help="three others were said before each")
    parser.add_argument("--only", type=int, help="so many of each list, spread over it")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    asked = _arguments(given)
    engines = open_engines(asked.stt, asked.language, sound=not asked.words_alone)
    before = kernels()
    outcomes: list[list[Outcome]] = []
    for every in (hesitations, complete):
        speeches = spread(every(asked.set), asked.only)
        talks = amid(speeches) if asked.amid else ((speech, None) for speech in speeches)
        outcomes.append([ask(speech, engines, asked.clock, talk) for speech, talk in talks])
    calibration = calibrated(before)
    told = {
        "set": asked.set, "clock": asked.clock, "engines": engines.names,
        "kernels": calibration.as_json(), "machine": machine(), "figures": figures(*outcomes),
    }  # fmt: skip
    if asked.json:
        rows = [asdict(one) for each in outcomes for one in each]
        print(json.dumps({**told, "outcomes": rows}))
        return
    for one in outcomes[0]:
        if one.cut_off:
            print(f"cut off: {one}", file=sys.stderr)
    for one in outcomes[1]:
        if one.cut_off or one.turn_ms is None:
            print(f"{'ended inside' if one.cut_off else 'no turn'}: {one}", file=sys.stderr)
    print(f"{asked.set}, {told['clock']} clock, {engines.names}\n{calibration}")
    for name, value in told["figures"].items():
        print(f"{name:40} {'-' if value is None else f'{value:8.1f}'}")


if __name__ == "__main__":
    main()
