"""Numbers as five languages say and write them; each is read as the fraction that it is."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.data import languages, table
from config.language.normalise import normalise
from config.language.number_words import read_number, read_ordinal, say_number, whole_number
from config.language.numbers import counted, figures, numbers

NUMBERS = {
    "en": {
        "twenty-five": 25,
        "a hundred and five": 105,
        "fifteen hundred and five": 1505,
        "half a million": 500_000,
        "2½": "5/2",
        "1,234.5": "2469/2",
        "two point oh fifteen": "403/200",
        "a million and a half": "2000001/2",
    },
    "de": {
        "fünfundzwanzig": 25,
        "fuenf und zwanzig": 25,
        "hunderteins": 101,
        "neunzehnhundertachtzig": 1980,
        "zweitausenddreihundertfünf": 2305,
        "zwei hunderttausend": 200_000,
        "tausendundeins": 1001,
        "eine Million zweihundert": 1_000_200,
        "2,5 Millionen": 2_500_000,
        "anderthalb": "3/2",
        "zweieinhalb": "5/2",
        "zwei und ein halb": "5/2",
        "drei viertel": "3/4",
        "eine dreiviertel": "3/4",
        "drei Komma eins vier": "3.14",
        "drei Komma null fünf": "3.05",
        "1.234,5": "2469/2",
        "3,5": "7/2",
        "minus fünf": -5,
        "eineinhalb Millionen": 1_500_000,
    },
    "fr": {
        "quatre-vingt-dix-sept": 97,
        "soixante et onze": 71,
        "septante-deux": 72,
        "quatre-vingts": 80,
        "quatre-vingt mille": 80_000,
        "deux cent quatre-vingt-un": 281,
        "mille deux cents": 1200,
        "deux et demi": "5/2",
        "un million et demi": 1_500_000,
        "trois quarts": "3/4",
        "un tiers": "1/3",
        "trois virgule quatorze": "3.14",
        "1 234,5": "2469/2",
        "10 000": 10_000,
        "moins cinq": -5,
        "vingt et un mille": 21_000,
    },
    "es": {
        "veintitrés": 23,
        "treinta y uno": 31,
        "ciento cinco": 105,
        "quinientas": 500,
        "mil novecientos ochenta": 1980,
        "dos mil millones": 2_000_000_000,
        "dos y media": "5/2",
        "un millón y medio": 1_500_000,
        "tres cuartos": "3/4",
        "tres coma cinco": "7/2",
        "1.234,5": "2469/2",
        "3.5": "7/2",
        "menos tres": -3,
        "veintiún mil": 21_000,
    },
    "it": {
        "ventitré": 23,
        "centoventi": 120,
        "centottanta": 180,
        "centootto": 108,
        "duemilatrecento": 2300,
        "mille e uno": 1001,
        "tremila cinque": 3005,
        "due e mezzo": "5/2",
        "un milione e mezzo": 1_500_000,
        "tre quarti": "3/4",
        "tre virgola cinque": "7/2",
        "1.234,5": "2469/2",
        "meno due": -2,
        "ventun mila": 21_000,
    },
}
NONE = {
    "en": ["ten oh", "five three", "one thousand five thousand", "thousand", "and five"],
    "de": ["fünf drei", "und", "hunderte"],
    "fr": ["cinq trois", "et demi et demi", "milles"],
    "es": ["cinco tres", "y media y media", "milla"],
    "it": ["cinque tre", "milano", "sei otto"],
}
CASES = [(language, text, value) for language, some in NUMBERS.items() for text, value in some.items()]


WRITTEN = (
    str.upper,
    lambda text: f"{text}.",
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
)


def read(text: str, language: str) -> Fraction | None:
    return whole_number(normalise(text, language=language).split(), language)


@pytest.mark.parametrize(("language", "text", "value"), CASES)
def test_a_number_is_read(language: str, text: str, value: int | str) -> None:
    assert read(text, language) == Fraction(value)
    assert {read(write(text), language) for write in WRITTEN} == {Fraction(value)}


@pytest.mark.parametrize(("language", "text"), [(of, text) for of, some in NONE.items() for text in some])
def test_what_is_no_number_is_none(language: str, text: str) -> None:
    assert read(text, language) is None


def test_a_word_that_only_begins_like_a_number_is_none_of_it() -> None:
    assert read_number(["zwei", "tausendfussler"], 0, "de") == (Fraction(2), 1)
    assert read_number(["due", "milano"], 0, "it") == (Fraction(2), 1)


@pytest.mark.parametrize("language", languages())
def test_each_of_the_words_is_its_own_number(language: str) -> None:
    words = table(language, "numbers")["words"]
    assert (len(words["under_hundred"]), len(words["hundreds"])) == (100, 9)
    for n, forms in enumerate(words["under_hundred"]):
        assert {read(form, language) for form in forms.split("|")} == {n}
    groups = numbers(language).groups
    assert set(groups.values.values()) == set(range(1000))


@pytest.mark.parametrize("language", languages())
@given(number=st.integers(-(10**14), 10**14), parts=st.sampled_from([1, 2, 4, 5, 8, 10, 100]))
@settings(max_examples=60, deadline=None)
def test_what_is_said_is_read_as_what_it_was(language: str, number: int, parts: int) -> None:
    said, exact = say_number(Fraction(number, parts), language)
    assert exact
    assert read(said, language) == Fraction(number, parts)


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "25th", 25),
        ("en", "twenty first", 21),
        ("de", "fünfundzwanzigsten", 25),
        ("de", "dritter", 3),
        ("de", "siebte", 7),
        ("fr", "1er", 1),
        ("fr", "vingt et unième", 21),
        ("fr", "première", 1),
        ("es", "trigésimo primero", 31),
        ("es", "1º", 1),
        ("es", "primera", 1),
        ("it", "primo", 1),
        ("it", "ventitreesimo", 23),
        ("it", "8º", 8),
    ],
)
def test_an_ordinal_is_read(language: str, text: str, number: int) -> None:
    words = normalise(text, language=language).split()
    assert read_ordinal([*words, "x"], 0, language) == (number, len(words))
    assert read_ordinal(["7"], 0, language) is None


@pytest.mark.parametrize("language", languages())
def test_each_day_of_a_month_has_its_ordinal(language: str) -> None:
    assert set(numbers(language).ordinals.values.values()) == set(range(1, 32))


@pytest.mark.parametrize("language", languages())
def test_what_one_counts_with_is_read_as_the_same_number(language: str) -> None:
    words = counted(language)
    assert {*range(13), 20, 30, 40, 50, 60, 70, 80, 90, 100} <= set(words.values())
    alone = {word: number for word, number in words.items() if number < 100}
    read = {word: read_number(normalise(word).split(), 0, language) for word in alone}
    assert {word: found and found[0] for word, found in read.items()} == alone
    assert len(figures(language)) >= 10
