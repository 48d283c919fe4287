"""What is asked: how much time is left, when something rings, what there is."""

from __future__ import annotations

from dataclasses import replace

from pipeline.skills.timer_requests.intents import AskRemaining, TimerIntent
from pipeline.skills.timer_requests.slotted import Slotted
from pipeline.skills.timer_requests.which import which


class Asking(Slotted):
    """Each as its sentences have it."""

    def _ask_left(self) -> TimerIntent | None:
        return self._asked()

    def _ask_when(self) -> TimerIntent | None:
        asked = self._asked()
        if not isinstance(asked, AskRemaining):
            return None
        return replace(asked, perhaps=asked.which is not None and asked.which.name != "")

    def _ask_reminders(self) -> TimerIntent | None:
        return AskRemaining("reminder", self._which("moment"))

    def _asked(self) -> TimerIntent | None:
        known, words = self._known, self._said.words
        kinds = [kind for name, kind in known.kinds.items() if f" {name} " in f" {' '.join(words)} "]
        names = {word for name in known.kinds for word in name.split()}
        rest = [word for word in self._slot("rest").split() if word not in known.fillers | names]
        meant = which(" ".join(rest), self._said, self._language)
        left = not known.left.isdisjoint(words)
        if not kinds and not left and not known.counted.match(self._said.plain):
            return AskRemaining("", meant, named=False, perhaps=True) if meant and meant.name else None
        one = kinds[0] if kinds and kinds[0] != "timer" else ""
        story = not known.closed.isdisjoint(rest)  # "she said"
        perhaps = bool(meant and meant.name) and (not kinds or story or known.still.isdisjoint(words))
        return AskRemaining(one, meant, named=bool(kinds), perhaps=perhaps)
