"""Streams of the sound card that come back: a device that goes is replaced by the next best one.

PortAudio sees new devices only when it starts anew, and that only with every stream closed. So the streams of
the process are kept here together: when all are lost, all are closed, PortAudio starts again, all are opened,
each on the device that was asked for or, while that is away, on the default. While another one still runs,
the lost one is tried alone, and PortAudio starts again only now and then, never into the middle of an answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio

from config.errors import DeviceError
from config.runtime.clean import CleanText
from config.runtime.clock import in_thread
from voice.audio.devices.c_stderr import quiet
from voice.audio.devices.portaudio import (
    Device,
    Heartbeat,
    Kind,
    check_openable,
    close_stream,
    find,
    refused,
    rescan,
    sound_library,
    start_stream,
)

_log = logging.getLogger(__name__)

RETRY_S = (0.1, 1.0)
"""Between two tries to find a device: at first, and at most (it doubles)."""
_SPARED_S = 5.0
"""So seldom does a stream that runs give way to the search for another's device, for a moment."""
_DELAY_S = 0.5
"""For so long a default could be opened and is not: a server that comes up has one before all its names."""
_BEGINNING_S = 0.02
"""How often a stream that was opened is looked at, whether it runs."""

_streams: list[DeviceStream] = []
_lock = threading.Lock()
_restarted = float("-inf")
"""When PortAudio was last started again (``time.monotonic``)."""


class DeviceStream:
    """One stream, over however many devices it takes.

    ``make(library, device, heartbeat)`` gives a PortAudio stream that has not started; ``lost`` is called
    when one has ended and another may follow. Both from a worker's thread. ``busy()``: it must not be ended
    for the sake of another stream.
    """

    def __init__(
        self,
        kind: Kind,
        wanted: str,
        make: Callable[[Any, Device, Heartbeat], Any],
        lost: Callable[[], None],
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self.kind: Kind = kind
        self._wanted = wanted
        self._make = make
        self._lost = lost
        self.busy = busy
        self._stream: Any = None
        self._default_since: float | None = None
        """When (``time.monotonic``) the default could first be opened, and the wanted one could not."""
        self.device: Device
        self.heartbeat: Heartbeat

    def start(self, *, substitute: bool = False) -> None:
        """Blocking. Raises ``DeviceError``. ``substitute``: the default will do."""
        try:
            self._open(find(self.kind, self._wanted))
        except DeviceError:
            if not substitute or self._wanted == "auto":
                raise
            self._open_default()
            if self._stream is None:
                raise
        self._default_since = None

    def _open_default(self) -> None:
        try:
            self._open(find(self.kind, "auto"), only_if_patient=True)
        except DeviceError:
            self._default_since = None
            raise

    def _open(self, device: Device, *, only_if_patient: bool = False) -> None:
        """``only_if_patient``: started only when that could have been done ``_DELAY_S`` ago."""
        heartbeat = Heartbeat(self.kind, device.name)
        library = sound_library()
        check_openable(self.kind, device)
        try:
            with quiet():
                stream = self._make(library, device, heartbeat)
            if only_if_patient and not self._waited():
                close_stream(stream)
                return
            heartbeat.start()
            start_stream(stream, self.kind, device.name)
        except (library.PortAudioError, ValueError) as error:
            raise refused(self.kind, device.name, error) from None
        self.device, self.heartbeat, self._stream = device, heartbeat, stream
        _log.info("%s opened: %s, %d Hz", self.kind, device.name, device.rate)

    def _waited(self) -> bool:
        self._default_since = self._default_since or time.monotonic()
        return time.monotonic() - self._default_since >= _DELAY_S

    def shut(self) -> None:
        """Blocking."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self.heartbeat.stop()
            close_stream(stream)

    def end(self) -> None:
        """It is closed, and another may follow."""
        if self._stream is not None:
            _log.info("%s closed: %s", self.kind, self.device.name)
            self.shut()
            self._lost()

    @property
    def alive(self) -> bool:
        return self._stream is not None and self.heartbeat.alive

    async def revive(self) -> CleanText:
        """Until it runs again; returns the device's name. Cancel it to give up."""
        wait_s, alone = RETRY_S[0], True
        while not await self._runs():
            try:
                await in_thread(_reopen, self, alone)
            except DeviceError:
                await anyio.sleep(wait_s)
                wait_s = min(2 * wait_s, RETRY_S[1])
            alone = not alone
        return self.device.name

    async def _runs(self) -> bool:
        """Once its first callback has come, or none will."""
        while self.alive and not self.heartbeat.began:  # noqa: ASYNC110 -- the callback is no task
            await anyio.sleep(_BEGINNING_S)
        return self.alive


def _reopen(lost: DeviceStream, alone: bool) -> None:
    """``alone``: PortAudio is not started again while others run. Raises ``DeviceError`` without a device."""
    global _restarted
    with _lock:
        if lost.alive:
            return
        others = [stream for stream in _streams if stream.alive]
        fallback = any(other.busy() for other in others) or time.monotonic() - _restarted < _SPARED_S
        if others and (alone or fallback):
            lost.end()
            lost.start(substitute=True)
            return
        _restarted = time.monotonic()
        _restart(lost)


def _restart(lost: DeviceStream) -> None:
    """Raises ``DeviceError`` when ``lost`` has no device; others seek theirs when they are used."""
    for stream in _streams:
        stream.end()
    with quiet():
        rescan()
    failure: DeviceError | None = None
    for stream in _streams:
        try:
            stream.start(substitute=True)
        except DeviceError as error:
            failure = error if stream is lost else failure
    if failure:
        raise failure


@asynccontextmanager
async def running(stream: DeviceStream) -> AsyncIterator[DeviceStream]:
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
