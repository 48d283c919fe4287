"""What can be done here, told by what there is to do it with."""

from __future__ import annotations

from collections.abc import Iterable

from config.language.phrases import phrases


def tell_capabilities(tools: Iterable[str], language: str, *, captures: bool = False) -> str:
    """``tools``: names of those that are there. ``captures``: the screen and a camera can be looked at.

    Pictures are read on this machine always.
    """
    own, there = phrases(language), {*tools, "look", *(["capture"] if captures else [])}
    things = [said for name, said in own.tables["can"].items() if name in there]
    return own.say("capabilities.here", things=own.listed(things))
