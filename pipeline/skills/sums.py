"""The sums people ask for: ``what is twelve times eleven``, ``(3 + 4) * 2``, ``20 percent of 80``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from config.language.normalise import normalise
from config.language.number_words import read_number, say_number
from pipeline.skills.answer import SkillRequest, computed, sentence
from pipeline.skills.arithmetic import NoResultError, Parser, Value, write
from pipeline.tools.base import Tool, ToolError

_LONGEST = 1000
"""Letters of an expression: an utterance of 300, written out with signs, spaces and brackets."""

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
_SPOKEN = {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "x": "times",
    "/": "divided by",
    "^": "to the power of",
    "%": "percent",
    "√": "the square root of",
    "sqrt": "the square root of",
    "cbrt": "the cube root of",
}


@dataclass(frozen=True, slots=True)
class Sum:
    """``number``: the result, as it is said."""

    expression: str
    number: str
    exact: bool

    @property
    def text(self) -> str:
        return self.of(self.expression)

    def of(self, expression: str) -> str:
        """The whole sentence, with the sum as it was asked for."""
        number = self.number.replace("-", "minus ", 1) if self.number.startswith("-") else self.number
        return f"{expression} is {'' if self.exact else 'about '}{number}."

    def share(self, part: str, whole: str) -> str:
        return f"{sentence(part)} is {'' if self.exact else 'about '}{self.number} percent of {whole}."


def calculate(expression: str) -> Sum:
    """Signs or words: ``12 * 11``, ``sqrt(2)``, ``15 percent of 80``. Raises ``ToolError``."""
    try:
        found = _evaluate(normalise(expression, _LONGEST), lone=True)
    except NoResultError as reason:
        raise ToolError(str(reason)) from None
    if found is None:
        raise ToolError(f"“{expression[:80]}” is no sum. Write, for example: (3 + 4) * 2, sqrt(2), 2 ^ 10.")
    value, words = found
    said, exact = say_number(value.number)
    return Sum(_echo(words), said, exact and value.exact)


CALCULATE = Tool(
    "calculate",
    "Works out a sum exactly: + - * / ^, brackets, sqrt( ), cbrt( ), percent of.",
    {
        "type": "object",
        "properties": {
            "expression": {
                "type": "string",
                "maxLength": _LONGEST,
                "description": "for example (3 + 4) * 2, or 15 percent of 80",
            }
        },
        "required": ["expression"],
    },
    risk="read",
    run=computed(calculate),
)


def _echo(words: list[str]) -> str:
    text = " ".join(_SPOKEN.get(word, word) for word in words)
    return sentence(re.sub(r"\( | \)", lambda match: match[0].strip(), text))


def _evaluate(text: str, *, lone: bool = False) -> tuple[Value, list[str]] | None:
    """None when the text is not a sum; a lone number is none, unless ``lone``."""
    words = [*text.split()]
    for form, order in _REORDERED:
        if match := form.fullmatch(text):
            words = order.format(*match.groups()).split()
            break
    parser = Parser(words)
    value = parser.total()
    if value is None or parser.at < len(words) or not (parser.operations or lone):
        return None
    return value, words


def _share(text: str) -> SkillRequest | None:
    match = _SHARE.fullmatch(text)
    whole = match and read_number(match[1].split())
    part = match and read_number(match[2].split())
    if not match or not whole or not part:
        return None
    if whole[1] < len(match[1].split()) or part[1] < len(match[2].split()):
        return None
    if whole[0] == 0:
        return SkillRequest(text="Nothing can be a share of zero.", certain=True)
    expression = f"100 * {write(part[0])} / {write(whole[0])}"
    return _request(expression, True, lambda found: found.share(match[2], match[1]))


def _label(text: str) -> int:
    """How much digits with dashes and slashes look like a name: 2 ``12/05/2024``, 1 ``9/11``, 0 a sum."""
    words = text.split()
    if not all(word in {"-", "/"} or word.replace(".", "").isdecimal() for word in words):
        return 0
    return 2 if len(words) > 3 else 1


def _request(expression: str, certain: bool, say: Callable[[Sum], str]) -> SkillRequest:
    return SkillRequest("calculate", {"expression": expression}, certain, say)


def parse(text: str) -> SkillRequest | None:
    """``text`` is normalised. None when it is no sum."""
    if share := _share(text):
        return share
    asked = _ASKED.fullmatch(text) or _STATED.fullmatch(text)
    body = asked["sum"] if asked else text
    if not asked and _label(text) == 2:
        return None
    try:
        found = _evaluate(body)
    except NoResultError:
        return SkillRequest("calculate", {"expression": body}, certain=True)  # the tool says why
    if found is None:
        return None
    value, words = found
    certain = asked is not None or not _label(body)
    return _request(value.written, certain, lambda done: done.of(_echo(words)))
