"""A recording spoken to a whole conversation with real ears, as ``aloud talk`` builds it: what was heard when."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

import anyio

from aloud.bench.engines import Engines as Named
from aloud.opening import open_assistant, turn_model
from aloud.rungs import choose_ears, choose_mouth
from aloud.running import run_async
from aloud.warming import import_language
from config.settings import Settings, load
from pipeline import events
from pipeline.converse import converse
from voice.audio import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.clock import Timeline
from voice.ears import Stt, listen, transcribe
from voice.end_of_turn import EndOfTurn
from voice.mouth import Tts
from voice.segmenter import Segmenter
from voice.smart_turn import SmartTurn
from voice.vad import Silero


@dataclass(frozen=True, slots=True)
class Engines:
    """``names``: told with the figures."""

    settings: Settings
    tts: Tts
    stt: Stt
    turn: SmartTurn | None
    names: dict[str, str]


@dataclass(slots=True)
class Account:
    """Seconds on the microphone's clock; infinity: it did not happen."""

    said: list[events.Said] = field(default_factory=list)
    ignored: int = 0
    sound: float = float("inf")
    """Where the first sound of an answer began."""
    enough: anyio.Event = field(default_factory=anyio.Event)

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.Said():
                self.said.append(event)
            case events.Ignored():
                self.ignored += 1
            case events.Speaking():
                self.sound = min(self.sound, event.at)
                self.enough.set()
            case _:
                pass

    @property
    def turn_end(self) -> float:
        """Where the first turn ended."""
        return min((each.at for each in self.said), default=float("inf"))

    @property
    def text(self) -> str:
        return " ".join(each.text for each in self.said)


def open_engines(ears: str | None, language: str = "auto", *, sound: bool = True) -> Engines:
    """Warm. ``ears``: a SPEC; None: ``auto``. ``sound``: the turn model judges too, where it is here.

    Raises what ``choose_ears`` raises.
    """
    named = Named()
    flags = {"mind.engine": "skills", "speaker.sink": "none", "ears.language": language}
    flags |= {"ears.engine": ears or "auto", "mouth.engine": named.choose_mouth(None)}
    settings = load(flags, environment={}).settings
    stt, tts = choose_ears(settings)[0], choose_mouth(settings)[0]
    turn = turn_model() if sound else None
    for engine in (tts, stt, turn):
        if engine:
            engine.warm()
    import_language()
    names = {"stt": stt.name, "tts": named.tts, "turn": turn.path.name if turn else "words alone"}
    return Engines(settings, tts, stt, turn, names)


async def _converse(sound: Samples, engines: Engines, account: Account, *, answer_ends: bool) -> None:
    settings, timeline, captured = engines.settings, Timeline(), 0
    begun = anyio.current_time()

    async def frames() -> AsyncIterator[Audio]:
        nonlocal captured
        for samples in Framer().push(sound):
            captured += FRAME_SAMPLES
            due = begun + captured / HEARING_RATE
            await anyio.sleep_until(due)
            timeline.mark(captured, HEARING_RATE, due)
            yield Audio(samples, HEARING_RATE)

    async with open_assistant(settings, account, timeline.now, tts=engines.tts) as opened:
        begun = anyio.current_time()
        segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
        judge = EndOfTurn(settings.listen, settings.ears, segmenter, lambda: "", engines.turn)
        heard = transcribe(listen(frames(), Silero(), segmenter), engines.stt, timeline.now, judge)
        async with aclosing(heard), anyio.create_task_group() as group:
            group.start_soon(converse, heard, opened.assistant)
            with anyio.move_on_after(len(sound) / HEARING_RATE + 2):
                await (account.enough.wait() if answer_ends else anyio.sleep_forever())
            group.cancel_scope.cancel()


def converse_on(sound: Samples, engines: Engines, *, live: bool = False, answer_ends: bool = True) -> Account:
    """``live``: on the wall clock; else the fast one, on which the engines' work costs its real time.

    ``answer_ends``: over as soon as an answer sounds; else when the recording is.
    """

    async def run() -> Account:
        account = Account()
        await _converse(sound, engines, account, answer_ends=answer_ends)
        return account

    return run_async(run, fast=not live)
