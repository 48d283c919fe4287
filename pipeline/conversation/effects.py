"""What turns have done, to be taken back when a person says so: the last of them first."""

from __future__ import annotations

from dataclasses import dataclass

from config.language.phrases import phrases
from pipeline.conversation.turn import Turn
from pipeline.tools.base import Undo

_MOST = 20
"""Turns. Nobody takes back more."""


@dataclass(frozen=True, slots=True)
class _Done:
    turn: int
    undo: tuple[Undo, ...]
    told: str
    """What was said of it, where the program worded it."""


class Effects:
    def __init__(self) -> None:
        self._done: list[_Done] = []

    def keep(self, turn: Turn) -> None:
        """Once its answer is told, or cut."""
        if turn.effects:
            self._done = [*self._done, _Done(turn.number, tuple(turn.effects), turn.told)][-_MOST:]

    def forget(self, turn: int) -> None:
        """It was taken back otherwise."""
        self._done = [done for done in self._done if done.turn != turn]

    def take_back(self, language: str) -> str:
        """What the last turn did that did something. What is said of it."""
        say = phrases(language).say
        if not self._done:
            return say("effects.none")
        done = self._done.pop()
        taken_back = [undo() for undo in reversed(done.undo)]
        if all(each is False for each in taken_back):
            return say("effects.too_late")
        return say("effects.taken_back_what", what=done.told) if done.told else say("effects.taken_back")
