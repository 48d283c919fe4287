"""Faces: how many and where, on a real one (Eileen Collins, a NASA portrait in the public domain)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from vision.describe.describe import describe
from vision.describe.faces import faces_in
from vision.images.open import from_pixels
from vision.images.picture import Picture
from vision.ocr.read import OcrResult

FACE = Path(__file__).with_name("face.jpg")


def group(*places: tuple[int, int]) -> Picture:
    """The same face at these places of a picture with grain."""
    scene = Image.effect_noise((900, 600), 30).convert("RGB")
    face = Image.open(FACE).resize((240, 250))
    for place in places:
        scene.paste(face, place)
    return from_pixels(scene, "group")


@pytest.mark.parametrize("places", [[(20, 300)], [(20, 40), (330, 320), (640, 40)]])
def test_each_face_is_found_where_it_is(places: list[tuple[int, int]]) -> None:
    found = faces_in(group(*places))
    assert len(found) == len(places)
    for (x, y), box in zip(sorted(places), found, strict=True):
        assert x <= box[0] < box[2] <= x + 240
        assert y <= box[1] < box[3] <= y + 250


def test_they_are_told_of_by_number_and_place_and_never_guessed() -> None:
    two = describe(group((20, 40), (640, 320)), OcrResult())
    assert "2 faces: at the top left and at the bottom right." in two
    assert "face" not in describe(from_pixels(group().image.resize((450, 300)), "none"), OcrResult())
