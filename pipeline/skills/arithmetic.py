"""Arithmetic in exact fractions, read from words; roots and other endless numbers to 30 digits.

Precedence is that of arithmetic: powers, then times and divided by, then plus and minus; brackets as typed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from config.language.number_words import read_number
from config.language.numbers import numbers

MOST_BITS = 4000
"""Of a numerator or denominator: about 1200 digits. Beyond it a power is refused, so that nothing can "
"hang."""
_DEEPEST = 20


class NoResultError(Exception):
    """A sum we understood and that has no answer; the argument is the sentence to say."""


@dataclass(frozen=True, slots=True)
class Value:
    number: Fraction
    exact: bool = True
    written: str = ""
    """It with digits and signs, as ``Parser`` reads it: ``(1 / 3) * 90``."""


_PLUS = (("plus",), ("+",), ("added", "to"), ("add",))
_MINUS = (("minus",), ("-",), ("take", "away"), ("subtract",))
_TIMES = (
    ("times",),
    ("*",),
    ("x",),
    ("multiplied", "by"),
    ("multiplied", "with"),
    ("time",),
)  # "time" is a recogniser's "times"
_OVER = (("divided", "by"), ("/",), ("over",), ("divide", "by"))
_POWER = (
    ("^",),
    ("to", "the", "power", "of"),
    ("to", "the", "power"),
    ("raised", "to", "the", "power", "of"),
)
_ORDINALS = {
    "third": 3,
    "fourth": 4,
    **{w: n for w, n in numbers("en").parts.items() if w.endswith("th") and w != "hundredth"},
}


def _bounded(value: Value) -> Value:
    if max(value.number.numerator.bit_length(), value.number.denominator.bit_length()) > MOST_BITS:
        raise NoResultError("That number is too large for me to work out.")
    return value


def power(base: Value, exponent: Value) -> Value:
    """Whole exponents exactly; others through logarithms, to about 15 digits."""
    if exponent.number.denominator != 1:
        if exponent.number == Fraction(1, 2):
            return root(base, 2)
        if base.number <= 0:
            raise NoResultError("I can raise only numbers above zero to a power that is not whole.")
        try:
            return _bounded(Value(Fraction(float(base.number) ** float(exponent.number)), False))
        except (OverflowError, ValueError):
            raise NoResultError("That number is too large for me to work out.") from None
    if base.number == 0 and exponent.number < 0:
        raise NoResultError("Division by zero has no result.")
    bits = max(base.number.numerator.bit_length(), base.number.denominator.bit_length())
    if abs(base.number) not in {0, 1} and bits * abs(exponent.number) > 2 * MOST_BITS:
        raise NoResultError("That number is too large for me to work out.")
    turns = (
        int(exponent.number) % 2 if abs(base.number) in {0, 1} and exponent.number else int(exponent.number)
    )
    if base.number == 0:
        return Value(Fraction(int(exponent.number == 0)), base.exact)
    return _bounded(Value(Fraction(base.number**turns), base.exact and exponent.exact))


def _whole_root(number: int, degree: int) -> int:
    """The largest whole number whose power is not above ``number`` (Newton)."""
    if degree == 2 or number < 2:
        return math.isqrt(number)
    guess = 1 << -(-number.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def root(value: Value, degree: int) -> Value:
    """Exact where it is a fraction, else to 30 decimals."""
    number = value.number
    if number < 0 and degree == 2:
        raise NoResultError("A negative number has no square root among the real numbers.")
    size = abs(number)
    top, bottom = _whole_root(size.numerator, degree), _whole_root(size.denominator, degree)
    if top**degree == size.numerator and bottom**degree == size.denominator:
        found, exact = Fraction(top, bottom), value.exact
    else:
        scaled = size.numerator * 10 ** (30 * degree) // size.denominator
        found, exact = Fraction(_whole_root(scaled, degree), 10**30), False
    return Value(-found if number < 0 else found, exact)


class Parser:
    """Recursive descent over the words. Every method returns None when the words are not its form."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.at = 0
        self.depth = 0
        self.operations = 0

    def take(self, *forms: tuple[str, ...]) -> bool:
        for form in forms:
            if tuple(self.words[self.at : self.at + len(form)]) == form:
                self.at += len(form)
                return True
        return False

    def total(self) -> Value | None:
        left = self.product()
        while left is not None:
            if self.take(*_PLUS):
                sign = "+"
            elif self.take(*_MINUS):
                sign = "-"
            else:
                break
            self.operations += 1
            right = self.product()
            left = right and _bounded(_add(left, right, sign))
        return left

    def product(self) -> Value | None:
        left = self.signed()
        while left is not None:
            times = self.take(*_TIMES)
            if not times and not self.take(*_OVER):
                break
            self.operations += 1
            right = self.signed()
            if right is None:
                return None
            left = _bounded(_multiply(left, right) if times else _divide(left, right))
        return left

    def signed(self) -> Value | None:
        self.depth += 1
        if self.depth > _DEEPEST:
            return None
        try:
            if self.take(("minus",), ("negative",), ("-",)):
                value = self.signed()
                return value and Value(-value.number, value.exact, f"-{value.written}")
            return self.raised()
        finally:
            self.depth -= 1

    def raised(self) -> Value | None:
        value = self.term()
        while value is not None:
            if self.take(("squared",)):
                exponent: Value | None = _whole(2)
            elif self.take(("cubed",)):
                exponent = _whole(3)
            elif self.take(*_POWER):
                exponent = self.signed()
            elif (nth := self._nth()) is not None:
                exponent = _whole(nth)
            else:
                break
            self.operations += 1
            value = exponent and _raise(value, exponent)
        return value

    def _nth(self) -> int | None:
        """``to the fifth``, ``to the fifth power``."""
        if self.words[self.at : self.at + 2] != ["to", "the"] or self.at + 2 >= len(self.words):
            return None
        nth = _ORDINALS.get(self.words[self.at + 2])
        if nth is not None:
            self.at += 3
            self.take(("power",))
        return nth

    def term(self) -> Value | None:
        if self.take(("(",)):
            value = self.total()
            return value and replace(value, written=f"({value.written})") if self.take((")",)) else None
        self.take(("the",))
        for name, sign, degree in (("square", "sqrt", 2), ("cube", "cbrt", 3)):
            if self.take((sign, "(")):
                value = self._root(self.total(), sign, degree)
                return value if self.take((")",)) else None
            if self.take((name, "root", "of"), (name, "root")) or (degree == 2 and self.take(("√",))):
                return self._root(self.signed(), sign, degree)
        if self.take(("double",), ("twice",)):
            return self._of(_whole(2))
        read = read_number(self.words, self.at)
        if read is None:
            return None
        number, self.at = read
        if self.take(("percent", "of"), ("%", "of"), ("per", "cent", "of")):
            return self._of(Value(number / 100, written=f"{write(number)} / 100"))
        if number.denominator > 1 and self.take(("of",)):
            return self._of(Value(number, written=write(number)))
        return Value(number, written=write(number))

    def _root(self, value: Value | None, sign: str, degree: int) -> Value | None:
        self.operations += 1
        return value and replace(root(value, degree), written=f"{sign}({value.written})")

    def _of(self, factor: Value) -> Value | None:
        """``20 percent of``, ``a third of``: binds like a sign, to what follows directly."""
        self.operations += 1
        value = self.signed()
        product = value and _multiply(factor, value)
        return product and replace(product, written=f"({product.written})")


def _whole(number: int) -> Value:
    return Value(Fraction(number), written=str(number))


def write(number: Fraction) -> str:
    """With digits: exactly as a decimal where that is short, else as a fraction in brackets."""
    whole, rest = divmod(abs(number), 1)
    decimals = rest * 10**12
    if number < 0 or decimals.denominator > 1:
        return f"({number.numerator} / {number.denominator})"
    return f"{whole}.{int(decimals):012d}".rstrip("0").rstrip(".")


def _add(left: Value, right: Value, sign: str) -> Value:
    number = left.number + right.number if sign == "+" else left.number - right.number
    return Value(number, left.exact and right.exact, f"{left.written} {sign} {right.written}")


def _raise(base: Value, exponent: Value) -> Value:
    raised = f"({base.written})" if "^" in base.written else base.written
    return replace(power(base, exponent), written=f"{raised} ^ {exponent.written}")


def _multiply(left: Value, right: Value) -> Value:
    return Value(left.number * right.number, left.exact and right.exact, f"{left.written} * {right.written}")


def _divide(left: Value, right: Value) -> Value:
    if right.number == 0:
        raise NoResultError("Division by zero has no result.")
    return Value(left.number / right.number, left.exact and right.exact, f"{left.written} / {right.written}")
