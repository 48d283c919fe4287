"""``aloud dictate --retry``: takes that were broken off or failed are taken up where they stopped."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

import anyio

from config.runtime.clock import Timeline
from config.settings.model import Settings
from pipeline.dictation.recorder import Recorder
from pipeline.dictation.session import Dictation
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Take
from pipeline.dictation.vocabulary_file import read_vocabulary
from pipeline.events import Notify
from pipeline.session.dictation import Wanted, open_desk
from pipeline.session.engines import choose_ears
from pipeline.session.read_back import ReadingBack
from pipeline.session.warmup import Warming


async def retry(
    settings: Settings, wanted: Wanted, notify: Notify, chosen: Sequence[Take], *, again: bool
) -> set[int]:
    """Take up what was broken off or failed, one after the other; what became of it (``UnderWay.status``).

    ``again``: deliver them even where they may have arrived. What another process works on is left alone.
    """
    done: set[int] = set()
    stt, _ = choose_ears(settings)
    vocabulary = read_vocabulary(settings.dictate.vocabulary_file)
    async with AsyncExitStack() as stack:
        takes = stack.enter_context(Takes())
        tasks = await stack.enter_async_context(anyio.create_task_group())
        timeline = Timeline()
        reading = ReadingBack(settings, timeline.now)
        tasks.start_soon(reading.run)
        for take in chosen:
            to = wanted.to or tuple(map(retried, take.targets))
            heard_as = settings.ears.model_copy(update={"language": take.language})
            mine = settings.model_copy(update={"ears": heard_as})
            each = dataclasses.replace(wanted, to=to)
            warming = Warming(partial(stt.warm, take.language))
            async with open_desk(
                mine, each, stt, vocabulary, takes, notify, timeline.now, reading, warming.run
            ) as desk:
                dictation = Dictation(desk, Recorder(), style=take.style)
                try:
                    await dictation.retry(take, again=again)
                except BlockingIOError:
                    print(f"Take {take.id} is being worked on by another aloud.", file=sys.stderr)
            done |= dictation.statuses
        tasks.cancel_scope.cancel()
    return done


def retried(spec: str) -> str:
    """Where a take goes when it is taken up again: what was for a window is not typed into another one."""
    return "stdout" if spec == "window" else spec
