"""The conversation's side of the gate: what is asked, when its end was heard, what is said to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import anyio

from config.language.phrases import phrases
from config.runtime.clean import EMPTY, CleanText, clean
from pipeline.consent.answers import answer_to, asks_to_take_away
from pipeline.consent.frozen import FrozenCall
from pipeline.consent.gate import Gate, Outcome, Pending, Resolved, Utterance
from pipeline.consent.needs import needs_consent
from pipeline.consent.read_back import TooLongError, read_back
from pipeline.conversation.event_log import TurnEvents
from pipeline.conversation.turn import Turn
from pipeline.intents.controls import control_intent
from pipeline.llm.base import Message, ToolCall
from pipeline.pictures.fence import is_fenced
from pipeline.tools.base import Tool, ToolResult
from pipeline.tools.refusals import ASKED, BUSY, DECIDED, NOBODY, TOO_LONG
from voice.stt.events import FinalTranscript

_REFUSED = {"busy": BUSY, "decided": DECIDED}
_SAID: dict[Outcome, str] = {
    "declined": "consent.left",
    "dropped": "consent.left",
    "unsure": "consent.left_unsure",
    "interrupted": "consent.left_unheard",
    "expired": "consent.left_late",
}

_TICK_S = 0.001
"""A clock that is set by sums of floats may never reach a moment by less."""
Worded = Callable[[ToolResult], str]


class Consent:
    """Of one conversation. ``now``: seconds on the microphone's clock."""

    def __init__(self, turn_events: TurnEvents, now: Callable[[], float]) -> None:
        self._gate = Gate()
        self._turn_events = turn_events
        self._now = now
        self._stirred = anyio.Event()
        self._so_far: tuple[Message, ...] = ()
        self._worded: Worded | None = None
        self._owed = EMPTY
        self.untrusted = False
        """Somebody else's words were read in this conversation: of a picture, a file, a page, a server."""
        self.answerable = False
        """Somebody may say yes: turns come one after the other."""

    def read(self, messages: Sequence[Message]) -> None:
        """What an LLM is shown: pictures, files, and what is fenced, are somebody else's words."""
        self.untrusted = self.untrusted or any(
            message.pictures or message.files or is_fenced(message.text) for message in messages
        )

    # Asking --------------------------------------------------------------------------------------

    def needs(self, tool: Tool, turn: Turn) -> bool:
        words = turn.said.text
        return needs_consent(
            tool.risk,
            reaches_out=tool.reaches_out,
            takes_away=tool.takes_away,
            untrusted=self.untrusted,
            asked_for=tool.takes_away and asks_to_take_away(words, (turn.said.language,)),
        )

    def propose(self, turn: Turn, tool: Tool, call: ToolCall) -> ToolResult:
        """What the model is told. Nothing is done."""
        if not self.answerable:
            return NOBODY
        said = turn.said
        try:
            text = read_back(FrozenCall.of(call), said.language, tool.read_back)
        except TooLongError:
            return TOO_LONG
        bare = answer_to(said.text, (said.language,)) != "neither"
        pending = self._gate.propose(call, text, turn.number, said.language, bare=bare)
        if not isinstance(pending, Pending):
            return _REFUSED[pending]
        frozen = pending.call
        self._turn_events.confirmation_requested(turn.number, frozen.name, frozen.arguments, text)
        return ASKED

    def question_of(self, turn: Turn) -> CleanText | None:
        """What ``turn`` has to read back, and then say no more."""
        pending = self._gate.pending
        return pending.text if pending and pending.turn == turn.number else None

    def keep(self, so_far: Sequence[Message], worded: Worded | None = None) -> None:
        """What the model was told in this turn: it goes on from there after a yes. ``worded``: of a call that
        the person's own words made, and no model.
        """
        self._so_far, self._worded = tuple(so_far), worded

    def read_out(self, turn: Turn) -> None:
        """All that it says was heard, or shown."""
        self._gate.read_out(turn.number, self._now())
        self._stir()

    def cut(self, turn: Turn) -> None:
        """Not all of it was."""
        self._gate.cut(turn.number, self._now())
        self._stir()

    # Being answered ------------------------------------------------------------------------------

    @property
    def waits(self) -> bool:
        """What is said next answers it."""
        return self._gate.pending is not None

    def answered(self, said: FinalTranscript, turn: int, *, by_person: bool, stops: bool) -> Resolved | None:
        """By a turn that is surely over; a preflight answers nothing."""
        spoken, control = said.source == "voice", control_intent(said.text)
        repeats = control is not None and control.kind == "repeat"
        heard = (said.speech_start, by_person, spoken, said.confidence, stops, repeats)
        resolved = self._gate.answer(Utterance(said.text, said.language, turn, *heard))
        self._stir()
        return resolved

    def tell(self, resolved: Resolved) -> None:
        name = resolved.pending.call.name
        self._turn_events.confirmation_resolved(resolved.pending.turn, name, resolved.outcome)

    def close(self, turn: Turn) -> None:
        """It is over: what was agreed to and did not come to be done is not done later, which is owed."""
        resolved = turn.resolved
        if resolved and resolved.agreed and resolved.agreed.take():
            self._owed = clean(phrases(resolved.pending.language).say("consent.left"))

    def done(self, result: ToolResult, language: str) -> None:
        """What they said yes to: they are owed a word about it, also where somebody interrupts."""
        self._owed = clean(self._worded(result) if self._worded else _came_of(result, language))

    @property
    def owed(self) -> CleanText:
        """What came of the last yes, until that was heard."""
        return self._owed

    def heard(self, text: str) -> None:
        if self._owed and self._owed in text:
            self._owed = EMPTY

    def after(self, resolved: Resolved, result: ToolResult) -> list[Message]:
        """What the model is told after a yes: all of the turn that asked, with the result in its place."""
        call_id = resolved.pending.call.id
        return [
            Message("tool", result.text, result.pictures, tool_call_id=call_id)
            if message.role == "tool" and message.tool_call_id == call_id
            else message
            for message in self._so_far
        ]

    # Time ----------------------------------------------------------------------------------------

    def _stir(self) -> None:
        self._stirred.set()
        self._stirred = anyio.Event()

    async def expire(
        self, quiet: Callable[[], Awaitable[None]], say: Callable[[str], Awaitable[None]]
    ) -> None:
        """Let fall what nobody answers, and say so as soon as it is ``quiet``. Runs until cancelled."""
        while True:
            await self._due()
            await quiet()
            if resolved := self._gate.expire(self._now() + _TICK_S):
                self.tell(resolved)
                await say(left(resolved))

    async def _due(self) -> None:
        while True:
            pending, stirred = self._gate.pending, self._stirred
            wait_s = pending.expires - self._now() if pending and pending.expires is not None else None
            if wait_s is not None and wait_s <= _TICK_S:
                return
            with anyio.move_on_after(wait_s):
                await stirred.wait()


def left(resolved: Resolved) -> str:
    """What is said where it is not done."""
    return phrases(resolved.pending.language).say(_SAID[resolved.outcome])


def _came_of(result: ToolResult, language: str) -> str:
    """What is said of one that was agreed to."""
    say = phrases(language).say
    told = result.told(language) if result.told and not result.failed else ""
    return told or say("consent.failed" if result.failed else "consent.done")
