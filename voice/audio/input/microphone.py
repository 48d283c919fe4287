"""The microphone: frames of 512 samples (32 ms) at 16 kHz, from a device, a recording or standard input.

A device's callback only copies into a bounded queue, the first of the two buffers of the house; everything
else happens on the event loop. A recording comes as if it were being spoken now.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

import anyio
import numpy as np
from numpy.typing import NDArray

from config.errors import DeviceError
from config.runtime.clean import CleanText
from config.runtime.clock import LONGEST_GAP_S, Timeline, in_thread
from config.settings.model import MicrophoneSettings
from voice.audio.devices.portaudio import BLOCK_S, Device, Heartbeat, Kind
from voice.audio.devices.streams import DeviceStream, running
from voice.audio.input.audio_file import chunks, is_recording
from voice.audio.input.downmix import Downmix
from voice.audio.input.high_pass import HighPass
from voice.audio.input.stdin import StandardInput
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Resampler, Samples

FRAME_S = FRAME_SAMPLES / HEARING_RATE
"""Of a device's block as well: a shorter one would only wake the program more often for the same frame, and
at 10 ms a busy Python thread beside it broke the stream 5 times in 8 s."""

_BURST_S = 0.25
"""A program that writes sound in larger pieces is not slowed down further: so much may come at once."""


@asynccontextmanager
async def microphone(
    settings: MicrophoneSettings,
    timeline: Timeline,
    on_overflow: Callable[[float], None],
    changed: Callable[[Kind, CleanText, bool], None] = lambda *_: None,
) -> AsyncIterator[AsyncIterator[Audio]]:
    """Open ``settings.source``; yields its frames, each delivered when its last sample has been captured.

    Each frame marks the ``timeline`` with the moment it was captured, so a reader that is late is seen to be.
    ``on_overflow`` is told the seconds of sound lost when a reader was late by more than ``queue_s``.

    Raises ``RecordingError`` (on entering) for a file that is no recording, ``UsageError`` for standard input
    that is a keyboard, ``DeviceError`` on entering. A device that goes (seen within a second) is replaced by
    the next best; the time without one counts as silence. ``changed`` is told the name of each that went
    (False) and came (True).
    """
    async with AsyncExitStack() as stack:
        if settings.source == "-":
            source = stack.enter_context(StandardInput())
            frames = _live(source, timeline, anyio.current_time())
        elif is_recording(settings.source):
            decoded = chunks(settings.source)
            # The first second now: what is wrong with a file is told before "ready".
            first = await in_thread(next, decoded)
            frames = _paced(first, decoded, timeline, anyio.current_time())
        else:
            capture = await stack.enter_async_context(_open(settings))
            frames = _captured(capture, timeline, on_overflow, changed)
        timeline.mark(0, HEARING_RATE)
        yield await stack.enter_async_context(aclosing(frames))


async def _paced(
    chunk: Samples | None, decoded: Iterator[Samples], timeline: Timeline, start: float
) -> AsyncGenerator[Audio, None]:
    """A recording: frame k is due when k + 1 frames would have been spoken. ``chunk`` is its first second."""
    count, framer = 0, Framer()
    while True:
        for samples in framer.flush() if chunk is None else framer.push(chunk):
            count += 1
            due = start + count * FRAME_S
            await anyio.sleep_until(due)
            timeline.mark(count * FRAME_SAMPLES, HEARING_RATE, due)
            yield Audio(samples, HEARING_RATE)
        if chunk is None:
            return
        chunk = await in_thread(next, decoded, None)


async def _live(source: StandardInput, timeline: Timeline, start: float) -> AsyncGenerator[Audio, None]:
    """Standard input: no faster than it would be spoken, and no sooner than it comes."""
    due, count, framer = start, 0, Framer()
    ended, timeline.bound = False, True
    while not ended:
        piece = await source.read()
        ended = piece is None
        timeline.bound = not ended
        came = 0.0
        if piece is not None and piece.waited:
            came = anyio.current_time() - (time.monotonic() - piece.came)
            due = max(due, came - _BURST_S)
        for samples in framer.flush() if piece is None else framer.push(piece.samples):
            count += 1
            due += FRAME_S
            await anyio.sleep_until(due)
            timeline.mark(count * FRAME_SAMPLES, HEARING_RATE, max(due, came))
            yield Audio(samples, HEARING_RATE)


_Block = NDArray[np.float32]
"""Shape (frames, channels), as a device gives it."""


class _Capture:
    """The queue between a device's callback and the event loop: bounded, the oldest gives way."""

    def __init__(self, settings: MicrophoneSettings) -> None:
        self.stream = DeviceStream("microphone", settings.source, self._make, self._wake)
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self._blocks: deque[tuple[float, _Block]] = deque()
        self._lock = threading.Lock()
        self._held = self._lost = 0
        self._queue_s = settings.queue_s
        self._most = 0
        self._rate = HEARING_RATE

    def _make(self, library: Any, device: Device, heartbeat: Heartbeat) -> Any:
        with self._lock:
            if device.rate != self._rate:
                self._blocks.clear()  # a moment at another rate
                self._held = self._lost = 0
            self._rate = device.rate
            self._most = round(self._queue_s * device.rate)

        def finished() -> None:
            heartbeat.stop()
            self._wake()

        return library.InputStream(
            device=device.index,
            samplerate=device.rate,
            channels=min(device.channels, 2),  # virtual devices claim 32
            blocksize=round(device.rate * BLOCK_S),
            dtype="float32",
            latency="low",
            callback=lambda data, frames, at, status: self._callback(heartbeat, data, frames),
            finished_callback=finished,
        )

    @property
    def rate(self) -> int:
        """Hz, of the device."""
        return self._rate

    def _callback(self, heartbeat: Heartbeat, data: Any, frames: int) -> None:
        """From the sound card's thread; ``data`` has shape (frames, channels), float32."""
        heartbeat.beat()
        block = data.copy()
        with self._lock:
            self._blocks.append((heartbeat.last, block))
            self._held += frames
            while self._held > self._most:
                _, oldest = self._blocks.popleft()
                self._held -= len(oldest)
                self._lost += len(oldest)
        self._wake()

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._came.set)

    def take(self) -> tuple[_Block, float, float]:
        """The oldest block, when it came (``time.monotonic``), and the seconds lost before it."""
        with self._lock:
            came, block = self._blocks.popleft()
            self._held -= len(block)
            lost, self._lost = self._lost, 0
        return block, came, lost / self._rate

    async def wait(self) -> None:
        """Until there is a block to take. Raises ``DeviceError`` when none comes any more."""
        while not self._blocks:
            self.stream.heartbeat.watched()
            self.stream.heartbeat.check()
            with anyio.move_on_after(self.stream.heartbeat.left_s):
                await self._came.wait()
            if not self._blocks:
                self._came.clear()


class _Hearing:
    """A device's blocks as 16 kHz mono. The channels may become others with the device."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._channels = 0
        self._downmix = Downmix([1.0], rate)
        self._resampler = Resampler(rate, HEARING_RATE)
        self._high_pass = HighPass()

    def push(self, block: _Block) -> Samples:
        if block.shape[1] != self._channels:
            self._channels = block.shape[1]
            self._downmix = Downmix([1.0] * self._channels, self._rate)
        return self._high_pass.push(self._resampler.push(self._downmix.push(block.T)))


@asynccontextmanager
async def _open(settings: MicrophoneSettings) -> AsyncIterator[_Capture]:
    capture = _Capture(settings)
    async with running(capture.stream):
        await capture.wait()  # some servers take most of a second until the first sound: only now is it heard
        yield capture


async def _captured(
    capture: _Capture,
    timeline: Timeline,
    on_overflow: Callable[[float], None],
    changed: Callable[[Kind, CleanText, bool], None],
) -> AsyncGenerator[Audio, None]:
    rate, framer, count, last = capture.rate, Framer(), 0, time.monotonic()
    hearing = _Hearing(rate)
    timeline.bound = True
    while True:
        gap = np.zeros(0, np.float32)
        try:
            await capture.wait()
        except DeviceError:
            changed("microphone", capture.stream.device.name, False)
            changed("microphone", await capture.stream.revive(), True)
            rate, hearing = capture.rate, _Hearing(capture.rate)
            silent_s = min(time.monotonic() - last, LONGEST_GAP_S)
            gap = np.zeros(round(silent_s * HEARING_RATE), np.float32)
            block, came, lost_s = np.zeros((0, 1), np.float32), time.monotonic(), 0.0
        else:
            block, came, lost_s = capture.take()
        if capture.rate != rate:  # the loudspeaker was lost, and both came back
            rate, hearing = capture.rate, _Hearing(capture.rate)
        if lost_s:
            on_overflow(lost_s)
        last = came
        at = anyio.current_time() - (time.monotonic() - came)
        heard = gap if len(gap) else hearing.push(block)
        for samples in framer.push(heard):
            count += 1
            timeline.mark(count * FRAME_SAMPLES, HEARING_RATE, at)
            yield Audio(samples, HEARING_RATE)
