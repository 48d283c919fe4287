"""A dictation put together: a microphone, an account of takes, targets, and everything between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial

import anyio
from anyio.abc import TaskGroup

from config.errors import DeviceError
from config.runtime.clean import EMPTY, CleanText, clean, joined
from config.runtime.clock import Timeline, in_thread
from config.runtime.installation import typed_here
from config.settings.model import Settings
from pipeline import events
from pipeline.dictation.active_take import DictationContext
from pipeline.dictation.finish import BY_PROGRAM
from pipeline.dictation.opening import account_status, failed_account
from pipeline.dictation.recorder import Recorder
from pipeline.dictation.rewrite.styles import style
from pipeline.dictation.session import Dictation
from pipeline.dictation.store import Takes
from pipeline.dictation.take import keep
from pipeline.dictation.vocabulary_file import read_vocabulary
from pipeline.dictation.wav_file import StorageError, length_s
from pipeline.events import Notify, identified
from pipeline.session.assistant import tell_devices, tell_lost
from pipeline.session.audio import meter
from pipeline.session.dictation.context import DictationOptions, open_context
from pipeline.session.dictation.push_to_talk import Act, Keys, press
from pipeline.session.dictation.read_back import ReadBack
from pipeline.session.dictation.toggle import heed
from pipeline.session.duplex import is_device, settle_speaker
from pipeline.session.engines import choose_stt
from pipeline.session.warmup import Warmup
from voice.audio.input.microphone import microphone
from voice.audio.samples import Audio, Samples
from voice.stt.base import Stt
from voice.turns.vad.silero import Silero
from voice.turns.wake.wake_word import WakeWord


def settle(settings: Settings) -> Settings:
    """As a dictation hears: a pause is waited for longer before it is heard as the end.

    Raises ``UsageError`` for a style that there is not, or takes that cannot be kept so.
    """
    wanted = settings.dictate
    if wanted.style != BY_PROGRAM:
        style(wanted.style)
    keep(wanted.keep), keep(wanted.keep_recordings)
    listen = settings.listen.replaced(preflight_ms=wanted.preflight_ms, longest_s=wanted.longest_s)
    return settle_speaker(settings.replaced(listen=listen))


async def dictate(settings: Settings, wanted: DictationOptions, notify: Notify) -> set[int]:
    """Listen, until the last take has ended; what became of them (``ActiveTake.status``). Raises
    ``KeyboardInterrupt`` for one while none is recorded.
    """
    return await _DictationSession(settings, wanted, notify).run()


class _DictationSession:
    """The takes of one person, from the first to the last; what ``Session`` is to a conversation."""

    def __init__(self, settings: Settings, wanted: DictationOptions, notify: Notify) -> None:
        self._settings = settings
        self._wanted = wanted
        self._notify = identified(notify)
        self._timeline = Timeline()
        self._reading = ReadBack(settings, self._timeline.now)
        self._wake = WakeWord(settings.wake.word) if settings.wake.enabled else None
        self._vad = Silero()
        self._under_way: tuple[Dictation, Takes] | None = None

    async def run(self) -> set[int]:
        """As ``dictate``."""
        try:
            statuses = await self._to_the_end()
        except anyio.get_cancelled_exc_class():  # Ctrl-C, where no microphone is listened to
            self._tell_unfinished()
            raise
        if statuses is None:
            self._tell_unfinished()
            raise KeyboardInterrupt  # not in a task: the loop would tell of it on the screen
        return statuses

    async def _to_the_end(self) -> set[int] | None:
        """None: it was interrupted."""
        stt = self._wanted.around_stt(choose_stt(self._settings.stt)[0])
        ran = False
        async with AsyncExitStack() as stack:
            takes = stack.enter_context(Takes())
            tasks = await stack.enter_async_context(anyio.create_task_group())
            tasks.start_soon(self._reading.run)
            warmup = Warmup(partial(stt.warm, self._settings.stt.language))
            context = await stack.enter_async_context(self._context(stt, takes, warmup))
            await self._warm(warmup, tasks)
            frames = await stack.enter_async_context(self._frames())
            dictation = self._dictation(context, tasks)
            self._under_way = dictation, takes
            self._ready(context)
            self._tell_account(takes)
            if self._wanted.listening and self._wanted.listening.asked_early:
                dictation.close()
            await dictation.run(self._metered(frames))
            ran = not tasks.cancel_scope.cancel_called  # the sound may end in the moment of Ctrl-C
            tasks.cancel_scope.cancel()
        if not ran:
            return None
        self._tell_account(takes)
        return dictation.statuses | account_status(takes)

    def _tell_unfinished(self) -> None:
        """That it is kept, and the way on."""
        if self._under_way is None:
            return
        dictation, takes = self._under_way
        left = dictation.unfinished
        if left and length_s(takes.sound(left.take)) > 0:
            again = clean(typed_here(takes.again(left.take)))
            self._failed("Interrupted", clean("It was interrupted."), again)

    def _tell_account(self, takes: Takes) -> None:
        for error in takes.told():
            self._notify(events.Failed(at=self._timeline.now(), turn=0, **failed_account(error, takes)))

    def _context(
        self, stt: Stt, takes: Takes, warmup: Warmup
    ) -> AbstractAsyncContextManager[DictationContext]:
        settings, now = self._settings, self._timeline.now
        return open_context(
            settings,
            self._wanted,
            stt,
            self._vad,
            read_vocabulary(settings.dictate.vocabulary_file),
            takes,
            self._notify,
            now,
            self._reading,
            warmup.done,
        )

    async def _warm(self, warmup: Warmup, tasks: TaskGroup) -> None:
        await in_thread(self._vad.warm)
        if self._wake:
            await in_thread(self._wake.warm)
        source = self._settings.microphone.source
        if is_device(source) or source == "-":
            tasks.start_soon(warmup.run)
        else:
            await warmup.run()
        if self._wake and self._settings.earcons.enabled:
            tasks.start_soon(self._open_loudspeaker)

    async def _open_loudspeaker(self) -> None:
        try:
            await self._reading.ready()
        except DeviceError as error:
            self._failed("DeviceError", error.failed, clean("No sound tells that the wake word was heard."))

    def _frames(self) -> AbstractAsyncContextManager[AsyncIterator[Audio]]:
        devices = tell_devices(self._notify, self._timeline.now)
        lost = tell_lost(self._notify, self._timeline.now)
        return microphone(self._settings.microphone, self._timeline, lost, devices)

    def _metered(self, frames: AsyncIterator[Audio]) -> AsyncIterator[Audio]:
        if not self._wanted.on_level:
            return frames
        listens = is_device(self._settings.microphone.source)
        return meter(frames, self._wanted.on_level, lambda: listens and not self._reading.speaking)

    def _dictation(self, context: DictationContext, tasks: TaskGroup) -> Dictation:
        many = self._wanted.push_to_talk or self._wake is not None
        recorder = Recorder(_watch(self._wake, self._woke), self._reading.deaf, self._not_stored)
        dictation = Dictation(
            context,
            recorder,
            style=self._settings.dictate.style,
            again=many,
            pause_s=self._settings.dictate.pause_s if self._wake else 0.0,
        )
        if not many:
            dictation.begin()
        _attend(dictation, self._wanted, tasks)
        return dictation

    def _ready(self, context: DictationContext) -> None:
        at, stt = self._timeline.now(), clean(context.stt.name)
        self._notify(events.Ready(at=at, turn=0, stt=stt, tts=EMPTY, llm=EMPTY, vision=EMPTY))
        if self._wake:
            self._notify(events.Slept(at=at, turn=-1, word=self._wake.phrase))

    def _woke(self) -> None:
        if self._wake:
            self._notify(events.Woke(at=self._timeline.now(), turn=-1, word=self._wake.phrase))
            self._reading.cue("listening")

    def _not_stored(self, error: StorageError) -> None:
        self._failed("StorageError", error.failed, joined(filter(None, (error.kept, error.todo)), " "))

    def _failed(self, kind: str, message: CleanText, kept: CleanText = EMPTY) -> None:
        at = self._timeline.now()
        self._notify(events.Failed(at=at, turn=0, error=kind, message=message, kept=kept))


def _watch(wake: WakeWord | None, woke: Callable[[], None]) -> Callable[[Samples], bool]:
    """Whether a frame ends the wake word."""

    def heard(frame: Samples) -> bool:
        if wake is None or not wake.push(frame):
            return False
        wake.reset()
        woke()
        return True

    return heard


def _attend(dictation: Dictation, wanted: DictationOptions, tasks: TaskGroup) -> None:
    """Keys and signals."""

    def interrupt() -> None:
        if dictation.recording:
            dictation.close()
        else:
            tasks.cancel_scope.cancel()

    if wanted.listening:
        tasks.start_soon(heed, dictation.close, interrupt)
    if not wanted.keys:
        return
    acts: dict[Act, Callable[[], None]] = {
        "begin": dictation.begin,
        "end": dictation.end,
        "cancel": dictation.cancel,
        "quit": dictation.close,
    }
    tasks.start_soon(
        press, Keys(lambda: dictation.recording, holds=wanted.push_to_talk), lambda act: acts[act]()
    )
