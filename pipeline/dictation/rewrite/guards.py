"""Whether an LLM rewrote what it was given, or did something else with it. Pure; each reason is a sentence.

A reason means that the text stays as it was said. Better an unpolished sentence than one nobody said. The
guards look at form, size, words that survive, and facts; word for word they do not compare, since a validator
that did rejected what people wanted (vscode#327925).
"""

from __future__ import annotations

import re

from pipeline.dictation.rewrite.facts import ADDRESS, added_number, lost_link, lost_number, negations
from pipeline.dictation.rewrite.styles import Style
from pipeline.dictation.rewrite.words import model_words
from pipeline.dictation.text.numerals import is_number

_LONGER, _LONGER_BY = 3.0, 200
"""More than three times and 200 letters longer: it did something else (OpenWhispr#1387)."""
_WRAPPING = 200
_SHORTER = 0.4
"""Of a text of 40 words and more, unless the style shortens: so little is a summary."""
_SHORTER_STYLE = 0.1
_SURVIVE = {"words": 0.5, "facts": 0.2}
"""Least share of the longer words of a text that are in its rewrite, by what the style keeps."""
_FEW_WORDS = 3
_MANY_WORDS = 8
"""Of so many different words one survives whatever is wished, be it "the"; save in another language."""
_THINKING = re.compile(r"</?think(?:ing)?>|</?reasoning>|<\|\w+\|>|\[/?INST\]", re.IGNORECASE)
_FENCE = re.compile(r"</?transcript>|=== ?[0-9a-f]{8} ?===|(?:BEGIN|END) TRANSCRIPT", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:'\w+)?")
_ASKING = ("?", "？", "؟", "՞")
_HIDDEN = re.compile("[\u200b\u200c\u2060\ufeff]")


def objection(raw: str, rewritten: str, style: Style, *, finish: str = "stop", language: str = "en") -> str:
    """Empty when ``rewritten`` may take the place of ``raw``, of ``language``; else why not. Never raises.

    ``finish``: why the LLM stopped (``pipeline.llm.base.Delta``); empty: it never said.
    """
    if not rewritten.strip():
        return "The model wrote nothing."
    if finish != "stop":
        return "The model was cut off before the end."
    raw, rewritten = (text.replace("’", "'") for text in (raw, rewritten))
    found = _form(raw, rewritten) or _size(raw, rewritten, style)
    found = found or _facts(raw, rewritten, style, language)
    return found or _shares_nothing(raw, rewritten, style)


def beyond_measure(raw: str, written: str) -> bool:
    """Whether it is too long whatever may be put around it, so that no more of it need be read."""
    return len(written) > max(_LONGER * len(raw), len(raw) + _LONGER_BY) + _WRAPPING


def unwrapped(rewritten: str, fence: str = "") -> str:
    """Without what models put around a text although told not to: the fence, quotes, hidden letters."""
    text = _HIDDEN.sub("", rewritten).strip()
    if fence:
        text = text.removeprefix(fence).removesuffix(fence).strip()
    if match := re.fullmatch(r"```\w*\n(.*?)\n?```", text, re.DOTALL):
        text = match[1].strip()
    for opening, closing in (('"', '"'), ("“", "”"), ("„", "“"), ("«", "»")):
        inside = text[1:-1]
        bare = opening not in inside and closing not in inside
        if len(text) > 2 and text[0] == opening and text[-1] == closing and bare:
            return inside.strip()
    return text


def _form(raw: str, rewritten: str) -> str:
    words = model_words()
    if _THINKING.search(rewritten) and not _THINKING.search(raw):
        return "The model's own thinking was in the text."
    if _FENCE.search(rewritten) and not _FENCE.search(raw):
        return "The model repeated its instructions."
    if words.refusal.match(rewritten) and not words.refusal.match(raw):
        return "The model refused instead of rewriting."
    if (match := words.preamble.match(rewritten)) and not _words(match[0]) <= _words(raw):
        return "The model talked about the text instead of writing it."
    if words.zeal.search(rewritten.strip()) and not words.zeal.search(raw.strip()):
        return "The model answered instead of rewriting."
    if _repeats(rewritten) and not _repeats(raw):
        return "The model repeated itself."
    return ""


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _repeats(text: str) -> bool:
    """A phrase of eight words and more is there twice in a row, or a shorter one so often that it loops."""
    words = _WORD.findall(text.lower())
    for length in range(1, min(200, len(words) // 2) + 1):
        run = 0
        most = length if length >= 8 else max(9, 3 * length) - length
        for word, before in zip(words[length:], words, strict=False):
            run = run + 1 if word == before else 0
            if run >= most:
                return True
    return False


def _size(raw: str, rewritten: str, style: Style) -> str:
    longer = len(rewritten) - len(raw)
    if longer > _LONGER_BY and len(rewritten) > _LONGER * len(raw):
        return "The model made it more than three times as long."
    share = len(rewritten) / max(1, len(raw))
    if len(_WORD.findall(raw)) >= 40 and share < (_SHORTER_STYLE if style.shortens else _SHORTER):
        return "The model left most of it out."
    if _answers(raw, rewritten, style):
        return "The model answered the question instead of writing it."
    if style.keeps != "meaning" and _is_another(raw, rewritten, _SURVIVE[style.keeps]):
        return "The model wrote something else."
    return ""


def _answers(raw: str, rewritten: str, style: Style) -> bool:
    """What was one question does not end as one; or, where words are kept, nothing asks any more."""
    raw, rewritten = (ADDRESS.sub(" ", text) for text in (raw, rewritten))
    asked = raw.rstrip(" \n\"'”»)")
    if "?" not in raw or style.recasts:
        return False
    single = asked.endswith("?") and not re.search(r"[.?!…]\s", asked)
    if single and not rewritten.rstrip(" \n\"'”»)").endswith(_ASKING):
        return True
    return not any(mark in rewritten for mark in _ASKING)


def _is_another(raw: str, rewritten: str, least: float) -> bool:
    """Few of its longer words survive, in whatever form."""
    said = {word[:4] for word in _words(raw) if len(word) > 3 and not is_number(word)}
    there = {word[:4] for word in _words(rewritten)}
    return len(said) >= _FEW_WORDS and len(said & there) < least * len(said)


def _shares_nothing(raw: str, rewritten: str, style: Style) -> str:
    said = _words(raw)
    if style.translates or len(said) < _MANY_WORDS or said & _words(rewritten):
        return ""
    return "The model wrote something else."


def _facts(raw: str, rewritten: str, style: Style, language: str) -> str:
    if lost := lost_link(raw, rewritten):
        return f"The model lost {lost}."
    if lost := lost_number(raw, rewritten, "" if style.translates else language):
        return f"The model lost the number {lost}."
    if added := added_number(raw, rewritten, language):
        return f"The model made up the number {added}."
    if style.translates:
        return ""  # another language has other words for "not"
    before, after = negations(raw, language), negations(rewritten, language)
    if before > after:
        return "The model lost a “not”."
    return "The model added a “not”." if after > before and style.keeps == "words" else ""
