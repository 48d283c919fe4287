"""The place in a text, kept: all of it read on and on, or a paragraph at a time."""

from __future__ import annotations

from pipeline.conversation.reading_position import ReadingPosition
from pipeline.conversation.unheard import UnheardRemainder

PARAGRAPHS = ("One two three.", "Four five six.", "Seven.")


def test_a_paragraph_at_a_time_is_read_and_the_next_when_it_is_asked_for() -> None:
    place = ReadingPosition()
    assert place.open(PARAGRAPHS, one_by_one=True) == PARAGRAPHS[0]
    place.moved(UnheardRemainder())
    assert (place.number, place.heard.strip()) == (0, PARAGRAPHS[0])
    for kind in ("next", "on"):
        rest = place.leaf("next" if kind == "next" else "on")
        assert rest is not None
        assert rest.text == PARAGRAPHS[1 if kind == "next" else 2]
        place.moved(UnheardRemainder())
    last = place.leaf("next")
    assert not last
    back = place.leaf("back")
    assert back is not None
    assert back.text in PARAGRAPHS[1:]


def test_one_that_was_cut_goes_on_at_the_word_and_no_further_than_its_end() -> None:
    place = ReadingPosition()
    place.open(PARAGRAPHS, one_by_one=True)
    place.moved(UnheardRemainder("two", " three."))
    assert place.rest == UnheardRemainder("two", "three.")
    assert place.number == 0
    place.moved(UnheardRemainder())
    again = place.leaf("again")
    assert again is not None
    assert again.text == PARAGRAPHS[0]


def test_all_of_a_text_is_read_as_before() -> None:
    place = ReadingPosition()
    assert place.open(PARAGRAPHS) == "\n\n".join(PARAGRAPHS)
    place.moved(UnheardRemainder("five", " six.\n\nSeven."))
    assert place.number == 1
    following = place.leaf("next")
    assert following is not None
    assert following.text == "Seven."
