"""HTML: what a person would read of a page. Nothing that it names is fetched, and nothing in it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.html_pieces import html_pieces
from pipeline.files.formats.shared.lines import doubts, text_of
from pipeline.files.formats.shared.look import Look

_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype html|html)\b", re.I | re.S
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)


def recognises(look: Look) -> Sure:
    if not look.text:
        return "no"
    return "yes" if _BEGINS.match(look.head[:4096]) else "named"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    declared = _CHARSET.search(look.head)
    text = text_of(file, declared[1].decode("ascii") if declared else "")
    yield from doubts(text)
    yield from html_pieces(text.text)


FORMAT = Format("page", frozenset({".html", ".htm", ".xhtml", ".shtml"}), recognises, read)
