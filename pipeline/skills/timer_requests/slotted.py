"""What is in the slots of a sentence about timers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from config.language.words import articles, stand_ins, without_article
from pipeline.skills.timer_requests.intents import Kind, Which
from pipeline.skills.timer_requests.which import is_name, label, means_one, which
from pipeline.skills.timer_requests.words import TimerWords, timer_words
from pipeline.skills.when.moment import Moment
from pipeline.skills.when.number_slots import whole_of
from pipeline.skills.when.spans import Spanned

_ASKED = ("name", "what", "what_too", "which")
_TIMES = ("moment", "moment_too")
_LONGEST_AT_NOUN = 3


class Slotted:
    """One sentence as one template has it."""

    def __init__(self, said: Spanned, slots: Mapping[str, str], language: str) -> None:
        self._said = said
        self._slots = slots
        self._language = language

    @property
    def _known(self) -> TimerWords:
        return timer_words(self._language)

    def _slot(self, name: str) -> str:
        return self._slots.get(name, "")

    def _seconds(self) -> float | None:
        return self._said.seconds(self._slot("duration"))

    def _which(self, slot: str = "which") -> Which | None:
        return which(self._slot(slot), self._said, self._language)

    def _means_one(self, slot: str = "which") -> bool:
        """Whether what is in it may tell which one; nothing tells the only one."""
        return means_one(self._slot(slot), self._said, self._language)

    def _moment(self) -> Moment | None:
        """Of both its parts, where they were said apart."""
        moment = self._said.moment(self._slot("moment"))
        if moment is None or not self._slot("moment_too"):
            return moment
        other = self._said.moment(self._slot("moment_too"))
        return moment.joined(other) if other else None

    def _name(self) -> str | None:
        """Of a timer; None where it is no name."""
        words = self._slot("name")
        numbers = any(word in self._said.spans for word in words.split())  # "5 or 10 minutes"
        if numbers or not self._is_name("name") or not self._at_the_noun(words.split()):
            return None
        return label(words, self._said, self._language)

    def in_doubt(self, *slots: str) -> bool:
        """Whether what is in its slots may undo it: a negation, a condition, or what makes another time."""
        known, parts = self._known, [self._said.said(self._slot(slot)) for slot in slots or _ASKED]
        ends = {end for words in parts if words for end in (words[0], words[-1])}
        times = {word for slot in _TIMES for word in self._said.said(self._slot(slot))}
        asked = {word for words in parts for word in words}
        return not (known.doubted.isdisjoint(asked) and known.ranges.isdisjoint(ends | times))

    def _at_the_noun(self, words: list[str]) -> bool:
        """Whether such a name may stand right at the noun: few words, and no little ones."""
        said, size = self._said.words, len(words)
        at = next((at for at in range(len(said)) if [*said[at : at + size]] == words), 0)
        beside = {*said[max(at - 1, 0) : at], *said[at + size : at + size + 1]}
        if not words or self._known.kinds.keys().isdisjoint(beside):
            return True
        return len(words) <= _LONGEST_AT_NOUN and self._known.closed.isdisjoint(
            self._said.said(" ".join(words))
        )

    def _stands_in(self) -> bool:
        """ "The pasta one", "the ten minute one"; "the second one" may be something on a list."""
        said, meant = self._said.said(self._slot("which")), self._which()
        stands = bool(said) and (said[-1] in stand_ins(self._language) or self._stands_before())
        if meant is None or not stands or not self._means_one():
            return False
        return bool(meant.name or meant.seconds or meant.moment or meant.place in ("shortest", "longest"))

    def _stands_before(self) -> bool:
        """ "Quello da mezz'ora": the pronoun may be part of the template."""
        words, which = [*self._said.words], self._slot("which").split()
        at = next(at for at in range(len(words)) if words[at : at + len(which)] == which)
        told = words[max(at - 1, 0) : at + 2]
        meant, known = self._which(), self._known
        placed = meant is not None and meant.place is not None  # "el más largo"
        return any(one in known.ones and (placed or of in known.called) for one, of in pairwise(told))

    def _number_in(self, slot: str) -> int | None:
        return whole_of(without_article(self._said.said(self._slot(slot)), self._language), self._language)

    def _is_name(self, slot: str) -> bool:
        return is_name(self._slot(slot), self._said, self._language)

    def _what(self) -> str | None:
        """What to be reminded of; None where it speaks of a time that was not read."""
        if self._slot("told"):
            return self._told()
        parts = [self._slot("what"), self._slot("what_too")]
        if any(map(self._speaks_of_time, parts)) or self._begins_later():
            return None
        ends = self._said.said(parts[0])[-1:]
        if self._slot("moment_too") and not self._known.told_behind.isdisjoint(ends):
            return None
        first, more = label(parts[0], self._said, self._language), self._words("what_too")
        return f"{first} {more}".strip()

    def _speaks_of_time(self, part: str) -> bool:
        """But for a time that tells which thing is meant: "the 8 o'clock news"."""
        words, little = part.split(), articles(self._language)
        of_thing = {
            at for at in range(1, len(words) - 1) if words[at - 1] in little and words[at] in self._said.spans
        }
        rest = " ".join(word for at, word in enumerate(words) if at not in of_thing)
        return self._said.speaks_of_time(rest, self._language)

    def _begins_later(self) -> bool:
        """ "In ten minutes that it is done" is nothing to be reminded of."""
        words = self._slot("what").split()
        at = next((at for at, word in enumerate(words) if word not in self._known.little), len(words))
        return at < len(words) and self._said.seconds(words[at]) is not None

    def _told(self) -> str | None:
        """A clause, in which there may be a time: "that the meeting is at nine"."""
        said, begins = self._said.said(self._slot("told")), self._known.told
        if begins and said[0] not in begins:
            return None
        return self._said.written(said, self._language)

    def _mentions(self) -> bool:
        """Whether a timer is only spoken of: "my alarm did not go off"."""
        return not self._known.mentioned.isdisjoint(self._said.words)

    def _kind(self) -> Kind | None:
        kinds = self._known.kinds
        if slot := self._slot("kind") or self._slot("kinds"):
            return kinds.get(slot)
        return next((kinds[word] for word in self._said.words if word in kinds), None)

    def _words(self, *slots: str) -> str:
        """What was said, as it was written."""
        words = self._said.said(" ".join(self._slot(slot) for slot in slots))
        return self._said.written(words, self._language)
