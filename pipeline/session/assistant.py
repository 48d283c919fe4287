"""Open the engines and put an assistant together: what every command that answers has in common."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

import config
from config.errors import EngineError, RefusedError
from config.models.catalogue import find
from config.models.choice import TURN_MODEL
from config.runtime.clean import EMPTY, CleanText, clean
from config.runtime.clock import in_thread
from config.settings.model import Settings
from pipeline.conversation.acting.limits import ToolLimits
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.reply import FilesToldOf
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.events import DeviceLost, DeviceOpened, Failed, Notify, logged
from pipeline.intents.look import ImageSources
from pipeline.llm.base import Llm
from pipeline.pictures.detail import WORDS, instruction
from pipeline.pictures.prepare import reading_of
from pipeline.session.audio import OpenSpeaker, speaker_output
from pipeline.session.engines import EngineChoice
from pipeline.session.files.code import SessionCode
from pipeline.session.files.session_files import FilesAndCode, SessionFiles
from pipeline.session.image_sources import open_image_sources
from pipeline.session.llms import may_be_sent
from pipeline.session.opened_engines import Engines, open_engines
from pipeline.session.privacy import KeptNotices, Notices, host_notice_for, privacy_notice_for
from pipeline.session.shown_images import Shown, show_pictures
from pipeline.session.tool_servers import approving, servers_of, telling
from pipeline.skills.lists.kept import Lists
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.ring.kept import KeptTimers
from pipeline.skills.timers import Timers
from pipeline.store.opening import Store
from pipeline.tools.own import own_tools
from vision.image_store import ImageStore
from voice.audio.devices.portaudio import Kind
from voice.tts.base import Tts
from voice.turns.endpointing.segmenter import Segmenter

if TYPE_CHECKING:
    from pipeline.skills.answer import Skill
    from pipeline.tools.mcp.servers import Servers
    from voice.turns.endpointing.end_of_turn import EndOfTurn
    from voice.turns.endpointing.smart_turn import SmartTurn

_log = logging.getLogger(__name__)
PROMPTS = Path(config.__file__).parent / "prompts"


@dataclass(frozen=True)
class OpenedAssistant:
    """An assistant and the choices it stands on."""

    assistant: Assistant
    voice: VoiceOutput | None
    choices: tuple[EngineChoice, ...]
    servers: Servers | None = None
    """Of tools; they are opened once it listens."""


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


def tell_devices(notify: Notify, now: Callable[[], float]) -> Callable[[Kind, CleanText, bool], None]:
    """Devices that went and came, as events."""

    def changed(kind: Kind, device: CleanText, came: bool) -> None:
        event = DeviceOpened if came else DeviceLost
        notify(event(at=now(), turn=-1, kind=kind, device=device))

    return changed


def tell_lost(notify: Notify, now: Callable[[], float]) -> Callable[[float], None]:
    """Seconds of sound that nobody took in time, as an event."""

    def lost(seconds: float) -> None:
        message = clean(f"The machine was too slow: {seconds:.1f} s of sound from the microphone were lost.")
        notify(Failed(at=now(), turn=0, error="Overflow", message=message, kept=EMPTY))

    return lost


@asynccontextmanager
async def open_assistant(
    settings: Settings,
    notify: Notify,
    now: Callable[[], float],
    *,
    aloud: bool = True,
    tts: Tts | None = None,
    images: Sequence[Shown] = (),
    engines: Engines | None = None,
    output: OpenSpeaker | None = None,
    notices: Notices | None = None,
    store: Store | None = None,
    rings: bool = True,
    files: Sequence[Path] = (),
    opens_first: bool = False,
) -> AsyncIterator[OpenedAssistant]:
    """``aloud``: with a voice, ``tts`` or the one that is chosen; it is warmed by who opens it.

    ``engines``: open already, for more than this; then ``output`` says where the voice goes (None: nowhere).
    ``notices``: as ``pipeline.session.session.Session`` has it; None: this machine's. ``store``: where timers
    and lists are kept; None: nowhere. ``rings``: it stays until they are due. ``files``: to be opened, beside
    the talk, or before it, where it ``opens_first``: then raises ``FileError`` for one that cannot be.
    """
    async with AsyncExitStack() as stack:
        if engines is None:
            opening = open_engines(settings, hears=False, speaks=aloud, tts=tts)
            engines = await stack.enter_async_context(opening)
            output = speaker_output(settings.speaker)
        voice = await _voice(stack, engines.tts, output, settings, tell_devices(notify, now))
        servers = await stack.enter_async_context(servers_of(settings))
        image_store = ImageStore()
        image_sources = await stack.enter_async_context(open_image_sources(settings.vision, image_store))
        await show_pictures(image_store, images, settings.vision, offline=settings.offline)
        session_files = SessionFiles(
            settings, engines.llm, lambda: image_store.latest is not None, goes_on=not opens_first
        )
        stack.callback(session_files.tables.close)
        code = SessionCode(session_files.open, settings.tools.folders, alone=engines.llm is None)
        others = (*approving(servers), code, session_files, session_files.tables)
        assistant = _assistant(
            engines,
            voice,
            image_store,
            image_sources,
            settings,
            logged(notify),
            now,
            notices or KeptNotices(),
            _skills(store, rings=rings, others=others),
            FilesAndCode(session_files, code),
            session_files.paths,
            servers,
        )
        code.history = assistant.history
        session_files.open.tell = session_files.tell_by(assistant)
        await session_files.begin(files, first=opens_first)
        async with anyio.create_task_group() as beside:
            # The pictures are read while the question is still being asked.
            for picture in () if assistant.llm.capabilities.sees else image_store.all:
                beside.start_soon(in_thread, reading_of, picture)
            beside.start_soon(session_files.open.run)
            if servers:
                beside.start_soon(telling(servers, assistant, notices or KeptNotices()))
            yield OpenedAssistant(assistant, voice, engines.choices, servers)
            beside.cancel_scope.cancel()


async def _voice(
    stack: AsyncExitStack,
    tts: Tts | None,
    output: OpenSpeaker | None,
    settings: Settings,
    told: Callable[[Kind, CleanText, bool], None],
) -> VoiceOutput | None:
    if tts is None or output is None:
        return None
    return VoiceOutput(tts, await stack.enter_async_context(output(told)), speed=settings.tts.speed)


def _assistant(
    engines: Engines,
    voice: VoiceOutput | None,
    image_store: ImageStore,
    image_sources: ImageSources,
    settings: Settings,
    notify: Notify,
    now: Callable[[], float],
    notices: Notices,
    skills: OfflineLlm,
    files: FilesToldOf,
    opened: Callable[[], list[Path]],
    servers: Servers | None,
) -> Assistant:
    skills.words = WORDS[settings.vision.detail]
    llm = engines.llm or skills
    return Assistant(
        llm=llm,
        skills=skills,
        voice=voice,
        image_store=image_store,
        history=_history(settings, image_store, llm),
        notify=notify,
        now=now,
        language="en" if settings.stt.language == "auto" else settings.stt.language,
        duck_db=settings.interrupt.duck_db,
        preemptive=settings.llm.preemptive,
        privacy_notice=privacy_notice_for(llm, notices),
        image_sources=image_sources,
        thinking_s=settings.earcons.thinking_s if settings.earcons.enabled else 0.0,
        unheard=settings.speaker.sink == "none",
        host_notice=host_notice_for(notices),
        tool_limits=ToolLimits(settings.llm.tool_rounds, settings.llm.tool_s, settings.llm.tools_turn_s),
        condensing_llm=condensing_llm(engines) if settings.llm.condense == "auto" else None,
        files=files,
        tools=lambda: own_tools(settings, opened),
        tool_sources=[servers] if servers else [],
    )


def condensing_llm(engines: Engines) -> Callable[[], Awaitable[Llm]] | None:
    """Who condenses: the small one, if no words go to a host by it that are not sent there anyway, or the one
    that answers. None: none answers.
    """
    main, small = engines.llm, engines.small
    if main is None:
        return None

    async def gives() -> Llm:
        if small and may_be_sent(main, small.remote_host):
            try:
                opened = await small.opened()
            except (EngineError, RefusedError) as error:
                _log.info("%s is not there for small work: %s", small.spec, error)
            else:
                # Its server may pass on what its name does not tell.
                if may_be_sent(main, opened.remote_host):
                    return opened
        return main

    return gives


def _skills(store: Store | None, *, rings: bool, others: Sequence[Skill] = ()) -> OfflineLlm:
    """``others``: those that come with what the conversation is about."""
    if store is None or store.database is None:
        return OfflineLlm(Timers(), others=others)
    timers = Timers(time.time, KeptTimers(store.database), rings_here=rings)
    return OfflineLlm(timers, Lists(store.database), others)


def _history(settings: Settings, image_store: ImageStore, llm: Llm) -> History:
    def room() -> int | None:
        context = llm.capabilities.context
        return None if context is None else max(0, context - settings.llm.max_tokens)

    prompt, of_pictures = ((PROMPTS / name).read_text("utf-8") for name in ("voice.md", "pictures.md"))
    return History(
        f"{prompt.strip()}\n{settings.llm.instructions}".strip(),
        turns=settings.llm.history_turns,
        name=image_store.name,
        of_pictures=f"{of_pictures.strip()}\n{instruction(settings.vision.detail)}",
        room=room,
        notes=settings.llm.condense == "auto",
    )
