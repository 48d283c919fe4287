"""What was asked of lists and notes, as a call of their tools."""

from __future__ import annotations

from functools import partial
from typing import Any

from config.language.phrases import phrases
from pipeline.skills.answer import SkillRequest
from pipeline.skills.lists.answers import say_list_outcome
from pipeline.skills.lists.words import Kind, ListIntent, read_list_intent

_TOOLS: dict[Kind, tuple[str, dict[str, Any]]] = {
    "add": ("add_to_list", {}),
    "remove": ("remove_from_list", {}),
    "read": ("read_list", {}),
    "has": ("read_list", {}),
    "clear": ("clear_list", {}),
    "create": ("create_list", {}),
    "create_known": ("create_list", {}),
    "delete": ("clear_list", {"delete": True}),
    "lists": ("name_lists", {}),
    "take_note": ("take_note", {}),
    "read_notes": ("read_notes", {}),
    "read_last": ("read_notes", {"last": True}),
    "delete_last": ("delete_notes", {}),
    "delete_notes": ("delete_notes", {"all": True}),
}


def parse(text: str, language: str = "") -> SkillRequest | None:
    """``text`` as it was written or heard; ``language``: that of the conversation. None where it is about
    something else. What is answered is in the language of the sentence.
    """
    intent = read_list_intent(text, language)
    return _request(intent) if intent else None


def _request(intent: ListIntent) -> SkillRequest:
    if intent.kind == "which_note":
        text = phrases(intent.language).say("lists.which_note")
        return SkillRequest(text=text, certain=True, language=intent.language)
    tool, fixed = _TOOLS[intent.kind]
    given = {"items": list(intent.items), "list": intent.name, "text": intent.text}
    arguments = fixed | {name: value for name, value in given.items() if value}
    say = partial(say_list_outcome, language=intent.language)
    return SkillRequest(tool, arguments, certain=True, say=say, language=intent.language)
