"""What a person shows by its name: a file of any kind, a folder, a pattern. By content, never by suffix."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from pathlib import Path

from config.errors import PictureError, UsageError
from vision.images.files import MAX_BYTES, read_file
from vision.images.names import shown_name
from vision.images.open import open_picture
from vision.images.picture import Picture
from vision.sources.multipage import ScannedPages, scanned_pages
from vision.sources.pdf import MAX_BYTES as DOCUMENT_BYTES
from vision.sources.pdf import Document, is_document, open_document
from vision.sources.svg import is_svg, open_svg

SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib"),
    *(".tif", ".tiff", ".avif", ".heic", ".heif", ".jp2", ".j2k", ".svg", ".svgz", ".pdf"),
)
"""What is taken from a folder. What is named by itself is opened whatever it is called."""

MOST = 20
"""Files and pages at once: as many as the eyes keep."""

READY = 1800
"""Pixels of a photograph's longer edge that it is decoded with at least: what reading and every LLM use."""

KEPT_BYTES = 8_000_000
"""Of a photograph, for every pixel of it later; a larger file is decoded with all of them at once."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_RANGE = re.compile(r"(\d{1,6})?\s*(-)?\s*(\d{1,6})?")


def is_address(source: str) -> bool:
    """Whether it is written like an address (``https:``, ``file:``, ``data:``) and no such file is here."""
    return _SCHEME.match(source) is not None and not os.path.exists(source)


def open_shown(source: str | Path | bytes, name: str = "", *, edge: int | None = None) -> Picture | Document:
    """A picture, a drawing or a document, as its first bytes say. Blocking. Raises ``PictureError``."""
    if isinstance(source, bytes):
        data, name = source, shown_name(name)
    else:
        name = shown_name(name or os.path.basename(source) or str(source))
        data = read_file(source, name, DOCUMENT_BYTES)
    if is_svg(data):
        return open_svg(data, name)
    # Some pictures carry a document's mark in a remark: what opens as a picture is one.
    if is_document(data) and (data.lstrip()[:5] == b"%PDF-" or not _opens(data, name, edge)):
        return open_document(data, name)
    if pages := scanned_pages(data):
        return ScannedPages(data, name, pages)
    return open_picture(data, name, edge=edge, at_least=READY if len(data) <= KEPT_BYTES else None)


def _opens(data: bytes, name: str, edge: int | None) -> bool:
    try:
        open_picture(data, name, edge=edge or 64)
    except PictureError:
        return False
    return len(data) <= MAX_BYTES


def files(source: str) -> list[Path]:
    """The file itself, those that a pattern (``*.jpg``) finds, or the pictures in a folder, in the order in
    which people count (2 before 10). Raises ``PictureError`` when there is none.
    """
    path = Path(os.path.expanduser(source))
    if not source:
        raise PictureError("A picture without a name cannot be opened.", todo="Name a file.")
    # Those of the path itself raise for a name that is too long.
    if os.path.isdir(path):
        return _in_folder(path, source)
    if not os.path.exists(path) and glob.has_magic(source):
        found = [Path(match) for match in glob.iglob(str(path), recursive=True) if os.path.isfile(match)]
        if not found:
            raise PictureError(f"No file is called {source}.", todo="Check the name, and the folder.")
        return sorted(found, key=_natural)
    return [path]


def _in_folder(path: Path, source: str) -> list[Path]:
    try:
        found = [p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file()]
    except OSError as error:
        raise PictureError(f"The folder {source} cannot be read: {error.strerror}.") from None
    if not found:
        raise PictureError(f"There is no picture in the folder {source}.", todo="Name another.")
    return sorted(found, key=_natural)


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part or 0), "") if part.isdecimal() else (0, part.lower()) for part in
            re.split(r"(\d+)", str(path))]  # fmt: skip


def page_numbers(wanted: str, count: int, name: str) -> Sequence[int]:
    """``3``, ``2-4``, ``5-``, ``1,3``, ``last`` of a document with ``count`` pages; ``MOST`` at most.

    Raises ``UsageError`` for anything else, ``PictureError`` for a page that is not there.
    """
    pages: list[int] = []
    for part in wanted.split(","):
        if part.strip() == "last":
            pages.append(count)
            continue
        match = _RANGE.fullmatch(part.strip())
        if not match or not any(match.groups()):
            raise UsageError(f"{wanted!r} names no page.", todo="Say it like: --page 3, 2-4, 5-, 1,3 or last")
        first, dash, last = match.groups()
        begin = int(first or 1)
        end = int(last or count) if dash else begin
        if not 1 <= begin <= end <= count:
            pages_ = f"{count} pages" if count > 1 else "only one page"
            raise PictureError(f"{name} has {pages_}; there is no page {part.strip()}.")
        pages += range(begin, min(end, begin + MOST - 1) + 1)
    return list(dict.fromkeys(pages))[:MOST]
