"""Code as it is spoken: no sign is lost, and each language has a name for each."""

from __future__ import annotations

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from config.language.data import languages, table
from pipeline.code.spoken import spelled_line, spoken_line
from tests.tables import for_each

ASCII = "".join(sign for sign in string.punctuation)


def signs(language: str) -> dict[str, str]:
    found: dict[str, str] = table(language, "code")["spoken"]["signs"]
    return found


@for_each("language", languages())
def test_every_sign_of_a_keyboard_has_a_name_of_its_own(language: str) -> None:
    names = signs(language)
    assert set(ASCII) <= names.keys()
    assert len({names[sign] for sign in ASCII}) == len(ASCII)
    assert names.keys() == signs("en").keys()


@for_each(
    ("line", "said"),
    [
        ("    def parse_date(text):", "def parse date, open parenthesis, text, close parenthesis, colon"),
        ("maxSize >= MAX_SIZE", "max size at least max size"),
        ("x**2 // 3.14", "x double star 2 double slash 3.14"),
        ("__init__ _private", "double underscore init double underscore underscore private"),
        ("parseHTTPServer2(utf8)", "parse HTTP server 2, open parenthesis, utf 8, close parenthesis"),
        ('a != "b\\n"', "a not equal, quote, b backslash n, quote"),
        (
            "if (a === b && !c) {",
            "if, open parenthesis, a triple equals b double ampersand exclamation mark c, "
            "close parenthesis, open brace",
        ),
        ("größe = 1", "größe equals 1"),
        ("x = '→'", "x equals, single quote, rightwards arrow, single quote"),
        ("_", "underscore"),
        ("", ""),
    ],
)
def test_a_line_is_said_by_its_words_and_signs(line: str, said: str) -> None:
    assert spoken_line(line, "en") == said


@given(st.text(alphabet=ASCII + "abXY12 ", max_size=30))
@settings(max_examples=80, deadline=None)
def test_no_sign_is_lost(line: str) -> None:
    """A sign is said by its own name or within that of a longer one; the underscore between words is none."""
    said = f" {spoken_line(line, 'en').replace(',', ' ')} "
    for sign in set(line) - set("_ abXY12"):
        longer = [name for other, name in signs("en").items() if sign in other and other in line]
        in_a_number = sign == "." and sign in said
        assert in_a_number or any(f" {name} " in " ".join(said.split()).join("  ") for name in longer), (
            sign,
            said,
        )
    for letter in set(line) & set("abXY12"):
        assert letter.lower() in said.lower()


@given(st.text(alphabet=ASCII + "aBc1 \t", max_size=20))
@settings(max_examples=80, deadline=None)
def test_what_is_spelled_can_be_typed_again(line: str) -> None:
    names = {name: sign for sign, name in signs("en").items() if len(sign) == 1}
    typed = ""
    for word in spelled_line(line, "en").split(", ") if line else ():
        if word == "space" or word.endswith(" spaces"):
            typed += " " * int(word.split()[0] if " " in word else 1)
        else:
            typed += "\t" if word == "tab" else names.get(word) or word.removeprefix("capital ")
    assert typed == line
