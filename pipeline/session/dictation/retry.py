"""``aloud dictate --retry``: takes that were broken off or failed are taken up where they stopped."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

import anyio

from config.runtime.clean import clean
from config.runtime.clock import Timeline
from config.runtime.printing import print_text
from config.settings.model import Settings
from pipeline import events
from pipeline.dictation.opening import account_status, failed_account
from pipeline.dictation.recorder import Recorder
from pipeline.dictation.session import Dictation
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Take
from pipeline.dictation.vocabulary_file import read_vocabulary
from pipeline.events import Notify
from pipeline.session.dictation.context import DictationOptions, open_context
from pipeline.session.dictation.read_back import ReadBack
from pipeline.session.engines import choose_stt
from pipeline.session.warmup import Warmup
from voice.turns.vad.silero import Silero


async def retry(
    settings: Settings, wanted: DictationOptions, notify: Notify, chosen: Sequence[Take], *, again: bool
) -> set[int]:
    """Take up what was broken off or failed, one after the other; what became of it (``ActiveTake.status``).

    ``again``: deliver them even where they may have arrived. What another process works on is left alone.
    """
    done: set[int] = set()
    stt, _ = choose_stt(settings.stt)
    vocabulary = read_vocabulary(settings.dictate.vocabulary_file)
    async with AsyncExitStack() as stack:
        takes = stack.enter_context(Takes())
        tasks = await stack.enter_async_context(anyio.create_task_group())
        timeline = Timeline()
        reading = ReadBack(settings, timeline.now)
        for error in takes.told():
            notify(events.Failed(at=timeline.now(), turn=0, **failed_account(error, takes)))
        tasks.start_soon(reading.run)
        for take in chosen:
            to = wanted.to or tuple(map(retried, take.targets))
            mine = settings.replaced(stt=settings.stt.replaced(language=take.language))
            each = dataclasses.replace(wanted, to=to)
            warmup = Warmup(partial(stt.warm, take.language))
            async with open_context(
                mine, each, stt, Silero(), vocabulary, takes, notify, timeline.now, reading, warmup.run
            ) as context:
                dictation = Dictation(context, Recorder(), style=take.style)
                try:
                    await dictation.retry(take, again=again)
                except BlockingIOError:
                    print_text(clean(f"Take {take.id} is being worked on by another aloud."), file=sys.stderr)
            done |= dictation.statuses
        tasks.cancel_scope.cancel()
    return done | account_status(takes)


def retried(spec: str) -> str:
    """Where a take goes when it is taken up again: what was for a window is not typed into another one."""
    return "stdout" if spec == "window" else spec
