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
import anyio.to_thread

from config.settings import Microphone
from voice.audio import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Resampler, Samples
from voice.clock import Timeline, in_thread
from voice.devices import BLOCK_S, Device, Heartbeat, close, find, quiet, refused, sound_library
from voice.recording import chunks, is_recording
from voice.standard_input import StandardInput

FRAME_S = FRAME_SAMPLES / HEARING_RATE
"""Of a device's block as well: a shorter one would only wake the program more often for the same frame, and
at 10 ms a busy Python thread beside it broke the stream 5 times in 8 s."""

_BURST_S = 0.25
"""A program that writes sound in larger pieces is not slowed down further: so much may come at once."""


@asynccontextmanager
async def microphone(
    settings: Microphone, timeline: Timeline, on_overflow: Callable[[float], None]
) -> AsyncIterator[AsyncIterator[Audio]]:
    """Open ``settings.source``; yields its frames, each delivered when its last sample has been captured.

    Each frame marks the ``timeline`` with the moment it was captured, so a reader that is late is seen to be.
    ``on_overflow`` is told the seconds of sound lost when a reader was late by more than ``queue_s``.

    Raises ``RecordingError`` (on entering) for a file that is no recording, ``UsageError`` for standard input
    that is a keyboard, ``DeviceError`` on entering and, within a second, when the device goes.
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
            frames = _captured(capture, timeline, on_overflow)
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
    ended = False
    while not ended:
        piece = await source.read()
        ended = piece is None
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


class _Capture:
    """The queue between a device's callback and the event loop: bounded, the oldest gives way."""

    def __init__(self, device: Device, queue_s: float) -> None:
        self.device = device
        self.heartbeat = Heartbeat("microphone", device.name)
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self._blocks: deque[tuple[float, Samples]] = deque()
        self._lock = threading.Lock()
        self._held = self._lost = 0
        self._most = round(queue_s * device.rate)

    def callback(self, data: Any, frames: int, at: object, status: object) -> None:
        """From the sound card's thread; ``data`` has shape (frames, channels), float32."""
        self.heartbeat.beat()
        mono = data.mean(axis=1)
        with self._lock:
            self._blocks.append((self.heartbeat.last, mono))
            self._held += frames
            while self._held > self._most:
                _, oldest = self._blocks.popleft()
                self._held -= len(oldest)
                self._lost += len(oldest)
        self._wake()

    def finished(self) -> None:
        """From the sound card's thread: the stream has ended."""
        self.heartbeat.stop()
        self._wake()

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._came.set)

    def take(self) -> tuple[Samples, float, float]:
        """The oldest block, when it came (``time.monotonic``), and the seconds lost before it."""
        with self._lock:
            came, block = self._blocks.popleft()
            self._held -= len(block)
            lost, self._lost = self._lost, 0
        return block, came, lost / self.device.rate

    async def wait(self) -> None:
        """Until there is a block to take. Raises ``DeviceError`` when none comes any more."""
        while not self._blocks:
            self.heartbeat.check()
            with anyio.move_on_after(self.heartbeat.left_s):
                await self._came.wait()
            if not self._blocks:
                self._came.clear()


@asynccontextmanager
async def _open(settings: Microphone) -> AsyncIterator[_Capture]:
    device = await anyio.to_thread.run_sync(find, "microphone", settings.source)
    capture = _Capture(device, settings.queue_s)

    def start() -> Any:
        library = sound_library()
        try:
            with quiet():
                stream = library.InputStream(
                    device=device.index,
                    samplerate=device.rate,
                    channels=min(device.channels, 2),  # virtual devices claim 32
                    blocksize=round(device.rate * BLOCK_S),
                    dtype="float32",
                    latency="low",
                    callback=capture.callback,
                    finished_callback=capture.finished,
                )
                capture.heartbeat.start()
                stream.start()
        except (library.PortAudioError, ValueError) as error:
            raise refused("microphone", device.name, error) from None
        return stream

    stream = await anyio.to_thread.run_sync(start)
    try:
        await capture.wait()  # some servers take most of a second until the first sound: only now is it heard
        yield capture
    finally:
        await close(stream)


async def _captured(
    capture: _Capture, timeline: Timeline, on_overflow: Callable[[float], None]
) -> AsyncGenerator[Audio, None]:
    resampler, framer, count = Resampler(capture.device.rate, HEARING_RATE), Framer(), 0
    while True:
        await capture.wait()
        block, came, lost_s = capture.take()
        if lost_s:
            on_overflow(lost_s)
        at = anyio.current_time() - (time.monotonic() - came)
        for samples in framer.push(resampler.push(block)):
            count += 1
            timeline.mark(count * FRAME_SAMPLES, HEARING_RATE, at)
            yield Audio(samples, HEARING_RATE)
