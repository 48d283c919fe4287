"""Process start to ``--help``, and to listening. Both bounds are those of the always-there engines."""

from __future__ import annotations

import statistics
import subprocess
import time

from aloud.bench import Figure, Options
from aloud.bench.process import ALOUD, Listening


def _help_s() -> float:
    began = time.monotonic()
    subprocess.run([*ALOUD, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def measure(options: Options) -> list[Figure]:
    ears, mouth = options.ears, options.mouth
    flags = ["--ears", ears or "pocketsphinx", "--mouth", mouth or "espeak:en-us", "--mind", "skills"]
    helps, readies = [], []
    for _ in range((options.rounds or 5) + 1):
        helps.append(_help_s())
        with Listening(*flags) as listening:
            readies.append(listening.seconds_to_ready)
    # The first round reads the files from the disk; it is told apart, as the first start of the day.
    return [
        Figure("help, median", statistics.median(helps[1:]), "s", 0.25),
        Figure("listening, median", statistics.median(readies[1:]), "s", 1.0),
        Figure("listening, slowest", max(readies[1:]), "s"),
        Figure("help, first", helps[0], "s"),
        Figure("listening, first", readies[0], "s"),
    ]
