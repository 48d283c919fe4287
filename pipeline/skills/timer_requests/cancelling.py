"""What is cancelled: one, several, all of a kind, or everything, but for one."""

from __future__ import annotations

from dataclasses import replace

from config.language.words import without_article
from pipeline.skills.timer_requests.intents import CancelTimers, NotUnderstood, TimerIntent, Which
from pipeline.skills.timer_requests.slotted import Slotted


class Cancelling(Slotted):
    """Each as its sentences have it."""

    def _cancel_everything(self) -> TimerIntent | None:
        if not self._slot("kept"):
            return CancelTimers(every=True)
        return self._but_for(CancelTimers(every=True))

    def _cancel_what(self) -> TimerIntent | None:
        """Everything of what: timers, a list, notes?"""
        words = self._said.written([*self._said.words], self._language)
        return NotUnderstood("cancel", words, bare=True)

    def _cancel_reminder(self) -> TimerIntent | None:
        """ "You need not remind me of the bins"."""
        meant = self._which()
        return CancelTimers("reminder", meant) if meant and self._means_one() else None

    def _cancel_every(self) -> TimerIntent | None:
        kind = self._kind()
        if kind is None or not self._means_one():
            return None
        return self._but_for(CancelTimers(kind, self._which() or self._which("moment"), every=True))

    def _but_for(self, every: CancelTimers) -> TimerIntent | None:
        kept = self._slot("kept")
        if not kept:
            return every
        said = " ".join(without_article(self._said.said(kept), self._language))
        if said in self._known.kinds and (said in self._known.several or not every.kind):
            return replace(every, kept_kind=self._known.kinds[said])
        meant = self._which("kept")
        return replace(every, kept=meant) if meant else None

    def _cancel_count(self) -> TimerIntent | None:
        slot = "count" if self._slot("count") else "count_too"  # "le due" is a time of day as well
        kind, count = self._kind(), self._number_in(slot)
        if kind is None or count is None:
            return None
        return CancelTimers(kind, Which(written=self._words(slot, "kinds")), every=True, count=count)

    def _cancel_both(self) -> TimerIntent | None:
        kind = self._kind() if self._slot("kinds") else ""
        return (
            None if kind is None else CancelTimers(kind, Which(written=self._said.text), every=True, count=2)
        )

    def _cancel_one(self) -> TimerIntent | None:
        """ "The one of ten minutes": not by its name."""
        meant = self._which()
        return CancelTimers(which=meant) if meant and not meant.name and self._means_one() else None

    def _cancel_named(self) -> TimerIntent | None:
        meant = self._which()
        if meant is None or not (self._stands_in() or (meant.name and self._is_name("which"))):
            return None
        return CancelTimers(which=meant, perhaps=True)

    def _cancel(self) -> TimerIntent | None:
        kind, meant = self._kind(), self._which()
        if kind is None:
            return None
        if not self._means_one():
            timed = self._said.speaks_of_time(self._slot("which"), self._language)
            return NotUnderstood("cancel", self._words("which")) if timed else None
        several = self._slot("kind") in self._known.several
        timed = meant is not None and meant.moment is not None and meant.number is None
        if several and meant and (count := self._number_in("which")) is not None:
            return CancelTimers(kind, meant, every=True, count=count)
        return CancelTimers(kind, meant, every=several and (meant is None or timed))

    def _cancel_unclear(self) -> TimerIntent | None:
        kind, rest = self._kind(), self._slot("rest")
        timed = kind and self._said.speaks_of_time(rest, self._language)
        if not timed or self._mentions() or self.in_doubt("rest"):
            return None
        return NotUnderstood("cancel", self._words("rest"))
