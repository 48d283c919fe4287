"""Engines that sessions share: they hear, speak and answer for many, and keep nothing of a conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from config.settings.model import Settings
from pipeline.llm.base import Llm
from pipeline.llm.candidate import Candidate
from pipeline.session.engines import EngineChoice, choose_llm, choose_stt, choose_tts, vision_choice
from pipeline.session.llms import small_candidate
from voice.stt.base import Stt
from voice.tts.base import Tts


@dataclass(frozen=True)
class Engines:
    """``stt`` None: nothing listens; ``tts`` None: nothing speaks; ``llm`` None: what skills can answer."""

    stt: Stt | None = None
    tts: Tts | None = None
    llm: Llm | None = None
    small: Candidate | None = None
    """For small work; None: ``llm`` does it."""
    choices: tuple[EngineChoice, ...] = ()
    """What was chosen, and why."""


@asynccontextmanager
async def open_engines(
    settings: Settings, *, hears: bool = True, speaks: bool = True, tts: Tts | None = None
) -> AsyncIterator[Engines]:
    """As the settings name them; loaded by whoever uses them first. ``tts``: one that is open already.

    Raises ``UsageError`` for a name that is none, ``ModelError``, ``LlmError``, or ``RefusedError`` when
    ``offline`` forbids a model elsewhere.
    """
    choices: list[EngineChoice] = []
    stt = None
    if hears:
        stt, choice = choose_stt(settings.stt)
        choices.append(choice)
    if speaks and tts is None:
        tts, choice = choose_tts(settings)
        choices.append(choice)
    llm, choice = await choose_llm(settings, spoken=speaks)
    small = small_candidate(settings, llm)
    try:
        yield Engines(
            stt,
            tts if speaks else None,
            llm,
            small,
            (*choices, choice, vision_choice(llm, settings.vision.engine)),
        )
    finally:
        if small:
            await small.aclose()
        if llm:
            await llm.aclose()
