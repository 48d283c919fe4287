"""Charts are known by their text: drawn by hand, read by the real reader."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from vision.describe.charts import Chart, chart_in
from vision.describe.describe import describe
from vision.images.open import from_pixels
from vision.ocr.read import Spot, read

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")


def drawn(title: str = "Bread sold in 2024") -> Image.Image:
    image = Image.new("RGB", (900, 600), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(20)
    draw.text((330, 20), title, "black", ImageFont.load_default(28))
    for step in range(6):
        y = 500 - 80 * step
        draw.text((130, y), str(100 * step), "black", font, anchor="rm")
        draw.line((140, y, 860, y), "#dddddd", 1)
        draw.text((200 + 120 * step, 520), MONTHS[step], "black", font, anchor="mm")
        draw.rectangle((180 + 120 * step, 500 - 60 * (step + 1), 220 + 120 * step, 500), "#3060c0")
    draw.line((140, 500, 860, 500), "black", 2)
    draw.text((470, 565), "Month of the year", "black", font, anchor="mm")
    side = Image.new("RGB", (220, 30), "white")
    ImageDraw.Draw(side).text((10, 4), "Loaves per day", "black", font)
    image.paste(side.rotate(90, expand=True), (30, 200))
    return image


def test_a_drawn_chart_is_told_by_its_title_and_axes() -> None:
    picture = from_pixels(drawn(), "chart.png")
    reading = read(picture)
    assert chart_in(reading.spots, picture.image.size) == Chart(
        "Bread sold in 2024", ("0", "500"), ("Jan", "Jun"), ("Month of the year", "Loaves per day")
    )
    said = describe(picture, reading)
    assert said.startswith(
        "A chart, titled “Bread sold in 2024”. Upwards it goes from 0 to 500. "
        "Along the bottom: from Jan to Jun."
    )


def column(*figures: str, gap: int = 50) -> list[Spot]:
    return [Spot(text, (50, 400 - gap * n, 90, 420 - gap * n)) for n, text in enumerate(figures)]


def row(*marks: str, y: int = 440) -> list[Spot]:
    return [Spot(text, (120 + 100 * n, y, 170 + 100 * n, y + 20)) for n, text in enumerate(marks)]


def test_years_and_percents() -> None:
    chart = chart_in(column("0 %", "25 %", "50 %") + row("2019", "2020", "2021"), (600, 480))
    assert chart == Chart("", ("0 %", "50 %"), ("2019", "2021"))


@pytest.mark.parametrize(
    "spots",
    [
        column("3", "17", "4") + row("Jan", "Feb", "Mar"),
        column("0", "10", "20"),
        column("0", "10") + row("Jan", "Feb", "Mar"),
        row("0", "10", "20") + row("Jan", "Feb", "Mar", y=480),
        [
            Spot(word, (50, 40 * n, 300, 40 * n + 20))
            for n, word in enumerate(("Milk", "2.50", "Bread", "1.20"))
        ],
        [],
    ],
)
def test_what_is_no_chart(spots: list[Spot]) -> None:
    assert chart_in(spots, (600, 500)) is None
