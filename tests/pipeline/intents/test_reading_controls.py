"""What is said while something is read aloud, and the place that is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.language.data import languages, table
from config.language.templates import texts
from pipeline.conversation.reading_position import DELAY, ReadingPosition
from pipeline.conversation.unheard import UnheardRemainder
from pipeline.intents.reading_controls import ReadingControl, reading_control
from pipeline.pictures.spelling import chosen, spelled
from tests.tables import for_each


@for_each(
    ("said", "kind"),
    [
        ("Next.", "next"),
        ("next paragraph, please", "next"),
        ("Skip this one", "next"),
        ("Nächster Absatz", "next"),
        ("paragraphe suivant", "next"),
        ("el siguiente párrafo", "next"),
        ("Go back.", "back"),
        ("the previous paragraph", "back"),
        ("zurück", "back"),
        ("Again, please", "again"),
        ("noch einmal", "again"),
        ("Start over", "start"),
        ("read it from the beginning", "start"),
        ("von Anfang an", "start"),
        ("Go on", "on"),
        ("lies weiter", "on"),
        ("Where was I?", "where"),
        ("Spell that", "spell"),
        ("Spell that for me, please.", "spell"),
        ("Buchstabiere das", "spell"),
        ("épelle ça", "spell"),
        ("deletréalo", "spell"),
    ],
)
def test_leafing(said: str, kind: str) -> None:
    assert reading_control(said) == ReadingControl(kind)  # type: ignore[arg-type]


def test_a_word_to_be_spelled_is_named() -> None:
    assert reading_control("Spell Okafor") == ReadingControl("spell", "okafor")
    assert reading_control("How do you spell Paisley?") == ReadingControl("spell", "paisley")
    assert reading_control("Buchstabiere den Namen Hale") == ReadingControl("spell", "hale")


@pytest.mark.parametrize(
    "said", ["what comes next", "the next train", "go back to Paris", "spell", "again and again", ""]
)
def test_what_only_sounds_like_it(said: str) -> None:
    assert reading_control(said) is None


TEXT = ("Dear Anna.", "The lift is broken.", "Use the stairs.")


def test_the_place_moves_with_what_was_heard() -> None:
    mark = ReadingPosition()
    assert mark.open(TEXT) == "Dear Anna.\n\nThe lift is broken.\n\nUse the stairs."
    mark.moved(UnheardRemainder("is broken.", "Use the stairs."))
    assert mark.number == 1
    assert mark.rest == UnheardRemainder("is broken.", "Use the stairs.")
    assert mark.leaf("again") == UnheardRemainder("", "The lift is broken.\n\nUse the stairs.")
    assert mark.leaf("where") is None
    mark.moved(UnheardRemainder("lift is broken.", "\n\nUse the stairs."))
    assert mark.leaf("next") == UnheardRemainder("", "Use the stairs.")
    mark.moved(UnheardRemainder("the stairs.", ""))
    assert mark.leaf("back") == UnheardRemainder("", "The lift is broken.\n\nUse the stairs.")
    mark.moved(UnheardRemainder())
    assert mark.number == 2
    assert not mark.leaf("next")
    assert mark.leaf("start") == UnheardRemainder("", mark.text)


def test_after_some_other_answers_next_no_longer_means_the_text() -> None:
    mark = ReadingPosition()
    mark.open(TEXT)
    for _ in range(DELAY):
        mark.left()
    assert mark.is_open
    mark.left()
    assert not mark.is_open


@given(st.lists(st.text("ab .\n", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=6), st.data())
def test_wherever_it_was_cut_going_on_loses_nothing(paragraphs: list[str], data: st.DataObject) -> None:
    mark = ReadingPosition()
    text = mark.open(paragraphs)
    at = data.draw(st.integers(0, len(text)))
    mark.moved(UnheardRemainder("", text[at:]))
    assert text[:at] + mark.rest.text == text or text.endswith(mark.rest.text)
    assert mark.rest.text.strip() == text[at:].strip()
    assert 0 <= mark.number < mark.count


def test_the_word_meant_is_the_one_that_needs_spelling() -> None:
    assert chosen("Ring the office. Ask for Mrs Okafor today.") == "Okafor"
    assert chosen("The code is on page 4B of it") == "4B"
    assert chosen("yours sincerely") == "sincerely"
    assert chosen("Made in Paisley. Keep it dry.", "paisly") == "Paisley"
    assert chosen("Made in Paisley.", "aberdeen") == ""
    assert chosen("…") == ""


def test_letters_are_said_one_by_one() -> None:
    assert spelled("O'Hare") == "O'Hare: O, apostrophe, H, A, R, E."
    assert spelled("a@b.de", "de") == "a@b.de: A, at, B, Punkt, D, E."
    assert spelled("Groß", "de") == "Groß: G, R, O, ß."


@pytest.mark.parametrize("language", languages())
def test_every_way_to_say_it_is_understood_as_that(language: str) -> None:
    """None is hidden by another kind's, in this language or in another."""
    ways = table(language, "reading_controls")
    for kind, templates in ways["controls"].items():
        said = [text for template in templates for text in texts(template, ways.get("rules"))]
        word = " Adelheid" if kind == "spell_word" else ""
        wanted = ReadingControl("spell", "adelheid") if word else ReadingControl(kind)
        assert [text for text in said if reading_control(text + word) != wanted] == [], kind
