"""What is shown by its path, by its address, or on standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from config.errors import PictureError
from config.runtime.clock import in_thread
from config.runtime.plugins import Factory
from config.system.standard_streams import StandardInputError
from vision.sources.open import open_shown
from vision.sources.pdf import MAX_BYTES
from vision.sources.url import fetch

if TYPE_CHECKING:
    from vision.images.picture import Picture
    from vision.sources.pdf import Document
    from vision.sources.registry import SourceOptions


def _file(path: str, options: SourceOptions) -> Picture | Document:
    return open_shown(path, edge=options.edge)


def _stdin(rest: str, options: SourceOptions) -> Picture | Document:
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except StandardInputError as error:
        raise PictureError(f"Standard input cannot be read: {error}.", todo="Name a file.") from None
    except (AttributeError, OSError, ValueError):  # closed, or a folder
        raise PictureError("Standard input cannot be read.", todo="Name a file.") from None
    return open_shown(data, "standard input")


async def open_address(address: str, options: SourceOptions) -> Picture | Document:
    """Raises ``RefusedError`` for what is no address on the web, or one that may not be fetched from."""
    private = options.settings.private_addresses
    fetched = await fetch(address, private=private, offline=options.offline)
    return await in_thread(open_shown, fetched.data, fetched.name)


FILE = Factory(_file, "PATH")
STDIN = Factory(_stdin)
HTTP = Factory(lambda rest, options: open_address(f"http:{rest}", options), "//HOST/PATH")
HTTPS = Factory(lambda rest, options: open_address(f"https:{rest}", options), "//HOST/PATH")
