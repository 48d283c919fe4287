"""What a picture is called, from wherever its name comes: fit to be said, shown and told to a model."""

from __future__ import annotations

from config.runtime.clean import CleanText, clean

MOST_LETTERS = 80
_JOINERS = "\u200c\u200d"
"""Not seen, but Persian and emoji are written with them."""


def shown_name(name: str, otherwise: str = "the picture") -> CleanText:
    """In one line, all of it printable, and without its middle where it is longer than a name."""
    kept = "".join(c for c in clean(name) if c.isprintable() or c.isspace() or c in _JOINERS)
    plain = " ".join(kept.split()) or otherwise
    half = (MOST_LETTERS - 1) // 2
    return clean(plain if len(plain) <= MOST_LETTERS else f"{plain[:half]}…{plain[-half:]}")
