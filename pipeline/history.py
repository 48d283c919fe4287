"""The conversation as it really was: what was said, what was shown, and of the answers what was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.mind import Message
from vision.image import Picture


def merge(text: str, pictures: Sequence[Picture] = ()) -> Message:
    """What was said and what was shown, as one message."""
    return Message("user", text, tuple(pictures))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn: what the person said, and what they heard of the answer."""

    asked: Message
    heard: str = ""
    interrupted: bool = False


class History:
    """Turns in order. A question cut short before its answer was heard is joined with what followed it."""

    def __init__(self, instructions: str, *, turns: int = 20) -> None:
        self._instructions = instructions
        self._turns = turns
        self.exchanges: list[Exchange] = []

    def ask(self, message: Message) -> Message:
        """Add what was said; returns the message to answer, joined with an unanswered one before it."""
        if self.exchanges and not self.exchanges[-1].heard and self.exchanges[-1].interrupted:
            before = self.exchanges.pop().asked
            message = replace(
                message, text=f"{before.text} {message.text}", pictures=before.pictures + message.pictures
            )
        self.exchanges.append(Exchange(message))
        return message

    def answered(self, heard: str, *, interrupted: bool = False) -> None:
        """Of the last question's answer, ``heard`` had left the speaker."""
        self.exchanges[-1] = replace(self.exchanges[-1], heard=heard, interrupted=interrupted)

    def cut_short(self) -> None:
        """The last turn was cut before its answer began."""
        self.exchanges[-1] = replace(self.exchanges[-1], interrupted=True)

    def settle(self) -> None:
        """The last turn ended without an answer and on purpose ("stop"): what follows stands alone."""
        if self.exchanges:
            self.exchanges[-1] = replace(self.exchanges[-1], interrupted=False)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures in play: those shown last."""
        for exchange in reversed(self.exchanges):
            if exchange.asked.pictures:
                return exchange.asked.pictures
        return ()

    def messages(self) -> list[Message]:
        """For the mind: instructions, then the last turns; of pictures only those in play."""
        in_play = self.pictures
        messages = [Message("system", self._instructions)] if self._instructions else []
        for exchange in self.exchanges[-self._turns :]:
            asked = exchange.asked
            if asked.pictures and asked.pictures != in_play:
                names = ", ".join(picture.source for picture in asked.pictures)
                asked = replace(asked, text=f"[earlier shown: {names}] {asked.text}", pictures=())
            messages.append(asked)
            if exchange.heard:
                messages.append(Message("assistant", exchange.heard))
        return messages
