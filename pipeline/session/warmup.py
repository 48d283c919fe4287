"""Engines load while the microphone already listens: what is said meanwhile waits in its queue, unharmed."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import TypeVar

import anyio

from config.runtime.clock import in_thread

T = TypeVar("T")
_log = logging.getLogger(__name__)


def import_language(language: str = "en") -> None:
    """The parts that are all tables and patterns: costly to import, and not needed to listen.

    ``language``: of the talk. What the skills are asked in another is read when somebody does.
    """
    from config.language.data import languages
    from pipeline.intents import barge_in, controls, look, meanings
    from pipeline.skills.lists.words import read_list_intent
    from pipeline.skills.skills import Skills
    from pipeline.skills.timers import Timers
    from voice.tts.text.abbreviations import abbreviations
    from voice.tts.text.normalizer import Spoken
    from voice.turns.endpointing.completeness import read
    from voice.turns.endpointing.sentence_endings import ending

    # Patterns are compiled at the first use, which would be the first turn.
    meanings.warm()
    barge_in.meaning("7")
    controls.control_intent("7")
    look.read_capture_intent("7")
    read_list_intent("7", language)
    Skills(Timers()).warm(language)
    Spoken(language)
    abbreviations()
    for each in languages():
        read("so warm", each)
        ending(["warm"], each)


def import_pictures_language() -> None:
    """The same for what is asked of pictures, which nobody waits for before there is one."""
    from pipeline.intents import image_references, read_aloud, watch, zoom

    zoom.zoom_request("7")
    read_aloud.wants_reading("7")
    image_references.referred("7", [1])
    watch.warm()


class Warmup:
    """``run`` it as a task, or await it; ``after`` lets nothing through until the ``loads`` have run.

    ``later``: what is loaded beside them and waits for itself when it is used, as a TTS does.
    """

    def __init__(self, *loads: Callable[[], object], later: Sequence[Callable[[], object]] = ()) -> None:
        self._loads = loads
        self._later = later
        self._done = anyio.Event()

    async def run(self) -> None:
        """Load all beside each other, each in a thread. Raises what the first that fails raises."""
        failures: list[Exception] = []

        async def run_one(load: Callable[[], object]) -> None:
            began = anyio.current_time()
            try:
                await in_thread(load)
                _log.info(
                    "%s took %.2f s",
                    getattr(getattr(load, "func", load), "__qualname__", load),
                    anyio.current_time() - began,
                )
            except Exception as failure:  # raised below, as itself and not in a group
                failures.append(failure)

        async with anyio.create_task_group() as group:
            for load in self._later:
                group.start_soon(run_one, load)
            async with anyio.create_task_group() as needed:
                for load in self._loads:
                    needed.start_soon(run_one, load)
            if not failures:
                self._done.set()
        if failures:
            raise failures[0]

    async def done(self) -> None:
        """Until what is waited for is loaded."""
        await self._done.wait()

    async def after(self, items: AsyncIterator[T]) -> AsyncGenerator[T, None]:
        async for item in items:
            await self._done.wait()
            yield item
