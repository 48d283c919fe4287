"""Streams of the sound card that come back: a device that goes is replaced by the next best one.

PortAudio sees new devices only when it starts anew, and that only with every stream closed. So the streams of
the process are kept here together: when one is lost all are closed, PortAudio starts again, all are opened,
each on the device that was asked for or, while that is away, on the default.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio

from config.errors import DeviceError
from voice.clock import in_thread
from voice.devices import Device, Heartbeat, Kind, close_stream, find, quiet, refused, rescan, sound_library

RETRY_S = (0.1, 1.0)
"""Between two tries to find a device: at first, and at most (it doubles)."""

_streams: list[Stream] = []
_lock = threading.Lock()


class Stream:
    """One stream, over however many devices it takes.

    ``make(library, device, heartbeat)`` gives a PortAudio stream that has not started; ``lost`` is called
    when one has ended and another may follow. Both from a worker's thread.
    """

    def __init__(
        self,
        kind: Kind,
        wanted: str,
        make: Callable[[Any, Device, Heartbeat], Any],
        lost: Callable[[], None],
    ) -> None:
        self.kind: Kind = kind
        self._wanted = wanted
        self._make = make
        self._lost = lost
        self._stream: Any = None
        self.device: Device
        self.heartbeat: Heartbeat

    def start(self, *, substitute: bool = False) -> None:
        """Blocking. Raises ``DeviceError``. ``substitute``: the default will do."""
        try:
            device = find(self.kind, self._wanted)
        except DeviceError:
            if not substitute:
                raise
            device = find(self.kind, "auto")
        heartbeat = Heartbeat(self.kind, device.name)
        library = sound_library()
        try:
            with quiet():
                stream = self._make(library, device, heartbeat)
                heartbeat.start()
                stream.start()
        except (library.PortAudioError, ValueError) as error:
            raise refused(self.kind, device.name, error) from None
        self.device, self.heartbeat, self._stream = device, heartbeat, stream

    def shut(self) -> None:
        """Blocking."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self.heartbeat.stop()
            close_stream(stream)

    def end(self) -> None:
        """It is closed, and another may follow."""
        if self._stream is not None:
            self.shut()
            self._lost()

    @property
    def alive(self) -> bool:
        return self._stream is not None and self.heartbeat.alive

    async def revive(self) -> str:
        """Until it runs again; returns the device's name. Cancel it to give up."""
        wait_s = RETRY_S[0]
        while not self.alive:
            try:
                await in_thread(_reopen)
            except DeviceError:
                await anyio.sleep(wait_s)
                wait_s = min(2 * wait_s, RETRY_S[1])
        return self.device.name


def _reopen() -> None:
    """Raises ``DeviceError`` while one of the streams has no device."""
    with _lock:
        if all(stream.alive for stream in _streams):
            return
        for stream in _streams:
            stream.end()
        with quiet():
            rescan()
        failure: DeviceError | None = None
        for stream in _streams:
            try:
                stream.start(substitute=True)
            except DeviceError as error:
                failure = error
        if failure:
            raise failure


@asynccontextmanager
async def running(stream: Stream) -> AsyncIterator[Stream]:
    """Started, and kept together with the others. Raises ``DeviceError`` when it cannot be opened now."""

    def begin() -> None:
        with _lock:
            stream.start()
            _streams.append(stream)

    def leave() -> None:
        with _lock:
            _streams.remove(stream)
            stream.shut()

    await in_thread(begin)
    try:
        yield stream
    finally:
        with anyio.CancelScope(shield=True):
            await in_thread(leave)
