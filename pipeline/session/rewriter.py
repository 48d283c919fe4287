"""The mind that rewrites a dictation."""

from __future__ import annotations

import sys

from config.settings.model import Settings
from pipeline.llm.base import Mind
from pipeline.session.assistant import foreword
from pipeline.session.engines import choose_mind
from pipeline.skills.offline_llm import SkillsMind
from pipeline.skills.timers import Timers

REWRITING = {"temperature": 0.0, "max_tokens": 2000}
"""The same text twice gives the same; a part of a text and its rewrite fit."""


async def open_rewriter(settings: Settings) -> Mind | None:
    """The mind that rewrites; None where there is none. Says, the first time, where the words go."""
    mind = settings.mind.model_copy(update=REWRITING)
    opened, _ = await choose_mind(settings.model_copy(update={"mind": mind}), Timers())
    if isinstance(opened, SkillsMind):
        return None
    if tell := foreword(opened):
        print(tell(settings.ears.language), file=sys.stderr)
    return opened
