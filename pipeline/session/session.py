"""A session: one person's conversation, from their sound to the answer's. As many as wanted in one process.

What sessions share, the engines, keeps nothing of a conversation; what is of one conversation is made here
and ends with it. Events go out through ``on_event``, each with an ``id`` and its ``session``; commands come
in through ``send``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack, aclosing
from functools import partial
from pathlib import Path

import anyio.from_thread
from anyio.lowlevel import current_token

from config.errors import AloudError, EngineError
from config.runtime.clean import EMPTY, CleanText
from config.runtime.clock import Timeline, in_thread
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.commands import AnswerNow, Command
from pipeline.conversation.converse import run_conversation
from pipeline.events import Notify, identified
from pipeline.session.assistant import OpenedAssistant, end_of_turn, open_assistant, tell_devices, tell_lost
from pipeline.session.audio import AudioInput, OnLevel, OpenSpeaker, meter, until
from pipeline.session.duplex import cancels_echo, deafness
from pipeline.session.engines import EngineChoice
from pipeline.session.fallback import given_way, telling
from pipeline.session.opened_engines import Engines
from pipeline.session.privacy import Notices, SessionNotices
from pipeline.session.shown_images import Shown
from pipeline.session.typed_lines import Typed, until_the_end
from pipeline.session.wake import WakeWordControl
from pipeline.session.warmup import Warmup, import_language, import_pictures_language
from pipeline.store.opening import Store
from voice.audio.echo.canceller import EchoCanceller, cancel_echo
from voice.audio.samples import Audio
from voice.stt.base import Stt
from voice.stt.context import Conversation
from voice.stt.events import SpeechEvent
from voice.stt.transcribe import transcribe
from voice.turns.endpointing.early_ducking import EarlyDucking
from voice.turns.endpointing.segmenter import Segmenter, SegmenterEvent
from voice.turns.listen import listen
from voice.turns.vad.base import Vad
from voice.turns.vad.silero import Silero

_COMMANDS = 64
"""That may wait to be carried out: each takes no time, so more mean that nothing carries them out."""
_SENSES = ("stt", "tts", "llm", "vision")


class Session:
    """``audio_in`` None: what is asked is typed. ``audio_out`` None: answers are written alone.

    ``typed``: lines, as they are typed; without sound, the session lasts until these end. ``images``: shown
    from the beginning. ``files``: opened beside the talk. ``on_level``: told the level of each frame, and
    whether sound was to be expected. ``notices``: who remembers what a person has been told of once (None:
    nobody, it is said in each session). ``store``: where a person's timers and lists are kept (None: nowhere;
    timers last as long as it).
    """

    def __init__(
        self,
        engines: Engines,
        audio_in: AudioInput | None,
        audio_out: OpenSpeaker | None,
        settings: Settings,
        on_event: Notify,
        *,
        images: Sequence[Shown] = (),
        files: Sequence[Path] = (),
        typed: Typed | None = None,
        on_level: OnLevel | None = None,
        on_choices: Callable[[Sequence[EngineChoice]], None] | None = None,
        notices: Notices | None = None,
        store: Store | None = None,
    ) -> None:
        self._engines = engines
        self._input = audio_in
        self._output = audio_out
        self._settings = settings
        self._notify = identified(on_event)
        self._images = images
        self._files = files
        self._typed = typed
        self._on_level = on_level
        self._on_choices = on_choices
        self._notices = notices or SessionNotices()
        self._store = store
        self._timeline = Timeline()
        self._ended = anyio.Event()
        self._answers_now = False
        self._send, self._commands = anyio.create_memory_object_stream[Command](_COMMANDS)

    def send(self, command: Command) -> None:
        """Have it carried out as soon as the conversation has begun.

        Raises ``anyio.ClosedResourceError`` after the end, ``anyio.WouldBlock`` where nothing takes them.
        """
        if isinstance(command, AnswerNow):
            self._answers_now = True
        else:
            self._send.send_nowait(command)

    def close(self) -> None:
        """No more is heard or taken; what was said and sent is answered, and ``run`` returns."""
        self._send.close()
        self._ended.set()

    async def run(self) -> None:
        """Open everything, say ``ready``, converse until the sound and the typed lines have ended.

        Raises ``AloudError`` for what cannot be opened, ``DeviceError`` for a device that is lost.
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(self._send), stack.enter_context(self._commands)
            stack.enter_context(self._telling())
            for told in given_way((self._engines.stt, self._engines.tts)):
                self._stands_in(*told)
            if self._store and self._store.told:
                self._tell_failure(self._store.told, self._store.told.kept)
            opened = await stack.enter_async_context(self._assistant())
            if self._input is None:
                await self._write(opened)
            else:
                await self._talk(stack, opened, self._input)

    def _assistant(self) -> AbstractAsyncContextManager[OpenedAssistant]:
        return open_assistant(
            self._settings,
            self._notify,
            self._timeline.now,
            engines=self._engines,
            output=self._output,
            images=self._images,
            files=self._files,
            notices=self._notices,
            store=self._store,
        )

    def _ready(self, opened: OpenedAssistant) -> None:
        choices = opened.choices
        if self._on_choices:
            self._on_choices(choices)
        names = {str(choice.sense): choice.name for choice in choices}
        stt, tts, llm, vision = (names.get(sense, EMPTY) for sense in _SENSES)
        at = self._timeline.now()
        self._notify(events.Ready(at=at, turn=0, stt=stt, tts=tts, llm=llm, vision=vision))
        if opened.servers:
            opened.servers.begin()

    # Typed alone ---------------------------------------------------------------------------------

    async def _write(self, opened: OpenedAssistant) -> None:
        tts = [opened.voice.tts.warm] if opened.voice else []
        await Warmup(*tts, partial(import_language, opened.assistant.language)).run()
        self._ready(opened)
        lines = self._lines(opened.assistant)
        piped = self._typed is not None and self._typed.piped
        async with aclosing(self._last(_nobody(self._ended))) as heard:
            await run_conversation(heard, opened.assistant, typed=lines, piped=piped, commands=self._commands)

    def _lines(self, assistant: Assistant) -> AsyncIterator[str] | None:
        """After the last one the session ends; what is typed beside a recording does not end it."""
        if self._typed is None:
            return None
        ends = self._input is None or (self._input.is_device and not self._typed.piped)
        return until_the_end(self._typed, self._ended, assistant.skills.timers) if ends else self._typed.lines

    # Spoken --------------------------------------------------------------------------------------

    async def _talk(self, stack: AsyncExitStack, opened: OpenedAssistant, source: AudioInput) -> None:
        assistant, stt = opened.assistant, self._engines.stt
        assert stt is not None, "sound comes in, and no engine hears it"
        segmenter = Segmenter(self._settings.listen, confirm_ms=self._settings.interrupt.confirm_ms)
        wake_control = WakeWordControl(self._settings.wake, assistant, segmenter)
        vad = Silero()
        warmup = self._warmup(stt, opened, wake_control)
        await in_thread(vad.warm)
        if source.waits:
            (await stack.enter_async_context(anyio.create_task_group())).start_soon(warmup.run)
        else:
            await warmup.run()  # nobody waits for a recording to begin: its turns then find everything warm
        devices = tell_devices(self._notify, self._timeline.now)
        lost = tell_lost(self._notify, self._timeline.now)
        frames = await stack.enter_async_context(source.open(self._timeline, lost, devices))
        self._ready(opened)
        wake_control.begin()
        lines = self._lines(assistant)
        frames = until(self._ended, frames)
        if self._on_level:
            frames = meter(frames, self._on_level, lambda: source.is_device and not assistant.speaking)
        frames, detector, settled = self._without_echo(frames, vad, opened)
        gated = wake_control.frames(frames)
        segments = self._segments(gated, detector, segmenter, wake_control, opened)
        async with aclosing(gated), aclosing(segments), aclosing(warmup.after(segments)) as warm:
            judge = end_of_turn(self._settings, segmenter, assistant)
            told = Conversation.of(self._settings.stt)
            hearing = transcribe(
                warm, stt, self._timeline.now, judge, talking=lambda: assistant.audible, conversation=told
            )
            async with hearing as heard, aclosing(self._last(heard)) as all_heard:
                await run_conversation(
                    all_heard,
                    assistant,
                    settled,
                    warmup.after(lines) if lines else None,
                    piped=self._typed is not None and self._typed.piped,
                    commands=self._commands,
                )

    def _warmup(self, stt: Stt, opened: OpenedAssistant, wake_control: WakeWordControl) -> Warmup:
        tts = opened.voice and opened.voice.tts
        loads: list[Callable[[], object]] = [
            partial(stt.warm, self._settings.stt.language),
            partial(import_language, opened.assistant.language),
        ]
        if self._settings.wake.enabled:
            loads.append(wake_control.warm)
        return Warmup(*loads, later=[*([tts.warm] if tts else []), import_pictures_language])

    def _telling(self) -> AbstractContextManager[None]:
        """Who gives way to another engine is told of in this session's loop, wherever it loads."""
        loop = current_token()

        def tell(error: EngineError, instead: CleanText) -> None:
            anyio.from_thread.run_sync(self._stands_in, error, instead, token=loop)

        return telling((self._engines.stt, self._engines.tts), tell)

    def _stands_in(self, error: EngineError, instead: CleanText) -> None:
        self._tell_failure(error, instead)

    def _tell_failure(self, error: AloudError, kept: CleanText) -> None:
        kind, message = type(error).__name__, error.and_todo
        at, todo = self._timeline.now(), error.todo
        self._notify(events.Failed(at=at, turn=0, error=kind, message=message, kept=kept, todo=todo))

    def _without_echo(
        self, frames: AsyncIterator[Audio], vad: Vad, opened: OpenedAssistant
    ) -> tuple[AsyncIterator[Audio], Vad, Callable[[], bool]]:
        """Frames without what the loudspeaker played, who finds voices in them, whether the echo is known."""
        voice = opened.voice
        if voice is None:
            return frames, vad, lambda: True
        canceller: EchoCanceller | None = None
        if voice.speaker.reference and cancels_echo(self._settings, self._echoes(opened)):
            canceller = EchoCanceller(self._settings.echo)
            frames = cancel_echo(frames, canceller, voice.speaker.reference, self._timeline.now)

        def settled() -> bool:
            return canceller is None or canceller.settled

        return frames, EarlyDucking(vad, voice.speaker, self._settings.interrupt.duck_db, settled), settled

    def _echoes(self, opened: OpenedAssistant) -> bool:
        heard = self._input is not None and self._input.is_device
        return heard and opened.voice is not None and opened.voice.speaker.echoes

    def _segments(
        self,
        frames: AsyncIterator[Audio],
        vad: Vad,
        segmenter: Segmenter,
        wake_control: WakeWordControl,
        opened: OpenedAssistant,
    ) -> AsyncGenerator[SegmenterEvent, None]:
        assistant = opened.assistant
        deaf = deafness(self._settings, lambda: assistant.audible, self._echoes(opened), self._timeline.now)
        return listen(
            frames,
            vad,
            segmenter,
            deaf=lambda: wake_control.deaf() or deaf(),
            resting=lambda: not assistant.speaking,
            over=self._over,
        )

    async def _last(self, heard: AsyncIterator[SpeechEvent]) -> AsyncGenerator[SpeechEvent, None]:
        """What is heard; after it no more commands are taken, so that the conversation can end."""
        async for item in heard:
            yield item
        self._send.close()

    def _over(self) -> bool:
        """Whether ``AnswerNow`` was sent since this was last asked."""
        over, self._answers_now = self._answers_now, False
        return over


async def _nobody(ended: anyio.Event) -> AsyncGenerator[SpeechEvent, None]:
    """What is heard where nothing listens."""
    heard: tuple[SpeechEvent, ...] = ()
    await ended.wait()
    for item in heard:
        yield item
