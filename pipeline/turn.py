"""One turn: what was said, the scope that silences its answer, and where its time went."""

from __future__ import annotations

import anyio

from pipeline.events import Latency
from voice.ears import Said


class Turn:
    """``after``: the turn before, whose account of what was heard must be written first."""

    def __init__(self, number: int, said: Said, *, after: Turn | None = None) -> None:
        self.number = number
        self.said = said
        self.after = after
        self.interrupted = False
        self.scope = anyio.CancelScope()
        self._finished = anyio.Event()
        self._moments: dict[str, float] = {}
        if said.source == "voice":
            self._moments["speech_end"] = said.speech_end
            if said.turn_end is not None:
                self._moments["turn_end"] = said.turn_end

    @property
    def done(self) -> bool:
        return self._finished.is_set()

    def interrupt(self) -> None:
        self.interrupted = True
        self.scope.cancel()

    def mark(self, moment: str, at: float) -> None:
        """Of each moment (a field of ``Latency``) the first time counts."""
        self._moments.setdefault(moment, at)

    @property
    def latency(self) -> Latency:
        return Latency(**{moment: round(at, 4) for moment, at in self._moments.items()})

    async def begin(self) -> None:
        if self.after is not None:
            await self.after.finished()
            self.after = None

    async def finished(self) -> None:
        await self._finished.wait()

    def finish(self) -> None:
        self._finished.set()
