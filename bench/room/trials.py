"""One conversation with echoes and interruptions: who spoke when, and what came of it.

The assistant talks; after so many seconds of it somebody speaks over it; and so on. Nothing here sounds: the
room, made up or a sound card, asks ``tick`` what a person says now, and tells the events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bench.room.voices import Utterance
from pipeline import events

NOTICED_S = 2.0
"""An interruption counts when the answer is silenced so soon after its first sound."""
_OWN_S = 1.0
"""So long after a person's last sound what was heard is still theirs."""
_PAUSE_S = 0.8
"""The assistant was quiet, or somebody just spoke: so long before it is asked to go on."""


@dataclass(slots=True)
class Trial:
    """Seconds on the microphone's clock. ``noticed``: None as long as it is not."""

    said: Utterance
    began: float
    noticed: float | None = None
    log: list[str] = field(default_factory=list)

    @property
    def met(self) -> bool:
        return self.noticed is not None and self.noticed - self.began <= NOTICED_S

    @property
    def ended(self) -> float:
        return self.began + self.said.seconds


class Trials:
    """``rounds`` interruptions, each after about ``apart_s`` of the assistant speaking undisturbed; with no
    rounds, ``apart_s`` of it.
    """

    def __init__(self, people: Iterator[Utterance], rounds: int, apart_s: float, seed: int = 1) -> None:
        self._people, self._rounds, self._apart_s = people, rounds, apart_s
        self._rng = np.random.default_rng(seed)
        self._due = self._next()
        self._undisturbed = self._quiet = 0.0
        self._now = 0.0
        self.trials: list[Trial] = []
        self.spoken_s = 0.0
        """Of the assistant."""
        self.by_itself: list[str] = []
        """Words that it took for a person's when nobody spoke."""
        self.startled = 0
        """How often it took a sound for the beginning of a voice when nobody spoke."""

    def _next(self) -> float:
        return float(self._apart_s * self._rng.uniform(0.6, 1.4)) if self._rounds else self._apart_s

    @property
    def expected_s(self) -> float:
        """Of the assistant speaking, in all."""
        return self._apart_s * max(self._rounds, 1)

    @property
    def over(self) -> bool:
        if not self._rounds:
            return self.spoken_s >= self._apart_s
        done = len(self.trials) >= self._rounds
        return done and self._now > self.trials[-1].ended + NOTICED_S + 1.0

    def tick(self, since: float, now: float, speaking: bool) -> Utterance | None:
        """From ``since`` to ``now`` it was ``speaking``. What somebody begins to say now, or None."""
        self._now = now
        if speaking:
            self.spoken_s += now - since
            self._undisturbed += now - since
            self._quiet = now
        if not speaking or self._undisturbed < self._due or len(self.trials) >= self._rounds:
            return None
        self._undisturbed, self._due = 0.0, self._next()
        self.trials.append(Trial(next(self._people), since))
        return self.trials[-1].said

    def asks(self) -> bool:
        """Nobody speaks, and has not for a moment: the assistant is asked to go on."""
        last = self.trials[-1].ended if self.trials else -NOTICED_S
        waited = self._now > max(last + NOTICED_S, self._quiet + _PAUSE_S)
        if waited:
            self._quiet = self._now + _PAUSE_S
        return waited

    def told(self, event: events.Event, at: float) -> None:
        """An event that came ``at``."""
        trial = self.trials[-1] if self.trials else None
        if trial and trial.began <= at <= trial.began + NOTICED_S + 2.0 and event.name != "reply_delta":
            trial.log.append(f"{at - trial.began:.2f} {event.name} {getattr(event, 'text', '')}".strip())
        match event:
            case events.Interrupted() if trial and trial.noticed is None and at >= trial.began:
                trial.noticed = at
            case events.FinalTranscript(source="voice") if not self._theirs(event.speech_end):
                self.by_itself.append(event.text)
            case events.SpeechStarted() if not self._theirs(at):
                self.startled += 1
            case _:
                pass

    def _theirs(self, at: float) -> bool:
        return any(trial.began - 0.1 <= at <= trial.ended + _OWN_S for trial in self.trials)
