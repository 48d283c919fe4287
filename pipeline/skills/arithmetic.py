"""Arithmetic in exact fractions; roots and other endless numbers to 30 digits."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

MOST_BITS = 4000
"""Of a numerator or denominator: about 1200 digits. Beyond it a power is refused, so that nothing can "
"hang."""


class NoSumError(Exception):
    """Money and plain numbers that cannot be added."""


class NoResultError(Exception):
    """A sum we understood and that has no answer; the argument is the key of the sentence that says so."""


@dataclass(frozen=True, slots=True)
class Value:
    number: Fraction
    exact: bool = True
    written: str = ""
    """It with digits and signs, as the tool reads it: ``(1 / 3) * 90``."""
    said: str = ""
    """The same as it is repeated to people: ``15 %of 80``; each sign is told by ``sums.toml``."""
    degree: int = 0
    """1 for money, 2 for what is no sum any more: money times money."""


def _bounded(value: Value) -> Value:
    if max(value.number.numerator.bit_length(), value.number.denominator.bit_length()) > MOST_BITS:
        raise NoResultError("too_large")
    return value


def power(base: Value, exponent: Value) -> Value:
    """Whole exponents exactly; others through logarithms, to about 15 digits."""
    if exponent.number.denominator != 1:
        if exponent.number == Fraction(1, 2):
            return root(base, 2)
        if base.number <= 0:
            raise NoResultError("power_of_negative")
        try:
            return _bounded(Value(Fraction(float(base.number) ** float(exponent.number)), False))
        except (OverflowError, ValueError):
            raise NoResultError("too_large") from None
    if base.number == 0 and exponent.number < 0:
        raise NoResultError("zero_division")
    bits = max(base.number.numerator.bit_length(), base.number.denominator.bit_length())
    if abs(base.number) not in {0, 1} and bits * abs(exponent.number) > 2 * MOST_BITS:
        raise NoResultError("too_large")
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
        raise NoResultError("negative_root")
    size = abs(number)
    top, bottom = _whole_root(size.numerator, degree), _whole_root(size.denominator, degree)
    if top**degree == size.numerator and bottom**degree == size.denominator:
        found, exact = Fraction(top, bottom), value.exact
    else:
        scaled = size.numerator * 10 ** (30 * degree) // size.denominator
        found, exact = Fraction(_whole_root(scaled, degree), 10**30), False
    return Value(-found if number < 0 else found, exact)


def literal(number: Fraction) -> Value:
    """A number as it was given."""
    digits = write(number)
    return Value(number, written=digits, said=digits.replace("(", "( ").replace(")", " )"))


def write(number: Fraction) -> str:
    """With digits: exactly as a decimal where that is short, else as a fraction in brackets."""
    whole, rest = divmod(abs(number), 1)
    decimals = rest * 10**12
    if number < 0 or decimals.denominator > 1:
        return f"({number.numerator} / {number.denominator})"
    return f"{whole}.{int(decimals):012d}".rstrip("0").rstrip(".")


def _joined(value: Value, left: Value, sign: str, right: Value) -> Value:
    written = f"{left.written} {sign} {right.written}"
    return replace(value, written=written, said=f"{left.said} {sign} {right.said}")


def add(left: Value, right: Value, sign: str) -> Value:
    if left.degree != right.degree:
        raise NoSumError
    number = left.number + right.number if sign == "+" else left.number - right.number
    total = Value(number, left.exact and right.exact, degree=left.degree)
    return _bounded(_joined(total, left, sign, right))


def raised(base: Value, exponent: Value) -> Value:
    if base.degree or exponent.degree:
        raise NoSumError
    if "^" in base.written:
        base = replace(base, written=f"({base.written})", said=f"( {base.said} )")
    return _joined(power(base, exponent), base, "^", exponent)


def multiply(left: Value, right: Value) -> Value:
    exact, degree = left.exact and right.exact, left.degree + right.degree
    product = Value(left.number * right.number, exact, degree=degree)
    return _bounded(_joined(product, left, "*", right))


def divide(left: Value, right: Value) -> Value:
    if right.number == 0:
        raise NoResultError("zero_division")
    exact, degree = left.exact and right.exact, left.degree - right.degree
    quotient = Value(left.number / right.number, exact, degree=degree)
    return _bounded(_joined(quotient, left, "/", right))


def negative(value: Value) -> Value:
    return replace(value, number=-value.number, written=f"-{value.written}", said=f"- {value.said}")


def bracketed(value: Value) -> Value:
    return replace(value, written=f"({value.written})", said=f"( {value.said} )")


def rooted(value: Value, degree: int) -> Value:
    if value.degree:
        raise NoSumError
    sign = "sqrt" if degree == 2 else "cbrt"
    return replace(root(value, degree), written=f"{sign}({value.written})", said=f"{sign} {value.said}")


def share(factor: Value, value: Value) -> Value:
    """``20 percent of``, ``a third of``: binds like a sign, to what follows directly."""
    product = _bounded(multiply(factor, value))
    between = "" if factor.said.endswith("%of") else "* "
    return replace(product, written=f"({product.written})", said=f"{factor.said} {between}{value.said}")


def percent(number: Fraction) -> Value:
    digits = write(number)
    return Value(number / 100, written=f"{digits} / 100", said=f"{digits} %of")
