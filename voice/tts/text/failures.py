"""A failure as it can be listened to: its sentence without addresses, which nobody follows by ear."""

from __future__ import annotations

import re

from voice.tts.text.normalizer import Spoken

_END = r"(?=[.,:;!?)]*(?:\s|$))"
_ADDRESS = rf"(?:https?://\S+?|\[[0-9a-fA-F:.]+\](?::\d+)?(?:/\S*?)?|[\w.-]*[a-zA-Z.][\w.-]*:\d{{1,5}}(?:/\S*?)?|\d+(?:\.\d+){{3}}){_END}"
_AT_ADDRESS = re.compile(rf" at {_ADDRESS}")
_LONGEST = 220
"""Letters: a quarter of a minute. All of it can be read."""
_BRACKETS = re.compile(r"[{}\[\]<>\\|`\"]+")


def failure_as_heard(sentence: str) -> str:
    """``sentence``: in English, as ``config.errors`` has them; others' words may be in it."""
    spoken = Spoken("en")
    pieces = spoken.push(_AT_ADDRESS.sub("", sentence)) + spoken.flush()
    heard = " ".join(_BRACKETS.sub(" ", " ".join(piece.said for piece in pieces)).split())
    if len(heard) <= _LONGEST:
        return heard
    return f"{heard[:_LONGEST].rpartition(' ')[0].rstrip(',;:')}."
