"""Which part of the program takes an utterance: the order of the product, asked without effect.

The one seam between the tables and the program. A model that sees and calls tools is connected, so that only
what a skill is sure of is the skill's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bench.intents.parts import Parts
from pipeline.intents.about import asks_capabilities
from pipeline.intents.barge_in import is_quiet, meaning
from pipeline.intents.controls import control_intent, versions
from pipeline.intents.doubt import wants_second_look
from pipeline.intents.look import read_capture_intent
from pipeline.intents.read_aloud import turns_page, wants_reading
from pipeline.intents.reading_controls import reading_control
from pipeline.intents.watch import names_screen, stops_watching, wants_telling
from pipeline.intents.zoom import zoom_request
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
    """As ``pipeline.conversation`` does: over an answer, then what steers, then the pictures, the skills and
    the LLM.
    """
    return (
        _over_an_answer(text, parts)
        or _steers(text, parts)
        or _watches(text, language, parts)
        or _pictures(text, parts)
        or _skills(text, language, parts)
        or Decision("llm")
    )


def _over_an_answer(text: str, parts: Parts) -> Decision | None:
    sense, speaking = meaning(text), parts.situation.speaking
    if sense == "stop" and (speaking or is_quiet(text)):
        return Decision("stop")
    if sense in ("backchannel", "fragment", "nothing") and speaking:
        return Decision("backchannel")
    return None


def _steers(text: str, parts: Parts) -> Decision | None:
    turned = reading_control(text)
    if turned and (parts.situation.reading or turned.kind == "spell"):
        return Decision("reading", turned.kind)
    control = control_intent(text)
    if control and control.kind != "farewell":  # that is obeyed with a wake word alone
        return Decision("control", control.kind)
    return Decision("capabilities") if asks_capabilities(text) else None


def _watches(text: str, language: str, parts: Parts) -> Decision | None:
    said = versions(text, accents=True)
    plain = said[-1] if said else ""
    if parts.situation.watching and stops_watching(plain):
        return Decision("watch", "stop")
    can = parts.situation.camera or names_screen(plain)
    if can and any(map(wants_telling, said)) and _skills(text, language, parts) is None:
        return Decision("watch", "begin")
    return None


def _pictures(text: str, parts: Parts) -> Decision | None:
    situation = parts.situation
    if situation.picture and wants_second_look(text):
        return Decision("second_look")
    captured = read_capture_intent(text, running=situation.camera, page=situation.page, pages=situation.pages)
    if captured:
        return Decision("look", captured.kind, captured.page)
    zoom = zoom_request(text)
    if situation.picture and (
        wants_reading(text) or (zoom and zoom.reads) or (situation.reading and turns_page(text))
    ):
        return Decision("read")
    return Decision("zoom") if situation.picture and zoom else None


def _skills(text: str, language: str, parts: Parts) -> Decision | None:
    request = parts.parse(text, language)
    return Decision("skills", request=request) if request and request.certain else None
