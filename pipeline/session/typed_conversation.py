"""A conversation without a microphone: everything that is asked is typed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence

import anyio

from config.runtime.clock import Timeline
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.events import Notify
from pipeline.session.assistant import open_assistant
from pipeline.session.engines import EngineChoice
from pipeline.session.shown_images import Shown
from pipeline.session.typed_lines import Typed, until_the_end
from pipeline.session.warmup import Warmup, import_language
from voice.stt.events import SpeechEvent


async def hold_written_conversation(
    settings: Settings,
    notify: Notify,
    typed: Typed,
    *,
    images: Sequence[Shown] = (),
    on_choices: Callable[[Sequence[EngineChoice]], None] | None = None,
) -> None:
    """Until the last line is answered. Spoken too, where there is a speaker. Raises ``AloudError``."""
    timeline = Timeline()
    aloud = settings.speaker.sink != "none"
    async with open_assistant(settings, notify, timeline.now, aloud=aloud, images=images) as opened:
        tts = [opened.voice.tts.warm] if opened.voice else []
        await Warmup(*tts, import_language).run()
        if on_choices:
            on_choices(opened.choices)
        names = {"tts": ""} | {choice.sense: choice.name for choice in opened.choices}
        notify(events.Ready(at=timeline.now(), turn=0, stt="", **names))
        ended = anyio.Event()
        lines = until_the_end(typed, ended, opened.assistant.skills.timers)
        await run_conversation(_nobody(ended), opened.assistant, typed=lines, piped=typed.piped)


async def _nobody(ended: anyio.Event) -> AsyncGenerator[SpeechEvent, None]:
    """What is heard where nothing listens."""
    heard: tuple[SpeechEvent, ...] = ()
    await ended.wait()
    for item in heard:
        yield item
