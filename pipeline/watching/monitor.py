"""Watching: quiet unless something happens that was asked for. Changes are noticed here, by thumbnails and
lights; only a scene that has changed is read, or shown to an LLM that sees.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Literal

import anyio

from config.errors import AloudError
from config.language.phrases import phrases
from config.runtime.clean import EMPTY, CleanText, clean
from config.runtime.clock import in_thread
from pipeline import events
from pipeline.intents.watch import WatchCondition, is_new, is_there, question, verdict
from pipeline.llm.base import Llm, Message
from pipeline.pictures.fence import quoted, with_pictures
from vision.describe.placement import placed
from vision.images.picture import Picture
from vision.ocr.phrasing import flow, said_code
from vision.ocr.read import OcrResult
from vision.watch.change_detector import Change, Watcher, thumbnail
from vision.watch.lights import LightWatch, Turned, small

FRAME_S = 0.2
"""Between two looks: five a second."""

GAP_S = {True: 3.0, False: 1.0}
"""Between two requests to an LLM elsewhere, which may cost money, and to one on this machine."""

REST_S = 30.0
"""After a request that failed."""

GREAT = 0.15
"""Share of the picture from which a change is told of though nobody can say what it is."""

SAID_WORDS = 25
"""Of new text, at most."""

Look = Callable[[], Awaitable[Picture | None]]
"""The next picture; None: there will be no more."""


class SceneMonitor:
    """``say`` speaks, and waits until nobody else does. ``llm`` is asked only where it sees. ``once``: the
    first thing that is told is the last.
    """

    def __init__(
        self,
        *,
        look: Look,
        llm: Llm,
        wanted: WatchCondition,
        say: Callable[[str], Awaitable[None]],
        notify: events.Notify,
        now: Callable[[], float],
        language: str = "en",
        once: bool = False,
    ) -> None:
        self._once = once
        self._look = look
        self._llm = llm
        self._wanted = wanted
        self._say = say
        self._notify = notify
        self._now = now
        self._words = phrases(language)
        self._language = language
        self._lights = LightWatch()
        self._watcher = Watcher()
        self._changed: tuple[Change, Picture] | None = None
        self._wake = anyio.Event()
        self._to_say: deque[str] = deque(maxlen=3)  # what is newer matters more
        self._over = False
        self._is_so = False
        self._before = ""
        self._lines: list[str] = []
        self._codes: set[str] = set()
        self._asked_at = self._rest_until = float("-inf")

    async def watch(self) -> None:
        """Until there are no more pictures, and all was said. Raises what ``look`` raises."""
        async with anyio.create_task_group() as room:
            room.start_soon(self._work)
            picture: Picture | None = None
            while not self._over and (seen := await self._look()) is not None:
                picture = seen
                await self._glance(seen)
                await anyio.sleep(FRAME_S)
            if picture and not self._over and (change := self._watcher.flush()):
                self._pass_on(change, picture)
            self._over = True
            self._wake.set()

    async def _glance(self, picture: Picture) -> None:
        at = self._now()
        grey, colours = await in_thread(lambda: (thumbnail(picture), small(picture)))
        for turned in self._lights.push(colours, at):
            self._light(turned)
        if change := self._watcher.push(grey, at):
            self._pass_on(change, picture)

    def _pass_on(self, change: Change, picture: Picture) -> None:
        """Only the last change waits: what was before it is past."""
        self._changed = (change, picture)
        self._wake.set()

    def _light(self, turned: Turned) -> None:
        if self._wanted.kind == "light":
            self._is_so = self._wanted.colour in (None, turned.colour)
        if self._wanted.kind == "anything" or (self._wanted.kind == "light" and self._is_so):
            name = self._words.name("colours", turned.colour)
            self._tell(clean(self._words.say("watching.light", colour=name)), "measurement")

    def _tell(self, text: CleanText, by: Literal["measurement", "llm"]) -> None:
        self._notify(events.Noticed(at=self._now(), turn=-1, text=text, by=by))
        self._to_say.append(text)
        self._over = self._over or self._once
        self._wake.set()

    async def _work(self) -> None:
        """One thing at a time: what waits to be said first, then the last change. Until all is over."""
        while self._to_say or not (self._over and (self._once or not self._changed)):
            if self._to_say:
                await self._say(self._to_say.popleft())
            elif self._changed and not (self._once and self._over):
                await self._judge()
            else:
                await self._wake.wait()
                self._wake = anyio.Event()

    async def _judge(self) -> None:
        if self._sees and self._wanted.kind in ("seen", "anything", "light"):
            gap = GAP_S[bool(self._llm.remote_host)]
            await anyio.sleep(max(0.0, self._asked_at + gap - self._now()))
        assert self._changed
        (change, picture), self._changed = self._changed, None
        try:
            if self._sees and self._wanted.kind in ("seen", "anything", "light"):
                await self._ask(picture)
            elif self._wanted.kind not in ("change", "light"):
                self._measure(await in_thread(_read, picture), picture, change)
            elif self._wanted.kind == "change" and not change.first:
                self._tell(clean(self._said_change(change)), "measurement")
        except AloudError as error:
            self._rest_until = self._now() + REST_S
            message = error.and_todo
            name = type(error).__name__
            self._notify(events.Failed(at=self._now(), turn=-1, error=name, message=message, kept=EMPTY))
            self._to_say.append(error.failed)

    @property
    def _sees(self) -> bool:
        return self._llm.capabilities.sees and self._now() >= self._rest_until

    async def _ask(self, picture: Picture) -> None:
        self._asked_at = self._now()
        before = quoted(self._before) if self._before else ""
        message = Message("user", with_pictures(question(self._wanted, before)), (picture,))
        async with self._llm.reply([message]) as deltas:
            answer = "".join([delta.text async for delta in deltas])
        told = verdict(answer)
        if told and (self._wanted.kind == "anything" or not self._is_so):
            self._before = told
            self._tell(clean(told), "llm")
        self._is_so = told is not None

    def _measure(self, reading: OcrResult, picture: Picture, change: Change) -> None:
        """Text and codes that were not there before; of a great change without any, that it was."""
        lines = [line for line in reading.lines if is_new(line.text, self._lines)]
        codes = [code for code in reading.codes if code.text not in self._codes]
        self._lines = [line.text for line in reading.lines]
        self._codes = {code.text for code in reading.codes}
        if self._wanted.kind == "text":
            found = is_there(self._wanted.text, self._lines)
            if found and not self._is_so:
                place = self._place(reading, picture, found)
                self._tell(clean(self._words.say("watching.found", place=place, text=found)), "measurement")
            self._is_so = bool(found)
            return
        if codes and (self._wanted.kind == "code" or not change.first):
            self._tell(clean(said_code(codes[0], self._language)), "measurement")
        if self._wanted.kind == "code" or change.first:
            return
        if lines:
            place = self._place(reading, picture, lines[0].text)
            text = " ".join(flow(tuple(lines)).split()[:SAID_WORDS])
            self._tell(clean(self._words.say("watching.text", place=place, text=text)), "measurement")
        elif change.share >= GREAT and not codes:
            self._tell(clean(self._said_change(change)), "measurement")

    def _said_change(self, change: Change) -> str:
        if change.share > 0.7:
            return self._words.say("watching.scene")
        return self._words.say("watching.change", place=self._words.name("places", placed(*change.middle)))

    def _place(self, reading: OcrResult, picture: Picture, text: str) -> str:
        box = next(line.box for line in reading.lines if line.text == text)
        width, height = picture.image.size
        spot = placed((box[0] + box[2]) / 2 / width, (box[1] + box[3]) / 2 / height)
        return f" {self._words.name('places', spot)}"


def _read(picture: Picture) -> OcrResult:
    from vision.ocr.read import read

    return read(picture)
