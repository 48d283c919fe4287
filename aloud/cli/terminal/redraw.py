"""What the live views share: the last few lines of a terminal, redrawn, and the level of the microphone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from aloud.cli.terminal.muted_microphone import QUESTION, Muted

_FLOOR_DB = -60.0
_FALLS_DB = 1.5
"""A frame, so that the eye can follow."""
_CELLS = 24


class LevelMeter:
    """``push`` the level of each frame (``Muted.push``). ``gone``: there is no microphone."""

    def __init__(self) -> None:
        self._db = _FLOOR_DB
        self._muted = Muted()
        self.gone = False

    def push(self, db: float, expected: bool = True) -> None:
        self.gone = False
        self._muted.push(db, expected)
        self._db = max(db, self._db - _FALLS_DB, _FLOOR_DB)

    def drawn(self) -> Text:
        if self.gone:
            return Text("there is no microphone", "red")
        if self._muted:
            return Text(QUESTION, "red")
        share = (self._db - _FLOOR_DB) / -_FLOOR_DB
        filled = min(_CELLS, max(0, round(share * _CELLS)))
        colour = "green" if share < 0.9 else "red"
        return Text.assemble(("▮" * filled, colour), ("▯" * (_CELLS - filled), "dim"))


class RedrawnLines(ABC):
    """A context manager. Finished lines are printed once and scroll away, so a screen reader reads each
    exactly once; only what ``_picture`` draws is redrawn, four times a second at most.
    """

    def __init__(self, console: Console, *, redirected: bool = True) -> None:
        """The last thing of the view's own beginning, since it is drawn. ``redirected``: what others print
        stands above it.
        """
        self._console = console
        self._meter = LevelMeter()
        self._live = Live(
            self._picture(),
            console=console,
            refresh_per_second=4,
            transient=True,
            redirect_stdout=redirected,
            redirect_stderr=redirected,
        )

    @abstractmethod
    def _picture(self) -> Group: ...

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def level(self, db: float, expected: bool = True) -> None:
        """Of the last frame, dBFS; whether sound was to be ``expected`` in it."""
        self._meter.push(db, expected)
        self._redraw()

    def _redraw(self) -> None:
        self._live.update(self._picture())
