"""The sums people ask for: ``what is twelve times eleven``, ``(3 + 4) * 2``, ``20 percent of 80``."""

from __future__ import annotations

import re

from config.language.number_words import read_number, say_number
from pipeline.skills.answer import SkillAnswer, sentence
from pipeline.skills.arithmetic import NoResultError, Parser, Value

_ASKED = re.compile(
    r"(?:what is|what are|what does|what do|how much is|how much are|how much does|calculate|compute|"
    r"work out|"
    r"solve|evaluate|what would be|what) (?P<sum>.+?)(?: (?:equals?|=|make|makes|equal to|give|"
    r"gives))?(?: \?)?"
)
_STATED = re.compile(r"(?P<sum>.+?) (?:equals?|=|is|is equal to|makes?)(?: what| how much)?")
_REORDERED = (
    (re.compile(r"(?:add|the sum of|sum of) (.+) (?:and|to|with) (.+)"), "{0} plus {1}"),
    (re.compile(r"(?:the difference between|the difference of) (.+) and (.+)"), "{0} minus {1}"),
    (re.compile(r"(?:subtract|take|take away) (.+) from (.+)"), "{1} minus {0}"),
    (re.compile(r"(?:multiply|the product of) (.+) (?:and|by|with) (.+)"), "{0} times {1}"),
    (re.compile(r"divide (.+) (?:by|through) (.+)"), "{0} divided by {1}"),
)
_SHARE = re.compile(r"what (?:percent|percentage) of (.+) is (.+)")
_SPOKEN = {"+": "plus", "-": "minus", "*": "times", "x": "times", "/": "divided by", "^": "to the power of"}


def _echo(words: list[str]) -> str:
    text = " ".join(_SPOKEN.get(word, word) for word in words)
    return sentence(re.sub(r"\( | \)", lambda match: match[0].strip(), text))


def _evaluate(text: str) -> tuple[Value, list[str]] | None:
    """None when the text is not a sum; a lone number is none."""
    words = [*text.split()]
    for form, order in _REORDERED:
        if match := form.fullmatch(text):
            words = order.format(*match.groups()).split()
            break
    parser = Parser(words)
    value = parser.total()
    if value is None or parser.at < len(words) or not parser.operations:
        return None
    return value, words


def _share(text: str) -> SkillAnswer | None:
    match = _SHARE.fullmatch(text)
    whole = match and read_number(match[1].split())
    part = match and read_number(match[2].split())
    if not match or not whole or not part:
        return None
    if whole[1] < len(match[1].split()) or part[1] < len(match[2].split()):
        return None
    if whole[0] == 0:
        return SkillAnswer("Nothing can be a share of zero.", "sum", {"sum": text}, True)
    said, exact = say_number(100 * part[0] / whole[0])
    spoken = f"{sentence(match[2])} is {'' if exact else 'about '}{said} percent of {match[1]}."
    return SkillAnswer(spoken, "sum", {"sum": text, "result": said}, True)


def _label(text: str) -> int:
    """How much digits with dashes and slashes look like a name: 2 ``12/05/2024``, 1 ``9/11``, 0 a sum."""
    words = text.split()
    if not all(word in {"-", "/"} or word.replace(".", "").isdecimal() for word in words):
        return 0
    return 2 if len(words) > 3 else 1


def answer(text: str) -> SkillAnswer | None:
    """``text`` is normalised. None when it is no sum."""
    if share := _share(text):
        return share
    asked = _ASKED.fullmatch(text) or _STATED.fullmatch(text)
    body = asked["sum"] if asked else text
    if not asked and _label(text) == 2:
        return None
    try:
        found = _evaluate(body)
    except NoResultError as reason:
        return SkillAnswer(str(reason), "sum", {"sum": body}, True)
    if found is None:
        return None
    value, words = found
    said, exact = say_number(value.number)
    about = "" if exact and value.exact else "about "
    spoken = f"{_echo(words)} is {about}{said.replace('-', 'minus ', 1) if said.startswith('-') else said}."
    certain = asked is not None or not _label(body)
    return SkillAnswer(spoken, "sum", {"sum": " ".join(words), "result": said}, certain)
