"""What a session is told to do, beside what is said to it: by a page, a server, a program that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vision.images.picture import Picture


@dataclass(frozen=True, slots=True)
class Ask:
    """A turn, as if it had been typed."""

    text: str
    by_person: bool = False
    """The person of this conversation typed it just now: a yes in it counts as theirs."""


@dataclass(frozen=True, slots=True)
class AnswerNow:
    """Wait for no more silence: what was said until now is the turn. Nothing, while nobody speaks."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Silence the answer under way; what was heard of it is kept."""


@dataclass(frozen=True, slots=True)
class InsertItem:
    """Into the conversation, as if it had been said before; it is not answered."""

    role: Literal["user", "assistant"]
    text: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowPicture:
    """Goes along with the next turn."""

    picture: Picture


Command = Ask | AnswerNow | Cancel | InsertItem | ShowPicture
