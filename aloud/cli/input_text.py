"""A text on standard input: UTF-8 whatever the locale says, and not without an end."""

from __future__ import annotations

import sys

from aloud.cli.terminal.plain import is_terminal
from config.errors import InputError
from config.runtime.clean import clean
from config.runtime.printing import print_text

MOST_BYTES = 20_000_000


def read_text() -> str:
    """Without the blanks around it. Raises ``InputError`` for what is no text, ``StandardInputError``."""
    if is_terminal(sys.stdin):
        print_text(clean("Type the text; Ctrl-D ends it."), file=sys.stderr)
    buffer = getattr(sys.stdin, "buffer", None)
    data = buffer.read(MOST_BYTES + 1) if buffer else sys.stdin.read(MOST_BYTES + 1).encode()
    if len(data) > MOST_BYTES:
        raise InputError(
            "The text on standard input has more than 20 MB.", todo="Give it in parts: split -C 10M"
        )
    try:
        text: str = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InputError(
            "What is on standard input is not text in UTF-8.",
            todo="Convert it first, for example with iconv.",
        )
    return text.strip()
