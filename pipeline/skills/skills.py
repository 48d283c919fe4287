"""What Aloud answers without any model: the time, dates, timers, sums, units, a few kind words.

Each skill either knows what was meant, by the whole utterance, or keeps quiet: ``Skills.parse`` is None for
everything else, and then it is the assistant's turn to say that no model is connected. What is meant is a
call of a tool, the same that a connected model makes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from config.language.courtesy import undress
from config.language.normalise import normalise
from pipeline.skills import clock_time, dates, pictures, small_talk, sums, units
from pipeline.skills.answer import SkillAnswer, SkillRequest
from pipeline.skills.timer_skill import TimerWords
from pipeline.skills.timer_tools import timer_tools
from pipeline.skills.timers import Timers
from pipeline.tools.registry import Toolbox

__all__ = ["SkillAnswer", "SkillRequest", "Skills"]


def local_time() -> datetime:
    """Now, with this machine's time zone."""
    return datetime.now().astimezone()


class Skills:
    """``now`` gives the person's own time. Timers are started in ``timers``: call from the event loop."""

    def __init__(self, timers: Timers, now: Callable[[], datetime] = local_time) -> None:
        self._timer_words = TimerWords(timers)
        self._now = now
        self.tools = (
            *timer_tools(timers, now),
            clock_time.time_tool(now),
            dates.date_tool(now),
            sums.CALCULATE,
            units.CONVERT,
        )
        self._toolbox = Toolbox(lambda: self.tools)

    def parse(self, text: str) -> SkillRequest | None:
        """What was said, as a recogniser or a keyboard wrote it. None when no skill knows it. Nothing is
        done.
        """
        said = normalise(text)
        if not said:
            return None
        bare = undress(said)
        return small_talk.parse(said) or self._known(bare, self._now()) or small_talk.parse(bare)

    async def answer(self, text: str) -> SkillAnswer | None:
        """What was said, answered; a timer it asks for then runs."""
        request = self.parse(text)
        if request is None:
            return None
        said = request.answer(await self._toolbox.run(request.call)) if request.tool else request.text
        return SkillAnswer(said, request.tool, request.arguments, request.certain, request.wants)

    def _known(self, text: str, now: datetime) -> SkillRequest | None:
        return (
            self._timer_words.parse(text, now)
            or clock_time.parse(text)
            or dates.parse(text, now)
            or sums.parse(text)
            or units.parse(text)
            or pictures.parse(text)
        )
