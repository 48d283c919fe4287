"""Sums read from words: ``two plus three times four``, ``die Wurzel aus 16``, ``15 % de 80``.

Precedence is that of arithmetic: powers, then times and divided by, then plus and minus; brackets as typed.
The words are those of ``config/language/LANGUAGE/sums.toml``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from config.language.data import table
from config.language.normalise import apart, normalise
from config.language.number_words import Words, read_number, read_ordinal
from config.language.numbers import numbers
from pipeline.skills.arithmetic import (
    Value,
    add,
    bracketed,
    divide,
    literal,
    multiply,
    negative,
    percent,
    raised,
    rooted,
    share,
)

_DEEPEST = 20
MONEY = "¤"
"""Behind a number: it is money, of whatever currency."""
_SIGNS = {
    "plus": "+", "minus": "-", "times": "*", "over": "/", "power": "^", "square_root": "√",
    "open": "(", "close": ")", "money": MONEY, "sqrt": "sqrt", "cbrt": "cbrt",
}  # fmt: skip
_ROOTS = {"square_root": 2, "cube_root": 3}
Form = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operators:
    """Of each, by its first word, the forms that it has, the longest first."""

    forms: Mapping[str, Mapping[str, tuple[Form, ...]]]
    multiples: Mapping[str, Mapping[str, tuple[Form, ...]]]


@functools.cache
def operators(language: str) -> Operators:
    data = table(language, "sums")
    signs = {name: [sign] for name, sign in _SIGNS.items()}
    names = {*data["operators"], *signs}
    return Operators(
        {name: _by_first([*data["operators"].get(name, ()), *signs.get(name, ())]) for name in names},
        {of: _by_first(forms) for of, forms in data["multiples"].items()},
    )


def _by_first(written: Iterable[str]) -> Mapping[str, tuple[Form, ...]]:
    forms = sorted(
        (tuple((normalise(apart(form)) or form).split()) for form in written), key=len, reverse=True
    )
    return {form[0]: tuple(other for other in forms if other[0] == form[0]) for form in forms}


class Parser:
    """Recursive descent over the words. Every method returns None when the words are not its form.

    ``asked``: it is certain that a sum is asked for, and "zwei und zwei" is one.
    """

    def __init__(self, words: Words, language: str, *, asked: bool = False) -> None:
        self.words = words
        self.language = language
        self.asked = asked
        self.at = 0
        self.depth = 0
        self.operations = 0
        self._operators = operators(language)

    def take(self, name: str) -> bool:
        return self._take(self._operators.forms[name])

    def take_if_asked(self, name: str) -> bool:
        return self.take(name) or (self.asked and self.take(f"{name}_if_asked"))

    def _take(self, forms: Mapping[str, tuple[Form, ...]]) -> bool:
        word = self.words[self.at] if self.at < len(self.words) else ""
        for form in forms.get(word, ()):
            if tuple(self.words[self.at : self.at + len(form)]) == form:
                self.at += len(form)
                return True
        return False

    def total(self) -> Value | None:
        left = self.product()
        while left is not None:
            if self.take_if_asked("plus"):
                sign = "+"
            elif self.take("minus"):
                sign = "-"
            else:
                break
            self.operations += 1
            right = self.product()
            left = right and add(left, right, sign)
        return left

    def product(self) -> Value | None:
        left = self.signed()
        while left is not None:
            times = self.take("times")
            if not times and not self.take_if_asked("over"):
                break
            self.operations += 1
            right = self.signed()
            if right is None:
                return None
            left = multiply(left, right) if times else divide(left, right)
        return left

    def signed(self) -> Value | None:
        self.depth += 1
        if self.depth > _DEEPEST:
            return None
        try:
            if self.at < len(self.words) and self.words[self.at] in numbers(self.language).negative:
                self.at += 1
                value = self.signed()
                return value and negative(value)
            return self.power()
        finally:
            self.depth -= 1

    def power(self) -> Value | None:
        value = self.term()
        while value is not None:
            if self.take("squared"):
                exponent: Value | None = literal(Fraction(2))
            elif self.take("cubed"):
                exponent = literal(Fraction(3))
            elif (nth := self._nth()) is not None:
                exponent = literal(Fraction(nth))
            elif self.take("power"):
                exponent = self.signed()
            else:
                break
            self.operations += 1
            value = exponent and raised(value, exponent)
        return value

    def _nth(self) -> int | None:
        """``to the fifth``, ``to the fifth power``."""
        began = self.at
        if self.take("nth"):
            if nth := read_ordinal(self.words, self.at, self.language):
                self.at = nth[1]
                self.take("nth_power")
                return nth[0]
            self.at = began
        return None

    def term(self) -> Value | None:
        if self.take("open"):
            value = self.total()
            return bracketed(value) if value and self.take("close") else None
        self.take("article")
        for name, degree in _ROOTS.items():
            if self.take(name):
                return self._root(self.signed(), degree)
        for name, degree in (("sqrt", 2), ("cbrt", 3)):
            if self.take(name):
                value = self._root(self.total(), degree) if self.take("open") else None
                return value if self.take("close") else None
        for of, forms in self._operators.multiples.items():
            if self._take(forms):
                return self._of(literal(Fraction(of)))
        return self._number()

    def _number(self) -> Value | None:
        read = read_number(self.words, self.at, self.language)
        if read is None:
            return None
        number, self.at = read
        if self.take("percent_of"):
            return self._of(percent(number))
        if self.take("money"):
            value = literal(number)
            return replace(value, said=f"{value.said} {MONEY}", degree=1)
        if number.denominator > 1 and self.take("of"):
            return self._of(literal(number))
        return literal(number)

    def _root(self, value: Value | None, degree: int) -> Value | None:
        self.operations += 1
        return value and rooted(value, degree)

    def _of(self, factor: Value) -> Value | None:
        self.operations += 1
        value = self.signed()
        return value and share(factor, value)
