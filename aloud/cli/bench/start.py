"""Process start to ``--help``, to listening, and a question that is asked a second after it.

Both bounds are those of the always-there engines. With others, these are started in turn beside them: a model
must not make listening later, since it loads behind it.
"""

from __future__ import annotations

import statistics
import subprocess
import time

from aloud.cli.bench import Figure, Options
from aloud.cli.bench.early_question import ask_early
from aloud.cli.bench.process import ALOUD, ALWAYS_THERE, Listening, engines

_EARLY_ROUNDS = 3
_NO_LATER = 1.1
"""The noise of a machine that does other things too."""


def _help_s() -> float:
    began = time.monotonic()
    subprocess.run([*ALOUD, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def _listening_s(flags: list[str]) -> float:
    with Listening(*flags) as listening:
        return listening.seconds_to_ready


def measure(options: Options) -> list[Figure]:
    flags = engines(options)
    rounds = options.rounds or 5
    helps, readies, beside = [], [], []
    for _ in range(rounds + 1):
        helps.append(_help_s())
        readies.append(_listening_s(flags))
        if flags != ALWAYS_THERE:
            beside.append(_listening_s(ALWAYS_THERE))
    # The first round reads the files from the disk; it is told apart, as the first start of the day.
    return [
        Figure("help, median", statistics.median(helps[1:]), "s", 0.25),
        Figure("listening, median", statistics.median(readies[1:]), "s", 1.0),
        Figure("listening, slowest", max(readies[1:]), "s"),
        Figure("help, first", helps[0], "s"),
        Figure("listening, first", readies[0], "s"),
        *_beside(readies[1:], beside[1:]),
        *_early(flags, min(rounds, _EARLY_ROUNDS)),
    ]


def _beside(readies: list[float], beside: list[float]) -> list[Figure]:
    if not beside:
        return []
    later = statistics.median(mine / theirs for mine, theirs in zip(readies, beside, strict=True))
    return [
        Figure("listening, always-there engines", statistics.median(beside), "s"),
        Figure("listening, to theirs", later, "", _NO_LATER),
    ]


def _early(flags: list[str], rounds: int) -> list[Figure]:
    early = [ask_early(*flags) for _ in range(rounds)]
    answered = [each.answered_s for each in early if each.answered_s is not None]
    kept = min(each.kept for each in early)
    return [
        Figure("asked 1 s after start, answered", 100 * len(answered) / rounds, "%", 100.0, "higher"),
        Figure("asked 1 s after start, words kept", kept, "%", 100.0, "higher"),
        *([Figure("asked 1 s after start, voice to voice", max(answered), "s")] if answered else []),
    ]
