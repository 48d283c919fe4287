"""One dictation listens to the microphone at a time; a second call, or a signal, ends its take."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import anyio

from config.errors import UsageError
from config.files.lock import held
from config.files.private import private_folder
from config.settings.paths import state_dir

_log = logging.getLogger(__name__)

ENDING = tuple(getattr(signal, name) for name in ("SIGUSR2", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Each ends the take, which is then finished and delivered; a second SIGTERM ends the program at once."""


class ToggleListener:
    """That this process listens; others see it until ``release``, or until it ends, however it ends."""

    def __init__(self, lock: contextlib.ExitStack) -> None:
        self._lock = lock
        self.asked_early = False
        """A signal came before anything could be ended."""

    def release(self) -> None:
        """The recording is over: a next call may begin a next one, whatever is still to be finished."""
        self._lock.close()

    def note(self, number: int, frame: FrameType | None) -> None:
        self.asked_early = True


def _file() -> Path:
    return state_dir() / "dictating"


@contextmanager
def listening() -> Iterator[ToggleListener | None]:
    """None: another process listens already."""
    with contextlib.suppress(OSError):
        private_folder(_file().parent)
    with contextlib.ExitStack() as lock, contextlib.ExitStack() as signals:
        mark = ToggleListener(lock)
        for number in ENDING:
            with contextlib.suppress(ValueError):  # not in the main thread
                before = signal.signal(number, mark.note)
                signals.callback(_restore, number, before or signal.SIG_DFL)
        try:
            file = lock.enter_context(held(_file()))
        except BlockingIOError:
            yield None
            return
        except OSError as error:  # none can be seen where nothing can be written; who records there says so
            _log.warning("%s cannot be written: %s", _file(), error.strerror)
            yield mark
            return
        with contextlib.suppress(OSError):
            os.ftruncate(file, 0)
            os.pwrite(file, str(os.getpid()).encode(), 0)
        yield mark


def _restore(number: int, before: object) -> None:
    with contextlib.suppress(ValueError, TypeError):
        signal.signal(number, before)  # type: ignore[arg-type]


def end_other() -> None:
    """Ask the dictation that listens to end its take. Raises ``UsageError`` where it cannot be asked."""
    try:
        process = int(_file().read_text("ascii"))
        os.kill(process, signal.SIGUSR2)
    except (OSError, ValueError, AttributeError):
        raise UsageError(
            "The dictation that is running cannot be reached.", todo="End it where it runs: Ctrl-C"
        ) from None


async def heed(end: Callable[[], None], interrupt: Callable[[], None]) -> None:
    """Wait for signals: those of ``ENDING`` end the take, Ctrl-C calls ``interrupt``."""
    with anyio.open_signal_receiver(*ENDING, signal.SIGINT) as signals:
        async for number in signals:
            (interrupt if number == signal.SIGINT else end)()
