"""One turn: what was said, the gate before its sound, the scope that silences it, and where its time went.

A turn may begin from a preflight, at the first short silence: its answer is then worked out up to the first
sound, and everything that could be seen or heard of it waits at the gate until the turn is surely over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import anyio

from pipeline.consent.gate import Resolved
from pipeline.events import Event, Latency, Notify
from pipeline.llm.base import Delta
from pipeline.tools.base import Undo
from vision.images.picture import Picture
from voice.stt.events import FinalTranscript

TOKENS = ("tokens_in", "tokens_out", "tokens_cached", "tokens_thinking")
GOES_ON_S, TAKEN_IN_S = 3.0, 1.5
"""Who was not done goes on so soon after the turn was taken to be over, as long as the longest silence that
is waited for (``voice.turns.endpointing.silence_timeout.LONGEST_MS``), and within so much of the answer, some
four words of it: later it has been taken in, and what is said is said to it. Ours, and unmeasured on
people."""


class Turn:
    """``after``: the turn before, whose events come first. ``preemptive``: it may be dropped yet."""

    def __init__(
        self,
        number: int,
        said: FinalTranscript,
        *,
        after: Turn | None = None,
        preemptive: bool = False,
        shown: tuple[Picture, ...] = (),
    ) -> None:
        self.number = number
        self.said = said
        self.shown = shown
        """The pictures a preflight was answered with."""
        self.preemptive = preemptive
        self.interrupted = False
        self.sounding = False
        """Its answer has the floor."""
        self.sounded = False
        """Something of its answer was handed to the speaker."""
        self.withdrawn = False
        """It was cut by words that may go on with it."""
        self.joins = False
        """It is answered together with what was said before it."""
        self.asks = False
        """What was shown last of its answer is a question."""
        self.effects: list[Undo] = []
        """What it has done, to be taken back."""
        self.told = ""
        """What the program said of that, in the person's language."""
        self.resolved: Resolved | None = None
        """What it answered of what was read back before it, and how."""
        self.tool_s = 0.0
        """Seconds that its tools took."""
        self.changes = 0
        """How many tools have done something for a model."""
        self.untold: list[str] = []
        """What they did, in the person's language, where only the model's answer would tell."""
        self.scope = anyio.CancelScope()
        self._after = after
        self._begun = False
        self._gate = anyio.Event()
        self._finished = anyio.Event()
        self._waiting: list[Event] = []
        self._to_undo: list[Undo] = []
        self._moments: dict[str, float] = {}
        self.tokens: dict[str, int] = {}
        """Of all its requests, as the LLM reports them."""
        if not preemptive:
            self._mark_said()

    def _mark_said(self) -> None:
        if self.said.source == "voice":
            self._moments["speech_end"] = self.said.speech_end
            if self.said.turn_end is not None:
                self._moments["turn_end"] = self.said.turn_end

    # The turn controller's side ----------------------------------------------------------------------------

    @property
    def done(self) -> bool:
        return self._finished.is_set()

    def confirm(self, said: FinalTranscript) -> bool:
        """The preflight was all there was. True: whoever confirms commits it; False: its own task will."""
        self.said, self.preemptive = said, False
        self._mark_said()
        return self._begun

    def interrupt(self, *, withdrawn: bool = False) -> None:
        """Silence the answer now; its task writes down what was heard."""
        self.interrupted, self.withdrawn = True, self.withdrawn or withdrawn
        self.scope.cancel()

    def may_go_on(self, since: float) -> bool:
        """Whether a voice that began at ``since`` may be the rest of it: it came before the answer could be
        taken in, and soon after the words before.
        """
        ended = self.said.speech_end if self.said.turn_end is None else self.said.turn_end
        if self.said.source != "voice" or since - ended > GOES_ON_S:
            return False
        audible = self._moments.get("audible")
        return audible is None or since - audible <= TAKEN_IN_S

    def drop(self) -> None:
        """A preflight that was not all: nobody will know of it."""
        self.scope.cancel()

    async def finished(self) -> None:
        await self._finished.wait()

    # The answer's side ---------------------------------------------------------------------------

    async def begin(self) -> None:
        if self._after is not None:
            await self._after.finished()
            self._after = None
        self._begun = True

    @property
    def is_open(self) -> bool:
        return self._gate.is_set()

    def open(self, notify: Notify, now: Callable[[], float]) -> None:
        """Let out what has waited, stamped with the moment at which it can be seen."""
        self._gate.set()
        for undo in self._to_undo:
            undo()
        self._to_undo.clear()
        for event in self._waiting:
            notify(replace(event, at=now()))
        self._waiting.clear()

    async def opened(self) -> None:
        await self._gate.wait()

    def tell(self, event: Event, notify: Notify) -> None:
        """Now, or when the gate opens."""
        if self.is_open:
            notify(event)
        else:
            self._waiting.append(event)

    def undo(self, effects: Iterable[Undo]) -> None:
        """Now, or when the gate opens: what was done for a turn that this one takes the place of."""
        if self.is_open:
            for effect in effects:
                effect()
        else:
            self._to_undo = list(effects)

    def finish(self) -> None:
        self._finished.set()

    # Where its time went -------------------------------------------------------------------------

    def count(self, delta: Delta) -> None:
        """What one request took: its last delta says so."""
        for name in TOKENS:
            if (tokens := getattr(delta, name)) is not None:
                self.tokens[name] = self.tokens.get(name, 0) + tokens

    def mark(self, moment: str, at: float) -> None:
        """Of each moment (a field of ``Latency``) the first time counts."""
        self._moments.setdefault(moment, at)

    @property
    def latency(self) -> Latency:
        return Latency(**{moment: round(at, 4) for moment, at in self._moments.items()})
