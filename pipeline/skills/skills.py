"""What Aloud answers without any model: the time, dates, timers, lists, sums, units, a few kind words.

Each skill either knows what was meant, by the whole utterance, or keeps quiet: ``Skills.parse`` is None for
everything else, and then it is the assistant's turn to say that no model is connected. What is meant is a
call of a tool, the same that a connected model makes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from config.language.courtesy import is_dictated, undress
from config.language.data import DEFAULT, known
from config.language.likely import likely_languages
from config.language.normalise import normalise
from config.language.words import one_by_one
from pipeline.skills import clock_time, date_questions, dates, pictures, small_talk, sums, units
from pipeline.skills.answer import Guesses, Skill, SkillAnswer, SkillRequest
from pipeline.skills.lists import requests as list_requests
from pipeline.skills.lists.joined import with_more
from pipeline.skills.lists.kept import Lists
from pipeline.skills.lists.tools import list_tools
from pipeline.skills.timer_requests.read import read_timer_intent
from pipeline.skills.timer_requests.request import TimerRequests
from pipeline.skills.timer_tools import timer_tools
from pipeline.skills.timers import Timers
from pipeline.skills.when.spans import spanned
from pipeline.tools.registry import Toolbox

__all__ = ["SkillAnswer", "SkillRequest", "Skills"]


def local_time() -> datetime:
    """Now, with this machine's time zone."""
    return datetime.now().astimezone()


class Skills:
    """``now`` gives the person's own time. Timers are started in ``timers``: call from the event loop.
    ``lists``: where lists and notes are kept; None: there are none. ``others``: skills that come with what
    the conversation is about; they are asked first, and what one is not certain of is anything else's first.
    """

    def __init__(
        self,
        timers: Timers,
        now: Callable[[], datetime] = local_time,
        lists: Lists | None = None,
        others: Sequence[Skill] = (),
    ) -> None:
        self._timers = timers
        self._now = now
        self._others = others
        self.tools = (
            *timer_tools(timers, now),
            clock_time.time_tool(now),
            dates.date_tool(now),
            sums.CALCULATE,
            units.CONVERT,
            *(list_tools(lists) if lists else ()),
            *(tool for other in others for tool in other.tools),
        )
        self._lists = lists
        self._toolbox = Toolbox(lambda: self.tools)

    def parse(self, text: str, language: str = DEFAULT) -> SkillRequest | None:
        """What was said, as a recogniser or a keyboard wrote it, in any language; that of the conversation is
        read first. None when no skill knows it. Nothing is done.
        """
        own = known(language)
        request = self._parse(text, own)
        return None if request and self._only_dictated(request, text) else request

    def _only_dictated(self, request: SkillRequest, text: str) -> bool:
        """Whether something would be changed by what is only to be said."""
        changes = any(tool.name == request.tool and tool.risk != "read" for tool in self.tools)
        return changes and is_dictated(text, request.language)

    def _parse(self, text: str, own: str) -> SkillRequest | None:
        unsure = None
        for other in self._others:
            request = other.parse(text, own)
            if request and request.certain:
                return request
            unsure = unsure or request
        if self._lists and (request := list_requests.parse(text, own)):  # reads all languages
            return request
        unclear = None
        for code in likely_languages(text, own):
            request = self._parse_in(text, code)
            if request and not request.unclear:
                return replace(request, language=code)
            unclear = unclear or (request and replace(request, language=code))
        return unclear or unsure

    def with_more(self, before: str, text: str, language: str = DEFAULT) -> str:
        """What was asked ``before`` together with ``text``, where that adds a thing to it; else empty."""
        return with_more(before, text, known(language)) if self._lists else ""

    def warm(self, language: str = DEFAULT) -> None:
        """Read the tables of the talk's language; else the first sentence does, and a person waits."""
        self.parse("7", language)
        self._parse_in("7", known(language))
        spanned(["7"], known(language))

    async def answer(self, text: str, language: str = DEFAULT) -> SkillAnswer | None:
        """What was said, answered; a timer it asks for then runs."""
        request = self.parse(text, language) or self._guess(text, known(language))
        if request is None:
            return None
        said = request.answer(await self._toolbox.run(request.call)) if request.tool else request.text
        return SkillAnswer(said, request.wants)

    def _guess(self, text: str, language: str) -> SkillRequest | None:
        guesses = (other.guess(text, language) for other in self._others if isinstance(other, Guesses))
        return next(filter(None, guesses), None)

    def _parse_in(self, text: str, language: str) -> SkillRequest | None:
        """The skills in their order: the first that knows the whole utterance has it."""
        said = normalise(text, language=language)
        if not said:
            return None
        bare = undress(said, language)
        words = one_by_one(bare, language)
        return (
            small_talk.parse(said, language)
            or self._timer(words, language, text)
            or clock_time.parse(words, language, text)
            or date_questions.parse(words, self._now(), language, text)
            or sums.parse(bare, language)
            or units.parse(bare, language)
            or pictures.parse(bare, language)
            or small_talk.parse(bare, language)
        )

    def _timer(self, words: list[str], language: str, text: str) -> SkillRequest | None:
        intent = read_timer_intent(words, language, text)
        return TimerRequests(self._timers, self._now(), language).request(intent) if intent else None
