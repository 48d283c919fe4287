""" "Read it" on rendered pages: the small part of ``make bench ARGS=image`` that every run of the tests
makes.
"""

from __future__ import annotations

from bench.pictures.reading_pages import compare, read_pages
from bench.pictures.rendering import LOOKS, Look, render, texts
from tests.tables import for_each


def test_two_columns_that_slant_white_on_black() -> None:
    look = Look("DejaVuSans", 20, columns=2, turned=-3, ink="#f4f4f4", paper="#101010", height=700)
    three_paragraphs = "\n\n".join(texts()[4].split("\n\n")[:3])
    (page,) = read_pages([(three_paragraphs, look)])
    assert page.wrong <= 0.03 * page.words
    assert page.misplaced == ()


def test_what_is_counted() -> None:
    lines = ["the quick brown fox", "jumps over", "the lazy dog"]
    assert compare(lines, "The quick, brown fox\njumps over the lazy dog!").wrong == 0
    assert compare(lines, "the quick brown box jumps over the lazy dog").wrong == 1
    swapped = compare(lines, "jumps over the quick brown fox the lazy dog")
    assert swapped.misplaced == ("jumps over",)
    assert compare(lines, "").wrong == 9


@for_each("look", LOOKS)
def test_every_page_holds_its_text(look: Look) -> None:
    longest = max(texts(), key=len)
    _, lines = render(longest, look)
    assert " ".join(lines).split() == longest.split()
