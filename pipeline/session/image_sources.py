"""The camera, the screen and the clipboard during a conversation: looked at when the person asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from config.errors import PictureError, RefusedError
from config.runtime.clock import in_thread
from config.settings.model import VisionSettings
from pipeline.intents.look import CaptureIntent
from vision.image_store import ImageStore
from vision.images.picture import Picture

if TYPE_CHECKING:
    from vision.sources.camera import Camera


class OpenImageSources:
    """Implements ``pipeline.intents.look.ImageSources``. ``camera``: one that the person had opened, or
    None.
    """

    def __init__(self, settings: VisionSettings, image_store: ImageStore, camera: Camera | None) -> None:
        self._settings = settings
        self._image_store = image_store
        self._camera = camera
        self.running = camera is not None

    async def take(self, capture: CaptureIntent) -> Picture:
        if capture.kind == "page":
            return await self._page(capture.page)
        if not self._settings.look_when_asked and not (self.running and capture.kind == "camera"):
            raise RefusedError(
                f"I may not look at the {capture.kind}: that is turned off.",
                todo="Allow it: aloud config set vision.look_when_asked true",
            )
        if capture.kind == "screen":
            from vision.sources.screen import take_screen

            return await in_thread(take_screen)
        if capture.kind == "clipboard":
            return await self._copied()
        if self._camera is not None:
            return await in_thread(self._camera.frame)
        from vision.sources.camera import one_frame

        return await in_thread(one_frame, self._settings.camera)

    async def _page(self, number: int) -> Picture:
        document = self._image_store.document
        if document is None:
            raise PictureError("There is no document at hand.", todo="Show one: --image letter.pdf")
        return await in_thread(document.page, number)

    async def _copied(self) -> Picture:
        from vision.sources.clipboard import read_clipboard

        copied = await in_thread(read_clipboard)
        if isinstance(copied, Picture):
            return copied
        await in_thread(self._image_store.open, copied)
        return await in_thread(copied.page, 1)


@asynccontextmanager
async def open_image_sources(
    settings: VisionSettings, image_store: ImageStore
) -> AsyncIterator[OpenImageSources]:
    """With ``vision.camera_on`` the camera is open to the end. Raises ``VisionError``, ``PictureError``."""
    held = ExitStack()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(in_thread, held.close)
        stack.push_async_callback(in_thread, image_store.close)
        camera = None
        if settings.camera_on:
            from vision.sources.camera import open_camera

            camera = await in_thread(held.enter_context, open_camera(settings.camera))
        yield OpenImageSources(settings, image_store, camera)
