"""In a conversation: "tell me when the bus comes". Watched beside the talk, told once, when nobody speaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio

from config.errors import AloudError
from config.language.phrases import phrases
from pipeline import events
from pipeline.intents.look import CaptureIntent, ImageSources, Kind
from pipeline.intents.watch import is_watch_request, names_screen, stops_watching, watch_condition
from pipeline.llm.base import Llm
from pipeline.llm.fallback import seeing_hosts
from pipeline.watching.monitor import SceneMonitor
from vision.images.picture import Picture


class BackgroundWatch:
    """``run`` beside the talk; ``heed`` what is said. ``say`` waits until nobody else speaks."""

    def __init__(
        self,
        image_sources: ImageSources | None,
        llm: Llm,
        say: Callable[[str], Awaitable[None]],
        notify: events.Notify,
        now: Callable[[], float],
    ) -> None:
        self._image_sources = image_sources
        self._llm = llm
        self._say = say
        self._notify = notify
        self._now = now
        self._asked = self._language = ""
        self._kind: Kind = "camera"
        self._wake = anyio.Event()
        self._runs = False
        self._scope: anyio.CancelScope | None = None

    def wants(self, text: str) -> bool:
        """Whether ``heed`` would do something: ``run`` runs, and there is something to watch, or to stop."""
        sources, watching = self._image_sources, self._scope is not None
        if not self._runs or sources is None:
            return False
        return is_watch_request(text, watching=watching, running=sources.running)

    def heed(self, text: str, language: str) -> str:
        """Begin or stop; what to say to it. A new wish takes the place of the one before."""
        say = phrases(language).say
        if self._scope is not None:
            self._scope.cancel()
        if stops_watching(text):
            return say("watching.stopped")
        self._asked, self._language = text, language
        self._kind = "screen" if names_screen(text) else "camera"
        self._wake.set()
        begun = say("watching.begin_for", source=phrases(language).name("image_sources", self._kind))
        if watch_condition(text).kind == "seen" and not self._llm.capabilities.sees:
            return f"{begun} {say('watching.blind')}"
        if hosts := seeing_hosts(self._llm):
            return f"{begun} {say('watching.sent', where=phrases(language).listed(hosts))}"
        return begun

    async def run(self) -> None:
        """Runs until cancelled."""
        self._runs = True
        while True:
            await self._wake.wait()
            self._wake = anyio.Event()
            with anyio.CancelScope() as self._scope:
                await self._watch()
            self._scope = None

    async def _watch(self) -> None:
        image_sources, kind = self._image_sources, self._kind
        assert image_sources

        async def look() -> Picture | None:
            return await image_sources.take(CaptureIntent(kind))

        live = SceneMonitor(
            look=look, llm=self._llm, wanted=watch_condition(self._asked), say=self._say, notify=self._notify,
            now=self._now, language=self._language, once=True,
        )  # fmt: skip
        try:
            await live.watch()
        except* AloudError as errors:
            for error in errors.exceptions:
                if isinstance(error, AloudError):
                    await self._say(error.failed)
