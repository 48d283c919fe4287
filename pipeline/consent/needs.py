"""Which calls need a person's yes."""

from __future__ import annotations

from typing import Literal


def needs_consent(
    risk: Literal["read", "write", "send"],
    *,
    reaches_out: bool,
    takes_away: bool,
    untrusted: bool,
    asked_for: bool,
) -> bool:
    """``untrusted``: somebody else's words were read in this conversation, and may have told the model what
    to do. ``asked_for``: this turn's own words ask that something be taken away.
    """
    if risk == "send" or (takes_away and not asked_for):
        return True
    return untrusted and (risk == "write" or reaches_out)
