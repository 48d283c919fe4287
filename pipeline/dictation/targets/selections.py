"""A desktop's two selections for one paste: served until they were really read, then given back.

What gives the old clipboard back after a fixed delay pastes the old clipboard when the machine is busy
(Handy#502). So xclip, or wl-copy, stays in the foreground and tells of each request; after the last one that
was seen it is quiet for ``QUIET_S`` before anything is given back. Cap and quiet time are Handy's.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from config.errors import TargetError
from pipeline.dictation.targets.desktop_tools import call

QUIET_S = 0.2
CAP_S = 8.0
_OWNED_S = 2.0
_KINDS = ("UTF8_STRING", "text/plain;charset=utf-8", "STRING", "image/png")


@dataclass(frozen=True, slots=True)
class SelectionTool:
    """What serves the two, and holds them. Each command lacks which selection is meant.

    ``owned`` and ``served`` are what a line of its standard error has in it when it has begun to serve, and
    when it has served.
    """

    selections: tuple[tuple[str, ...], tuple[str, ...]]
    text: str
    """Its name for a text."""
    serves: tuple[str, ...]
    kinds: tuple[str, ...]
    shows: tuple[str, ...]
    copies: tuple[str, ...]
    owned: Callable[[bytes], bool]
    served: Callable[[bytes], bool]


XCLIP = SelectionTool(
    selections=(("-selection", "clipboard"), ("-selection", "primary")),
    text="UTF8_STRING",
    serves=("xclip", "-in", "-verbose"),
    kinds=("xclip", "-out", "-target", "TARGETS"),
    shows=("xclip", "-out", "-target"),
    copies=("xclip", "-in", "-target"),
    # "Waiting for selection request number 1": it serves now; each number after it: one was served.
    owned=lambda line: line.rstrip(b". \n").endswith(b"request number 1"),
    served=lambda line: b"request number" in line and not line.rstrip(b". \n").endswith(b" 1"),
)
WL_COPY = SelectionTool(
    selections=((), ("--primary",)),
    text="text/plain;charset=utf-8",
    # Told to serve once it would tell of it by ending; but then GTK drops what it has not yet read.
    serves=("env", "WAYLAND_DEBUG=client", "wl-copy", "--foreground", "--type", "text/plain;charset=utf-8"),
    kinds=("wl-paste", "--list-types"),
    shows=("wl-paste", "--no-newline", "--type"),
    copies=("wl-copy", "--type"),
    owned=lambda line: b"set_selection(" in line or b"set_primary_selection(" in line,
    served=lambda line: b".send(" in line,
)


@dataclass(frozen=True, slots=True)
class Held:
    """What a selection held; ``content`` None: nothing that we can give back."""

    tool: SelectionTool
    selection: tuple[str, ...]
    kind: str = ""
    content: bytes | None = None

    def restore(self) -> None:
        if self.content is not None:
            call((*self.tool.copies, self.kind, *self.selection), self.content)


def hold(tool: SelectionTool) -> list[Held]:
    """Of both: a text, or a picture."""
    return [_held(tool, selection) for selection in tool.selections]


def _held(tool: SelectionTool, selection: tuple[str, ...]) -> Held:
    try:
        kinds = call((*tool.kinds, *selection), reads=True).decode("ascii", "replace").split("\n")
        kind = next(kind for kind in _KINDS if kind in kinds)
        return Held(tool, selection, kind, call((*tool.shows, kind, *selection), reads=True))
    except (TargetError, StopIteration):
        return Held(tool, selection)


def leave_on_clipboard(tool: SelectionTool, text: bytes) -> None:
    call((*tool.copies, tool.text, *tool.selections[0]), text)


def paste(tool: SelectionTool, text: bytes, press: Callable[[], None]) -> None:
    """``press``: the key that makes the window read one of the two. They hold afterwards what they held."""
    held = hold(tool)
    with Selections(text, tool) as selections:
        selections.begin()
        press()
        taken = selections.wait()
    if not taken:
        leave_on_clipboard(tool, text)
        raise TargetError(
            "The window did not take the text.",
            kept="It lies on the clipboard.",
            todo="Paste it where it belongs.",
        )
    for selection in held:
        selection.restore()


class Selections:
    """Both serve one text, while this context is open. Blocking: for a worker thread."""

    def __init__(self, text: bytes, tool: SelectionTool) -> None:
        self._text = text
        self._tool = tool
        self._servers: list[subprocess.Popen[bytes]] = []
        self._last = 0.0
        """When a request was last seen."""
        self._from = float("inf")
        """Requests before this were not for us: clipboard histories read whatever is copied."""
        self._owned: list[bool] = []
        self._settled = threading.Semaphore(0)

    def __enter__(self) -> Selections:
        for selection in self._tool.selections:
            command = (*self._tool.serves, *selection)
            server = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            self._servers.append(server)
            threading.Thread(target=self._watch, args=(server,), daemon=True).start()
            assert server.stdin
            with contextlib.suppress(BrokenPipeError), server.stdin:
                server.stdin.write(self._text)
        answered = [self._settled.acquire(timeout=_OWNED_S) for _ in self._servers]
        if not all(answered) or not any(self._owned):
            self.__exit__(None, None, None)
            name = self._tool.copies[0]
            raise TargetError(f"{name} does not answer: nothing was typed.", kept="The text is kept.")
        return self

    def _watch(self, server: subprocess.Popen[bytes]) -> None:
        assert server.stderr
        owned = False
        with server.stderr:
            for line in server.stderr:
                if self._tool.owned(line) and not owned:
                    owned = True
                    self._settle(owned)
                elif self._tool.served(line):
                    self._last = time.monotonic()
        if not owned:  # a desktop without this selection
            self._settle(owned)

    def _settle(self, owned: bool) -> None:
        self._owned.append(owned)
        self._settled.release()

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
