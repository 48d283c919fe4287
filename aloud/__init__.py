"""The faces of Aloud: the command line, the terminal, ``import aloud``. Imports all; nobody imports it.

    import aloud

    print(aloud.transcribe("question.wav"))
    print(aloud.describe("sign.png"))
    for turn in aloud.talk("question.wav", speaker="answer.wav"):
        print(turn.said, turn.heard)

Each takes settings by their names: ``stt="whisper:base"``, ``llm="skills"``, ``settings={"tts.speed": 1.2}``.
"""

from __future__ import annotations

import sys

from aloud.signals import end_while_it_begins

if "".join(sys.argv[:1]).endswith(("-m", "/aloud", "aloud.exe")):  # it is run, and not imported
    end_while_it_begins()

from typing import TYPE_CHECKING, Any

from aloud.neighbours import make_way

make_way()

import config  # noqa: E402, F401  # switches telemetry off before anything here imports it

if TYPE_CHECKING:
    from aloud.library import Exchanged, describe, open_session, talk, transcribe

__all__ = ["Exchanged", "describe", "open_session", "talk", "transcribe"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What a script asks for is imported then: the command line needs none of it."""
    if name in __all__:
        from aloud import library

        return getattr(library, name)
    raise AttributeError(f"module 'aloud' has no attribute {name!r}")
