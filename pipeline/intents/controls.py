"""What people say to steer the talk itself: again, slower, undo that, go to sleep. Whole utterances only.

``turn the music louder`` and ``never mind the gap`` are for the LLM; ``louder`` and ``never mind`` for us.
What each is in a language is told in ``config/language/LANGUAGE/controls.toml``.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.intents.meanings import meanings

Kind = Literal[
    "repeat", "go_on", "slower", "faster", "louder", "quieter", "undo", "sleep", "farewell", "never_mind",
    "wait",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ControlIntent:
    kind: Kind


@functools.lru_cache(maxsize=4)
def control_intent(text: str) -> ControlIntent | None:
    """What an utterance asks of the talk itself, or None: it is for the LLM.

    ``text`` as STT or fingers gave it; case, marks, accents and politeness do not matter. All languages are
    understood side by side. "Stop" alone is not here: ``pipeline.intents.barge_in`` has it.
    """
    meant = (kind for kinds in meanings(text) for kind in get_args(Kind) if f"controls.{kind}" in kinds)
    return next(map(ControlIntent, meant), None)
