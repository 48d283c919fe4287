"""A spoken or typed conversation of the person at this machine, as the settings have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from config.settings.model import Settings
from pipeline.events import Notify
from pipeline.session.audio import OnLevel, microphone_input, speaker_output
from pipeline.session.engines import EngineChoice
from pipeline.session.opened_engines import open_engines
from pipeline.session.privacy import KeptNotices
from pipeline.session.session import Session
from pipeline.session.shown_images import Shown
from pipeline.session.typed_lines import Typed
from pipeline.store.opening import open_store


async def hold_conversation(
    settings: Settings,
    notify: Notify,
    *,
    images: Sequence[Shown] = (),
    files: Sequence[Path] = (),
    on_level: OnLevel | None = None,
    on_choices: Callable[[Sequence[EngineChoice]], None] | None = None,
    typed: Typed | None = None,
    kept: bool = True,
) -> None:
    """Open everything, say ``ready``, converse until the sound ends. ``typed``: lines, as they are typed;
    without a microphone, until these end. ``kept``: timers outlive it, and those that were kept ring.
    """
    hears = settings.microphone.source != "none"
    speaks = hears or settings.speaker.sink != "none"
    async with AsyncExitStack() as stack:
        store = stack.enter_context(open_store()) if kept else None
        engines = await stack.enter_async_context(open_engines(settings, hears=hears, speaks=speaks))
        session = Session(
            engines,
            microphone_input(settings.microphone) if hears else None,
            speaker_output(settings.speaker) if speaks else None,
            settings,
            notify,
            images=images,
            files=files,
            typed=typed,
            on_level=on_level,
            on_choices=on_choices,
            notices=KeptNotices(),
            store=store,
        )
        await session.run()
