"""What happened, time-stamped. Events flow out through ``notify``; nothing inside subscribes.

The terminal, ``--json``, the logs and the latency waterfall are readers of these same events. ``at`` is
seconds of audio since the start, from sample counts; ``turn`` counts 0, 1, …
"""

from __future__ import annotations

import dataclasses
import itertools
import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from config.runtime.clean import EMPTY, CleanText, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: float
    turn: int
    id: str | None = None
    """Of this event alone; ``session``: of the conversation it happened in. Given where it leaves that."""
    session: str | None = None

    @property
    def name(self) -> str:
        """``SpeechStarted`` is written ``speech_started``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``: fields that are None are left out."""
        fields = {k: v for k, v in dataclasses.asdict(self).items() if v is not None}
        head = {"event": self.name, "at": round(fields.pop("at"), 3), "turn": fields.pop("turn")}
        names: dict[str, Any] = {name: fields.pop(name) for name in ("id", "session") if name in fields}
        return {**head, **fields, **names}


_log = logging.getLogger(__name__)
Notify = Callable[[Event], None]
Reason = Literal["noise", "echo", "phantom", "backchannel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(Event):
    """Listening. Each field names the choice in use."""

    stt: CleanText
    tts: CleanText
    llm: CleanText
    vision: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightTranscript(Event):
    """The words so far, at a short silence: perhaps all there is."""

    text: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnResumed(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalTranscript(Event):
    text: CleanText
    speech_end: float
    """Seconds: where the voice ended, before the silence that ended the turn."""
    confidence: float
    source: Literal["voice", "text"] = "voice"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechIgnored(Event):
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed(Event):
    """While watching: what was asked for has happened; or with the ``tools`` of a server something has.
    ``text`` is said as soon as nobody speaks.
    """

    text: CleanText
    by: Literal["measurement", "llm", "tools"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Woke(Event):
    """The wake word was heard; it listens."""

    word: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class Slept(Event):
    """It listens for the wake word only."""

    word: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLost(Event):
    """A microphone or a speaker has gone; another is being looked for."""

    kind: Literal["microphone", "speaker"]
    device: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOpened(Event):
    """Instead of one that was lost, or itself again."""

    kind: Literal["microphone", "speaker"]
    device: CleanText


@dataclass(frozen=True, slots=True)
class LookedAt:
    source: CleanText
    width: int
    height: int
    sent_bytes: int
    """Bytes of the encoded picture as it goes to the LLM; 0 when it stays on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Event):
    images: tuple[LookedAt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpened(Event):
    """From here on it can be asked about. ``pages``: or slides; 0: it has none."""

    file: CleanText
    kind: CleanText
    pages: int
    left_out: CleanText
    """What of it could not be read, as a sentence; empty: nothing."""
    sent_to: tuple[CleanText, ...] = ()
    """The hosts that what is asked of it goes to, with the parts that are needed."""

    @property
    def name(self) -> str:
        return "file_opened"

    def as_dict(self) -> dict[str, Any]:
        fields = Event.as_dict(self)
        return {("name" if key == "file" else key): value for key, value in fields.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShown(Event):
    """What a question to a table gave, to be seen: the first ``rows`` of ``count``, as texts."""

    columns: tuple[CleanText, ...]
    rows: tuple[tuple[CleanText, ...], ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDelta(Event):
    text: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUsed(Event):
    """``tool`` on the wire, and there the tool's name is ``name``."""

    tool: CleanText
    arguments: dict[str, Any]
    result: CleanText | None = None
    error: CleanText | None = None

    @property
    def name(self) -> str:
        return "tool"

    def as_dict(self) -> dict[str, Any]:
        return _with_name(Event.as_dict(self))


def _with_name(fields: dict[str, Any]) -> dict[str, Any]:
    return {("name" if key == "tool" else key): value for key, value in fields.items()}


Outcome = Literal["approved", "declined", "dropped", "unsure", "interrupted", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRequested(Event):
    """``tool`` is to be run and waits for a yes; ``text`` is what the person is asked, spoken as well. On the
    wire the tool's name is ``name``.
    """

    tool: CleanText
    arguments: dict[str, Any]
    text: CleanText

    def as_dict(self) -> dict[str, Any]:
        return _with_name(Event.as_dict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationResolved(Event):
    """What became of it; ``turn`` is the one that asked."""

    tool: CleanText
    outcome: Outcome

    def as_dict(self) -> dict[str, Any]:
        return _with_name(Event.as_dict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking(Event):
    """``at`` is when its first sample is due at the speaker."""

    text: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted(Event):
    heard: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    """The person had not been done: ``turn`` and what it goes on with are one turn, answered as ``text``."""

    heard: CleanText
    """Of the answer that is taken back: to be shown as such, no longer part of the conversation."""
    text: CleanText


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke(Event):
    heard: CleanText
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Event):
    error: str
    """The kind of error: a class of ``config.errors``."""
    message: CleanText
    """What failed, and what to do."""
    kept: CleanText
    todo: CleanText = EMPTY
    """What to do once more, alone: where there is a line to type, it ends with that."""

    @property
    def what(self) -> CleanText:
        """What failed, without what to do."""
        return self.message.removesuffix(self.todo).strip()

    @property
    def told(self) -> CleanText:
        """What failed, what was kept, what to do: what is to be typed comes last, where its end is heard."""
        return joined(filter(None, (self.what, self.kept, self.todo)), " ")


@dataclass(frozen=True, slots=True)
class Latency:
    """Where the time of a turn went: moments in seconds on the clock of ``at``. None: did not happen."""

    speech_end: float | None = None
    turn_end: float | None = None
    words: float | None = None
    first_token: float | None = None
    first_clause: float | None = None
    first_sound: float | None = None
    audible: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDone(Event):
    latency: Latency
    tokens_in: int | None = None
    """As the LLM reports them, over all requests of the turn; None where it reports none."""
    tokens_out: int | None = None
    tokens_cached: int | None = None
    """Of ``tokens_in``: those that the server had read before."""
    tokens_thinking: int | None = None
    """Of ``tokens_out``: those with which the model thought, and which nobody heard."""


def identified(notify: Notify) -> Notify:
    """What is told of one conversation: each event gets an ``id``, and all the same ``session``."""
    session, count = uuid.uuid4().hex[:16], itertools.count()

    def named(event: Event) -> None:
        notify(dataclasses.replace(event, id=f"{session}-{next(count)}", session=session))

    return named


def logged(notify: Notify) -> Notify:
    """What is told goes into the log as well: at ``debug``, since it holds what was said; of a turn's end the
    times at ``info``.
    """

    def both(event: Event) -> None:
        if isinstance(event, TurnDone):
            _log.info("turn %d is done: %s", event.turn, event.latency)
        else:
            _log.debug("%s", event.as_dict())
        notify(event)

    return both
