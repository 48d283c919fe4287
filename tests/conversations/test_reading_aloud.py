"""A page is read aloud, interrupted, leafed through. On the stage, with a real page and the real reader."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from bench.pictures.rendering import Look, render, texts
from pipeline import events
from pipeline.intents.read_aloud import wants_reading
from vision.images.open import from_pixels
from vision.images.picture import Picture

FIRST = "The lift will be repaired on Monday and all of Tuesday."
SECOND = "Ask Mrs Okafor for the key of the cellar."
THIRD = "Please use the stairs at the back until then."


@pytest.fixture(scope="module")
def notice() -> Picture:
    page = Image.new("RGB", (900, 420), "white")
    for number, text in enumerate((FIRST, SECOND, THIRD)):
        ImageDraw.Draw(page).text((40, 40 + 130 * number), text, "black", ImageFont.load_default(28))
    return from_pixels(page, "notice.png")


def heard(play: Any) -> list[str]:
    return [event.heard for event in play.of(events.Spoke) if event.heard]


def test_all_of_it_is_read_without_a_mind(scene: Any, notice: Picture) -> None:
    play = scene({}, skills=True)
    play.shown = [notice]
    play.person.says(1.0, 1.6, "Read it to me.")
    play.play()
    assert heard(play) == [f"{FIRST}\n\n{SECOND}\n\n{THIRD}"]


@pytest.mark.parametrize(
    ("language", "read", "describe", "described"),
    [
        ("de", "Lies mir bitte den Zettel vor.", "Was ist auf dem Bild?", "Darauf steht: "),
        ("fr", "Tu peux me lire la lettre ?", "Qu’est-ce qu’il y a sur la photo ?", "Il est écrit : "),
        ("es", "Léeme todo el texto, por favor.", "¿Qué hay en la foto?", "Pone: "),
        ("it", "Puoi leggermelo ad alta voce?", "Che cosa c’è nella foto?", "C'è scritto: "),
    ],
)
def test_it_is_read_and_described_in_any_language(
    scene: Any, notice: Picture, language: str, read: str, describe: str, described: str
) -> None:
    play = scene({}, skills=True)
    play.shown = [notice]
    play.person.says(1.0, 2.0, read, language=language).says(30.0, 31.0, describe, language=language)
    play.play()
    first, second = heard(play)
    assert first == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
    assert second.startswith(described)


def test_a_mind_is_not_asked_to_read_and_knows_what_was_read(scene: Any, notice: Picture) -> None:
    play = scene({"Who has the key?": "Mrs Okafor has it."})
    play.shown = [notice]
    play.person.says(1.0, 1.6, "Read it.").says(15.0, 16.0, "Who has the key?")
    play.play()
    assert len(play.llm.asked) == 1
    assert SECOND in play.llm.asked[0][-2].text


def test_next_back_and_again_while_it_is_read(scene: Any, notice: Picture) -> None:
    play = scene({}, skills=True)
    play.shown = [notice]
    # Each word takes 0.3 s: "next" comes in the first paragraph, "back" in the second, "again" in the first.
    play.person.says(1.0, 1.6, "Read it.").says(4.0, 4.5, "Next.").says(7.0, 7.5, "Back.")
    play.person.says(10.0, 10.5, "Again.")
    play.play()
    first, second, third, fourth = heard(play)
    assert FIRST.startswith(first)
    assert SECOND.startswith(second)
    assert FIRST.startswith(third)
    assert fourth == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_go_on_after_stop_and_after_a_question(scene: Any, notice: Picture) -> None:
    play = scene({"Who owns the house?": "It is not said."})
    play.shown = [notice]
    play.person.says(1.0, 1.6, "Read it.").says(4.0, 4.4, "Stop.").says(6.0, 7.0, "Who owns the house?")
    play.person.says(11.0, 11.6, "Go on.")
    play.play()
    begun, owner, rest = heard(play)
    assert owner == "It is not said."
    assert f"{begun} {rest}".split() == f"{FIRST} {SECOND} {THIRD}".split()


def test_slower_keeps_the_place(scene: Any, notice: Picture) -> None:
    play = scene({}, skills=True)
    play.shown = [notice]
    play.person.says(1.0, 1.6, "Read it.").says(4.0, 4.5, "Slower.").says(8.0, 8.4, "Next.")
    play.play()
    assert play.voice.speed < 1.0
    begun, slower, last = heard(play)
    assert FIRST.startswith(begun)
    assert (
        f"{begun} {slower}".split() == f"{FIRST} {SECOND} {THIRD}".split()[: len(f"{begun} {slower}".split())]
    )
    assert last in (f"{SECOND}\n\n{THIRD}", THIRD)


def test_a_name_that_was_read_is_spelled_and_the_place_is_kept(scene: Any, notice: Picture) -> None:
    play = scene({}, skills=True)
    play.shown = [notice]
    play.person.says(1.0, 1.6, "Read it.").says(7.0, 7.6, "Spell that.").says(13.0, 13.5, "Continue.")
    play.play()
    begun, letters, rest = heard(play)
    assert "Okafor" in begun
    assert letters == "Okafor: O, K, A, F, O, R."
    assert f"{begun} {rest}".split() == f"{FIRST} {SECOND} {THIRD}".split()


def test_past_the_last_paragraph_there_is_no_next(scene: Any, notice: Picture) -> None:
    play = scene({}, skills=True)
    play.shown = [notice]
    play.person.says(1.0, 1.6, "Read it.").says(14.0, 14.5, "Next.").says(18.0, 18.8, "Where was I?")
    play.play()
    assert heard(play)[1:] == ["That was the last paragraph.", "Paragraph 3 of 3."]


def test_yes_to_the_offer_to_read(scene: Any) -> None:
    begins = "\n\n".join(texts()[6].split("\n\n")[:2])
    page = from_pixels(render(begins, Look("DejaVuSans", 24))[0].crop((0, 0, 1060, 500)), "kettle.png")
    play = scene({}, skills=True)
    play.shown = [page]
    play.person.says(1.0, 2.0, "Describe the picture.").says(40.0, 40.5, "Yes, please.")
    play.person.says(45.0, 45.4, "Stop.")
    play.play()
    described, read = heard(play)
    assert described.startswith("A page of text, about 60 words. The text begins: “Setting up")
    assert "Shall I read it all?" in described
    assert read.split()[:7] == ["Setting", "up", "your", "new", "kettle", "Remove", "all"]


@pytest.mark.parametrize("said", ["read it", "Read it to me, please.", "Read all of it.", "Lis-le", "Léelo",
                                  "Read me the whole letter",
                                  "Can you read this aloud?", "Lies es vor.", "Lies mir das bitte vor",
                                  "lis-moi ça à haute voix", "Léeme el texto"])  # fmt: skip
def test_wanting_it_read(said: str) -> None:
    assert wants_reading(said)


@pytest.mark.parametrize(
    "said", ["what does the sign say", "read the news of today", "did you read it", "he reads", "red"]
)
def test_not_wanting_it_read(said: str) -> None:
    assert not wants_reading(said)
