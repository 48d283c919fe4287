"""The real reader on rendered pages and signs, and real codes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from config.runtime.clean import clean
from tests.tables import for_each
from vision.images.open import from_pixels
from vision.ocr.rapidocr import tiles
from vision.ocr.read import Code, Line, OcrResult, read, read_codes, warm

LETTER = ["Dear tenant,", "the lift will be repaired on Monday.", "Please use the stairs."]


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm()


def written(
    lines: list[str], size: int = 24, *, width: int = 520, ink: str = "black", paper: str = "white"
) -> Image.Image:
    image = Image.new("RGB", (width, 40 + round(1.6 * size * len(lines))), paper)
    for i, text in enumerate(lines):
        ImageDraw.Draw(image).text(
            (20, 20 + 1.6 * size * i), text, font=ImageFont.load_default(size), fill=ink
        )
    return image


def lines_of(image: Image.Image) -> list[str]:
    return [line.text for line in read(from_pixels(image, "page")).lines]


def test_a_sign_in_light_letters_on_dark() -> None:
    reading = read(from_pixels(written(["NO ENTRY", "Staff only"], 60, ink="white", paper="darkred"), "sign"))
    assert reading.text == "NO ENTRY\nStaff only"
    assert reading.confidence > 0.9
    left, top, right, bottom = reading.lines[0].box
    assert abs(left - 20) < 15
    assert 10 < top < 50 < bottom < 110
    assert 280 < right < 360


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_read_from_its_own_top(turned: int) -> None:
    page = written(LETTER).rotate(-turned, expand=True)
    reading = read(from_pixels(page, "page"))
    assert [line.text for line in reading.lines] == LETTER
    assert reading.turned == turned


def test_a_slanting_page_keeps_its_lines_apart() -> None:
    assert lines_of(written(LETTER).rotate(-11, expand=True, fillcolor="white")) == LETTER


def test_columns_and_a_bill() -> None:
    page = Image.new("RGB", (900, 230), "white")
    for i, word in enumerate(("apples", "pears", "plums")):
        page.paste(written([f"{word} are on the left"], width=380), (0, 60 * i))
        page.paste(written([f"{word} are on the right"], width=380), (480, 60 * i + 4))
    found = lines_of(page)
    assert [text.split()[-1] for text in found] == ["left"] * 3 + ["right"] * 3
    bill = Image.new("RGB", (600, 160), "white")
    for i, (what, price) in enumerate((("Milk", "2.50"), ("Bread", "1.20"))):
        bill.paste(written([what], width=200), (0, 60 * i))
        bill.paste(written([price], width=120), (460, 60 * i))
    assert lines_of(bill) == ["Milk 2.50", "Bread 1.20"]


def test_small_letters_in_a_small_picture() -> None:
    assert lines_of(written(["Keep refrigerated at 5 degrees"], 10, width=220)) == [
        "Keep refrigerated at 5 degrees"
    ]


def test_small_letters_in_a_large_picture_are_read_in_its_own_pixels() -> None:
    page = Image.new("RGB", (900, 500), "white")
    page.paste(written(LETTER, 15, width=400), (440, 350))
    reading = read(from_pixels(page, "page"), edge=400)
    assert [line.text for line in reading.lines] == LETTER
    assert reading.lines[0].box[0] == pytest.approx(460, abs=15)
    assert reading.lines[0].box[1] == pytest.approx(370, abs=20)


def test_a_long_strip_is_read_whole_and_nothing_twice() -> None:
    """In four pieces, with a line over each cut."""
    wanted, strip = [f"Item {i}" for i in range(12)], Image.new("RGB", (130, 2040), "white")
    for i, text in enumerate(wanted):
        strip.paste(written([text], width=130), (0, 170 * i - 30 if i else 0))
    assert len(tiles(strip.size)) == 4
    assert lines_of(strip) == wanted


@pytest.mark.parametrize("size", [(700, 400), (1, 1), (3000, 1), (1, 700), (40, 40)])
def test_where_there_is_no_text_none_is_found(size: tuple[int, int]) -> None:
    assert read(from_pixels(Image.new("RGB", size, "white"), "blank")) == OcrResult()


def test_grain_is_not_text() -> None:
    grain = np.random.default_rng(1).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    assert read(from_pixels(Image.fromarray(grain), "grain")).lines == ()


CODES = [("QRCode", "QR Code", "https://example.org/menu"), ("EAN13", "EAN-13", "4006381333931")]
CODES += [
    ("Code128", "Code 128", "ALOUD-42"),
    ("Aztec", "Aztec", "boarding"),
    ("DataMatrix", "Data Matrix", "x1"),
]


@for_each(("format", "kind", "text"), CODES)
@for_each("angle", [0, 90])
def test_codes_are_read_back(format: str, kind: str, text: str, angle: int) -> None:
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, format))
    image = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=4))).convert("RGB")
    scene = Image.new("RGB", (900, 900), "white")
    scene.paste(image.rotate(angle, expand=True), (150, 200))
    assert [(found.kind, found.text) for found in read_codes(from_pixels(scene, "code"))] == [(kind, text)]


def test_a_small_code_in_a_large_photo_is_found_and_said_once() -> None:
    code = zxingcpp.create_barcode("once", zxingcpp.BarcodeFormat.QRCode)
    image = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=3))).convert("RGB")
    scene = Image.new("RGB", (4000, 3000), "beige")
    scene.paste(image, (3500, 200))
    scene.paste(image, (100, 2500))
    assert read_codes(from_pixels(scene, "codes")) == (Code("QR Code", clean("once")),)


def test_a_page_of_text_holds_no_code() -> None:
    assert read_codes(from_pixels(written(["lllll IIIII |||||", *LETTER] * 4), "page")) == ()


def test_text_keeps_its_paragraphs() -> None:
    lines = (
        Line(clean("one"), 1.0, (0, 0, 9, 9)),
        Line(clean("two"), 0.5, (0, 9, 9, 18)),
        Line(clean("three"), 1.0, (0, 40, 9, 49), 1),
    )
    assert OcrResult(lines).text == "one\ntwo\n\nthree"
    assert OcrResult(lines).confidence == pytest.approx((3 + 1.5 + 5) / 11)


def test_long_strips_are_cut_so_that_every_spot_counts_once() -> None:
    for size in ((500, 6000), (6000, 500), (900, 2400), (700, 10_000), (800, 600)):
        counted = np.zeros(size[::-1], int)
        for seen, core in tiles(size):
            assert seen[0] <= core[0] < core[2] <= seen[2]
            assert seen[1] <= core[1] < core[3] <= seen[3]
            counted[core[1] : core[3], core[0] : core[2]] += 1
        assert (counted == 1).all()


def test_nothing_is_fetched_and_nothing_is_printed() -> None:
    program = """
import socket
def refuse(*_, **__):
    raise SystemExit("it tried to reach the network")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from PIL import Image
from vision.images.open import from_pixels
from vision.ocr.read import read
read(from_pixels(Image.new("RGB", (64, 64), "white"), "blank"))
"""
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
