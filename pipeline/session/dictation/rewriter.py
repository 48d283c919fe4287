"""The LLM that rewrites a dictation."""

from __future__ import annotations

import sys

from config.runtime.clean import clean
from config.runtime.printing import print_text
from config.settings.model import Settings
from pipeline.llm.base import Llm
from pipeline.session.engines import choose_llm
from pipeline.session.privacy import KeptNotices, privacy_notice_for

REWRITING = {"temperature": 0.0, "max_tokens": 2000}
"""The same text twice gives the same; a part of a text and its rewrite fit."""


async def open_rewriter(settings: Settings) -> Llm | None:
    """The LLM that rewrites; None where there is none. Says, the first time, where the words go."""
    opened, _ = await choose_llm(settings.replaced(llm=settings.llm.replaced(**REWRITING)))
    if opened and (tell := privacy_notice_for(opened, KeptNotices())):
        print_text(clean(tell(settings.stt.language)), file=sys.stderr)
    return opened
