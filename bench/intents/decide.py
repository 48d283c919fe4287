"""Which part of the program takes an utterance: asked of its router, without effect.

The one seam between the tables and the program. A model that sees and calls tools is connected, so that only
what a skill is sure of is the skill's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bench.intents.parts import Parts
from pipeline.intents.barge_in import is_quiet, meaning
from pipeline.intents.reading_controls import ReadingControl
from pipeline.intents.router import (
    Compute,
    Document,
    Intent,
    Leaf,
    LookAgain,
    ReadAloud,
    Situation,
    Steer,
    TellCapabilities,
    Watch,
    route,
)
from pipeline.intents.watch import is_watch_request, stops_watching
from pipeline.skills.answer import SkillRequest

By = Literal[
    "stop", "backchannel", "control", "reading", "capabilities", "watch", "second_look", "look", "zoom",
    "read", "skills", "llm",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    by: By
    kind: str = ""
    """Of a control, of what is looked at."""
    page: int = 0
    request: SkillRequest | None = None


def decide(text: str, language: str, parts: Parts) -> Decision:
    """As ``pipeline.conversation`` does: over an answer, then as the router has it."""
    sense, speaking = meaning(text), parts.situation.speaking
    if sense == "stop" and (speaking or is_quiet(text)):
        return Decision("stop")
    if sense in ("backchannel", "fragment", "nothing") and speaking:
        return Decision("backchannel")
    return _decision(text, route(text, language, _situation(language, parts)))


def _situation(language: str, parts: Parts) -> Situation[SkillRequest]:
    """With an answer that can be steered; without a wake word, so that a farewell is for the LLM."""
    given = parts.situation

    def compute(text: str) -> SkillRequest | None:
        request = parts.skills.parse(text, language)
        return request if request and request.certain else None

    def leafs(control: ReadingControl) -> bool:
        return given.reading or control.kind == "spell"

    return Situation(
        compute=compute,
        leafs=leafs,
        steers={"repeat", "go_on", "slower", "faster", "louder", "quieter", "undo", "sleep"},
        watches=lambda said: is_watch_request(said, watching=given.watching, running=given.camera),
        captures=True,
        running=given.camera,
        document=Document(given.page, given.pages),
        pictures=given.picture,
        doubtful=given.picture,
        reading=given.reading,
    )


def _decision(text: str, intent: Intent[SkillRequest]) -> Decision:
    match intent.act:
        case Leaf(control):
            return Decision("reading", control.kind)
        case Steer(kind):
            return Decision("control", kind)
        case TellCapabilities():
            return Decision("capabilities")
        case Compute(request):
            return Decision("skills", request=request)
        case Watch(asked):
            return Decision("watch", "stop" if stops_watching(asked) else "begin")
        case LookAgain():
            return Decision("second_look")
        case _ if intent.capture:
            return Decision("look", intent.capture.kind, intent.capture.page)
        case ReadAloud():
            return Decision("read")
        case _:
            return Decision("zoom" if intent.zoom else "llm")
