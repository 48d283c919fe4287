"""What is asked of one that runs: that it takes longer or shorter, or rings at another time."""

from __future__ import annotations

from dataclasses import replace

from config.language.words import stand_ins
from pipeline.skills.timer_requests.intents import ChangeTimer, MoveAlarm, NotUnderstood, TimerIntent
from pipeline.skills.timer_requests.slotted import Slotted
from pipeline.skills.when.number_slots import whole_of


class Changing(Slotted):
    """Each as its sentences have it."""

    def _change(self, to: float = 0, by: float = 0) -> ChangeTimer | None:
        seconds = self._seconds()
        if not seconds or not self._means_one():
            return None
        return ChangeTimer(self._which(), to * seconds or None, by * seconds or None)

    def _change_to(self) -> TimerIntent | None:
        return self._change(to=1)

    def _longer(self) -> TimerIntent | None:
        return self._change(by=1)

    def _longer_bare(self) -> TimerIntent | None:
        return self._bare(self._change(by=1))

    def _longer_count(self) -> TimerIntent | None:
        """ "Give the pasta five more", "the 30 minute one five more": minutes."""
        said, stand_in = self._said.said(self._slot("count")), stand_ins(self._language)
        one = len(said) > 1 and said[0] in stand_in
        count = whole_of(said[one:], self._language)
        if not count or not self._means_one():
            return None
        change = ChangeTimer(self._which(), by_seconds=count * 60.0)
        return replace(change, bare=True) if one else self._bare(change)

    def _shorter(self) -> TimerIntent | None:
        return self._change(by=-1)

    def _shorter_bare(self) -> TimerIntent | None:
        return self._bare(self._change(by=-1))

    def _change_bare(self) -> TimerIntent | None:
        return self._bare(self._change(to=1))

    def _bare(self, change: ChangeTimer | None) -> ChangeTimer | None:
        """Said of no timer: meant only where one is called so, or stands for one: "the 30 minute one"."""
        meant = change and (not self._slot("which") or self._is_name("which") or self._stands_in())
        return replace(change, bare=True) if change and meant else None

    def _move(self) -> TimerIntent | None:
        kind, moment = self._kind(), self._said.moment(self._slot("moment"))
        if moment is None or moment.repeat or kind in (None, "timer") or not self._means_one():
            return None
        if self._slot("which") and self._which() is None:  # "la alarma de mañana a las 8": which, or when?
            return None
        return MoveAlarm(kind, self._which(), moment)

    def _move_timed(self) -> TimerIntent | None:
        """ "Set my 7 o'clock alarm to 8"; "set my tomorrow alarm to 7" is a new one."""
        meant = self._which()
        timed = meant and (meant.place or (meant.moment and meant.moment.timed))
        return self._move() if timed else None

    def _move_by(self, sign: float) -> TimerIntent | None:
        kind, seconds = self._kind(), self._seconds()
        if not seconds or kind in (None, "timer") or not self._means_one():
            return None
        return MoveAlarm(kind, self._which(), by_seconds=sign * seconds)

    def _move_later(self) -> TimerIntent | None:
        return self._move_by(1)

    def _move_earlier(self) -> TimerIntent | None:
        return self._move_by(-1)

    def _cannot(self) -> TimerIntent | None:
        kind, first = self._kind(), self._said.moment(self._slot("moment"))
        then = self._said.moment(self._slot("moment_too"))
        if first and then and then.timed and not first.timed:  # "the alarm tomorrow to 7" is a new one
            return None
        return kind and NotUnderstood("pause_alarm" if kind == "alarm" else "pause_timer")
