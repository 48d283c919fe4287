"""One turn as in a conversation: a question heard, answered and spoken by what was chosen; its times."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import anyio

from aloud.cli.sample import SampleQuestion, hold_sample, questions
from aloud.cli.setup.dialogue import Dialogue
from aloud.cli.setup.options import TURN
from aloud.cli.terminal.renderers import latency_line, waterfall
from config.errors import AloudError
from config.language.phrases import phrases
from config.settings.model import Settings
from pipeline import events
from pipeline.events import Latency
from pipeline.session.audio import microphone_input, speaker_output
from pipeline.session.engines import choose_stt, choose_tts
from pipeline.session.opened_engines import open_engines
from pipeline.session.privacy import KeptNotices
from pipeline.session.run import run_async
from pipeline.session.session import Session
from voice.audio.samples import write_wav

_LONGEST_S = 90.0
"""Until a question has been asked and answered."""
_BARS = 34


@dataclass
class TurnSeen:
    """What happened in it, from its events."""

    heard: str = ""
    answered: str = ""
    failed: str = ""
    latency: Latency = field(default_factory=Latency)
    done: bool = False

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.FinalTranscript():
                self.heard = event.text
            case events.ReplyDelta():
                self.answered += event.text
            case events.Failed():
                self.failed = event.what
            case events.TurnDone() if event.turn >= 0:
                self.latency, self.done = event.latency, True
            case _:
                pass


class TurnStep:
    """``hears``: somebody asks into a microphone; else a recorded question is asked. ``speaks``: aloud.
    ``model``: one answers, and not the skills alone.
    """

    def __init__(
        self, settings: Settings, language: str, dialogue: Dialogue, *, hears: bool, speaks: bool, model: bool
    ) -> None:
        self._settings = settings
        self._language = language
        self._dialogue = dialogue
        self._hears = hears and dialogue.asks
        self._speaks = speaks
        self._model = model

    def run(self) -> None:
        """What fails is told, and the rest goes on."""
        self._dialogue.head("One turn, with all of it")
        asked = "question_for_model" if self._model else "question"
        question = phrases(self._language).say(f"setup.{asked}")
        try:
            seen = self._asked(question) if self._hears else self._recorded(question)
        except AloudError as error:
            self._dialogue.say(str(error))
            self._dialogue.step("turn", works=False, why=error.failed)
            return
        if seen:
            self._tell(seen)

    def _asked(self, question: str) -> TurnSeen | None:
        prompt = f"Press Enter and, after “Now”, ask me aloud, for example “{question}” (s: leave it out)."
        if not self._dialogue.agree(TURN, prompt, no="s"):
            return None
        return run_async(partial(_by_voice, self._settings, self._dialogue.now))

    def _recorded(self, question: str) -> TurnSeen:
        with tempfile.TemporaryDirectory() as folder:
            asked = self._recording(question, Path(folder))
            self._dialogue.say(f"A recorded question is asked: “{asked.text}”")
            return run_async(partial(_by_recording, self._settings, asked), fast=not self._speaks)

    def _recording(self, question: str, folder: Path) -> SampleQuestion:
        """A person's where there is one in the language, else asked by the voice itself."""
        if self._language == "en":
            return questions("for_a_model" if self._model else "turns")[0]
        tts, _ = choose_tts(self._settings)
        tts.warm()
        write_wav(folder / "question.wav", tts.say(question).audio)
        return SampleQuestion(folder / "question.wav", question)

    def _tell(self, seen: TurnSeen) -> None:
        say = self._dialogue.say
        if not seen.done and not seen.heard:
            say("No question was heard.")
        elif not seen.done:
            say(f"Heard: “{seen.heard}”, and not answered to the end within {_LONGEST_S:.0f} seconds.")
        else:
            say(f"Heard: “{seen.heard}”" if seen.heard else "No words were heard.")
            say(
                f"Answered: “{' '.join(seen.answered.split())}”" if seen.answered else "Nothing was answered."
            )
        if seen.failed:
            say(seen.failed)
        if seen.done and (drawn := waterfall(seen.latency, _BARS)):
            self._dialogue.draw(drawn, latency_line(seen.latency))
        self._dialogue.step(
            "turn",
            works=seen.done and not seen.failed,
            heard=seen.heard,
            answered=" ".join(seen.answered.split()),
            voice_to_voice_s=_voice_to_voice(seen.latency),
            why=seen.failed or None,
        )


def _voice_to_voice(latency: Latency) -> float | None:
    ends = latency.audible if latency.audible is not None else latency.first_sound
    return None if ends is None or latency.speech_end is None else round(ends - latency.speech_end, 3)


async def _by_recording(settings: Settings, asked: SampleQuestion) -> TurnSeen:
    seen = TurnSeen()
    stt, _ = choose_stt(settings.stt)
    with anyio.move_on_after(_LONGEST_S):
        await hold_sample(settings, [asked], seen, stt=stt)
    return seen


async def _by_voice(settings: Settings, listens: Callable[[], None]) -> TurnSeen:
    seen = TurnSeen()

    def notify(event: events.Event) -> None:
        seen(event)
        if isinstance(event, events.Ready):
            listens()
        if seen.done:
            session.close()

    async with open_engines(settings) as engines:
        session = Session(
            engines,
            microphone_input(settings.microphone),
            speaker_output(settings.speaker),
            settings,
            notify,
            notices=KeptNotices(),
        )
        with anyio.move_on_after(_LONGEST_S):
            await session.run()
    return seen
