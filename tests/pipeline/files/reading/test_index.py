"""The index alone: what is found, what is not; nothing is missed where words are divided or joined."""

from __future__ import annotations

import time

from config.runtime.clean import clean
from pipeline.files.reading.index import Index
from pipeline.files.reading.outline import chapter, number_of, section_about, sections
from pipeline.files.reading.sentences import split
from tests.pipeline.files.reading.conftest import content_of
from tests.tables import for_each

TEXT = """Die Kündigungsfrist beträgt drei Monate. Dr. Weiß zahlt z. B. 14 Tage später.

La chaudière est entretenue chaque automne. L'entretien coûte 90 €.

A well-
known case. The tenants signed the e-mail. Weiss is not Weisz.

価格は三百円です。次は駅です。"""


@for_each(
    ("words", "language", "begins", "whole"),
    [
        ("Frist", "de", "Die Kündigungsfrist", True),
        ("KÜNDIGUNGSFRIST", "en", "Die Kündigungsfrist", True),
        ("kundigungsfrist", "en", "Die Kündigungsfrist", True),
        ("Weiss 14", "de", "Dr. Weiß", True),
        ("fourteen", "en", "Dr. Weiß", True),
        ("entretenir la chaudière", "fr", "La chaudière", False),
        ("well known", "en", "A wellknown", True),
        ("email", "en", "The tenants", True),
        ("tenant signs", "en", "The tenants", True),
        ("三百円", "en", "価格は三百円です。", True),
        ("chaudiere", "de", "La chaudière", True),
    ],
)
def test_it_is_found(words: str, language: str, begins: str, whole: bool) -> None:
    hits = Index(content_of("a.md", TEXT)).search(words, language)
    assert hits, "nothing was found"
    assert hits[0].sentence.text.startswith(begins)
    assert hits[0].whole is whole


@for_each(
    "words",
    ["submarine", "Zanzibar", "", "?!", "の国", "x" * 500, '" OR "zq', "NEAR(zq xq)", "*", "words:zq"],
)
def test_what_is_not_there_is_not_found(words: str) -> None:
    assert Index(content_of("a.md", TEXT)).search(words, "en") == []


@for_each("text", ["", "\n\n", "...", "#", "%%"])
def test_of_nothing_there_is_an_index(text: str) -> None:
    assert Index(content_of("a.md", text)).search("anything", "en") == []


def test_sentences_keep_their_lines_and_abbreviations() -> None:
    text = clean("Mr. Smith came.\nHe left at 3 p.m. on foot. Why?\n\nNobody knows.")
    assert list(split(text)) == [
        ("Mr. Smith came.", 0), ("He left at 3 p.m. on foot.", 1), ("Why?", 1), ("Nobody knows.", 3),
    ]  # fmt: skip


@for_each(
    ("title", "number"),
    [
        ("Chapter Two: Notice", 2), ("Kapitel 12", 12), ("2. Methods", 2), ("II. Methods", 2),
        ("Chapitre premier", 1), ("CAPÍTULO IV", 4), ("Sezione 3 – Costi", 3), ("2.1 Details", None),
        ("Introduction", None), ("1984", None), ("I was there", None), ("Mixed messages", None),
        ("2025 in numbers", None),
    ],
)  # fmt: skip
def test_a_chapter_has_its_number(title: str, number: int | None) -> None:
    assert number_of(title) == number


def test_an_entry_of_a_table_of_contents_is_no_place() -> None:
    text = "Frost damage . . . . . . . . 12\n\n3.1 Frost damage .\n\nAny frost damage is paid by the tenant."
    hits = Index(content_of("a.pdf", text)).search("frost damage", "en")
    assert hits[0].sentence.text == "Any frost damage is paid by the tenant."


def test_chapters_are_found_where_no_heading_is_marked() -> None:
    text = (
        "Chapter 1 ..... 3\n\nChapter One\n\nIt rained.\n\nCHAPTER TWO: Sun\n\nIt shone. Chapter two is here."
    )
    content = content_of("a.pdf", text)
    assert [section.title for section in sections(content)] == ["Chapter One", "CHAPTER TWO: Sun"]
    assert (found := chapter(content, 2)) is not None
    assert (found.first, found.end) == (3, 5)


def test_a_section_is_known_by_its_whole_number() -> None:
    content = content_of("a.md", "# 2.4 Costs\n\na\n\n# 4.2 Frost\n\nb\n\n# 4 All\n\nc")
    for said, title in (("4.2", "4.2 Frost"), ("2.4", "2.4 Costs"), ("frost", "4.2 Frost")):
        assert (found := section_about(content, said, "en")) is not None
        assert found.title == title


def test_a_long_text_is_searched_at_once() -> None:
    filler = "\n\n".join(
        f"Paragraph {n} tells of nothing and everything in turn {n % 97}." for n in range(6000)
    )
    index = Index(content_of("long.md", f"{filler}\n\nThe lighthouse keeper is called Marlow."))
    begun = time.process_time()
    hits = index.search("who is the keeper of the lighthouse", "en")
    assert hits[0].sentence.text == "The lighthouse keeper is called Marlow."
    assert time.process_time() - begun < 0.5
