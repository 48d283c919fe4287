"""What can be said to a page beside text; what --explain shows; which language and paragraph are meant."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dictation.rewrite.styles import spoken_styles, style, style_for, styles
from pipeline.dictation.text.chunks import in_chunks, paragraph_of
from pipeline.dictation.text.document import TranscriptDocument
from pipeline.dictation.text.language import language_of
from pipeline.dictation.text.stages import explained
from tests.tables import for_each


def test_a_rewrite_can_be_taken_back() -> None:
    page = TranscriptDocument()
    page.push("um this is it")
    page.replace("This is it.")
    assert page.push("undo that").text == "um this is it"
    assert page.push("redo").text == "This is it."


def test_scratch_that_takes_utterances_however_the_text_changed_before_them() -> None:
    page = TranscriptDocument()
    for utterance in ("We met Ana Leena.", "At noon.", "Correct Ana Leena to Annalena.", "Scratch that."):
        page.push(utterance)
    assert page.text == "We met Annalena."
    page.push("Scratch that.")
    assert page.text == ""
    assert page.push("Scratch that.").kind == "undo"


def test_a_style_is_named_as_it_is_spoken() -> None:
    page = TranscriptDocument(modes=spoken_styles())
    asked = ("Mode e mail.", "Switch to commit message.", "Bullets mode")
    assert [page.push(said).detail for said in asked] == [
        "email", "commit", "bullets",
    ]  # fmt: skip


def test_explain_shows_each_stage_and_why() -> None:
    page = TranscriptDocument()
    assert explained(page.push("hello comma world").stages) == [
        "── heard", "hello comma world",
        "── vocabulary: names as you write them (no change)",
        "── inline: spoken marks and lines", "hello, world",
    ]  # fmt: skip
    assert explained(page.push("Scratch that.").stages) == [
        "── commands: “Scratch that.” is a command (scratch)",
        "",
    ]


def test_an_hour_of_utterances_stays_quick() -> None:
    page = TranscriptDocument()

    def spent_s(begin: int) -> float:
        began = time.process_time()
        for n in range(begin, begin + 300):
            page.push(f"This is utterance number {n} of a long dictation comma and it goes on.")
        return time.process_time() - began

    spent = [spent_s(begin) for begin in range(0, 1500, 300)]
    assert spent[-1] < 4 * spent[0], spent
    for _ in range(100):
        page.push("scratch that")
    assert page.text.endswith("utterance number 1399 of a long dictation, and it goes on.")
    assert len(page.text) > 80_000


@for_each(
    ("program", "name"),
    [("Thunderbird", "email"), ("org.gnome.Evolution", "email"), ("Slack", "message"), ("code", "prompt"),
     ("digikam", ""), ("barcode", ""), ("XTerm", ""), ("", "")],
)  # fmt: skip
def test_the_style_for_the_program_that_receives(program: str, name: str) -> None:
    found = style_for(program)
    assert (found.name if found else "") == name


def test_the_styles_that_are_promised_are_there() -> None:
    promised = "raw clean message email notes bullets formal friendly shorter commit prompt translate"
    assert set(promised.split(" ")) <= set(styles())
    assert style("commit message").name == "commit"
    assert "into French" in style("translate:fr").prompt
    assert "into English" in style("translate").prompt


@for_each(
    ("text", "language"),
    [
        ("so I think that we should go to the station", "en"),
        ("wir gehen um acht um die Ecke und dann in die Stadt", "de"),
        ("je suis dans la maison avec les enfants", "fr"),
        ("la casa de mi hermano es muy grande y no está lejos", "es"),
        ("la casa di mio fratello è molto grande e non è lontana", "it"),
        ("domani non vengo perché ho già un impegno con loro", "it"),
        ("I come in a minute", "en"),
        ("Berlin Paris Madrid", ""),
        ("", ""),
    ],
)
def test_which_language_a_text_is_in(text: str, language: str) -> None:
    assert language_of(text) == language


@given(st.text(alphabet="ab. \n?", max_size=400), st.integers(8, 60))
def test_parts_joined_are_the_text(text: str, most: int) -> None:
    parts = in_chunks(text, most)
    assert "".join(part + gap for part, gap in parts) == text.lstrip()
    assert all(0 < len(part) <= most for part, _ in parts)


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [("make it shorter", ""), ("second paragraph friendlier", "two"), ("den dritten absatz kürzer", "three"),
     ("the last paragraph", "three"), ("fifth paragraph", ""), ("il secondo paragrafo più corto", "two"),
     ("l'ultimo paragrafo più gentile", "three")],
)  # fmt: skip
def test_which_paragraph_a_wish_speaks_of(wanted: str, chosen: str) -> None:
    text = "one\n\ntwo\n\nthree"
    before, found, after = paragraph_of(text, wanted)
    assert found == (chosen or text)
    assert before + found + after == text
