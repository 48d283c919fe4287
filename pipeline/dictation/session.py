"""The whole dictation on one screen: takes, one after the other, each from its first word to its delivery.

The recorder writes what the microphone hears to disk; what is heard, commanded, rewritten and delivered is
read from there, one step after the other, each written into the account before the next. So nothing has to
hurry, a person goes on speaking whatever takes long, and after a crash every step can be taken up again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
from anyio.abc import ObjectSendStream

from config.errors import SttError
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from pipeline.dictation import events as dictation_events
from pipeline.dictation.active_take import ActiveTake, DictationContext, EndReason, open_document
from pipeline.dictation.finish import TakeFinisher
from pipeline.dictation.recorder import Recorder, copy_tail
from pipeline.dictation.store import new_sound
from pipeline.dictation.take import Take
from pipeline.dictation.transcribe import TakeTranscriber
from pipeline.dictation.wav_file import Recording, StorageError
from voice.audio.samples import HEARING_RATE, Audio

_WAITING_TAKES = 32
"""Takes that are recorded and wait to be finished: push-to-talk may be quicker than an LLM."""


class Dictation:
    """``run`` it with frames; ``begin``, ``end`` and ``cancel`` from outside (keys, a signal, a wake word).

    ``again``: whether another take may begin after one has ended. ``pause_s``: a take ends after so long
    without a voice; 0: never.
    """

    def __init__(
        self,
        context: DictationContext,
        recorder: Recorder,
        *,
        style: str,
        again: bool = False,
        pause_s: float = 0.0,
    ) -> None:
        self._context = context
        self._recorder = recorder
        self._finishing = TakeFinisher(context)
        self._hearing = TakeTranscriber(
            context, self._finishing, pause_s, lambda current: self._end(current, "pause")
        )
        self._style = style
        self._again = again
        self._turn = 0
        recorder.on_end = lambda: self._tell_ended(self._open)
        self._open: ActiveTake | None = None
        self.last: ActiveTake | None = None
        """The take that was finished last, well or not."""
        self.statuses: set[int] = set()
        """What became of the takes, as ``ActiveTake.status`` has it; one that was given up does not count."""

    # From outside ------------------------------------------------------------------------------------

    def begin(self) -> None:
        self._recorder.call()

    def end(self, by: EndReason = "end") -> None:
        """What was said up to now is all of the take under way."""
        if self._open:
            self._end(self._open, by)
        else:
            self._recorder.end()

    def _end(self, current: ActiveTake, by: EndReason) -> None:
        if current is self._open and not current.recording.finished:
            current.by = by
            self._recorder.end()

    def cancel(self) -> None:
        """The take under way is kept, and not delivered."""
        self.end("cancel")

    def close(self) -> None:
        """The take under way ends, and no other begins."""
        self._recorder.close()

    @property
    def recording(self) -> bool:
        return self._recorder.open

    @property
    def unfinished(self) -> ActiveTake | None:
        """The take that began last, while it is neither delivered nor failed nor cancelled."""
        return self._open if self._open and self._open.state == "recorded" else None

    # Takes -------------------------------------------------------------------------------------------

    async def run(self, frames: AsyncIterator[Audio]) -> None:
        """Until the sound ends, or the last take has. Raises what keeps the account from being written."""
        send, opened = anyio.create_memory_object_stream[ActiveTake](_WAITING_TAKES)
        async with anyio.create_task_group() as tasks, opened:
            tasks.start_soon(self._recorder.run, frames)
            tasks.start_soon(self._open_takes, send)
            async for current in opened:
                following: ActiveTake | None = current
                while following:
                    following = await self._through(following)
                if not self._again:
                    break
            tasks.cancel_scope.cancel()

    async def _open_takes(self, send: ObjectSendStream[ActiveTake]) -> None:
        """As soon as one is to begin it has a recording, whatever is still being finished."""
        async with send:
            while await self._recorder.called():
                take = await in_thread(self._context.takes.begin, self._style, *self._naming())
                recording = Recording(self._context.takes.sound(take))
                try:
                    recording.open()
                except StorageError as error:
                    await self._not_begun(ActiveTake(take, recording, self._turn), error)
                    if self._again:
                        continue
                    break
                await send.send(self._began(take, recording, self._recorder.attach(recording)))

    async def _not_begun(self, current: ActiveTake, error: StorageError) -> None:
        """Nothing can be recorded: whoever speaks is to hear it before they have said much."""
        self._recorder.refuse(error)
        current.recording.cut = True
        await self._finishing.nothing(current)
        self._ended(current)

    def _naming(self) -> tuple[tuple[str, ...], str, str]:
        context = self._context
        return tuple(context.targets), context.language, context.stt.name

    def _began(self, take: Take, recording: Recording, origin: float) -> ActiveTake:
        language = take.language if take.language != "auto" else "en"
        page = open_document(self._context, language)
        current = ActiveTake(take, recording, self._turn, origin, take.style, language, page)
        self._turn += 1
        self._open = current
        now = self._context.now()
        self._context.notify(
            dictation_events.TakeBegan(at=now, turn=current.turn, take=take.id, style=clean(take.style))
        )
        return current

    def _tell_ended(self, current: ActiveTake | None) -> None:
        if current:
            seconds = current.heard_to if current.by in ("send", "new_take") else current.recording.samples
            ended = dictation_events.TakeEnded(
                at=self._context.now(), turn=current.turn, take=current.take.id, by=current.by,
                seconds=round(seconds / HEARING_RATE, 3),
            )  # fmt: skip
            self._context.notify(ended)

    async def _through(self, current: ActiveTake) -> ActiveTake | None:
        """Hear it, then finish it; returns the take that has begun already with what was said since."""
        following: ActiveTake | None = None
        try:
            current.by = await self._hearing.hear(current)
            self._style = current.style
            if current.by in ("send", "new_take"):
                following = await self._go_over(current)
            else:
                self._end(current, current.by)
            await self._finishing.finish(current)
        except (SttError, StorageError) as error:
            self._end(current, "end")
            await self._finishing.fail(current, error)
        finally:
            current.recording.close()
        self._hearing.before = current
        self._ended(current)
        return following

    def _ended(self, current: ActiveTake) -> None:
        self.last = current
        if current.state != "cancelled" or current.left or current.recording.cut:
            self.statuses.add(current.status)

    async def _go_over(self, current: ActiveTake) -> ActiveTake:
        """The next take: it has what was said after the command. The old one ends where the command does."""
        takes, begin, sound = self._context.takes, current.heard_to, new_sound()
        recording = Recording(takes.sound(sound)).open()
        copy_tail(current.recording, recording, begin)
        after = (current.take.id, begin)
        take = await in_thread(lambda: takes.begin(self._style, *self._naming(), sound=sound, after=after))
        self._tell_ended(current)
        self._recorder.go_over(current.recording, recording, begin)
        return self._began(take, recording, current.origin + begin / HEARING_RATE)

    async def retry(self, take: Take, *, again: bool = False) -> None:
        """Take up a take where it stopped, to its delivery; and those that its last command began.

        ``again``: deliver it even where it may have arrived. Raises ``BlockingIOError`` while another process
        works on it.
        """
        recording = Recording(self._context.takes.sound(take)).open()
        recording.finish()
        following: ActiveTake | None = self._began(take, recording, 0.0)
        self._finishing.again = again
        while following:
            following.recording.finish()
            current, following = following, None
            try:
                await self._hearing.replay(current)
                if current.by == "new_take":  # a person wants it none the less
                    current.by = "end"
                if not current.take.raw:
                    current.by = await self._hearing.hear(current, current.take.ends_at)
                    rest = current.recording.samples - current.heard_to
                    if current.by in ("send", "new_take") and current.take.ends_at is None and rest > 0:
                        following = await self._go_over(current)
                await self._finishing.finish(current)
            except (SttError, StorageError) as error:
                await self._finishing.fail(current, error)
            finally:
                current.recording.close()
            self._ended(current)
