"""Money in a sum: ``3 Euro 50``, ``$80``, ``two pounds and twenty pence``; one currency a sum.

What it is called in a language is told in ``config/language/LANGUAGE/money.toml``.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction

from config.language.amounts import UnitNames, read_amount
from config.language.data import table
from config.language.number_words import Words, read_number, say_minus
from config.language.numbers import numbers
from config.language.unit_names import unit_words
from pipeline.skills.arithmetic import write
from pipeline.skills.sum_parser import MONEY


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """The words of an utterance, each amount of money as a plain number and a mark."""

    words: list[str]
    currency: str


@functools.cache
def _parts(language: str) -> UnitNames[frozenset[str]]:
    """Cents and pence, each with the currencies that have them."""
    parts = table(language, "money")["parts"]
    forms = sorted({form for some in parts.values() for form in some})
    return UnitNames.of((form, frozenset(of for of, some in parts.items() if form in some)) for form in forms)


def marked(words: Words, language: str) -> MoneyWords | None:
    """None where there is no money, or some of two currencies."""
    names = unit_words(language, "money").read
    if names.units.keys().isdisjoint(words) and _parts(language).units.keys().isdisjoint(words):
        return None
    out, currencies, at = list[str](), list[str](), 0
    while at < len(words):
        # "80 euros minus 20 euros": the sign is the sum's.
        signed = words[at] in numbers(language).negative
        amount = None if signed else _amount(words, at, language)
        if amount is None:
            out.append(words[at])
            at += 1
            continue
        number, currency, at = amount
        out += [write(number), MONEY]
        currencies.append(currency)
    return MoneyWords(out, currencies[0]) if len(set(currencies)) == 1 else None


def _amount(words: Words, at: int, language: str) -> tuple[Fraction, str, int] | None:
    names = unit_words(language, "money").read
    signs = table(language, "money")["signs"]
    if words[at] in signs and (read := read_number(words, at + 1, language)):
        return read[0], names.units[words[at]], read[1]
    amount = read_amount(words, at, names, language)
    if amount is None:
        return None
    number, currency, after = amount
    return _with_parts(words, number, currency, after, language)


def _with_parts(
    words: Words, number: Fraction, currency: str, after: int, language: str
) -> tuple[Fraction, str, int]:
    """``3 Euro 50``, ``three dollars and fifty cents``."""
    joined = words[after : after + 1] and words[after] in table(language, "money")["joining"]
    begins = after + bool(joined)
    parts = read_amount(words, begins, _parts(language), language)
    if parts and currency in parts[1] and parts[0] < 100:
        return number + parts[0] / 100, currency, parts[2]
    read = read_number(words, begins, language)
    more = read is not None and unit_words(language, "money").read.at(words, read[1]) is not None
    if read and not more and number.denominator == 1 and read[0].denominator == 1 and 9 < read[0] < 100:
        return number + read[0] / 100, currency, read[1]
    return number, currency, after


def say_money(number: Fraction, currency: str, language: str) -> str:
    """To a hundredth: ``12 euros``, ``3,50 Euro``."""
    names, cents = unit_words(language, "money"), round(number * 100)
    if cents % 100 == 0:
        return names.amount(Fraction(cents, 100), currency)
    whole, rest = divmod(abs(cents), 100)
    decimal = numbers(language).written["decimal"]
    said = f"{'-' if cents < 0 else ''}{whole}{decimal}{rest:02d}"
    return f"{say_minus(said, language)} {names.name(currency, Fraction(cents, 100))}"
