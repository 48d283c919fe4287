"""One more thing for a list, said when the sentence before it was over: "and bread"."""

from __future__ import annotations

from config.language.data import known as known_language
from pipeline.skills.lists.vocabulary import vocabulary
from pipeline.skills.lists.words import read_list_intent
from voice.turns.endpointing.completeness import read

_ENDS = " .,;:!?…"


def with_more(before: str, text: str, first: str) -> str:
    """``before`` with the things of ``text`` beside its own, as one sentence: "add milk and bread to the
    list". Empty: they are no such two sentences. ``first``: the language of the conversation.
    """
    asked = read_list_intent(before, first)
    if asked is None or asked.kind not in ("add", "remove"):
        return ""
    more, last = text.strip(_ENDS), asked.items[-1]
    begun = vocabulary(known_language(asked.language)).between.match(f" {more}")
    end = before.rfind(last) + len(last)
    # "And play music" is a request.
    if (
        not begun
        or end < len(last)
        or read(more[begun.end() - 1 :], asked.language) not in ("unclear", "phrase")
    ):
        return ""
    whole = f"{before[:end]} {more[:1].lower()}{more[1:]}{before[end:]}"
    both = read_list_intent(whole, first)
    same = both and (both.kind, both.name) == (asked.kind, asked.name)
    return whole if same and both and both.items[: len(asked.items)] == asked.items else ""
