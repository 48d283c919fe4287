"""An address is heard whole, and unlike any other."""

from __future__ import annotations

from config.language.codes import LANGUAGES
from config.language.phrases import phrases
from pipeline.tools.web.fetch import read_back
from pipeline.tools.web.spoken_address import spelled_host, spoken_address
from tests.tables import for_each


@for_each(
    ("url", "said"),
    [
        ("https://ab.de", "A, B, dot, D, E"),
        ("https://ab.de/", "A, B, dot, D, E"),
        ("https://ab.de/bread/Rye", "A, B, dot, D, E, slash, bread, slash, Rye"),
        ("http://ab.de", "http, colon, A, B, dot, D, E"),
        ("https://ab.de:8080/x", "A, B, dot, D, E, colon, 8, 0, 8, 0, slash, X"),
        ("https://a1.de/?key=s3cret", "A, 1, dot, D, E, slash, question mark, key, equals, S, 3, cret"),
        ("https://ab.de/%68%75nter", "A, B, dot, D, E, slash, hunter"),
        ("https://ab.de/a%20b%0Ac", "A, B, dot, D, E, slash, A, B, C"),
        ("https://ab.de/%2541", "A, B, dot, D, E, slash, percent, 4, 1"),
        ("https://ab.de/QmFzZQ", "A, B, dot, D, E, slash, Q, M, F, Z, Z, Q"),
        ("https://ab.de/\u0440\u0430y", "A, B, dot, D, E, slash, cyrillic small letter er, "
         "cyrillic small letter a, Y"),
        ("https://me:pw@ab.de/", "me, colon, pw, at, A, B, dot, D, E"),
        ("https://\u0430b.de/", "X, N, hyphen, hyphen, B, hyphen, 7, S, B, dot, D, E"),
        ("https://ab.de/#x\u200by", "A, B, dot, D, E, slash, hash, X, zero width space, Y"),
    ],
)  # fmt: skip
def test_all_of_it_is_said(url: str, said: str) -> None:
    assert spoken_address(url, "en") == said


@for_each(
    ("one", "other"),
    [
        ("https://paypal.com/", "https://paypa1.com/"), ("https://rnail.com/", "https://mail.com/"),
        ("https://apple.com/", "https://\u0430pple.com/"), ("https://a.com/b", "https://a.com.b"),
        ("https://a.com/b?c", "https://a.com/b"), ("https://a.com/b", "http://a.com/b"),
        ("https://a.com:444/", "https://a.com/"), ("https://a.com@b.com/", "https://a.com/b.com"),
        ("https://a.com/x1", "https://a.com/x?1"), ("https://a.com/b#c", "https://a.com/b/c"),
        ("https://a.com/b_c", "https://a.com/b-c"), ("https://a.com/\u0430", "https://a.com/a"),
    ],
)  # fmt: skip
def test_two_that_look_alike_do_not_sound_alike(one: str, other: str) -> None:
    assert spoken_address(one, "en") != spoken_address(other, "en")


@for_each("language", LANGUAGES)
def test_a_read_back_names_host_and_address_in_each_language(language: str) -> None:
    said = read_back({"url": "https://ab.de/c?d=1"}, language)
    assert spelled_host("ab.de", language) in said
    assert phrases(language).tables["address_marks"]["?"] in said
    assert said.endswith("?")
