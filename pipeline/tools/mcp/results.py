"""What a server answered, as a tool's result: words, pictures, what is not shown named. All of it is
somebody else's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from config.errors import AloudError
from config.runtime.clean import clean, clean_line
from config.runtime.clock import in_thread
from pipeline.tools.base import ToolResult
from vision.images.picture import Picture

if TYPE_CHECKING:
    from mcp_types import CallToolResult, ContentBlock

_MOST_PICTURES = 4
_NAMED = 120


async def result_of(answer: CallToolResult, server: str) -> ToolResult:
    """``failed`` where the server says so: its own words tell why."""
    return await in_thread(_result, answer, server)


def _result(answer: CallToolResult, server: str) -> ToolResult:
    """Blocking: a megabyte of what must be cleaned takes a while, and so does a picture."""
    pictures, faults = _pictures(answer, server)
    texts = [*_texts(answer.content), *faults]
    if answer.structured_content is not None and not texts:
        texts = [json.dumps(answer.structured_content, ensure_ascii=False)]
    text = clean("\n".join(texts)).strip() or (
        "Here it is." if pictures else "It is done; nothing was answered."
    )
    if answer.is_error:
        text = f"The server {server} says that it failed: {text}"
    return ToolResult(clean(text), pictures, failed=answer.is_error, untrusted=True)


def _texts(content: list[ContentBlock]) -> Iterator[str]:
    for part in content:
        if part.type == "text":
            yield part.text
        elif part.type == "resource_link":
            yield f"A link: {clean_line(part.name, _NAMED)} ({clean_line(str(part.uri), _NAMED)})"
        elif part.type == "resource":
            held = part.resource
            if (text := getattr(held, "text", None)) is not None:
                yield str(text)
            else:
                kind = clean_line(held.mime_type or "of an unknown kind", _NAMED)
                yield f"A file that is not shown: {clean_line(str(held.uri), _NAMED)} ({kind})"
        elif part.type == "audio":
            yield f"A sound that is not played ({clean_line(part.mime_type, _NAMED)})"


def _pictures(answer: CallToolResult, server: str) -> tuple[tuple[Picture, ...], list[str]]:
    """Those that can be opened, and what is said of the others."""
    from vision.images.open import open_picture

    found, faults = list[Picture](), list[str]()
    sent = [part for part in answer.content if part.type == "image"]
    for number, part in enumerate(sent[:_MOST_PICTURES], 1):
        try:
            data = base64.b64decode(part.data, validate=True)
            found.append(open_picture(data, f"picture {number} of {server}", edge=2048))
        except ValueError:
            faults.append(f"Picture {number} is damaged.")
        except AloudError as error:
            faults.append(error.failed)
    if len(sent) > _MOST_PICTURES:
        faults.append(f"{len(sent) - _MOST_PICTURES} more pictures are not shown.")
    return tuple(found), faults
