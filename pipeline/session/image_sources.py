"""The camera, the screen and the clipboard during a conversation: looked at when the person asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from config.errors import PictureError, RefusedError
from config.runtime.clock import in_thread
from config.settings.model import Settings
from pipeline.intents.look import Glimpse
from pipeline.session.shown_images import one_frame
from vision.image_store import Eyes
from vision.images.picture import Picture

if TYPE_CHECKING:
    from vision.sources.camera import Camera


class Sights:
    """Implements ``pipeline.intents.look.Sights``. ``camera``: one that the person had opened, or None."""

    def __init__(self, settings: Settings, eyes: Eyes, camera: Camera | None) -> None:
        self._settings = settings.eyes
        self._eyes = eyes
        self._camera = camera
        self.running = camera is not None

    async def take(self, glimpse: Glimpse) -> Picture:
        if glimpse.kind == "page":
            return await self._page(glimpse.page)
        if not self._settings.look_when_asked and not (self.running and glimpse.kind == "camera"):
            raise RefusedError(
                f"I may not look at the {glimpse.kind}: that is turned off.",
                todo="Allow it: aloud config set eyes.look_when_asked true",
            )
        if glimpse.kind == "screen":
            from vision.sources.screen import take_screen

            return await in_thread(take_screen)
        if glimpse.kind == "clipboard":
            return await self._copied()
        if self._camera is not None:
            return await in_thread(self._camera.frame)
        return await in_thread(one_frame, self._settings.camera)

    async def _page(self, number: int) -> Picture:
        document = self._eyes.document
        if document is None:
            raise PictureError("There is no document at hand.", todo="Show one: --image letter.pdf")
        return await in_thread(document.page, number)

    async def _copied(self) -> Picture:
        from vision.sources.clipboard import read_clipboard

        copied = await in_thread(read_clipboard)
        if isinstance(copied, Picture):
            return copied
        await in_thread(self._eyes.open, copied)
        return await in_thread(copied.page, 1)


@asynccontextmanager
async def open_sights(settings: Settings, eyes: Eyes) -> AsyncIterator[Sights]:
    """With ``eyes.camera_on`` the camera is open until the end. Raises ``SightError`` or ``PictureError``."""
    held = ExitStack()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(in_thread, held.close)
        stack.push_async_callback(in_thread, eyes.close)
        camera = None
        if settings.eyes.camera_on:
            from vision.sources.camera import open_camera

            camera = await in_thread(held.enter_context, open_camera(settings.eyes.camera))
        yield Sights(settings, eyes, camera)
