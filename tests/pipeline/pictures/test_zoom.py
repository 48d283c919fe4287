"""A closer look: what is wanted, and what a real picture gives; by voice and by an LLM that asks for it."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.intents.zoom import ZoomRequest, zoom_request
from pipeline.llm.base import Message, ToolCall
from pipeline.pictures.prepare import reading_of
from pipeline.pictures.zoom import part_of, zoomed_in
from pipeline.tools.base import ToolResult
from pipeline.tools.look import look_tool
from pipeline.tools.registry import Toolbox
from tests.tables import for_each
from vision.image_store import ImageStore
from vision.images.open import from_pixels
from vision.images.picture import Picture

TOP_LEFT = (0.0, 0.0, 0.55, 0.55)


@for_each(
    ("said", "zoom"),
    [
        ("Look closer.", ZoomRequest()),
        ("Look closer at the bottom, please.", ZoomRequest("", (0.0, 0.45, 1.0, 1.0))),
        ("Read the label at the top left.", ZoomRequest("label", TOP_LEFT, reads=True)),
        ("What does the label at the top left say?", ZoomRequest("label", TOP_LEFT, reads=True)),
        ("Zoom in on the number plate", ZoomRequest("number plate")),
        ("Can you zoom in on the top left corner of the picture?", ZoomRequest("", TOP_LEFT)),
        ("Read the label that says exit", ZoomRequest("label that says exit", reads=True)),
        ("Lies das Schild oben links vor", ZoomRequest("schild", TOP_LEFT, reads=True)),
        ("Was steht oben links?", ZoomRequest("", TOP_LEFT, reads=True)),
        ("Schau dir das Nummernschild genauer an", ZoomRequest("nummernschild")),
        ("Lis l'étiquette en haut à gauche", ZoomRequest("étiquette", TOP_LEFT, reads=True)),
        ("Regarde de plus près en haut à gauche", ZoomRequest("", TOP_LEFT)),
        ("Lee la etiqueta de arriba a la izquierda", ZoomRequest("etiqueta", TOP_LEFT, reads=True)),
        ("Haz zoom en la matrícula", ZoomRequest("matrícula")),
        ("Zoom out", ZoomRequest(whole=True)),
    ],
)
def test_wishes(said: str, zoom: ZoomRequest) -> None:
    assert zoom_request(said) == zoom


@pytest.mark.parametrize(
    "said",
    [
        "Read it.",
        "What does the sign say?",
        "What is on the left?",
        "What time is it right now?",
        "Read the news",
    ],
)
def test_what_is_no_closer_look(said: str) -> None:
    assert zoom_request(said) is None


@pytest.fixture(scope="module")
def shop() -> Picture:
    """Large, with letters that nobody could read once it is made as small as an LLM takes it."""
    image = Image.new("RGB", (3000, 2000), "#d8d4cc")
    draw = ImageDraw.Draw(image)
    draw.text((200, 150), "Keep this door shut", "black", ImageFont.load_default(26))
    draw.text((2200, 1700), "B AL 4711", "black", ImageFont.load_default(40))
    return from_pixels(image, "shop.jpg")


def test_the_part_is_cut_out_of_the_original(shop: Picture) -> None:
    part = part_of(shop, ZoomRequest("", (0.45, 0.45, 1.0, 1.0)))
    assert part
    assert part.image.size == (1650, 1100)
    assert part.image.tobytes() == shop.image.crop((1350, 900, 3000, 2000)).tobytes()
    assert part.source == "part of shop.jpg"


def test_what_was_named_is_found_and_read_at_full_resolution(shop: Picture) -> None:
    plate = part_of(shop, ZoomRequest("number plate"))
    assert plate
    assert plate.image.width < 500
    assert reading_of(plate).text == "B AL 4711"
    label = part_of(shop, ZoomRequest("label", TOP_LEFT, reads=True))
    assert label
    assert reading_of(label).text == "Keep this door shut"
    assert part_of(shop, ZoomRequest("label that says entrance")) is None


@pytest.mark.anyio
async def test_a_question_gets_the_part_that_it_is_about(shop: Picture) -> None:
    async def asked(text: str, *in_play: Picture) -> tuple[Picture, ...]:
        zoom = zoom_request(text)
        assert zoom
        return tuple((await zoomed_in(Message("user", text), zoom, in_play, shop)).pictures)

    near = await asked("Zoom in on the number plate", shop)
    assert [picture.source for picture in near] == ["part of shop.jpg"]
    assert await asked("Zoom out", *near) == (shop,)
    assert await asked("Zoom in on the label that says entrance", shop) == (shop,)
    assert await asked("Zoom in on the number plate") == ()


@pytest.mark.anyio
async def test_a_mind_gets_what_it_asks_for_or_why_not(shop: Picture) -> None:
    image_store = ImageStore()
    toolbox = Toolbox(lambda: [look_tool(image_store)])

    async def look(malformed: str = "", **arguments: object) -> ToolResult:
        return await toolbox.run(ToolCall("1", "look", arguments, malformed))

    assert "no such picture" in (await look()).text
    image_store.show(shop)
    part = await look(region="top left", sharpness="enhanced")
    assert part.pictures[0].image.size == (1650, 1100)
    named = await look(region="Keep this door")
    assert 700 < named.pictures[0].image.width <= 768
    assert "not found" in (await look(region="a dog")).text
    assert "There are: 1" in (await look(picture=7)).text
    assert "valid JSON" in (await look(malformed="{")).text
    assert "must be a whole number" in (await look(picture="x")).text
    whole = await look(region="whole", page=3)
    assert whole.pictures == (shop,)
