"""Open the engines and put an assistant together: what every command that answers has in common."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

import config
from config.language.phrases import phrases
from config.models.catalogue import find
from config.models.choice import TURN_MODEL
from config.runtime.clock import in_thread
from config.settings.model import Settings
from config.settings.paths import state_dir
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.reply import Foreword
from pipeline.conversation.voice_output import Voice
from pipeline.events import DeviceLost, DeviceOpened, Notify, logged
from pipeline.llm.base import Mind
from pipeline.pictures.detail import WORDS, instruction
from pipeline.pictures.prepare import reading_of
from pipeline.session.engines import Rung, choose_mind, choose_mouth, eyes_rung
from pipeline.session.image_sources import open_sights
from pipeline.session.shown_images import Shown, show_pictures
from pipeline.skills.offline_llm import SkillsMind
from pipeline.skills.timers import Timers
from vision.image_store import Eyes
from voice.audio.devices.portaudio import Kind
from voice.audio.output.speaker import speaker
from voice.tts.base import Tts
from voice.turns.endpointing.segmenter import Segmenter

if TYPE_CHECKING:
    from voice.turns.endpointing.end_of_turn import EndOfTurn
    from voice.turns.endpointing.smart_turn import SmartTurn

PROMPTS = Path(config.__file__).parent / "prompts"


@dataclass(frozen=True)
class Opened:
    """An assistant and the rungs it stands on."""

    assistant: Assistant
    voice: Voice | None
    rungs: tuple[Rung, ...]


def foreword(mind: Mind) -> Foreword | None:
    """Where words go, to be said before the first go to a machine elsewhere.

    None: they stay on this machine, or it was said before.
    """
    told = state_dir() / "told" / mind.where.replace("/", "_")
    if not mind.where or told.exists():
        return None

    def tell(language: str) -> str:
        told.parent.mkdir(parents=True, exist_ok=True)
        told.write_text("Aloud has said that words and pictures go to this host.\n", "utf-8")
        return phrases(language).say("talking.sent_to", where=mind.where)

    return tell


def end_of_turn(settings: Settings, segmenter: Segmenter, assistant: Assistant) -> EndOfTurn | None:
    """Who judges when a turn is over; None: the silence is always ``listen.silence_ms``."""
    if not settings.listen.adaptive:
        return None
    # Imported once it listens: its tables take a while.
    from voice.turns.endpointing.end_of_turn import EndOfTurn

    return EndOfTurn(
        settings.listen, settings.ears, segmenter, lambda: assistant.history.last_heard, turn_model()
    )


def turn_model() -> SmartTurn | None:
    """The one that was fetched: it hears by the sound whether a turn is over."""
    from voice.turns.endpointing.smart_turn import SmartTurn

    model = find(TURN_MODEL)
    return SmartTurn(model) if model else None


def tell_devices(notify: Notify, now: Callable[[], float]) -> Callable[[Kind, str, bool], None]:
    """Devices that went and came, as events."""

    def changed(kind: Kind, device: str, came: bool) -> None:
        event = DeviceOpened if came else DeviceLost
        notify(event(at=now(), turn=-1, kind=kind, device=device))

    return changed


@asynccontextmanager
async def open_assistant(
    settings: Settings,
    notify: Notify,
    now: Callable[[], float],
    *,
    aloud: bool = True,
    tts: Tts | None = None,
    images: Sequence[Shown] = (),
) -> AsyncIterator[Opened]:
    """``aloud``: with a mouth, ``tts`` or the one that is chosen; it is warmed by who opens it."""
    notify = logged(notify)
    timers = Timers()
    async with AsyncExitStack() as stack:
        mind, mind_rung = await choose_mind(settings, timers)
        stack.push_async_callback(mind.aclose)
        rungs = [mind_rung, eyes_rung(mind)]
        voice = None
        eyes = Eyes()
        if aloud:
            if tts is None:
                tts, mouth_rung = choose_mouth(settings)
                rungs.insert(0, mouth_rung)
            changed = tell_devices(notify, now)
            voice = Voice(
                tts,
                await stack.enter_async_context(speaker(settings.speaker, changed)),
                speed=settings.mouth.speed,
            )
        sights = await stack.enter_async_context(open_sights(settings, eyes))
        await show_pictures(eyes, images, settings)
        skills = mind if isinstance(mind, SkillsMind) else SkillsMind(timers)
        skills.words = WORDS[settings.eyes.detail]
        prompt, of_pictures = ((PROMPTS / name).read_text("utf-8") for name in ("voice.md", "pictures.md"))
        instructions = f"{prompt.strip()}\n{settings.mind.instructions}".strip()
        of_pictures = f"{of_pictures.strip()}\n{instruction(settings.eyes.detail)}"
        assistant = Assistant(
            mind=mind,
            skills=skills,
            voice=voice,
            eyes=eyes,
            history=History(
                instructions, turns=settings.mind.history_turns, name=eyes.name, of_pictures=of_pictures
            ),
            notify=notify,
            now=now,
            language="en" if settings.ears.language == "auto" else settings.ears.language,
            duck_db=settings.interrupt.duck_db,
            answers_drafts=settings.mind.drafts,
            foreword=foreword(mind),
            sights=sights,
            thinking_s=settings.earcons.thinking_s if settings.earcons.enabled else 0.0,
            unheard=settings.speaker.sink == "none",
        )
        async with anyio.create_task_group() as reading:
            if not mind.abilities.sees:
                # The pictures are read while the question is still being asked.
                for picture in eyes.all:
                    reading.start_soon(in_thread, reading_of, picture)
            yield Opened(assistant, voice, tuple(rungs))
            reading.cancel_scope.cancel()
