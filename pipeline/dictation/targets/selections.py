"""X11's two selections for the length of one paste: served until they were really read, then given back.

What gives the old clipboard back after a fixed delay pastes the old clipboard when the machine is busy
(Handy#502). So xclip stays in the foreground and tells of each request; after the last one that was seen it
is quiet for ``QUIET_S`` before anything is given back. Cap and quiet time are Handy's.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from dataclasses import dataclass
from types import TracebackType

from config.errors import TargetError
from pipeline.dictation.targets.tools import call

QUIET_S = 0.2
CAP_S = 8.0
_OWNED_S = 2.0
_KINDS = ("UTF8_STRING", "STRING", "image/png")


@dataclass(frozen=True, slots=True)
class Held:
    """What a selection held; ``content`` None: nothing that we can give back."""

    selection: str
    kind: str = ""
    content: bytes | None = None

    def restore(self) -> None:
        if self.content is not None:
            call(("xclip", "-in", "-selection", self.selection, "-target", self.kind), self.content)


def hold(selection: str) -> Held:
    """A text, or a picture."""
    ask = ("xclip", "-out", "-selection", selection, "-target")
    try:
        kinds = call((*ask, "TARGETS"), reads=True).decode("ascii", "replace").split()
        kind = next(kind for kind in _KINDS if kind in kinds)
        return Held(selection, kind, call((*ask, kind), reads=True))
    except (TargetError, StopIteration):
        return Held(selection)


class Selections:
    """Both serve one text, while this context is open. Blocking: for a worker thread."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._servers: list[subprocess.Popen[bytes]] = []
        self._last = 0.0
        """When a request was last seen."""
        self._from = float("inf")
        """Requests before this were not for us: clipboard histories read whatever is copied."""
        self._owned = threading.Semaphore(0)

    def __enter__(self) -> Selections:
        for selection in ("clipboard", "primary"):
            command = ("xclip", "-in", "-verbose", "-selection", selection)
            server = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            self._servers.append(server)
            threading.Thread(target=self._watch, args=(server,), daemon=True).start()
            assert server.stdin
            with contextlib.suppress(BrokenPipeError), server.stdin:
                server.stdin.write(self._text)
        for _ in self._servers:
            if not self._owned.acquire(timeout=_OWNED_S):
                self.__exit__(None, None, None)
                raise TargetError("xclip does not answer: nothing was typed.", kept="The text is kept.")
        return self

    def _watch(self, server: subprocess.Popen[bytes]) -> None:
        """``Waiting for selection request number 1``: it serves now; each number after it: one was served."""
        assert server.stderr
        with server.stderr:
            for line in server.stderr:
                if b"request number" in line:
                    if line.rstrip(b". \n").endswith(b" 1"):
                        self._owned.release()
                    else:
                        self._last = time.monotonic()

    def begin(self) -> None:
        """The key is about to be pressed."""
        self._from = time.monotonic()

    def wait(self) -> bool:
        """Until it was read, and nobody has asked for ``QUIET_S``; False when nobody did for ``CAP_S``."""
        until = self._from + CAP_S
        while (now := time.monotonic()) < until:
            if self._last > self._from and now - self._last >= QUIET_S:
                return True
            time.sleep(0.01)
        return self._last > self._from

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.terminate()
            server.wait()
