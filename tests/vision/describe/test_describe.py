"""What is said of a picture: true, short, the most useful first."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from config.language.phrases import phrases
from config.runtime.clean import clean
from tests.tables import for_each
from vision.describe.describe import Description, describe
from vision.describe.measure import blur
from vision.images.picture import Picture
from vision.ocr.phrasing import flow, hide_cards
from vision.ocr.read import Code, Line, OcrResult

UNKNOWN = "no model that can see is connected."


def scene(seed: int = 5, width: int = 320, height: int = 240) -> Image.Image:
    """Blocks of light and dark with grain, as sharp and as many-coloured as a photograph."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(30, 220, (height // 16, width // 16, 3)).repeat(16, 0).repeat(16, 1)
    return Image.fromarray(np.clip(blocks + rng.normal(0, 6, blocks.shape), 0, 255).astype(np.uint8))


def shown(image: Image.Image, frames: int = 1) -> Picture:
    return Picture("p", image, frames, image.size)


def text(*lines: str, box: tuple[int, int, int, int] = (40, 40, 600, 80), sure: float = 0.99) -> OcrResult:
    left, top, right, bottom = box
    step = (bottom - top) // len(lines)
    return OcrResult(
        tuple(
            Line(clean(line), sure, (left, top + step * i, right, top + step * (i + 1)))
            for i, line in enumerate(lines)
        )
    )


def test_text_comes_first_where_it_dominates() -> None:
    said = describe(
        shown(Image.new("RGB", (640, 300), "white")), text("NO ENTRY", "Staff only", box=(40, 40, 600, 260))
    )
    assert said.startswith("It says: “NO ENTRY. Staff only”.")


def test_text_in_a_corner_is_said_with_its_place() -> None:
    said = describe(shown(scene()), text("EXIT", box=(250, 5, 310, 20)))
    assert said.startswith("A photo, wider than tall. It says at the top right: “EXIT”.")
    assert UNKNOWN in said


def test_long_text_is_counted_and_offered_not_read() -> None:
    many = [f"word{i} of a long and patient letter that goes on" for i in range(30)]
    said = describe(shown(Image.new("RGB", (1000, 1400), "white")), text(*many, box=(50, 50, 950, 1350)))
    assert said.startswith("A page of text, about 300 words. The text begins: “word0 of a")
    assert "Shall I read it all?" in said
    assert len(said.split()) <= 60


def test_doubtful_text_is_called_unclear() -> None:
    assert "is unclear; it may say: “Exlt”" in describe(shown(scene()), text("Exlt", sure=0.6))


def test_text_at_the_edge_may_be_cut_off() -> None:
    said = describe(shown(scene()), text("ursday closed all d", box=(0, 100, 320, 120)))
    assert "The text runs out on the left and on the right." in said


def test_not_having_looked_is_told_from_not_having_found() -> None:
    assert "I have not looked for text." in describe(shown(scene()), None)
    assert "I found no text." in describe(shown(scene()), OcrResult())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            Code("QR Code", clean("https://user@example.org/menu?x=1")),
            "A QR Code with a link to example.org.",
        ),
        (Code("QR Code", clean("WIFI:T:WPA;S:Guest;P:topsecret;;")), "A QR Code to join the network Guest."),
        (Code("QR Code", clean("BEGIN:VCARD\nFN:Ann\nEND:VCARD")), "with a person's contact details."),
        (Code("EAN-13", clean("4006381333931")), "An EAN-13 code: 4 0 0 6 3 8 1 3 3 3 9 3 1."),
        (Code("Code 128", clean("ALOUD-42")), "A Code 128: “ALOUD-42”."),
        (Code("QR Code", clean("x" * 300)), "with 300 characters of text."),
        (Code("QR Code", clean("https://[broken")), "a link to a site without a name."),
        (Code("QR Code", clean("https://say yes to all/x")), "a link to a site without a name."),
        (Code("QR Code", clean(f"https://{'a' * 900}/")), "a link to a site without a name."),
        (Code("QR Code", clean("WIFI:S:" + "a" * 900 + ";;")), f"network {'a' * 39}…{'a' * 39}."),
        (Code("QR Code", clean("WIFI:S:Ann\nStop.;;")), "to join the network Ann Stop."),
    ],
)
def test_codes_are_said_and_a_password_is_not(code: Code, words: str) -> None:
    said = describe(shown(scene()), OcrResult((), (code,)))
    assert words in said
    assert "topsecret" not in said


@for_each("shape", ["circle", "oval", "square", "rectangle", "triangle"])
@for_each(("colour", "paper"), [("red", "white"), ("yellow", "navy"), ("green", "black")])
def test_one_plain_shape_is_named(shape: str, colour: str, paper: str) -> None:
    image = Image.new("RGB", (400, 300), paper)
    draw = ImageDraw.Draw(image)
    if shape in ("circle", "oval"):
        draw.ellipse((100, 60, 280, 240) if shape == "circle" else (60, 100, 340, 200), fill=colour)
    elif shape == "triangle":
        draw.polygon([(200, 50), (310, 250), (90, 250)], fill=colour)
    else:
        draw.rectangle((100, 60, 280, 240) if shape == "square" else (60, 100, 340, 200), fill=colour)
    paper = {"navy": "blue"}.get(paper, paper)
    assert describe(shown(image), OcrResult()).startswith(f"A {colour} {shape} on a {paper} background.")


def test_what_is_no_plain_shape_is_not_named() -> None:
    two = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(two)
    draw.ellipse((20, 60, 160, 200), fill="red")
    draw.ellipse((220, 60, 360, 200), fill="red")
    star = Image.new("RGB", (400, 300), "white")
    points = [
        (200 + (120 if i % 2 else 45) * np.cos(i * 0.6283), 150 + (120 if i % 2 else 45) * np.sin(i * 0.6283))
        for i in range(10)
    ]
    ImageDraw.Draw(star).polygon([(float(x), float(y)) for x, y in points], fill="red")
    for image in (two, star, scene()):
        said = describe(shown(image), OcrResult())
        assert not re.search("circle|oval|square|rectangle|triangle", said.replace(", square", "")), said


def test_a_blank_picture_says_so() -> None:
    assert describe(shown(Image.new("RGB", (64, 48), "black")), OcrResult()).startswith(
        "There is nothing to see: all of it is black"
    )
    grain = np.random.default_rng(2).normal(4, 1.2, (480, 640, 3))
    dark = Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))
    assert "The lens may be covered" in describe(shown(dark), OcrResult())


def test_light_sharpness_and_colours_are_measured() -> None:
    assert "very dark" in describe(shown(scene().point(lambda value: value // 8)), OcrResult())
    assert "It is blurred." in describe(shown(scene().filter(ImageFilter.GaussianBlur(6))), OcrResult())
    assert "blurred" not in describe(shown(scene()), OcrResult())
    assert "A black and white photo" in describe(shown(scene().convert("L").convert("RGB")), OcrResult())
    sky = Image.new("RGB", (300, 300), "white")
    sky.paste((20, 60, 200), (0, 0, 300, 90))
    assert "Mostly white and blue at the top." in describe(shown(sky), OcrResult())


def test_more_blur_measures_as_more() -> None:
    grey = [
        np.asarray(scene().filter(ImageFilter.GaussianBlur(r)).convert("L"), np.float64) for r in (0, 1, 2, 3)
    ]
    measured = [blur(plane) for plane in grey]
    assert measured == sorted(measured)
    assert blur(np.zeros((4, 400))) == 0.0


def test_an_animation_and_a_turned_page_are_mentioned() -> None:
    assert "It has 12 frames; this is the first." in describe(shown(scene(), frames=12), OcrResult())
    side = OcrResult(text("Dear Ann").lines, (), 90)
    assert "The text lies on its side." in describe(shown(scene()), side)


def test_card_numbers_are_not_said_and_other_numbers_are() -> None:
    words = phrases("en")
    hidden = hide_cards("Card 4111 1111 1111 1111 now", words)
    assert hidden == "Card (a payment card number, not read out) now"
    assert hide_cards("Card 4111-1111-1111-1112", words) == "Card 4111-1111-1111-1112"
    german = hide_cards("Karte 4111 1111 1111 1111.", phrases("de"))
    assert german == "Karte (die Nummer einer Zahlungskarte, nicht vorgelesen)."
    assert hide_cards("ring 030 1234567", words) == "ring 030 1234567"


def test_lines_flow_into_speech() -> None:
    def lines(*texts: str) -> tuple[Line, ...]:
        return tuple(Line(clean(text), 1.0, (0, 0, 9, 9)) for text in texts)

    assert flow(lines("NO ENTRY", "Staff only")) == "NO ENTRY. Staff only"
    assert (
        flow(lines("we met the exam-", "iners today", "and left.", "Goodbye"))
        == "we met the examiners today and left. Goodbye"
    )
    assert (
        flow(lines("a long line that is wrapped before", "Anna came"))
        == "a long line that is wrapped before Anna came"
    )
    assert flow(()) == ""


def test_a_photo_is_told_to_be_one_before_its_text_is_known() -> None:
    description = Description(shown(scene()))
    assert description.begin() == "A photo, wider than tall."
    rest = description.tell(text("EXIT", box=(250, 5, 310, 20)))
    assert rest.startswith("It says at the top right: “EXIT”.")
    for drawn in (Image.new("RGB", (640, 480), "white"), Image.new("RGB", (640, 480), "black")):
        assert Description(shown(drawn)).begin() == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Ein Foto, im Querformat.", "Darauf steht oben rechts: „EXIT“.", "320 mal 240 Pixel."]),
        ("fr", ["Une photo, format paysage.", "Il est écrit en haut à droite : « EXIT »."]),
        ("es", ["Una foto, formato horizontal.", "Pone arriba a la derecha: «EXIT»."]),
    ],
)
def test_it_speaks_the_language_of_the_person(language: str, words: list[str]) -> None:
    said = describe(shown(scene()), text("EXIT", box=(250, 5, 310, 20)), words=150, language=language)
    assert all(sentence in said for sentence in words), said


def test_shapes_and_colours_in_german() -> None:
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).ellipse((100, 60, 280, 240), fill="red")
    assert describe(shown(image), OcrResult(), language="de").startswith("Ein Kreis in Rot auf Weiß.")


def test_a_screenshot_by_its_size_and_a_washed_out_photo() -> None:
    screen = Image.new("RGB", (1920, 1080), "white")
    ImageDraw.Draw(screen).rectangle((0, 0, 400, 1080), "#203040")
    ImageDraw.Draw(screen).rectangle((900, 200, 1200, 260), "#c02020")
    assert "A screenshot, wider than tall." in describe(shown(screen), OcrResult())
    assert "A screenshot" not in describe(shown(screen.crop((0, 0, 1900, 1070))), OcrResult())
    bright = scene().point(lambda value: min(255, value * 3))
    assert "too bright to show anything" in describe(shown(bright), OcrResult())


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.integers(0, 3),
    st.lists(st.text("abc XYZ,.-“'", min_size=1, max_size=30).filter(str.strip), max_size=6),
    st.lists(st.text(max_size=40), max_size=3),
)
def test_it_is_never_an_image_of_and_never_long(
    width: int, height: int, seed: int, lines: list[str], codes: list[str]
) -> None:
    image = scene(seed).crop((0, 0, width, height))
    found = tuple(Line(clean(line), 0.9, (0, 0, width, height)) for line in lines)
    said = describe(shown(image), OcrResult(found, tuple(Code("QR Code", clean(code)) for code in codes)))
    assert "image of" not in said.lower()
    quoted = sum(len(line.split()) for line in lines)
    assert len(said.split()) <= max(60, quoted + 30)
    assert said.rstrip()[-1] in ".?"
