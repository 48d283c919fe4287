"""The microphone's frames go to disk before anything else: into the take that is open, if one is."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable

import anyio
import numpy as np

from pipeline.dictation.wav_file import Recording, StorageError
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Samples

_BEFORE_FRAMES = 10
"""Kept from before a key was pressed: people begin to speak while they press it (0.3 s)."""


class Recorder:
    """``run`` it beside what reads the recordings.

    ``watch`` is shown each frame while no take is open; True begins one (a wake word). ``deaf``: while it is
    True silence is recorded, since the loudspeaker would be.
    """

    def __init__(
        self,
        watch: Callable[[Samples], bool] = lambda frame: False,
        deaf: Callable[[], bool] = lambda: False,
        on_failure: Callable[[StorageError], None] = lambda error: None,
    ) -> None:
        self._watch = watch
        self._deaf = deaf
        self._on_failure = on_failure
        self._recording: Recording | None = None
        self._before: deque[Samples] = deque(maxlen=_BEFORE_FRAMES)
        self._waiting: list[Samples] | None = None
        self._waited_for = False
        self._called = anyio.Event()
        self._position = 0
        self.on_end: Callable[[], None] = lambda: None
        """Told when the take that is open has all of its sound, and no other goes on with it."""
        self.over = False
        """The sound is over: no take will begin any more."""

    async def run(self, frames: AsyncIterator[Audio]) -> None:
        async for frame in frames:
            self._position += len(frame.samples)
            samples = np.zeros_like(frame.samples) if self._deaf() else frame.samples
            if recording := self._recording:
                await self._store(recording, samples)
            elif self._waiting is not None:
                if self._waited_for:
                    self._waiting.append(samples)
            else:
                self._before.append(samples)
                if self._watch(samples):
                    self._before.clear()  # the wake word is not dictated
                    self.call()
        self.close()

    def close(self) -> None:
        """No further take begins; the one that is open ends."""
        self.over = True
        self.end()
        self._wake()

    async def _store(self, recording: Recording, samples: Samples) -> None:
        self._append(recording, samples)
        try:
            await recording.sync()
        except StorageError as error:
            self._refused(error)

    def _append(self, recording: Recording, samples: Samples) -> None:
        try:
            recording.append(samples)
        except StorageError as error:
            self._refused(error)

    def _refused(self, error: StorageError) -> None:
        self.end()
        self._on_failure(error)

    # A take begins -----------------------------------------------------------------------------------

    def call(self) -> None:
        """From now on (and from a moment before) the sound belongs to a take that is being opened."""
        if self._waiting is None and self._recording is None and not self.over:
            self._waiting, self._waited_for = list(self._before), True
            self._before.clear()
            self._wake()

    def _wake(self) -> None:
        called, self._called = self._called, anyio.Event()
        called.set()

    async def called(self) -> bool:
        """Until a take is to begin. False: none will any more."""
        while self._waiting is None and not self.over:
            await self._called.wait()
        return self._waiting is not None

    def attach(self, recording: Recording) -> float:
        """Into this recording; seconds on the microphone's clock where it begins."""
        waiting, self._waiting = self._waiting or [], None
        samples = sum(map(len, waiting))
        self._recording = recording
        for frame in waiting:
            if not recording.finished:
                self._append(recording, frame)
        if self.over or not self._waited_for:
            self.end()
        return (self._position - samples) / HEARING_RATE

    def refuse(self, error: StorageError) -> None:
        """There is nothing into which it could go: no take begins with this sound."""
        self._waiting, self._waited_for = None, False
        self._on_failure(error)

    @property
    def open(self) -> bool:
        """Whether sound goes into a take, or into one that is being opened."""
        return self._recording is not None or (self._waiting is not None and self._waited_for)

    # ... goes over into the next, and ends -------------------------------------------------------------

    def go_over(self, recording: Recording, following: Recording, begin: int) -> None:
        """``following`` goes on where ``recording`` ends, at sample ``begin``."""
        copy_tail(recording, following, begin)
        if self._recording is recording:
            self._recording = following
        elif recording.finished:
            following.finish()
        recording.finish()

    def end(self) -> None:
        """What was said up to now is all of the take."""
        self._waited_for = False
        recording, self._recording = self._recording, None
        if recording:
            recording.finish()
            self.on_end()


def copy_tail(recording: Recording, following: Recording, begin: int) -> None:
    """What ``recording`` has from sample ``begin`` on and ``following`` has not yet."""
    for at in range(begin + following.samples, recording.samples, _COPIED):
        following.append(recording.read(at, at + _COPIED))


_COPIED = 64 * FRAME_SAMPLES
