"""What the command line shows: files, folders, addresses, the clipboard, the screen, a camera's frame."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from config.errors import PictureError, UsageError
from config.runtime.clock import in_thread
from config.settings.model import Settings
from vision.image_store import ImageStore
from vision.images.picture import Picture

if TYPE_CHECKING:
    from vision.sources.pdf import Document

LARGE = 2400
"""Pixels of the longer edge at most, each, where many pictures are shown at once."""

MANY = 4


@dataclass(frozen=True, slots=True)
class Shown:
    kind: Literal["named", "clipboard", "screen", "camera"]
    what: str = ""
    """A path, a pattern, a folder, an address or ``-``; which screen or part of it; which camera."""
    pages: str = ""
    """Of a document: ``3``, ``2-4``, ``last`` ...; empty for the first."""


def shown(
    names: Sequence[str] | None = None,
    *,
    pages: str | None = None,
    clipboard: bool = False,
    screen: str | None = None,
    camera: str | None = None,
) -> list[Shown]:
    """As the options say, in this order."""
    everything = [Shown("named", name, pages or "") for name in names or ()]
    everything += [Shown("clipboard", pages=pages or "")] if clipboard else []
    everything += [Shown("screen", screen)] if screen is not None else []
    return everything + ([Shown("camera", camera)] if camera is not None else [])


def something_shown(
    names: Sequence[str] | None,
    *,
    pages: str | None,
    clipboard: bool,
    screen: str | None,
    camera: str | None,
) -> list[Shown]:
    """The same, for a command that is about pictures. Raises ``UsageError`` when there is none."""
    everything = shown(names, pages=pages, clipboard=clipboard, screen=screen, camera=camera)
    if not everything:
        raise UsageError(
            "There is nothing to describe.",
            todo="Name a picture, or say --clipboard, --screen or --camera: aloud describe photo.jpg",
        )
    return everything


async def show_pictures(image_store: ImageStore, sources: Sequence[Shown], settings: Settings) -> None:
    """Open each. Of a folder or a pattern those that can be used; raises ``AloudError`` for any other that
    cannot.
    """
    from vision.sources.open import MOST

    items: list[tuple[Shown, Path | None]] = []
    for source in sources:
        items += [(source, path) for path in await in_thread(_files, source)]
    if len(items) > MOST:
        _note(f"{len(items)} pictures are too many at once; the first {MOST} are shown.")
        items = items[:MOST]
    edge = LARGE if len(items) > MANY else None
    failed: list[PictureError] = []
    for source, path in items:
        try:
            await _show(image_store, source, path, edge, settings)
        except PictureError as error:
            if path is None or str(path) == source.what or path.name == source.what:
                raise
            _note(f"Left out: {error.failed}")
            failed.append(error)
    if failed and len(failed) == len(items):
        raise failed[0]


def _files(source: Shown) -> list[Path | None]:
    """What a name stands for; None where it is no file."""
    from vision.sources.open import files, is_address

    if source.kind != "named" or source.what == "-" or is_address(source.what):
        return [None]
    return list(files(source.what))


async def _show(
    image_store: ImageStore, source: Shown, path: Path | None, edge: int | None, settings: Settings
) -> None:
    opened = await _open(source, path, edge, settings)
    if not isinstance(opened, Picture):
        from vision.sources.open import page_numbers

        await in_thread(image_store.open, opened)
        for number in page_numbers(source.pages or "1", opened.pages, opened.name):
            image_store.show(await in_thread(opened.page, number))
        return
    if source.pages not in ("", "1"):
        raise UsageError(f"{opened.source} is not a document, and has no pages.", todo="Leave out --page.")
    image_store.show(opened)


async def _open(source: Shown, path: Path | None, edge: int | None, settings: Settings) -> Picture | Document:
    from vision.sources.open import open_shown

    if source.kind == "clipboard":
        from vision.sources.clipboard import read_clipboard

        return await in_thread(read_clipboard)
    if source.kind == "screen":
        from vision.sources.screen import take_screen

        return await in_thread(take_screen, source.what)
    if source.kind == "camera":
        return await in_thread(one_frame, source.what or settings.vision.camera)
    if path is not None:
        return await in_thread(_open_file, path, edge)
    if source.what == "-":
        from vision.sources.pdf import MAX_BYTES

        data = await in_thread(sys.stdin.buffer.read, MAX_BYTES + 1)
        return await in_thread(open_shown, data, "standard input")
    from vision.sources.url import fetch

    fetched = await fetch(source.what, private=settings.vision.private_addresses, offline=settings.offline)
    return await in_thread(open_shown, fetched.data, fetched.name)


def _open_file(path: Path, edge: int | None) -> Picture | Document:
    from vision.sources.open import open_shown

    return open_shown(path, edge=edge)


def one_frame(camera: str) -> Picture:
    """Opened, looked through, closed. Blocking, two or three seconds."""
    from vision.sources.camera import open_camera

    with open_camera(camera) as opened:
        return opened.frame()


def _note(text: str) -> None:
    print(f"aloud: {text}", file=sys.stderr)
