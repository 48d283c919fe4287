"""When the first of two models is asked, and when it is left in peace."""

from __future__ import annotations

from math import inf

import anyio

REST_S, LONGEST_REST_S = 30.0, 600.0
"""So long the first is not asked after a failure, doubled with each; ours."""
MOST_UNCLEAR = 2


class Circuit:
    """Whether the first is asked. It stays open until the first was seen to answer."""

    def __init__(self) -> None:
        self._rest_s = 0.0
        self._until = -inf
        self._unclear = 0
        """Looks that had to end before there was anything to see."""

    @property
    def open(self) -> bool:
        return self._rest_s > 0

    @property
    def due(self) -> bool:
        """It may be back: time to look."""
        return self.open and anyio.current_time() >= self._until

    @property
    def rests(self) -> bool:
        """The first is not asked now, or only where the second fails."""
        return self.open and not (self.due and self._unclear >= MOST_UNCLEAR)

    def cut_short(self) -> None:
        """A look; after some, a question is the next one."""
        self._unclear += 1

    def failed(self) -> None:
        self._unclear = 0
        self._rest_s = min(LONGEST_REST_S, 2 * self._rest_s) or REST_S
        self._until = anyio.current_time() + self._rest_s

    def worked(self) -> None:
        self._unclear = 0
        self._rest_s = 0.0
