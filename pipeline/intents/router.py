"""What an utterance means, with what is going on: one intent, in one order. Pure; carried out elsewhere.

1. it leafs through what is read        "next", "spell that"            ``reading_controls``
2. it steers the talk                   "repeat that", "slower"         ``controls``
3. it asks what can be done here        "what can you do?"              ``about``
4. it can be computed, or set           "set a timer", "12 times 11"    the skills
5. it wants to be told, or no longer    "tell me when the bus comes"    ``watch``
6. it doubts what was said of a picture "are you sure?"                 ``doubt``
7. it wants all the text                "read it"                       ``read_aloud``
8. all else is for the LLM

Whether words over an answer take the turn at all is asked before that (``barge_in``). What is to be looked at
for it (``look``), and which part (``zoom``), stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipeline.intents import controls, reading_controls
from pipeline.intents.about import asks_capabilities
from pipeline.intents.doubt import wants_second_look
from pipeline.intents.look import CaptureIntent, read_capture_intent
from pipeline.intents.read_aloud import agrees, turns_page, wants_reading
from pipeline.intents.zoom import ZoomRequest, zoom_request

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Leaf:
    control: reading_controls.ReadingControl


@dataclass(frozen=True, slots=True)
class Steer:
    kind: controls.Kind


@dataclass(frozen=True, slots=True)
class TellCapabilities:
    pass


@dataclass(frozen=True, slots=True)
class Compute(Generic[R]):
    request: R


@dataclass(frozen=True, slots=True)
class Watch:
    """``asked``: what is to be told, or that nothing is any more."""

    asked: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    pass


@dataclass(frozen=True, slots=True)
class ReadAloud:
    pass


@dataclass(frozen=True, slots=True)
class AskLlm:
    pass


Act = Leaf | Steer | TellCapabilities | Compute[R] | Watch | LookAgain | ReadAloud | AskLlm


@dataclass(frozen=True, slots=True)
class Document:
    """Open at ``page`` of ``pages``; none where there are 0."""

    page: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Situation(Generic[R]):
    """What is going on when it is said."""

    compute: Callable[[str], R | None]
    """What of the skills all of an utterance asks for; nothing is set off."""
    leafs: Callable[[reading_controls.ReadingControl], bool] = lambda control: False
    """Whether that can be done with the text that is read, or with the answer."""
    steers: Collection[controls.Kind] = ()
    """What can be done with the talk."""
    watches: Callable[[str], bool] = lambda text: False
    """Whether something could be watched for, or no longer, and it asks for that."""
    captures: bool = False
    """A camera, the screen, the clipboard or a page may be looked at."""
    running: bool = False
    """The camera is open."""
    document: Document = Document()
    shown: bool = False
    """A picture comes with the utterance."""
    pictures: bool = False
    """There is one to talk of."""
    doubtful: bool = False
    """The last answer about a picture was no computation, so it can be looked at again."""
    reading: bool = False
    """A text is being read."""
    answer: str = ""
    """Told last."""


@dataclass(frozen=True, slots=True)
class Intent(Generic[R]):
    act: Act[R]
    capture: CaptureIntent | None = None
    """To be looked at first."""
    zoom: ZoomRequest | None = None


def capture_of(said: str, situation: Situation[R]) -> CaptureIntent | None:
    """What is to be looked at for it, by all that is said."""
    if not situation.captures:
        return None
    page, pages = situation.document.page, situation.document.pages
    return read_capture_intent(said, running=situation.running, shown=situation.shown, page=page, pages=pages)


def route(said: str, language: str, situation: Situation[R], *, whole: str = "") -> Intent[R]:
    """``said`` as STT or fingers gave it. ``whole``: with the words before it that it goes on with."""
    whole = whole or said
    capture = capture_of(said, situation)
    sees = situation.pictures or capture is not None
    zoom = zoom_request(whole) if sees else None
    return Intent(_act(said, language, situation, whole, zoom, sees=sees), capture, zoom)


def _act(
    said: str, language: str, situation: Situation[R], whole: str, zoom: ZoomRequest | None, *, sees: bool
) -> Act[R]:
    if (leaf := reading_controls.reading_control(said)) and situation.leafs(leaf):
        return Leaf(leaf)
    if (control := controls.control_intent(said)) and control.kind in situation.steers:
        return Steer(control.kind)
    if asks_capabilities(said):
        return TellCapabilities()
    if (request := situation.compute(whole)) is not None:
        return Compute(request)
    if asked := next((text for text in (said, whole) if situation.watches(text)), ""):
        return Watch(asked)
    if situation.doubtful and not situation.shown and wants_second_look(said):
        return LookAgain()
    if sees and (_wants_text(said, language, situation) or (zoom and zoom.reads)):
        return ReadAloud()
    return AskLlm()


def _wants_text(said: str, language: str, situation: Situation[R]) -> bool:
    """All of it: it was asked for, the next page of what is read is, or the offer to read is taken."""
    return (
        wants_reading(said)
        or (situation.reading and turns_page(said))
        or agrees(said, situation.answer, language)
    )
