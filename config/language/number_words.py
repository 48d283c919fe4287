"""Numbers as people say them, read into exact fractions; and exact fractions said again.

``read_*`` functions take the words of an utterance and a place among them, and give the value and the place
after it, or None. Written for English: ``a hundred and five``, ``three point one four``, ``two and a half``,
``1,250.5``, ``minus 3 million``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from config.language.normalise import listed

Words = Sequence[str]
Read = tuple[Fraction, int] | None

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
ONES = {word: n for n, word in enumerate([*_ONES.split(), "seventeen", "eighteen", "nineteen"])}
TENS = {
    word: 10 * n
    for n, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
} | {"fourty": 40}
SCALES = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 1000}
PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9,
    "ninths": 9, "tenth": 10, "tenths": 10, "hundredth": 100, "hundredths": 100,
}  # fmt: skip
_LONGEST_LITERAL = 30


def _word(words: Words, at: int) -> str:
    return words[at] if at < len(words) else ""


def read_digits(word: str) -> Fraction | None:
    """``1,250.5`` → 2501/2; at most 30 characters, so that nothing can grow out of hand."""
    plain = word.replace(",", "")
    if len(plain) > _LONGEST_LITERAL or not plain.replace(".", "", 1).isdecimal():
        return None
    return Fraction(plain)


def _read_small(words: Words, at: int) -> tuple[int, int] | None:
    """1 to 99 in words."""
    word = _word(words, at)
    if word in ONES:
        return ONES[word], at + 1
    if word not in TENS:
        return None
    unit = ONES.get(_word(words, at + 1), 0)
    return (TENS[word] + unit, at + 2) if 1 <= unit <= 9 else (TENS[word], at + 1)


def _read_group(words: Words, at: int) -> Read:
    """Up to 999, or ``fifteen hundred``, or digits as typed."""
    digits = read_digits(_word(words, at))
    if digits is not None:
        return (digits * 100, at + 2) if _word(words, at + 1) == "hundred" else (digits, at + 1)
    if _word(words, at) == "a" and _word(words, at + 1) in {"hundred", *SCALES}:
        small: tuple[int, int] | None = (1, at + 1)
    else:
        small = _read_small(words, at)
    if small is None or small[0] == 0 or _word(words, small[1]) != "hundred":
        return small and (Fraction(small[0]), small[1])
    value, at = small[0] * 100, small[1] + 1
    rest = _read_small(words, at + (_word(words, at) == "and"))
    if rest and rest[0]:
        value, at = value + rest[0], rest[1]
    return Fraction(value), at


def _read_whole(words: Words, at: int) -> Read:
    """Groups with falling scales: ``two million three hundred thousand and five``."""
    total, ceiling, end = Fraction(0), Fraction(10**15), 0
    while True:
        step = at + 1 if end and _word(words, at) == "and" else at
        group = _read_group(words, step)
        if group is None:
            break
        value, after = group
        scale = SCALES.get(_word(words, after), 1)
        # "a hundred and five": the "and" belongs to the number only where something large stands before it.
        if end and value * scale >= ceiling:
            break
        total, end = total + value * scale, after + (scale > 1)
        if scale == 1 or value == 0:
            break
        ceiling, at = Fraction(scale), end
    return (total, end) if end else None


def _read_decimals(words: Words, at: int) -> Read:
    """The words after ``point``: ``one four``, ``fourteen``, ``zero five``, ``75``."""
    digits = ""
    while True:
        word = _word(words, at)
        if word in {"oh", "o"}:
            digits, at = digits + "0", at + 1
        elif ONES.get(word, 10) < 10:
            digits, at = digits + str(ONES[word]), at + 1
        elif not digits and (small := _read_small(words, at)):
            digits, at = str(small[0]), small[1]
            break
        elif not digits and word.isdecimal():
            digits, at = word, at + 1
            break
        else:
            break
    if not digits or len(digits) > _LONGEST_LITERAL:
        return None
    return Fraction(int(digits), 10 ** len(digits)), at


def _read_part(words: Words, at: int) -> Read:
    """A fraction: ``half``, ``a quarter``, ``three quarters``, ``1/2`` (as tokens ``1 / 2`` is a sum)."""
    if _word(words, at) in {"half", "quarter"}:
        return Fraction(1, PARTS[_word(words, at)]), at + 1
    number = 1 if _word(words, at) in {"a", "one"} else ONES.get(_word(words, at), 0)
    denominator = PARTS.get(_word(words, at + 1))
    return (Fraction(number, denominator), at + 2) if number and denominator else None


def read_number(words: Words, at: int = 0) -> Read:
    """The longest number that begins at ``at``, sign included."""
    if _word(words, at) in {"minus", "negative", "-"}:
        read = _read_unsigned(words, at + 1)
        return read and (-read[0], read[1])
    return _read_unsigned(words, at)


def _read_unsigned(words: Words, at: int) -> Read:
    if part := _read_part(words, at):
        return part
    if _word(words, at) == "point":
        return _read_decimals(words, at + 1)
    whole = _read_whole(words, at)
    if whole is None:
        return None
    value, end = whole
    if (
        _word(words, end) == "point"
        and value.denominator == 1
        and (decimals := _read_decimals(words, end + 1))
    ):
        value, end = value + decimals[0], decimals[1]
        if (scale := SCALES.get(_word(words, end), 1)) > 1:
            value, end = value * scale, end + 1
    elif _word(words, end) == "and" and (part := _read_part(words, end + 1)) and part[0] < 1:
        value, end = value + part[0], part[1]
        if (scale := SCALES.get(_word(words, end), 1)) > 1:
            value, end = value * scale, end + 1
    return value, end


def whole_number(words: Words) -> Fraction | None:
    """The value when all the words are one number."""
    read = read_number(words)
    return read[0] if read and read[1] == len(words) else None


def group_digits(plain: str) -> str:
    """``12345.5`` → ``12,345.5``; four digits stay together, as in a year."""
    whole, dot, decimals = plain.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + (f"{int(whole):,}" if len(whole) > 4 else whole) + dot + decimals


def _decimal(value: Fraction, places: int) -> str:
    scaled = round(abs(value) * 10**places)
    whole, decimals = divmod(scaled, 10**places)
    text = f"{whole}.{decimals:0{places}d}".rstrip("0").rstrip(".") if places else str(whole)
    return "-" + text if value < 0 and scaled else text


def say_number(value: Fraction, *, significant: int = 4) -> tuple[str, bool]:
    """``(text, exact)``: exact when it has at most six decimals and 15 digits before them, else rounded."""
    size = abs(value)
    if size >= 10**15:
        exponent = len(str(int(size))) - 1
        mantissa = _decimal(value / 10**exponent, significant - 1)
        return f"{mantissa} times 10 to the power of {exponent}", False
    if (value * 10**6).denominator == 1:
        return group_digits(_decimal(value, 6)), True
    places = significant - 1
    if size >= 1:
        places = max(0, significant - len(str(int(size))))
    else:
        while size and size < Fraction(1, 10):
            size, places = size * 10, places + 1
        places += size < 1
    if places > 9:
        exponent = significant - 1 - places
        return (
            f"{_decimal(value / Fraction(10) ** exponent, significant - 1)} times 10 to the power of "
            f"{exponent}",
            False,
        )
    return group_digits(_decimal(value, places)), False
