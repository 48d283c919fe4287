"""A picture from an address on the web (``vision.sources.web_get``)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from config.errors import PictureError
from config.runtime.hosts import shown_address
from vision.images.files import is_web_page
from vision.images.names import shown_name
from vision.sources import web_get
from vision.sources.pdf import MAX_BYTES
from vision.sources.web_get import Wanted

IDLE_S = 4.0
TOTAL_S = 30.0

TODO = "Save it and give its path."


@dataclass(frozen=True, slots=True)
class Fetched:
    data: bytes
    name: str
    """The last part of its path, or the host: as a person would call it."""


async def fetch(url: str, *, private: bool = False, offline: bool = False) -> Fetched:
    """The bytes at an ``http`` or ``https`` address. ``private``: also from this machine and its network.

    Raises ``RefusedError`` for other addresses and when ``offline``, ``PictureError`` when no picture comes.
    """
    wanted = Wanted(
        thing="picture",
        accept="image/*, application/pdf;q=0.9, */*;q=0.5",
        error=PictureError,
        most=MAX_BYTES,
        total_s=TOTAL_S,
        idle_s=IDLE_S,
        todo=TODO,
        private=private,
        offline=offline,
    )
    got = await web_get.get(url, wanted)
    if is_web_page(got.data[:1024]):
        raise PictureError(
            f"At {shown_address(got.url)} is a web page, not a picture.",
            todo="Give the address of the picture in it.",
        )
    return Fetched(got.data, _name(got.url))


def require_web(url: str) -> None:
    """Raises ``RefusedError`` for what is no plain address of the web."""
    web_get.require_web(url, "picture", TODO)


def _name(url: str) -> str:
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return shown_name(last, otherwise=shown_name(parts.hostname or ""))
