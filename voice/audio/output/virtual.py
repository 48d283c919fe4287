"""Sinks that are no device: a pump pulls from the track in a sound card's place, block by block on the event
loop's clock, so that a file is written exactly as a loudspeaker would have been heard.
"""

from __future__ import annotations

import os
import select
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np

from config.errors import DeviceError, UsageError
from config.runtime.clock import in_thread
from config.system.standard_streams import why
from voice.audio.devices.portaudio import BLOCK_S
from voice.audio.echo.reference import Reference
from voice.audio.output.playback_buffer import FADE_S, PlaybackBuffer, Played
from voice.audio.samples import Samples, to_int16


@asynccontextmanager
async def open_virtual_sink(virtual_sink: VirtualSink) -> AsyncIterator[tuple[PlaybackBuffer, VirtualSink]]:
    failure: BaseException | None = None
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(virtual_sink.run)
            try:
                yield virtual_sink.buffer, virtual_sink
            except (Exception, KeyboardInterrupt) as error:
                failure = error  # raised below as it is: the group would wrap it
            group.cancel_scope.cancel()
    finally:
        virtual_sink.close()
    if failure:
        raise failure


class VirtualSink:
    """Plays to nobody, in the time it would take. Asleep while nothing is spoken."""

    echoes = False
    reference: Reference | None = None

    def __init__(self, buffer: PlaybackBuffer) -> None:
        self.buffer = buffer
        self.failed: DeviceError | None = None
        self._sounding = np.empty(0, np.float32)
        self._since = 0.0
        """When ``_sounding`` began to be heard, on the event loop's clock."""
        self._heard = 0
        """So many samples of ``_sounding`` are written."""
        self._woken = anyio.Event()

    async def run(self) -> None:
        block = np.empty(round(self.buffer.rate * BLOCK_S), np.float32)
        self._since = anyio.current_time()
        while True:
            self._woken = anyio.Event()
            count = self.buffer.pull_into(block)
            if not count:
                await self._woken.wait()
                self._since = anyio.current_time()
                continue
            self._sounding = block[:count].copy()
            self._heard = 0
            await self._given(self._sounding)
            await self._until_heard()

    async def _until_heard(self) -> None:
        """Until the block has been heard, or was cut by ``stop``."""
        end = self._since + len(self._sounding) / self.buffer.rate
        while (rest := end - anyio.current_time()) > 0 and len(self._sounding):
            self._woken = anyio.Event()
            with anyio.move_on_after(rest):
                await self._woken.wait()
        if len(self._sounding):
            self.settle()
            self._sounding = self._sounding[:0]
            self._since = end
        else:
            self._since = anyio.current_time()

    def wake(self) -> None:
        self._woken.set()

    def check(self) -> None:
        if self.failed:
            raise self.failed

    async def revive(self) -> None:
        self.check()

    def leaving_s(self) -> float:
        if not len(self._sounding):
            return 0.0
        return max(0.0, self._since + len(self._sounding) / self.buffer.rate - anyio.current_time())

    def latency_s(self) -> float:
        return self.leaving_s()

    def settle(self) -> None:
        heard = self._heard_now()
        if heard > self._heard:
            self._write(self._sounding[self._heard : heard])
            self._heard = heard

    def stop(self) -> list[Played]:
        heard = self._heard_now()
        fade = min(round(FADE_S * self.buffer.rate), heard - self._heard)
        if fade > 0:
            self._sounding[heard - fade : heard] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
        self.settle()
        unheard = len(self._sounding) - heard
        self._sounding = self._sounding[:0]
        self.wake()
        return self.buffer.stop(unheard, fade=False)

    def close(self) -> None:
        self.settle()

    def _heard_now(self) -> int:
        heard = round((anyio.current_time() - self._since) * self.buffer.rate)
        return min(max(heard, 0), len(self._sounding))

    async def _given(self, block: Samples) -> None:
        """``block`` begins to sound."""

    def _write(self, samples: Samples) -> None:
        """``samples`` have been heard."""


class VirtualFileSink(VirtualSink):
    """A WAV of what was heard, without the silences in which nothing was spoken.

    The header is kept true block by block, unbuffered: the file can be played even if the program is killed.
    """

    def __init__(self, buffer: PlaybackBuffer, path: Path) -> None:
        super().__init__(buffer)
        self._path = path
        try:
            if path.is_fifo():  # until somebody reads it nothing would happen
                raise UsageError(
                    f"{path} is no file but a pipe.",
                    todo="Name a file: --speaker ~/answer.wav",
                )
            self._file = path.open("wb", buffering=0)
        except OSError as error:
            raise UsageError(
                f"The sound cannot be written to {path} ({error.strerror}).",
                todo="Name a file in a folder that is yours: --speaker ~/answer.wav",
            ) from None
        self._wav = wave.open(self._file, "wb")  # noqa: SIM115 -- closed by close()
        self._wav.setnchannels(1)
        self._wav.setsampwidth(2)
        self._wav.setframerate(buffer.rate)
        self._write(np.empty(0, np.float32))

    def _write(self, samples: Samples) -> None:
        if self.failed:
            return
        try:
            self._wav.writeframes(to_int16(samples))
        except OSError as error:
            self.failed = DeviceError(
                f"The sound could not be written to {self._path} ({error.strerror}).",
                kept="What was spoken before is in it.",
                todo="Make room on the disk, or choose another file: --speaker FILE.wav",
            )

    def close(self) -> None:
        super().close()
        try:
            self._wav.close()
        except OSError:
            pass  # the header stays as the last whole block left it
        finally:
            self._file.close()


class VirtualPipeSink(VirtualSink):
    """Raw sound to standard output, a block when it is due. What is written cannot be called back."""

    def __init__(self, buffer: PlaybackBuffer) -> None:
        super().__init__(buffer)
        if sys.stdout is None or sys.stdout.isatty():
            raise UsageError(
                "Standard output is a screen, which cannot show sound.",
                todo="Pipe it on: aloud say TEXT --speaker - | aplay -f S16_LE -r 24000 -c 1",
            )
        self._out = sys.stdout.fileno()
        self._closed = False

    def stop(self) -> list[Played]:
        return self.buffer.stop()

    async def _given(self, block: Samples) -> None:
        if self.failed:
            return
        try:
            await in_thread(self._pass_on, to_int16(block))
        except OSError as error:
            self.failed = DeviceError(
                f"Nobody takes the sound on standard output any more: {why(error.errno)}.",
                todo="See why the program that it is piped into has ended, or what it is sent to.",
            )

    def _pass_on(self, pcm: bytes) -> None:
        """A block is shorter than a pipe's guaranteed atomic write: once it fits, it does not wait."""
        while os.name == "posix" and not select.select([], [self._out], [], 0.2)[1]:
            if self._closed:
                return
        while pcm:
            pcm = pcm[os.write(self._out, pcm) :]

    def close(self) -> None:
        self._closed = True
