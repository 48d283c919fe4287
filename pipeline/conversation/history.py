"""The conversation as it really was: what was said, what was shown, and of the answers what was heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.conversation.turn import Turn
from pipeline.llm.base import Message
from pipeline.tools.base import Undo
from vision.images.picture import Picture


def _source(picture: Picture) -> str:
    return picture.source


def merge(text: str, pictures: Sequence[Picture] = ()) -> Message:
    """What was said and what was shown, as one message."""
    return Message("user", text, tuple(pictures))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn: what the person said, and what they heard of the answer."""

    asked: Message
    heard: str = ""
    interrupted: bool = False
    withdrawn: bool = False
    """The person had not been done: what was heard of the answer is none."""
    number: int = -1
    """Of the turn."""
    effects: tuple[Undo, ...] = ()
    """What was done for it, to be taken back when it is joined with what follows."""

    @property
    def is_unanswered(self) -> bool:
        """Cut short before anything was heard, or taken in: what is said next belongs to it."""
        return self.interrupted and (self.withdrawn or not self.heard)


class History:
    """Past turns in order. A question whose answer was cut early is joined with what follows."""

    def __init__(
        self,
        instructions: str,
        *,
        turns: int = 20,
        name: Callable[[Picture], str] = _source,
        of_pictures: str = "",
    ) -> None:
        """``name``: how the LLM is told of a picture. ``of_pictures``: how, when there is one."""
        self.instructions = instructions
        self.instructions_with_pictures = f"{instructions}\n{of_pictures}".strip()
        self._turns = turns
        self._name = name
        self.exchanges: list[Exchange] = []

    @property
    def unanswered(self) -> Exchange | None:
        """The last one, where what is said next may belong to it."""
        return self.exchanges[-1] if self.exchanges and self.exchanges[-1].is_unanswered else None

    def joined(self, message: Message) -> Message:
        """The message to answer: with an unanswered one before it, both."""
        if self.unanswered is None:
            return message
        before = self.unanswered.asked
        text = f"{before.text.rstrip(' .…')} {message.text}"  # STT end with a full stop what was not over
        return replace(message, text=text, pictures=before.pictures + message.pictures)

    def answered(
        self, asked: Message, heard: str, *, interrupted: bool = False, turn: Turn | None = None
    ) -> None:
        """Of the answer to ``asked`` (as ``joined`` gave it), ``heard`` had left the speaker. ``turn``: asks
        it; None: one that joins what is unanswered.
        """
        if turn is not None and not turn.joins:
            self.settle()
        if self.unanswered:
            self.exchanges.pop()  # it is part of this one
        exchange = Exchange(asked, heard, interrupted)
        if turn is not None and interrupted:
            effects = tuple(turn.effects)
            exchange = replace(exchange, withdrawn=turn.withdrawn, number=turn.number, effects=effects)
        self.exchanges.append(exchange)

    def insert(self, role: Literal["user", "assistant"], text: str, pictures: Sequence[Picture] = ()) -> None:
        """As if it had been said before, and, by the assistant, heard."""
        self.settle()
        if role == "user":
            self.exchanges.append(Exchange(merge(text, pictures)))
        elif self.exchanges:
            last = self.exchanges[-1]
            self.exchanges[-1] = replace(last, heard=f"{last.heard} {text}".strip())
        else:
            self.exchanges.append(Exchange(merge(""), text))

    def last_question_of_pictures(self, counts: Callable[[str], bool]) -> Message | None:
        """The last question that ``counts``, with the pictures it was about; None when there were none.

        Pictures stay the subject for three questions after they were shown.
        """
        questions = [e.asked for e in self.exchanges if not e.is_unanswered and counts(e.asked.text)][-4:]
        pictures = next((asked.pictures for asked in reversed(questions) if asked.pictures), ())
        return replace(questions[-1], pictures=questions[-1].pictures or pictures) if pictures else None

    @property
    def pictures_in_play(self) -> tuple[Picture, ...]:
        """The ones shown or spoken of last; () when there were none yet."""
        return next((e.asked.pictures for e in reversed(self.exchanges) if e.asked.pictures), ())

    @property
    def last_heard(self) -> str:
        """What the person heard last; empty at the beginning."""
        return self.exchanges[-1].heard if self.exchanges else ""

    def _shown(self, exchanges: list[Exchange]) -> list[Exchange]:
        """At most the last ``turns``. A quarter of them goes at a time: where one went with every turn, each
        request would begin otherwise than the one before, and all of it be read anew.
        """
        step = max(1, self._turns // 4)
        over = max(0, len(exchanges) - self._turns)
        return exchanges[-(-over // step) * step :]

    def beginning(self) -> list[Message]:
        """What the LLM is told before the next question, whatever that is."""
        return self.messages(Message("user", ""))[:-1]

    def settle(self) -> None:
        """The last turn ended without an answer and on purpose ("stop"): what follows stands alone."""
        if self.exchanges:
            self.exchanges[-1] = replace(self.exchanges[-1], interrupted=False, withdrawn=False)

    def messages(self, asking: Message, *, joins: bool = True) -> list[Message]:
        """For the LLM: instructions, the last turns, and ``asking`` (as ``joined`` gave it). ``joins``: what
        is unanswered is part of it.

        Of pictures only those in play, the ones shown or spoken of last; earlier ones stand as their names,
        and as what was said of them. Where there are several, each is named.
        """
        past = [e for e in self.exchanges if not e.is_unanswered or (e.heard and not joins)]
        exchanges = self._shown([*past, Exchange(asking)])
        in_play = next((e.asked.pictures for e in reversed(exchanges) if e.asked.pictures), ())
        counts = len({id(picture) for e in exchanges for picture in e.asked.pictures})
        instructions = self.instructions_with_pictures if counts else self.instructions
        messages = [Message("system", instructions)] if instructions else []
        for exchange in exchanges:
            asked = exchange.asked
            names = "; ".join(self._name(picture) for picture in asked.pictures)
            if asked.pictures and asked.pictures != in_play:
                asked = replace(asked, text=f"[earlier shown: {names}] {asked.text}", pictures=())
            elif asked.pictures and counts > 1:
                asked = replace(asked, text=f"[shown: {names}] {asked.text}")
            if asked.text or asked.pictures or exchange.asked is asking:
                messages.append(asked)
            if exchange.heard:
                messages.append(Message("assistant", exchange.heard))
        return messages
