"""Numbers as people say them, read into exact fractions; and exact fractions said again.

``read_*`` functions take the words of an utterance and a place among them, and give the value and the place
after it, or None: ``a hundred and five``, ``drei Komma eins vier``, ``deux et demi``, ``1250.5``,
``menos tres millones``. The words are normalised, in their language (``config.language.normalise``); what
they are in it is told in ``config/language/LANGUAGE/numbers.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from config.language.numbers import Numbers, numbers

Words = Sequence[str]
Read = tuple[Fraction, int] | None

_LONGEST_LITERAL = 30
_LARGEST = 10**15
_MOST_WORDS = 24
"""Of one number."""
_GLYPHS = {
    "½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3),
}  # fmt: skip


def read_digits(word: str) -> Fraction | None:
    """``1,250.5`` → 2501/2; at most 30 characters, so that nothing can grow out of hand."""
    plain = word.replace(",", "")
    if len(plain) > _LONGEST_LITERAL or not plain.replace(".", "", 1).isdecimal():
        return None
    return Fraction(plain)


class _Reader:
    """Each method reads from a place on, as ``read_number`` does."""

    def __init__(self, words: Words, numbers: Numbers) -> None:
        self.words = words
        self.numbers = numbers

    def word(self, at: int) -> str:
        return self.words[at] if at < len(self.words) else ""

    def skip(self, at: int, words: Iterable[str]) -> int:
        return at + (self.word(at) in words)

    def number(self, at: int) -> Read:
        if self.word(at) in self.numbers.negative:
            read = self.unsigned(at + 1)
            return read and (-read[0], read[1])
        return self.unsigned(at)

    def unsigned(self, at: int) -> Read:
        if part := self.part(at):
            return self.scaled(*part)
        if self.word(at) in self.numbers.decimal:
            return self.decimals(at + 1)
        whole = self.whole(at)
        if whole is None or whole[0].denominator > 1:
            return whole
        value, end = whole
        more = self.decimals(end + 1) if self.word(end) in self.numbers.decimal else self.added(end)
        if more is None:
            return whole
        of = self.scale(end - 1) if self.numbers.half_a_scale else 1
        return self.scaled(value + more[0] * of, more[1])

    def scaled(self, value: Fraction, end: int) -> tuple[Fraction, int]:
        """``half a million``, ``two and a half thousand``."""
        scale = self.scale(self.skip(end, self.numbers.one))
        if scale == 1 and self.word(end) in self.numbers.thousand:
            return value * 1000, end + 1
        return (value * scale, self.skip(end, self.numbers.one) + 1) if scale > 1 else (value, end)

    def scale(self, at: int) -> int:
        return self.numbers.millions.get(self.word(at), 1)

    def part(self, at: int) -> Read:
        """A fraction: ``half``, ``a quarter``, ``three quarters`` (as tokens ``1 / 2`` is a sum)."""
        word = self.word(at)
        if alone := self.numbers.fractions.get(word) or _GLYPHS.get(word):
            return alone, at + 1
        read = (1, at + 1) if word in self.numbers.one else self.numbers.groups.longest(self.words, at)
        if read is None or not 0 < read[0] < 20:
            return None
        number, after = read
        if parts := self.numbers.parts.get(self.word(after)):
            return Fraction(number, parts), after + 1
        # "eine dreiviertel Stunde"
        alone = self.numbers.fractions.get(self.word(after), Fraction(1)) if number == 1 else Fraction(1)
        return (alone, after + 1) if alone < 1 else None

    def added(self, at: int) -> Read:
        """``and a half``, behind a whole number or a unit; also what is more, behind "and"."""
        for words, value in self.numbers.added:
            if tuple(self.words[at : at + len(words)]) == words:
                return value, at + len(words)
        if self.word(at) in _GLYPHS:
            return _GLYPHS[self.word(at)], at + 1
        part = self.part(at + 1) if self.word(at) in self.numbers.joining else None
        return part if part and part[0] < 1 else None

    def decimals(self, at: int) -> Read:
        """The words after ``point``: ``one four``, ``fourteen``, ``zero five``, ``75``."""
        digits = ""
        while (read := self.some_digits(at)) and (len(read[0]) == 1 or not digits.strip("0")):
            digits, at = digits + read[0], read[1]
            if len(read[0]) > 1:
                break
        if not digits or len(digits) > _LONGEST_LITERAL:
            return None
        return Fraction(int(digits), 10 ** len(digits)), at

    def some_digits(self, at: int) -> tuple[str, int] | None:
        if self.word(at) in self.numbers.zero_digit:
            return "0", at + 1
        if self.word(at).isdecimal():
            return self.word(at), at + 1
        read = self.numbers.groups.longest(self.words, at)
        return (str(read[0]), read[1]) if read and read[0] < 100 else None

    def whole(self, at: int) -> Read:
        """Falling scales: ``two million three hundred thousand and five``."""
        total, ceiling, end = Fraction(0), Fraction(_LARGEST), 0
        # "a hundred and five": the "and" belongs to the number only where something large stands before it.
        while read := self.thousands(self.skip(at, self.numbers.joining) if end else at):
            value, after = read
            scale = self.scale(after)
            if end and value * scale >= ceiling:
                break
            total, end = total + value * scale, after + (scale > 1)
            if scale == 1 or value == 0:
                break
            ceiling, at = Fraction(scale), end
        return (total, end) if end else None

    def thousands(self, at: int) -> Read:
        """Up to 999,999; digits as typed."""
        read = self.hundreds(at)
        if read is None:
            one = self.skip(at, self.numbers.one)
            if one > at and self.scale(one) > 1:
                return Fraction(1), one
            read = (Fraction(1), one) if one > at or "" in self.numbers.one else None
            if read is None or self.word(one) not in self.numbers.thousand:
                return None
        value, after = read
        if self.word(after) not in self.numbers.thousand:
            return read
        return self.with_rest(value * 1000, after + 1, 1000)

    def hundreds(self, at: int) -> Read:
        """Up to 999, or ``fifteen hundred``, or digits as typed."""
        digits = read_digits(self.word(at))
        if digits is not None:
            return (digits * 100, at + 2) if self.word(at + 1) in self.numbers.hundred else (digits, at + 1)
        read = self.numbers.groups.longest(self.words, at)
        if read is None:
            return None
        value, after = Fraction(read[0]), read[1]
        if 10 < value < 100 and self.word(after) in self.numbers.hundred:
            return self.with_rest(value * 100, after + 1, 100)
        return value, after

    def with_rest(self, value: Fraction, after: int, below: int) -> tuple[Fraction, int]:
        rest = self.hundreds(self.skip(after, self.numbers.joining)) if value.denominator == 1 else None
        return (value + rest[0], rest[1]) if rest and rest[0] < below else (value, after)


def _read(words: Words, at: int, language: str, read: Callable[[_Reader, int], Read]) -> Read:
    """With words of several numbers divided; what ends within one of them is none."""
    table = numbers(language)
    if table.seams is None:
        return read(_Reader(words, table), at)
    pieces, ends = list[str](), list[int]()
    for after, word in enumerate(words[at : at + _MOST_WORDS], at + 1):
        divided = table.divided(word)
        pieces += divided
        ends += [*[0] * (len(divided) - 1), after]
    found = read(_Reader(pieces, table), 0)
    return (found[0], ends[found[1] - 1]) if found and ends[found[1] - 1] else None


def read_number(words: Words, at: int = 0, language: str = "en") -> Read:
    """The longest number that begins at ``at``, sign included."""
    return _read(words, at, language, _Reader.number)


def read_added(words: Words, at: int = 0, language: str = "en") -> Read:
    """The part that is more, behind a unit: ``and a half`` of ``an hour and a half``."""
    return _read(words, at, language, _Reader.added)


def read_ordinal(words: Words, at: int = 0, language: str = "en") -> tuple[int, int] | None:
    """1 to 31: ``third``, ``25th``, ``premier``, ``1 er``, ``fünfundzwanzigsten``."""
    marked = re.fullmatch(r"(\d{1,2})(\D*)", words[at]) if at < len(words) else None
    if marked:
        apart = not marked[2] and at + 1 < len(words)
        mark, after = (words[at + 1], at + 2) if apart else (marked[2], at + 1)
        known = mark in numbers(language).ordinal_marks and 0 < int(marked[1]) < 32
        return (int(marked[1]), after) if known else None
    return numbers(language).ordinals.longest(words, at)


def whole_number(words: Words, language: str = "en") -> Fraction | None:
    """The value when all the words are one number."""
    read = read_number(words, 0, language)
    return read[0] if read and read[1] == len(words) else None


def _grouped(plain: str, written: Mapping[str, str]) -> str:
    """``12345.5`` → ``12,345.5``, ``12.345,5``; four digits stay together, as in a year."""
    whole, dot, decimals = plain.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(whole):,}".replace(",", written["grouping"]) if len(whole) > 4 else whole
    return sign + grouped + (written["decimal"] + decimals if dot else "")


def _decimal(value: Fraction, places: int) -> str:
    scaled = round(abs(value) * 10**places)
    whole, decimals = divmod(scaled, 10**places)
    text = f"{whole}.{decimals:0{places}d}".rstrip("0").rstrip(".") if places else str(whole)
    return "-" + text if value < 0 and scaled else text


def say_number(value: Fraction, language: str = "en", *, significant: int = 4) -> tuple[str, bool]:
    """``(text, exact)``: exact when it has at most six decimals and 15 digits before them, else rounded."""
    written = numbers(language).written
    size = abs(value)
    if size >= _LARGEST:
        return _scientific(value, len(str(int(size))) - 1, significant, written), False
    if (value * 10**6).denominator == 1:
        return _grouped(_decimal(value, 6), written), True
    places = significant - 1
    if size >= 1:
        places = max(0, significant - len(str(int(size))))
    else:
        while size and size < Fraction(1, 10):
            size, places = size * 10, places + 1
        places += size < 1
    if places > 9:
        return _scientific(value, significant - 1 - places, significant, written), False
    return _grouped(_decimal(value, places), written), False


def _scientific(value: Fraction, exponent: int, significant: int, written: Mapping[str, str]) -> str:
    mantissa = _decimal(value / Fraction(10) ** exponent, significant - 1)
    return written["scientific"].format(mantissa=mantissa.replace(".", written["decimal"]), exponent=exponent)


def say_minus(said: str, language: str = "en") -> str:
    """``-2`` → ``minus 2``."""
    return said.replace("-", f"{numbers(language).written['minus']} ", 1) if said.startswith("-") else said
