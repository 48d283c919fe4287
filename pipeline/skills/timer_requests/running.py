"""Which of the timers that run is meant, as the arguments of their tools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from config.language.words import same_word, without_article, words_in
from pipeline.skills.timer_requests.intents import Place, Which
from pipeline.skills.timers import Timer, Timers
from pipeline.skills.when.moment import Moment


class RunningTimers:
    """They are looked at, and nothing is done. ``language``: in which one is named."""

    def __init__(self, timers: Timers, now: datetime, language: str) -> None:
        self._timers = timers
        self._now = now
        self._language = language

    def __bool__(self) -> bool:
        return bool(self._timers.running())

    def of_kind(self, kind: str) -> list[Timer]:
        return [timer for timer in self._timers.running() if kind in ("", timer.kind)]

    def find(self, **arguments: Any) -> list[Timer]:
        return self._timers.find(**arguments)

    def which(self, meant: Which | None, kind: str = "") -> dict[str, Any]:
        """The arguments that name it; ``name`` as it was said where there is none such."""
        if meant is None:
            return {}
        if meant.place is not None:
            return self._placed(meant, kind)
        if meant.moment and meant.moment.day:
            return self._number(self.due(meant.moment, kind)) or {"name": meant.written}
        by_day = kind in ("alarm", "reminder")  # these ring at a time of day
        if meant.seconds is not None and not (meant.times and by_day):
            return given(seconds=meant.seconds)
        if meant.name or self._called(meant.written):
            return self._by_name(meant.name or meant.written)
        ringing = self.of_kind("" if kind == "timer" else kind)
        by_time = next((timer for timer in ringing if _rings_at(timer, meant.times)), None)
        if by_time and (by_day or meant.number is None):
            return {"number": by_time.number}
        return {"name": meant.written} if meant.number is None else {"number": meant.number}

    def named(self, meant: Which | None) -> dict[str, Any]:
        """The same by all of a name; empty: none is called so."""
        return self._by_name(meant.name) if meant and self._called(meant.name, whole=True) else {}

    def standing(self, meant: Which | None) -> dict[str, Any]:
        """The same of one that is told by its length, its time or its place; empty: there is none such."""
        if meant is None or meant.name:
            return self.named(meant)
        arguments = self.which(meant)
        return arguments if len(self._timers.find(**arguments)) == 1 else {}

    def _by_name(self, name: str) -> dict[str, Any]:
        found = self._called(name)
        labels = {timer.label for timer in found}
        if len(found) == 1 and self._timers.find(name=found[0].label) != found:
            return self._number(found)
        return {"name": labels.pop() if len(labels) == 1 else name}

    def _called(self, name: str, *, whole: bool = False) -> list[Timer]:
        """Those that are called so, whatever their capitals and accents: by all of their name; else by a part
        of it; and one egg may be several.
        """
        said = self._words(name)
        if not said:
            return []
        named = [timer for timer in self._timers.running() if timer.kind != "alarm" and timer.label]
        exact = [timer for timer in named if self._words(timer.label) == said]
        like = exact or [timer for timer in named if self._alike(self._words(timer.label), said)]
        if like or whole:
            return like
        parts = [timer for timer in named if _inside(said, self._words(timer.label))]
        return parts or [timer for timer in named if self._alike_inside(self._words(timer.label), said)]

    def _words(self, text: str) -> list[str]:
        return without_article(words_in(text, self._language), self._language)

    def _alike(self, words: Sequence[str], others: Sequence[str]) -> bool:
        return len(words) == len(others) and all(
            same_word(word, other, self._language) for word, other in zip(words, others, strict=True)
        )

    def _alike_inside(self, words: Sequence[str], part: Sequence[str]) -> bool:
        size = len(part)
        return any(self._alike(words[at : at + size], part) for at in range(len(words) - size + 1))

    def due(self, moment: Moment, kind: str) -> list[Timer]:
        """On a day, at a time of it where one was said."""
        date = moment.day and moment.day.on(self._now.date())
        on_it = [timer for timer in self.of_kind(kind) if self.due_at(timer).date() == date]
        return [timer for timer in on_it if not moment.times() or _rings_at(timer, moment.times())]

    def due_at(self, timer: Timer) -> datetime:
        at = self._now.timestamp() + self._timers.left(timer)
        return datetime.fromtimestamp(at, self._now.tzinfo)

    def _number(self, found: Sequence[Timer]) -> dict[str, Any]:
        return {"number": found[0].number} if len(found) == 1 else {}

    def several(self, meant: Which | None, kind: str) -> list[Timer]:
        """Those between which it does not choose: all that ring at that time of day; those of a kind, where
        one has that number and another stands at that place.
        """
        if meant is None or meant.place is not None or meant.name or self._called(meant.written):
            return []
        if meant.times and kind != "timer" and (kind or meant.number is None):
            found = self.due(meant.moment, kind) if meant.moment and meant.moment.day else None
            at = [each for each in self.of_kind(kind) if _rings_at(each, meant.times)]
            ringing = at if found is None else found
            if ringing:
                return ringing if len(ringing) > 1 else []
        if meant.number is None or kind in ("", "timer"):  # timers are told with their numbers
            return []
        return self._numbered(meant.number, kind)

    def _numbered(self, number: int, kind: str) -> list[Timer]:
        """Empty: one alone can be meant, or none."""
        found = self.of_kind(kind)
        place, called = found[number - 1 : number], [each for each in found if each.number == number]
        return [] if place == called or not (place or called) else found

    def _placed(self, meant: Which, kind: str) -> dict[str, Any]:
        found = self._in_place(meant.place, self.of_kind(kind))
        if len(found) == 1:
            return self._number(found)
        return given(kind=kind) if meant.place == "next" else {"name": meant.written}

    def _in_place(self, place: Place | int | None, found: list[Timer]) -> list[Timer]:
        """One, where it is plain which; of the longest both what it was set for and what is left count."""
        match place:
            case "next":
                return found[:1]
            case "last":
                return found[-1:]
            case "newest":
                return _most(found, lambda timer: timer.due - timer.seconds)
            case "shortest" | "longest":
                sign, timed = (-1 if place == "shortest" else 1), [each for each in found if not each.at]
                most = _most(timed, lambda timer: sign * timer.seconds)
                return most if most == _most(timed, lambda timer: sign * timer.due) else []
        at = int(place or 0) - 1
        return found[at : at + 1]


def _most(found: Sequence[Timer], value: Callable[[Timer], float]) -> list[Timer]:
    """All that have the largest."""
    largest = max(map(value, found), default=0.0)
    return [timer for timer in found if value(timer) == largest]


def _inside(part: Sequence[str], words: Sequence[str]) -> bool:
    size = len(part)
    return any([*words[at : at + size]] == [*part] for at in range(len(words) - size + 1))


def _rings_at(timer: Timer, times: Sequence[timedelta]) -> bool:
    at = timer.at and timedelta(hours=timer.at.hour, minutes=timer.at.minute)
    return timer.kind != "timer" and at in {time % timedelta(days=1) for time in times}


def given(**arguments: Any) -> dict[str, Any]:
    """Those that say something; whole numbers as such."""
    whole = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in arguments.items()
    }
    return {
        name: value
        for name, value in whole.items()
        if value or (isinstance(value, int | float) and value is not False)
    }
