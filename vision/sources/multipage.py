"""A TIFF of several pages, as scanners and fax machines write it: page by page, like any document."""

from __future__ import annotations

import io
import threading
from dataclasses import replace

from vision.images.open import open_picture
from vision.images.picture import Picture
from vision.sources.pdf import Document

_PURPOSE, _SMALLER = 254, 1
"""The TIFF tag that says what a frame is for, and its mark for a smaller copy of another one."""

MOST = 2000
"""Pages that are counted: more are not told of."""


class ScannedPages(Document):
    """Pages from a file in memory; no process of its own, since Pillow is bounded by what the header says."""

    def __init__(self, data: bytes, name: str, frames: list[int]) -> None:
        self.name = name
        self.pages = len(frames)
        self._data = data
        self._frames = frames
        self._lock = threading.Lock()
        self._drawn: dict[int, Picture] = {}

    def close(self) -> None:
        """Nothing is held but memory."""

    def _draw(self, number: int) -> Picture:
        name = f"page {number} of {self.pages} of {self.name}"
        picture = open_picture(self._data, name, frame=self._frames[number - 1])
        return replace(picture, frames=1, page=number, pages=self.pages)


def scanned_pages(data: bytes) -> list[int]:
    """Of a TIFF, the frames that are pages and not smaller copies of them; [] for any other file, and where
    there is one page only. Blocking.
    """
    if data[:4] not in (b"II*\0", b"MM\0*"):
        return []
    from PIL import Image

    from vision.images.pixels import quiet_pillow

    quiet_pillow()
    pages = []
    try:
        with Image.open(io.BytesIO(data), formats=("TIFF",)) as image:
            for frame in range(MOST):
                image.seek(frame)
                if not int(getattr(image, "tag_v2", {}).get(_PURPOSE, 0)) & _SMALLER:
                    pages.append(frame)
    except EOFError:
        pass  # after the last one
    except Exception:  # damage makes decoders raise nearly anything; what is wrong is said where it is opened
        return []
    return pages if len(pages) > 1 else []
