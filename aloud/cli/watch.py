"""``aloud describe --live``: a camera, the screen or a film is watched, and what was asked for is told."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from aloud.cli.terminal.renderers import json_lines
from config.errors import UsageError
from config.language.phrases import phrases
from config.runtime.clean import clean
from config.runtime.clock import Timeline, in_thread
from config.runtime.printing import print_text
from config.settings.model import Settings, VisionSettings
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.events import Event, Notify
from pipeline.intents.watch import WatchCondition, watch_condition
from pipeline.llm.fallback import seeing_hosts
from pipeline.session.assistant import open_assistant
from pipeline.session.duplex import settle_speaker
from pipeline.session.run import run_async
from pipeline.session.shown_images import Shown
from pipeline.watching.monitor import Look, SceneMonitor

if TYPE_CHECKING:
    from vision.images.picture import Picture


def watch(
    settings: Settings, sources: Sequence[Shown], asked: str, *, fast: bool, json: bool, quiet: bool
) -> None:
    """Until Ctrl-C, or the end of a film. Raises ``UsageError`` for what cannot be watched, ``VisionError``
    when the camera or the screen is lost.
    """
    if len(sources) != 1 or sources[0].kind not in ("camera", "screen"):
        raise UsageError(
            "--live watches one camera or the screen.",
            todo='For example: aloud describe --camera --live --ask "tell me when the bus comes"',
        )
    settings = settle_speaker(settings)
    out = sys.stderr if settings.speaker.sink == "-" else sys.stdout
    reader: Notify = json_lines(out) if json else _Lines(quiet=quiet)
    run_async(lambda: _watch(settings, sources[0], watch_condition(asked), reader, quiet), fast=fast)


class _Lines:
    """What was noticed, a line each."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def __call__(self, event: Event) -> None:
        if isinstance(event, events.Noticed):
            print_text(event.text, flush=True)
        elif isinstance(event, events.Failed):
            print_text(clean(f"aloud: {event.message}"), file=sys.stderr)


async def _watch(
    settings: Settings, source: Shown, wanted: WatchCondition, notify: Notify, quiet: bool
) -> None:
    timeline = Timeline()
    aloud = settings.speaker.sink != "none"
    async with (
        open_assistant(settings, notify, timeline.now, aloud=aloud) as opened,
        _looking(source, settings.vision, timeline.now) as (name, look),
    ):
        if opened.voice:
            await in_thread(opened.voice.tts.warm)
        assistant = opened.assistant
        for sentence in _beginning(assistant, name, wanted):
            if not quiet:
                print_text(clean(sentence), file=sys.stderr, flush=True)
            await assistant.announcer.say(sentence)
        live = SceneMonitor(
            look=look,
            llm=assistant.llm,
            wanted=wanted,
            say=assistant.announcer.say,
            notify=notify,
            now=timeline.now,
            language=assistant.language,
        )
        await live.watch()


def _beginning(assistant: Assistant, name: str, wanted: WatchCondition) -> list[str]:
    """What is watched, where pictures go, and what cannot be seen without an LLM."""
    own, llm = phrases(assistant.language), assistant.llm
    say = own.say
    sentences = [say("watching.begin_for" if wanted.asked else "watching.begin", source=name)]
    if hosts := seeing_hosts(llm):
        sentences.append(say("watching.sent", where=own.listed(hosts)))
    elif not llm.capabilities.sees and wanted.kind == "seen":
        sentences.append(say("watching.blind"))
    return sentences


@asynccontextmanager
async def _looking(
    source: Shown, vision: VisionSettings, now: Callable[[], float]
) -> AsyncIterator[tuple[str, Look]]:
    """What is watched, as a person would call it, and how to look at it."""
    if source.kind == "screen":
        from vision.sources.screen import take_screen

        async def screen() -> Picture | None:
            return await in_thread(take_screen, source.what)

        yield "screen", screen
        return
    from vision.sources.camera import open_camera

    # A film's clock is the loop's, which threads cannot ask: as it stands when they are begun.
    moment = [now()]
    held = ExitStack()
    try:
        name = source.what or vision.camera
        camera = await in_thread(held.enter_context, open_camera(name, lambda: moment[0]))

        async def look() -> Picture | None:
            moment[0] = now()
            picture = await in_thread(camera.frame)
            return None if camera.ended else picture

        yield camera.name, look
    finally:
        with anyio.CancelScope(shield=True):
            await in_thread(held.close)
