"""The sums people ask for: ``what is twelve times eleven``, ``(3 + 4) * 2``, ``20 Prozent von 80``.

How they are asked for in a language is told in ``config/language/LANGUAGE/sums.toml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from config.language.data import DEFAULT, table
from config.language.normalise import apart, normalise
from config.language.number_words import read_digits, say_minus, say_number, whole_number
from config.language.phrases import Phrases
from config.language.sentences import Sentences, sentences
from pipeline.skills.answer import SkillRequest, computed, sentence
from pipeline.skills.arithmetic import NoResultError, NoSumError, Value, write
from pipeline.skills.money import marked, say_money
from pipeline.skills.sum_parser import MONEY, Parser
from pipeline.tools.base import Tool, ToolError

_LONGEST = 1000
"""Letters of an expression: an utterance of 300, written out with signs, spaces and brackets."""
_ORDER = {
    "plus": "{a} + {b}",
    "minus": "{a} - {b}",
    "taken_from": "{b} - {a}",
    "times": "{a} * {b}",
    "over": "{a} / {b}",
}


def _phrases(language: str) -> Phrases:
    return Phrases(language, table(language, "sums"))


@dataclass(frozen=True, slots=True)
class Sum:
    expression: str
    value: Fraction
    exact: bool

    @property
    def text(self) -> str:
        return self.said(DEFAULT, self.expression)

    def said(self, language: str, expression: str, *, several: bool = False, currency: str = "") -> str:
        """The whole sentence, with the sum as it was asked for; ``several``: euros, or percent of a whole."""
        exact = self.exact and (not currency or (self.value * 100).denominator == 1)
        keys = ("several", "several_about") if several else ("exact", "about")
        number = say_money(self.value, currency, language) if currency else self.result(language)
        return _phrases(language).say(f"said.{keys[not exact]}", sum=sentence(expression), number=number)

    def share(self, language: str, part: str, whole: str) -> str:
        key = "said.share" if self.exact else "said.share_about"
        return _phrases(language).say(key, part=sentence(part), whole=whole, number=self.result(language))

    def result(self, language: str) -> str:
        return say_minus(say_number(self.value, language)[0], language)


def calculate(expression: str) -> Sum:
    """Signs or words: ``12 * 11``, ``sqrt(2)``, ``15 percent of 80``. Raises ``ToolError``."""
    try:
        found = _evaluate(normalise(expression, _LONGEST), DEFAULT, lone=True)
    except NoResultError as reason:
        raise ToolError(_phrases(DEFAULT).say(f"said.{reason}")) from None
    if found is None:
        raise ToolError(f"“{expression[:80]}” is no sum. Write, for example: (3 + 4) * 2, sqrt(2), 2 ^ 10.")
    value, words = found
    return Sum(sentence(_in_words(words)), value.number, say_number(value.number)[1] and value.exact)


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


def _in_words(words: list[str], language: str = DEFAULT) -> str:
    signs = table(language, "sums")["signs"]
    text = " ".join(word if word == "%of" else signs.get(word, word) for word in words)
    return re.sub(r"\( | \)|(?<=\d) [½¼¾⅓⅔]", lambda match: match[0].strip(), text)


def _in_digits(value: Value, language: str, currency: str) -> str:
    percent: str = table(language, "sums")["signs"]["%of"]
    words, at = list[str](), 0
    said = value.said.split()
    while at < len(said):
        money = said[at + 1 : at + 2] == [MONEY]
        words.append(_digits(said[at], language, currency if money else ""))
        at += 1 + money
    words_said = _in_words(words, language)
    return re.sub(r"(\S+) %of", lambda match: percent.format(n=match[1]), words_said)


def _digits(word: str, language: str, currency: str) -> str:
    number = read_digits(word)
    if number is None:
        return word
    return say_money(number, currency, language) if currency else say_number(number, language)[0]


@functools.cache
def _templates(language: str, name: str) -> Sentences:
    rows = {key: [apart(each) for each in some] for key, some in table(language, "sums")[name].items()}
    # Of "the sum of one hundred and five and three", the first has as many words as can be.
    return sentences(rows, words={"a": r"\S+"})


def _evaluate(
    text: str, language: str, *, lone: bool = False, asked: bool = False
) -> tuple[Value, list[str]] | None:
    """None when the text is not a sum; a lone number is none, unless ``lone``."""
    for words in _orders(text, language):
        parser = Parser(words, language, asked=asked)
        try:
            value = parser.total()
        except NoSumError:
            continue
        if value and parser.at == len(words) and (parser.operations or lone):
            return value, words
    return None


def _orders(text: str, language: str) -> Iterator[list[str]]:
    for name, slots in _templates(language, "reordered").readings(text):
        yield _ORDER[name].format(**slots).split()
    yield text.split()


def _share(slots: dict[str, str], language: str) -> SkillRequest | None:
    part, whole = (whole_number(slots[name].split(), language) for name in ("part", "whole"))
    if part is None or whole is None:
        return None
    if whole == 0:
        return SkillRequest(text=_phrases(language).say("said.share_of_zero"), certain=True)
    said = {name: _in_words(words.split(), language) for name, words in slots.items()}
    if table(language, "sums")["repeated"] == "digits":
        said = {"part": say_number(part, language)[0], "whole": say_number(whole, language)[0]}
    expression = f"100 * {write(part)} / {write(whole)}"
    return _request(expression, True, lambda found: found.share(language, said["part"], said["whole"]))


def _label(text: str) -> int:
    """How much digits with dashes and slashes look like a name: 2 ``12/05/2024``, 1 ``9/11``, 0 a sum."""
    words = [word for word in text.split() if word != MONEY]
    if not all(word in {"-", "/"} or word.replace(".", "").isdecimal() for word in words):
        return 0
    return 2 if len(words) > 3 else 1


def _request(expression: str, certain: bool, say: Callable[[Sum], str]) -> SkillRequest:
    return SkillRequest("calculate", {"expression": expression}, certain, say)


def parse(text: str, language: str = DEFAULT) -> SkillRequest | None:
    """``text`` is normalised, in its language. None when it is no sum."""
    text, currency = apart(text), ""
    if money := marked(text.split(), language):
        text, currency = " ".join(money.words), money.currency
    for name, slots in _templates(language, "questions").readings(text):
        if name == "share":
            request = _share(slots, language)
        else:
            request = _sum(slots["sum"], language, currency, asked=True)
        if request:
            return request
    return None if _label(text) == 2 else _sum(text, language, currency, asked=False)


def _sum(text: str, language: str, currency: str, *, asked: bool) -> SkillRequest | None:
    try:
        found = _evaluate(text, language, asked=asked)
    except NoResultError as reason:
        if language != DEFAULT:  # the tool reads English alone
            return SkillRequest(text=_phrases(language).say(f"said.{reason}"), certain=True)
        expression = text.replace(f" {MONEY}", "")
        return SkillRequest("calculate", {"expression": expression}, certain=True)  # the tool says why
    if found is None or found[0].degree not in (0, 1):
        return None
    value, words = found
    in_words = table(language, "sums")["repeated"] == "words" and not currency
    repeated = _in_words(words, language) if in_words else _in_digits(value, language, currency)
    several = bool(value.degree) or value.said.split()[1:2] == ["%of"]
    result = currency if value.degree else ""
    return _request(
        value.written,
        asked or not _label(text),
        lambda done: done.said(language, repeated, several=several, currency=result),
    )
