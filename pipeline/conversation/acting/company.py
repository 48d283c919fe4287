"""While a tool works and nothing is heard: "one moment", and every now and then that it is still at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio

from config.errors import AloudError
from config.language.phrases import phrases
from pipeline.conversation.speech_output import SpeechOutput

SOON_S, AGAIN_S = 0.7, 10.0


async def keep_company(
    work: Callable[[], Awaitable[None]], speech_output: SpeechOutput, language: str
) -> None:
    """Until ``work`` has ended, which raises nothing. Raises what the TTS raises, then."""
    done, failures = anyio.Event(), list[AloudError]()

    async def run() -> None:
        try:
            await work()
        finally:
            done.set()

    async with anyio.create_task_group() as group:
        group.start_soon(run)
        try:
            await _talk(speech_output, language, done)  # in the task that has the floor
        except AloudError as error:
            failures.append(error)
    if failures:
        raise failures[0]


async def _talk(speech_output: SpeechOutput, language: str, done: anyio.Event) -> None:
    say, first = phrases(language).say, True
    while not await _ends(done, SOON_S if first else AGAIN_S):
        if first:
            await speech_output.ask_to_wait(language, over=True)
        else:
            await speech_output.remark(say("talking.still_working"))
        first = False


async def _ends(done: anyio.Event, within_s: float) -> bool:
    with anyio.move_on_after(within_s):
        await done.wait()
    return done.is_set()
