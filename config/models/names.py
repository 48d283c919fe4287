"""Names that a hub may give to a file: such as mean the same on every system, and lead nowhere. Pure."""

from __future__ import annotations

import re

LONGEST = 200
"""Letters; systems take 255, and a part that is on its way has a longer one."""
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_HEX = re.compile(r"[0-9a-f]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Windows takes them for devices, whatever ending they have."""


def is_file_name(name: str) -> bool:
    """One part of a path, of letters, digits, ``.``, ``_`` and ``-``; no device, no ``..``, no dot last."""
    return (
        len(name) <= LONGEST
        and bool(_NAME.fullmatch(name))
        and not name.endswith(".")
        and not _DEVICES.fullmatch(name)
    )


def is_digest(text: object, length: int) -> bool:
    """So many hexadecimal digits."""
    return isinstance(text, str) and len(text) == length and bool(_HEX.fullmatch(text))
