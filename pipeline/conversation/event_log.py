"""The account of each turn, as it leaves the house: one event for everything that happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from config.errors import AloudError
from config.runtime.clean import CleanText
from pipeline import events
from pipeline.conversation.turn import Turn


class TurnEvents:
    """``now``: seconds on the microphone's clock, the ``at`` of every event."""

    def __init__(self, notify: events.Notify, now: Callable[[], float]) -> None:
        self.notify = notify
        self.now = now

    def said(self, turn: Turn) -> None:
        said = turn.said
        self.notify(
            events.FinalTranscript(
                at=self.now(),
                turn=turn.number,
                text=said.text,
                speech_end=round(said.speech_end, 3),
                confidence=round(said.confidence, 3),
                source=said.source,
            )
        )

    def looked(self, turn: Turn, images: tuple[events.LookedAt, ...]) -> None:
        """Of a preflight this waits for its gate."""
        turn.tell(events.Looked(at=self.now(), turn=turn.number, images=images), self.notify)

    def tool(
        self,
        turn: int,
        name: CleanText,
        arguments: Mapping[str, Any],
        text: CleanText,
        *,
        failed: bool = False,
    ) -> None:
        """``text``: the result, or why there is none."""
        result, error = (None, text) if failed else (text, None)
        used = events.ToolUsed(
            at=self.now(), turn=turn, tool=name, arguments=dict(arguments), result=result, error=error
        )
        self.notify(used)

    def confirmation_requested(
        self, turn: int, name: CleanText, arguments: Mapping[str, Any], text: CleanText
    ) -> None:
        self.notify(
            events.ConfirmationRequested(
                at=self.now(), turn=turn, tool=name, arguments=dict(arguments), text=text
            )
        )

    def confirmation_resolved(self, turn: int, name: CleanText, outcome: events.Outcome) -> None:
        self.notify(events.ConfirmationResolved(at=self.now(), turn=turn, tool=name, outcome=outcome))

    def interrupted(self, turn: Turn, heard: CleanText) -> None:
        self.notify(events.Interrupted(at=self.now(), turn=turn.number, heard=heard))

    def withdrawn(self, turn: Turn, number: int, heard: CleanText, text: CleanText) -> None:
        """The half answer of turn ``number``; told when ``turn``, which answers ``text``, is surely over."""
        turn.tell(events.Withdrawn(at=self.now(), turn=number, heard=heard, text=text), self.notify)

    def spoke(self, turn: Turn, heard: CleanText, *, complete: bool) -> None:
        self.notify(events.Spoke(at=self.now(), turn=turn.number, heard=heard, complete=complete))

    def failed(self, turn: int, error: AloudError, *, kept: CleanText) -> None:
        message = error.and_todo
        name = type(error).__name__
        self.notify(
            events.Failed(at=self.now(), turn=turn, error=name, message=message, kept=kept, todo=error.todo)
        )

    def done(self, turn: Turn) -> None:
        self.notify(
            events.TurnDone(
                at=self.now(),
                turn=turn.number,
                latency=turn.latency,
                tokens_in=turn.tokens.get("tokens_in"),
                tokens_out=turn.tokens.get("tokens_out"),
                tokens_cached=turn.tokens.get("tokens_cached"),
                tokens_thinking=turn.tokens.get("tokens_thinking"),
            )
        )
