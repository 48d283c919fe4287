"""The conversation as it really was: what was said, what was shown, and of the answers what was heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.conversation.turn import Turn
from pipeline.llm.base import Message
from pipeline.llm.context import tokens_of
from pipeline.pictures.fence import with_pictures
from pipeline.small_work.note import Note, Turns, left_of
from pipeline.tools.base import Undo
from vision.images.picture import Picture

EARLIER = "shown earlier"


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


@dataclass(frozen=True, slots=True)
class Outgrown:
    """The oldest turns that an LLM is shown, which are to make room: those before ``until``."""

    until: int
    note: Note
    """Of what came before them."""
    said: Turns


class History:
    """Past turns in order. A question whose answer was cut early is joined with what follows.

    What an LLM is shown of them grows at its end alone, so that its server need not read the beginning again;
    now and then several turns at once make room, and are left as a note.
    """

    def __init__(
        self,
        instructions: str,
        *,
        turns: int = 20,
        name: Callable[[Picture], str] = _source,
        of_pictures: str = "",
        room: Callable[[], int | None] = lambda: None,
        notes: bool = False,
    ) -> None:
        """``name``: how the LLM is told of a picture. ``of_pictures``: how, when there is one. ``room``:
        tokens that all of it may take; None: nobody knows. ``notes``: of turns that made room a note stays.
        """
        self.instructions = instructions
        self.instructions_with_pictures = f"{instructions}\n{of_pictures}".strip()
        self._turns = turns
        self._name = name
        self._room = room
        self._notes = notes
        self._from = 0
        """The turns before it have made room."""
        self.note = Note()
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
        pictures, files = before.pictures + message.pictures, before.files + message.files
        return replace(message, text=text, pictures=pictures, files=files)

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
        self._make_room()

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
        self._make_room()

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
    def files_told(self) -> frozenset[str]:
        """What the LLM still knows of files: what made room is told again."""
        return frozenset(told for exchange in self.exchanges[self._from :] for told in exchange.asked.files)

    @property
    def last_heard(self) -> str:
        """What the person heard last; empty at the beginning."""
        return self.exchanges[-1].heard if self.exchanges else ""

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

        Of pictures only those in play, the ones shown or spoken of last, and each once; earlier ones stand as
        their names, and as what was said of them. Where there are several, each is named.
        """
        shown = self.exchanges[self._from :]
        past = [e for e in shown if not e.is_unanswered or (e.heard and not joins)]
        exchanges = [*past, Exchange(asking)]
        several = len({id(picture) for e in exchanges for picture in e.asked.pictures}) > 1
        pictured = bool(asking.pictures) or any(e.asked.pictures for e in self.exchanges)
        instructions = self.instructions_with_pictures if pictured else self.instructions
        messages = [Message("system", instructions)] if instructions else []
        note = self.note.text
        in_play = _in_play(exchanges)
        for exchange in exchanges:
            asked = exchange.asked
            names = [self._name(picture) for picture in asked.pictures]
            if asked.pictures and not any(exchange is each for each in in_play):
                asked = replace(asked, text=with_pictures(asked.text, names, EARLIER), pictures=())
            elif asked.pictures:
                text = with_pictures(asked.text, names if several else ())  # what need not leave is not told
                asked = replace(asked, text=text, pictures=asked.pictures if exchange is in_play[0] else ())
            if asked.files:
                asked = replace(asked, text=" ".join((*asked.files, asked.text)).rstrip(), files=())
            if note:
                asked, note = replace(asked, text=f"{note} {asked.text}".rstrip(), note=note), ""
            if asked.text or asked.pictures or exchange.asked is asking:
                messages.append(asked)
            if exchange.heard:
                messages.append(Message("assistant", exchange.heard))
        return messages

    # Making room ---------------------------------------------------------------------------------

    @property
    def outgrown(self) -> Outgrown | None:
        """What should soon make room; there is time yet to condense it. None: there is room."""
        soon = min(_AHEAD, self._turns // 4)
        if not self._notes or not (len(self._settled) >= self._turns - soon or self._fills(_SOON)):
            return None
        return self._oldest()

    def leave(self, outgrown: Outgrown, note: Note) -> None:
        """``note`` takes the place of these turns."""
        if outgrown.until > self._from:
            self._from, self.note = outgrown.until, note

    @property
    def _settled(self) -> list[Exchange]:
        """What is shown, without a question that is not answered yet."""
        shown = self.exchanges[self._from :]
        return shown[:-1] if shown and shown[-1].is_unanswered else shown

    def _make_room(self) -> None:
        """At the latest now: nobody has condensed it."""
        while (oldest := self._oldest()) and (len(self._settled) >= self._turns or self._fills(_FULL)):
            self.leave(oldest, left_of(oldest.note, oldest.said) if self._notes else Note())

    def _oldest(self) -> Outgrown | None:
        settled = self._settled
        many = max(1, self._turns * 2 // 5) if len(settled) * 2 > self._turns else (len(settled) + 1) // 2
        said = tuple((exchange.asked.text, exchange.heard) for exchange in settled[:many])
        return Outgrown(self._from + len(said), self.note, said) if said else None

    def _fills(self, share: float) -> bool:
        room, settled = self._room(), self._settled
        if room is None or len(settled) < 2:  # the last turn is what the next one speaks of
            return False
        said = (text for exchange in settled for text in (exchange.asked.text, exchange.heard))
        tokens = sum(tokens_of(Message("user", text)) for text in (self.instructions, *said))
        return tokens > share * room


_AHEAD = 4
"""So many turns before the last moment it is begun to condense what will make room."""
_SOON, _FULL = 0.5, 0.7
"""Of what the model takes in beside its answer: the rest is for tools, pictures and the next question.
Where that does not suffice, ``pipeline.llm.context`` leaves more out."""


def _in_play(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The turns since the pictures in play are. They are sent with the first of them, which so stays as it
    was when they are spoken of again.
    """
    turns: list[Exchange] = []
    for exchange in reversed([each for each in exchanges if each.asked.pictures]):
        if turns and exchange.asked.pictures != turns[0].asked.pictures:
            break
        turns.insert(0, exchange)
    return turns
