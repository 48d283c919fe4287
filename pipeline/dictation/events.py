"""What happens in a dictation, time-stamped, beside the events of a conversation. ``turn`` counts takes."""

from __future__ import annotations

from dataclasses import dataclass

from config.runtime.clean import EMPTY, CleanText
from pipeline.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBegan(Event):
    """From here on the sound is on disk. ``take``: its number in the account, for ``--retry``."""

    take: int
    style: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class InterimTranscript(Event):
    """The words of the utterance under way; ``committed`` only grows while it lasts."""

    committed: CleanText
    tentative: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(Event):
    """What an utterance did. ``text``: the end of the text of the take now (500 letters)."""

    command: str
    """``text``: none, it was words; else what was obeyed: ``scratch``, ``mode`` ..., or ``refused``."""
    text: CleanText
    message: CleanText = EMPTY
    """What to tell the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeEnded(Event):
    """Its recording is over. ``by``: ``end``, ``stop``, ``send``, ``new_take``, ``cancel``, ``pause``."""

    take: int
    by: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteDelta(Event):
    """For showing only: the guards have not looked at it yet."""

    text: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrote(Event):
    """``reason``: why some of it stayed as it was said; empty when none did."""

    style: CleanText
    text: CleanText
    reason: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """On standard output with ``--json`` this is the delivery itself. ``delivery``: its id."""

    take: int
    target: CleanText
    delivery: str
    text: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack(Event):
    """What was delivered there no longer counts."""

    take: int
    target: CleanText
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDone(Event):
    """``state``: ``delivered``, ``failed`` or ``cancelled``, with the reason.

    ``speech_end``, ``heard``, ``done``: seconds: where the last voice ended, when its words were there, when
    the text had been delivered. ``left``: the reason is of something that was asked for and is left undone.
    """

    take: int
    state: str
    reason: CleanText
    speech_end: float | None = None
    heard: float | None = None
    done: float | None = None
    left: bool | None = None
