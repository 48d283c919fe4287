"""A conversation while a language model takes both cores: does the sound break up, and how late are answers?

    python -m bench.busy --minutes 3                  idle, then busy, 3 minutes each
    python -m bench.busy --where foreign              the model in somebody else's program

Needs tiny.en, en_US-joe-medium and smollm2-135m-instruct (aloud models get NAME), and recordings of people
(sh scripts/people). Real time, real engines, Aloud's own loudspeaker on a card that sounds nowhere
(bench/null_card.py). A person asks, waits for the answer, asks the next; every fourth question comes into the
answer before it. A scripted server answers, the same when idle and when busy. Voice to voice runs from the
true end of the question to the first word. --minutes is for each of the two; the idle one takes at most 5.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import ExitStack
from dataclasses import asdict

from aloud.cli.bench import Figure, percentile, print_table
from aloud.cli.bench.calibration import calibrated, kernels
from aloud.cli.bench.turn import model_server
from bench.generating import generating
from bench.null_card import install
from bench.talk import ANSWER, Talk, questions
from config.models.catalogue import find
from config.runtime.installation import typed_here
from config.settings.loading import load
from config.system.cores import cores
from pipeline.session.run import run_async

MODEL = "smollm2-135m-instruct"
FACTOR = 2.0
"""How much later the answers of a busy machine may be."""
_IDLE_MINUTES = 5.0


def _hold(minutes: float, where: str, given: argparse.Namespace) -> tuple[Talk, float]:
    """The conversation, and what the model wrote beside it in tokens a second. ``where`` empty: idle."""
    with ExitStack() as stack:
        llm = f"{stack.enter_context(model_server(answer=ANSWER))}#scripted"
        writing = None
        if where:
            model = find(MODEL)
            assert model is not None
            writing = stack.enter_context(generating(model, given.threads or cores(), where))
        flags = {"llm.engine": llm, "speaker.sink": "auto", "stt.engine": given.stt}
        flags |= {"tts.engine": given.tts, "stt.language": "en"}
        talk = Talk(load(flags, environment={}).settings, questions(), 60 * minutes)
        run_async(talk.hold)
        return talk, writing.tokens_per_s if writing else 0.0


def _figures(idle: Talk, busy: Talk, tokens_per_s: float) -> list[Figure]:
    longest = 1000 * FACTOR * percentile(idle.waits, 95)
    figures = [
        Figure("sound ran out, busy", busy.underruns, "", 0),
        Figure("loudspeaker's callback too late, busy", len(busy.gaps), "", 0),
        Figure("voice to voice p95, busy", 1000 * percentile(busy.waits, 95), "ms", longest),
        Figure("the model wrote", tokens_per_s, "t/s"),
    ]
    for name, talk in (("idle", idle), ("busy", busy)):
        figures += [Figure(f"{title}, {name}", value, unit) for title, value, unit in talk.rows()]
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="A conversation beside a language model on the same cores.")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--where", choices=["process", "child", "foreign"], default="process")
    parser.add_argument("--threads", type=int, default=0, help="of the model; 0: as many as there are cores")
    parser.add_argument("--stt", default="whisper:tiny.en")
    parser.add_argument("--tts", default="piper:en_US-joe-medium")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    for name in (MODEL, *(engine.partition(":")[2] for engine in (given.stt, given.tts))):
        if name and find(name) is None:
            raise SystemExit(typed_here(f"There is no {name} here. To fetch it: aloud models get {name}"))
    install()
    measured = []
    kernel = kernels()
    for minutes, where in ((min(given.minutes, _IDLE_MINUTES), ""), (given.minutes, given.where)):
        before = f"load {os.getloadavg()[0]:.2f}, {kernels()}"
        talk, tokens_per_s = _hold(minutes, where, given)
        print(f"{where or 'idle'}: {len(talk.waits)} answers; before it: {before}", file=sys.stderr)
        measured.append(talk)
    figures = _figures(*measured, tokens_per_s)
    calibration = calibrated(kernel)
    if given.json:
        rows = [asdict(figure) | {"met": figure.met} for figure in figures]
        print(json.dumps({"bench": "busy", "kernel": calibration.as_json(), "figures": rows}))
    else:
        print_table(figures, calibration)
    sys.exit(0 if all(figure.met or figure.excused(calibration) for figure in figures) else 1)


if __name__ == "__main__":
    main()
