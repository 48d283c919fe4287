"""From the last sound of what a person says to the first sound of the answer, stage by stage, with real STT.

    python -m bench.people.answer [--set report] [--stt SPEC] [--live] [--only N] [--answer TEXT] [--json]

Whole utterances of people (``complete.tsv``), one after the other in one conversation, a scripted model: its
first token after 100 ms, then 60 a second. The first two are left out: everything is warm then. The
loudspeaker is timed, not heard. Without ``--live`` the fast clock runs. The usual answer begins "Sure, ...",
of which the first word is spoken alone where the model is as quick as this one; ``--answer`` is another.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import AsyncIterator, Sequence

import anyio
import numpy as np

from aloud.cli.bench import percentile
from aloud.cli.bench.calibration import calibrated, kernels
from aloud.cli.bench.model_server import ANSWER
from aloud.cli.bench.turn import FIRST_MS, TOKENS_PER_S, model_server
from aloud.cli.terminal.renderers import STAGES
from bench.people.conversing import Clock, Engines, open_engines, run_on
from bench.people.hesitate import spread
from bench.people.sets import SETS, Speech, complete
from config.runtime.clock import Timeline
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.session.assistant import end_of_turn, open_assistant
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer
from voice.stt.context import Conversation
from voice.stt.transcribe import transcribe
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

LEFT_OUT = 2


class Asked:
    """Speaks one utterance after the other, each when the answer before it is over; notes what came of it."""

    def __init__(self, speeches: Sequence[Speech]) -> None:
        self._speeches = speeches
        self._over = anyio.Event()
        self.begun: list[float] = []
        """Seconds on the microphone's clock at which each utterance's recording began."""
        self.turns: list[events.Latency] = []
        self.said: list[str] = []

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.FinalTranscript():
                self.said.append(event.text)
            case events.TurnDone():
                self.turns.append(event.latency)
                self._over.set()
            case events.SpeechIgnored():
                self._over.set()
            case _:
                pass

    async def frames(self, timeline: Timeline) -> AsyncIterator[Audio]:
        begun, captured = anyio.current_time(), 0
        for speech in self._speeches:
            self._over = anyio.Event()
            self.begun.append(captured / HEARING_RATE)
            sound = [*Framer().push(speech.sound)]
            number = 0
            while number < len(sound) or not self._over.is_set():
                samples = sound[number] if number < len(sound) else np.zeros(FRAME_SAMPLES, np.float32)
                number += 1
                captured += FRAME_SAMPLES
                due = begun + captured / HEARING_RATE
                await anyio.sleep_until(due)
                timeline.mark(captured, HEARING_RATE, due)
                yield Audio(samples, HEARING_RATE)
                if self._over.is_set() and number > speech.ends[-1] / FRAME_SAMPLES + 10:
                    break


async def ask(speeches: Sequence[Speech], engines: Engines, base_url: str) -> Asked:
    asked, timeline = Asked(speeches), Timeline()
    settings = engines.settings.model_copy(
        update={"llm": engines.settings.llm.model_copy(update={"engine": f"{base_url}#scripted"})}
    )
    async with open_assistant(settings, asked, timeline.now, tts=engines.tts) as opened:
        assistant = opened.assistant
        segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
        judge = end_of_turn(settings, segmenter, assistant)
        segments = listen(asked.frames(timeline), Silero(), segmenter)
        conversation = Conversation.of(settings.stt)
        async with transcribe(
            segments,
            engines.stt,
            timeline.now,
            judge,
            talking=lambda: assistant.speaking,
            conversation=conversation,
        ) as heard:
            await run_conversation(heard, assistant)
    return asked


def figures(speeches: Sequence[Speech], asked: Asked) -> dict[str, float | int]:
    """ms after the true last sound of the utterance, which the recording tells."""
    rows: list[tuple[str, dict[str, float]]] = []
    for speech, begun in zip(speeches, asked.begun, strict=True):
        ended = begun + speech.ends[-1] / HEARING_RATE
        turn = next((t for t in asked.turns if t.audible and begun < (t.speech_end or 0) < ended + 1.5), None)
        if turn is not None:
            each = {stage: at for stage in STAGES if (at := getattr(turn, stage)) is not None}
            rows.append((speech.kind, {stage: 1000 * (at - ended) for stage, at in each.items()}))
    rows = rows[LEFT_OUT:]
    told: dict[str, float | int] = {"asked": len(speeches) - LEFT_OUT, "answered": len(rows)}
    groups = {"all": ("command", "question", "statement", "fragment"), "questions": ("command", "question"),
              "statements": ("statement",)}  # fmt: skip
    for group, kinds in groups.items():
        times = [row["audible"] for kind, row in rows if kind in kinds]
        if times:
            told[f"voice to voice, {group}: p50 ms"] = percentile(times, 50)
            told[f"voice to voice, {group}: p95 ms"] = percentile(times, 95)
    for stage in STAGES:
        at = [row[stage] for _, row in rows if stage in row]
        if at:
            told[f"  {stage.replace('_', ' ')}, p50 ms"] = percentile(at, 50)
    return {name: round(value, 1) for name, value in told.items()}


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.people.answer")
    parser.add_argument("--set", choices=SETS, default="report")
    parser.add_argument("--stt", default="whisper:tiny.en")
    parser.add_argument("--language", default="en")
    parser.add_argument("--only", type=int, default=42)
    parser.add_argument("--answer", default=ANSWER)
    parser.add_argument("--live", action="store_true")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args(given)
    speeches = spread(complete(wanted.set), wanted.only)
    engines = open_engines(wanted.stt, wanted.language)
    clock: Clock = "wall" if wanted.live else "fast"
    before = kernels()
    with model_server(FIRST_MS, TOKENS_PER_S, wanted.answer) as base_url:
        asked = run_on(clock, lambda: ask(speeches, engines, base_url))
    calibration = calibrated(before)
    found = figures(speeches, asked)
    if wanted.json:
        told = {"engines": engines.names, "clock": clock, "figures": found, "kernels": calibration.as_json()}
        print(json.dumps(told | {"said": asked.said}))
        return
    print(f"{wanted.set}, {clock} clock, {engines.names}, {calibration}")
    for name, value in found.items():
        print(f"{name:44} {value:9.1f}")


if __name__ == "__main__":
    main()
