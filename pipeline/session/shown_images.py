"""What the command line shows: files, folders, addresses, the clipboard, the screen, a camera's frame."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from config.errors import PictureError, UsageError
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from config.runtime.printing import print_text
from config.settings.model import VisionSettings
from vision.image_store import ImageStore
from vision.images.picture import Picture
from vision.sources.registry import SOURCES, SourceOptions

if TYPE_CHECKING:
    from vision.sources.registry import Opened

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


async def show_pictures(
    image_store: ImageStore, sources: Sequence[Shown], settings: VisionSettings, *, offline: bool
) -> None:
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
            await _show(image_store, source, path, SourceOptions(settings, offline, edge))
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


async def _show(image_store: ImageStore, source: Shown, path: Path | None, options: SourceOptions) -> None:
    from vision.sources.open import page_numbers
    from vision.sources.pdf import Document

    opened = await _open(source, path, options)
    if isinstance(opened, Document):
        await in_thread(image_store.open, opened)
        for number in page_numbers(source.pages or "1", opened.pages, opened.name):
            image_store.show(await in_thread(opened.page, number))
        return
    pictures = [opened] if isinstance(opened, Picture) else await in_thread(_first, opened, source.what)
    if source.pages not in ("", "1"):
        raise UsageError(
            f"{pictures[0].source} is not a document, and has no pages.", todo="Leave out --page."
        )
    for picture in pictures:
        image_store.show(picture)


def _first(pictures: Iterable[Picture], name: str) -> list[Picture]:
    """As many as there may be at once."""
    from vision.sources.open import MOST

    if taken := list(islice(pictures, MOST)):
        return taken
    raise PictureError(f"{name} gave no picture.", todo="Look whether there is anything in it to be seen.")


async def _open(source: Shown, path: Path | None, options: SourceOptions) -> Opened:
    name, rest = _named(source, path)
    factory = SOURCES.find(name) if name else None
    if factory is None or not factory.takes(rest):
        from vision.sources.named import open_address

        return await open_address(source.what, options)  # and what is none it refuses
    opened = await in_thread(factory.open, rest, options)
    return await opened if isinstance(opened, Awaitable) else opened


def _named(source: Shown, path: Path | None) -> tuple[str, str]:
    """The name by which the source is registered, and the rest; no name: it is an address."""
    if source.kind != "named":
        return source.kind, source.what
    if path is not None:
        return "file", str(path)
    name, _, rest = source.what.partition(":")
    return ("" if name == "file" else name), rest


def _note(text: str) -> None:
    print_text(clean(f"aloud: {text}"), file=sys.stderr)
