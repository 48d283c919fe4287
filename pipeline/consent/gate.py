"""The gate: a state machine between what a model asks for and what is done. Times are passed in.

A call that needs a yes is frozen and read back (``propose``). Once that was heard to its end (``read_out``)
the next turn answers it (``answer``): a yes of the closed list of the language, by the person, begun after
the end and within ``EXPIRES_S`` of it, and heard surely, gives the frozen call, once. Anything else lets it
fall, and so does the time (``expire``). There is no other way to an ``Agreed``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from config.runtime.clean import CleanText
from pipeline.consent.answers import answer_to
from pipeline.consent.frozen import FrozenCall
from pipeline.llm.base import ToolCall

EXPIRES_S = 30.0
"""After the end of the read-back."""
SURE = 0.45
"""An engine less sure of a voice's yes than this may have made it of something else. Of the
yeses of two voices the published tiny.en was 0.50 to 0.70 sure; no bound would keep out the one that it makes
of "guess" (0.55)."""
_TOLD_S = 2.0
"""After a read-back was cut nobody need wait: that it is left is said soon, if no turn says so before."""

Outcome = Literal["approved", "declined", "dropped", "unsure", "interrupted", "expired"]
Refusal = Literal["busy", "decided"]
"""``busy``: another call is being asked about. ``decided``: in this very turn it was."""


class Agreed:
    """That a person said yes to a call. The gate alone makes it, and it gives the call once."""

    __slots__ = ("_call",)

    def __init__(self, call: FrozenCall, seal: object) -> None:
        """Raises ``TypeError`` for whoever is not the gate."""
        if seal is not _SEAL:
            raise TypeError("A yes is given by a person.")
        self._call: FrozenCall | None = call

    def take(self) -> FrozenCall | None:
        """None: it was taken before, or is not what was read back."""
        call, self._call = self._call, None
        return call if call is not None and call.is_whole else None


_SEAL = object()


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said or typed, as a whole turn. ``began``, ``at``: seconds on the microphone's clock."""

    text: str
    language: str
    turn: int
    began: float
    by_person: bool = True
    """By the microphone or the keyboard of this session: not by a program or a file."""
    spoken: bool = True
    confidence: float = 1.0
    stops: bool = False
    """It is known to mean "stop"."""
    repeats: bool = False
    """It asks for what was said last once more."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A call that waits for its yes. ``heard_at``: when its read-back had been heard; None: not yet."""

    call: FrozenCall
    text: CleanText
    turn: int
    language: str
    heard_at: float | None = None
    cut_at: float | None = None
    """When its read-back was cut short: it can only fall."""

    @property
    def expires(self) -> float | None:
        if self.cut_at is not None:
            return self.cut_at + _TOLD_S
        return None if self.heard_at is None else self.heard_at + EXPIRES_S


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of it; ``agreed`` where it is to be done."""

    pending: Pending
    outcome: Outcome
    agreed: Agreed | None = None


class Gate:
    """Of one conversation."""

    def __init__(self) -> None:
        self.pending: Pending | None = None
        self._decided: dict[str, int] = {}
        """By the digest of a call, the turn in which it was decided."""

    def propose(
        self, call: ToolCall, text: CleanText, turn: int, language: str, *, bare: bool = False
    ) -> Pending | Refusal:
        """``text``: what is read back. ``bare``: the words of this turn are a mere yes or no: they ask for
        nothing that was decided before.
        """
        frozen = FrozenCall.of(call)
        if self.pending is not None:
            return "busy"
        decided = self._decided.get(frozen.digest)
        if decided is not None and (bare or decided == turn):
            return "decided"
        self.pending = Pending(frozen, text, turn, language)
        return self.pending

    def read_out(self, turn: int, at: float) -> None:
        """All that turn ``turn`` says was heard at ``at``."""
        if self.pending and self.pending.turn == turn and self.pending.expires is None:
            self.pending = replace(self.pending, heard_at=at)

    def cut(self, turn: int, at: float) -> None:
        """What turn ``turn`` says was cut short."""
        if self.pending and self.pending.turn == turn and self.pending.heard_at is None:
            self.pending = replace(self.pending, cut_at=at)

    def answer(self, said: Utterance) -> Resolved | None:
        """None: there was nothing to answer, or it is to be read back once more, by this turn."""
        if self.pending is None or not said.turn > self.pending.turn:
            return None
        if said.repeats:  # and then it is heard anew, to its end
            self.pending = replace(self.pending, turn=said.turn, heard_at=None, cut_at=None)
            return None
        return self._resolve(self._outcome(self.pending, said), said.turn)

    def expire(self, at: float) -> Resolved | None:
        """None: it has time yet, or there is none."""
        pending = self.pending
        if pending is None or pending.expires is None or at < pending.expires:
            return None
        return self._resolve("interrupted" if pending.cut_at is not None else "expired", -1)

    def _outcome(self, pending: Pending, said: Utterance) -> Outcome:
        answer = answer_to(said.text, (pending.language, said.language))
        if said.stops or answer == "no":
            return "declined"
        if pending.heard_at is None or pending.cut_at is not None:
            return "interrupted"
        if answer != "yes" or not said.by_person or not said.began > pending.heard_at:
            return "dropped"
        if not said.began <= pending.heard_at + EXPIRES_S:
            return "expired"
        return "approved" if not said.spoken or said.confidence >= SURE else "unsure"

    def _resolve(self, outcome: Outcome, turn: int) -> Resolved:
        assert self.pending
        pending, self.pending = self.pending, None
        if outcome not in ("interrupted", "unsure"):  # of those nothing is known: it may be asked anew
            self._decided[pending.call.digest] = turn
        agreed = Agreed(pending.call, _SEAL) if outcome == "approved" else None
        return Resolved(pending, outcome, agreed)
