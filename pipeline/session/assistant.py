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
from pipeline.conversation.reply import PrivacyNotice
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.events import DeviceLost, DeviceOpened, Notify, logged
from pipeline.llm.base import Llm
from pipeline.pictures.detail import WORDS, instruction
from pipeline.pictures.prepare import reading_of
from pipeline.session.engines import EngineChoice, choose_llm, choose_tts, vision_choice
from pipeline.session.image_sources import open_image_sources
from pipeline.session.shown_images import Shown, show_pictures
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from vision.image_store import ImageStore
from voice.audio.devices.portaudio import Kind
from voice.audio.output.speaker import speaker
from voice.tts.base import Tts
from voice.turns.endpointing.segmenter import Segmenter

if TYPE_CHECKING:
    from voice.turns.endpointing.end_of_turn import EndOfTurn
    from voice.turns.endpointing.smart_turn import SmartTurn

PROMPTS = Path(config.__file__).parent / "prompts"


@dataclass(frozen=True)
class OpenedAssistant:
    """An assistant and the choices it stands on."""

    assistant: Assistant
    voice: VoiceOutput | None
    choices: tuple[EngineChoice, ...]


def privacy_notice_for(llm: Llm) -> PrivacyNotice | None:
    """Where words go, to be said before the first go to a machine elsewhere.

    None: they stay on this machine, or it was said before.
    """
    told = state_dir() / "told" / llm.remote_host.replace("/", "_")
    if not llm.remote_host or told.exists():
        return None

    def tell(language: str) -> str:
        told.parent.mkdir(parents=True, exist_ok=True)
        told.write_text("Aloud has said that words and pictures go to this host.\n", "utf-8")
        return phrases(language).say("talking.sent_to", where=llm.remote_host)

    return tell


def end_of_turn(settings: Settings, segmenter: Segmenter, assistant: Assistant) -> EndOfTurn | None:
    """Who judges when a turn is over; None: the silence is always ``listen.silence_ms``."""
    if not settings.listen.adaptive:
        return None
    # Imported once it listens: its tables take a while.
    from voice.turns.endpointing.end_of_turn import EndOfTurn

    return EndOfTurn(
        settings.listen, settings.stt, segmenter, lambda: assistant.history.last_heard, turn_model()
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
) -> AsyncIterator[OpenedAssistant]:
    """``aloud``: with a TTS, ``tts`` or the one that is chosen; it is warmed by who opens it."""
    notify = logged(notify)
    timers = Timers()
    async with AsyncExitStack() as stack:
        llm, llm_choice = await choose_llm(settings, timers)
        stack.push_async_callback(llm.aclose)
        choices = [llm_choice, vision_choice(llm)]
        voice = None
        image_store = ImageStore()
        if aloud:
            if tts is None:
                tts, tts_choice = choose_tts(settings)
                choices.insert(0, tts_choice)
            changed = tell_devices(notify, now)
            voice = VoiceOutput(
                tts,
                await stack.enter_async_context(speaker(settings.speaker, changed)),
                speed=settings.tts.speed,
            )
        image_sources = await stack.enter_async_context(open_image_sources(settings, image_store))
        await show_pictures(image_store, images, settings)
        skills = llm if isinstance(llm, OfflineLlm) else OfflineLlm(timers)
        skills.words = WORDS[settings.vision.detail]
        prompt, of_pictures = ((PROMPTS / name).read_text("utf-8") for name in ("voice.md", "pictures.md"))
        instructions = f"{prompt.strip()}\n{settings.llm.instructions}".strip()
        of_pictures = f"{of_pictures.strip()}\n{instruction(settings.vision.detail)}"
        assistant = Assistant(
            llm=llm,
            skills=skills,
            voice=voice,
            image_store=image_store,
            history=History(
                instructions, turns=settings.llm.history_turns, name=image_store.name, of_pictures=of_pictures
            ),
            notify=notify,
            now=now,
            language="en" if settings.stt.language == "auto" else settings.stt.language,
            duck_db=settings.interrupt.duck_db,
            preemptive=settings.llm.preemptive,
            privacy_notice=privacy_notice_for(llm),
            image_sources=image_sources,
            thinking_s=settings.earcons.thinking_s if settings.earcons.enabled else 0.0,
            unheard=settings.speaker.sink == "none",
        )
        async with anyio.create_task_group() as reading:
            if not llm.capabilities.sees:
                # The pictures are read while the question is still being asked.
                for picture in image_store.all:
                    reading.start_soon(in_thread, reading_of, picture)
            yield OpenedAssistant(assistant, voice, tuple(choices))
            reading.cancel_scope.cancel()
