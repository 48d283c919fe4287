"""What Aloud answers without any model: the time, dates, timers, sums, units, a few kind words.

Each skill either knows what was meant, by the whole utterance, or keeps quiet: ``Skills.answer`` is None for
everything else, and then it is the assistant's turn to say that no model is connected.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from config.language.utterance import normalise, undress
from pipeline.skills import clock_time, dates, pictures, small_talk, sums, units
from pipeline.skills.answer import SkillAnswer
from pipeline.skills.timer_skill import Timing
from pipeline.skills.timers import Timers

__all__ = ["SkillAnswer", "Skills"]


def local_time() -> datetime:
    """Now, with this machine's time zone."""
    return datetime.now().astimezone()


class Skills:
    """``now`` gives the person's own time. Timers are started in ``timers``: call from the event loop."""

    def __init__(self, timers: Timers, now: Callable[[], datetime] = local_time) -> None:
        self._timing = Timing(timers)
        self._now = now

    def answer(self, text: str) -> SkillAnswer | None:
        """What was said, as a recogniser or a keyboard wrote it. None when no skill knows it."""
        said = normalise(text)
        if not said:
            return None
        now = self._now()
        bare = undress(said)
        return small_talk.answer(said, now) or self._known(bare, now) or small_talk.answer(bare, now)

    def _known(self, text: str, now: datetime) -> SkillAnswer | None:
        return (
            self._timing.answer(text, now)
            or clock_time.answer(text, now)
            or dates.answer(text, now)
            or sums.answer(text)
            or units.answer(text)
            or pictures.answer(text)
        )
