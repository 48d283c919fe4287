"""How long a Piper voice lets one wait for its first sound: ``stream`` against ``say``.

    .venv/bin/python -m bench.first_sound [THREADS ...]

Twenty sentences of 4 to 20 words, each of them three times, the quickest counts. Beside the times stand
``config.runtime.kernel.kernel_s``, which tells how busy the machine was, and how much sound was still to be
played when the next piece was ready, at least: below zero, the voice would have stuttered.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from config.models.catalogue import find
from config.runtime.installation import typed_here
from config.runtime.kernel import kernel_s
from voice.tts.piper.engine import Piper

VOICE = "en_US-joe-medium"
TRIES = 3
SENTENCES = (
    "It is half past four.",
    "Your timer is set now.",
    "The capital of France is Paris.",
    "I will remind you about that tomorrow.",
    "There are twelve eggs in the basket today.",
    "Rain is likely in the evening, so take a coat.",
    "Water boils at one hundred degrees at the level of the sea.",
    "The train to Hamburg leaves at nine and takes about three hours.",
    "You can find the key under the flower pot beside the green door.",
    "A good loaf of bread needs flour, water, salt, and a lot of patience.",
    "The moon is about four hundred thousand kilometres away from the earth on average.",
    "She wrote her first novel in a small cafe while her daughter slept beside her.",
    "The library closes at six on weekdays, and on Saturdays it closes at noon already.",
    "Mix the butter with the sugar until it is pale, and then add the eggs slowly.",
    "The bridge was built in eighteen ninety by workers who had come from the whole country.",
    "If you turn left at the church, you will see the market on the other side.",
    "Most birds that live here in summer fly south before the first frost covers the fields.",
    "He said that nobody had ever asked him what he thought of the old house by the lake.",
    "The museum shows paintings from four centuries, and the ones from the last hundred years hang upstairs.",
    "An octopus has three hearts, two of which pump blood to the gills and one to all the rest.",
)


@dataclass(frozen=True, slots=True)
class Try:
    """Seconds."""

    first: float
    sound: float
    cpu: float
    spare: float


def streamed(piper: Piper, text: str) -> Try:
    began, cpu = time.perf_counter(), time.process_time()
    first = sound = 0.0
    spare = float("inf")
    for piece in piper.stream(text):
        ready = time.perf_counter() - began
        if sound:
            spare = min(spare, sound - (ready - first))
        else:
            first = ready
        sound += piece.audio.seconds
    return Try(first, sound, time.process_time() - cpu, spare)


def whole(piper: Piper, text: str) -> Try:
    began, cpu = time.perf_counter(), time.process_time()
    sound = piper.say(text).audio.seconds
    return Try(time.perf_counter() - began, sound, time.process_time() - cpu, sound)


def measure(model: Path, threads: int) -> None:
    piper = Piper(model, threads=threads, name=VOICE)
    began = time.perf_counter()
    piper.warm()
    print(f"\n{threads} threads: warm in {time.perf_counter() - began:.2f} s, kernel {kernel_s(1):.3f} s")
    print("words  sound s  stream ms  say ms  spare ms")
    rows = []
    for text in SENTENCES:
        pieces = min((streamed(piper, text) for _ in range(TRIES)), key=lambda each: each.first)
        at_once = min((whole(piper, text) for _ in range(TRIES)), key=lambda each: each.first)
        rows.append((pieces, at_once))
        print(
            f"{len(text.split()):5d}  {at_once.sound:7.2f}  {1000 * pieces.first:9.0f}  "
            f"{1000 * at_once.first:6.0f}  {1000 * min(pieces.spare, 9.999):8.0f}"
        )
    for name, column in zip(("stream", "say"), zip(*rows, strict=True), strict=True):
        work = sum(each.cpu for each in column) / sum(each.sound for each in column)
        middle = statistics.median(each.first for each in column)
        print(
            f"{name}: median {1000 * middle:.0f} ms to the first sound, {work:.3f} s of CPU a second of sound"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"kernel {kernel_s(1):.3f} s; at most {peak:.0f} MB resident, the benchmark included")


def main(arguments: list[str]) -> None:
    model = find(VOICE)
    if model is None:
        raise SystemExit(
            f"There is no voice {VOICE} here. Fetch it: {typed_here(f'aloud models get {VOICE}')}"
        )
    for threads in map(int, arguments or ["1", "2"]):
        measure(model, threads)


if __name__ == "__main__":
    main(sys.argv[1:])
