"""The time of day here and in the cities people ask about."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.language.data import DEFAULT, table
from config.language.normalise import normalise
from config.language.phrases import phrases
from config.language.sentences import Sentences
from config.language.words import sentences_apart, without_article, words_in
from config.runtime.installation import aloud_command
from pipeline.skills.answer import SkillRequest, computed
from pipeline.skills.when import say
from pipeline.skills.when.places import places
from pipeline.tools.base import Tool, ToolError

_LONGEST_PLACE = 3
"""Words."""


@dataclass(frozen=True, slots=True)
class PlaceTime:
    """What the clocks show at ``place`` (empty: here), where it is another day if ``elsewhen``."""

    moment: datetime
    place: str = ""
    elsewhen: bool = False

    @property
    def text(self) -> str:
        return self.said(DEFAULT, self.place)

    def said(self, language: str, place: str) -> str:
        """``place``: as it is called in that language."""
        if not place:
            return say.say_now(self.moment, language)
        tell, time = phrases(language).say, say.say_time(self.moment, language)
        weekday = say.weekday_name(self.moment.weekday(), language)
        if self.elsewhen:
            return tell("clock.in_place_on", place=place, time=time, weekday=weekday)
        return tell("clock.in_place", place=place, time=time)


def get_time(now: datetime, place: str = "") -> PlaceTime:
    """Here, or in a city or country. Raises ``ToolError``."""
    if not place:
        return PlaceTime(now)
    there = now.astimezone(_zone(place))
    return PlaceTime(there, _spoken(place), there.date() != now.date())


def time_tool(now: Callable[[], datetime]) -> Tool:
    return Tool(
        "get_time",
        "Tells what time it is now, here or in another city or country.",
        {
            "type": "object",
            "properties": {
                "place": {
                    "type": "string",
                    "maxLength": 60,
                    "description": "for example Tokyo; here when left out",
                }
            },
        },
        risk="read",
        run=computed(lambda place="": get_time(now(), place)),
    )


def _zone(place: str) -> ZoneInfo:
    """Of a place, or by its name in the time zone database. Raises ``ToolError``."""
    known, key = places(DEFAULT), normalise(place.rpartition("/")[2].replace("_", " "))
    zone, _ = known.get(key.removeprefix("the ").removesuffix(" city").strip()) or known.get(key) or ("", "")
    if not zone:
        raise ToolError(f"I do not know the time zone of {_spoken(place)}.")
    try:
        return ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        raise ToolError(
            "This machine has no time zone data, so I can tell only the time here. "
            f"To add it, see: {aloud_command()} doctor"
        ) from None


def _spoken(place: str) -> str:
    said = normalise(place)
    return said.upper() if said == "utc" else said.title()


@functools.cache
def _questions(language: str) -> Sentences:
    tables = table(language, "clock")
    asked = {name: tables["questions"][name] for name in ("now", "there")}
    return sentences_apart(asked, tables.get("rules"))


@functools.cache
def _words(language: str, name: str) -> frozenset[str]:
    return frozenset(
        word for each in table(language, "clock")["questions"][name] for word in words_in(each, language)
    )


def parse(words: Sequence[str], language: str = DEFAULT, text: str = "") -> SkillRequest | None:
    """None when it does not ask for the time. ``text``: as it was written."""
    if not _questions(language).may_match(words):
        return None
    for name, slots in _questions(language).readings(" ".join(words)):
        if name == "now":
            return SkillRequest("get_time", certain=True, say=lambda found: found.said(language, ""))
        if request := _there(slots["place"].split(), language, text):
            return request
    return None


def _there(words: list[str], language: str, text: str) -> SkillRequest | None:
    """The time at a place; of one that nobody knows, that it is not known."""
    place = " ".join(without_article(words, language))
    found = places(language).get(place) or places(language).get(" ".join(words))
    if found is None:
        unfinished = words[0] in _words(language, "unfinished") or len(words) > _LONGEST_PLACE
        return None if unfinished else _unknown(_spoken(" ".join(words)), language)
    zone, written = found
    if language == DEFAULT:
        written = zone = _spoken(" ".join(words))
    return SkillRequest(
        "get_time", {"place": zone}, certain=True, say=lambda there: there.said(language, written)
    )


def _unknown(place: str, language: str) -> SkillRequest:
    if language == DEFAULT:
        return SkillRequest("get_time", {"place": place})
    return SkillRequest(text=phrases(language).say("clock.no_place", place=place))
