"""Where pictures come from, by what ``--image NAME:REST`` names; other packages' by ``aloud.images``."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from config.runtime.plugins import Factory, Registry

if TYPE_CHECKING:
    from config.settings.model import VisionSettings
    from vision.images.picture import Picture
    from vision.sources.pdf import Document


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a source may need to know."""

    settings: VisionSettings
    offline: bool = False
    """Nothing is to be asked of another machine: a source elsewhere raises ``RefusedError``."""
    edge: int | None = None
    """Pixels of the longer edge at most, where many pictures are shown at once."""


Opened: TypeAlias = "Picture | Document | Iterable[Picture]"

SourceFactory: TypeAlias = "Factory[[str, SourceOptions], Opened | Awaitable[Opened]]"
"""``open`` is given what stands after the colon. It may block: it is called in a thread. It raises
``PictureError``, ``VisionError`` or ``RefusedError``."""

SOURCES: Registry[SourceFactory] = Registry(
    "aloud.images",
    {
        "file": "vision.sources.named:FILE",
        "-": "vision.sources.named:STDIN",
        "http": "vision.sources.named:HTTP",
        "https": "vision.sources.named:HTTPS",
        "clipboard": "vision.sources.clipboard:CLIPBOARD",
        "screen": "vision.sources.screen:SCREEN",
        "camera": "vision.sources.camera:CAMERA",
    },
)
