"""Memory for decoding is known from the header, and a part is cut from the file as it lies."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.tables import for_each
from vision.images.decoding import MOST_BYTES, TOGETHER_BYTES, WHOLE, box_in_file, most_pixels, reduction
from vision.images.open import _decode, crop, every_pixel, open_picture
from vision.images.pixels import flat, upright
from vision.images.scale import fit


def file(form: str, mode: str = "RGB", **options: Any) -> Image.Image:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((96, 64)).convert(mode).save(out, form, **options)
    return Image.open(out)


@for_each(
    ("form", "mode", "options", "bytes_a_pixel"),
    [
        ("PNG", "RGB", {}, 4), ("PNG", "RGBA", {}, 4), ("PNG", "L", {}, 1), ("PNG", "P", {}, 1),
        ("PNG", "I;16", {}, 2), ("TIFF", "F", {}, 4), ("JPEG", "RGB", {}, 4), ("JPEG", "CMYK", {}, 4),
        ("JPEG", "RGB", {"progressive": True}, 7), ("JPEG", "CMYK", {"progressive": True}, 12),
        ("JPEG", "L", {"progressive": True}, 3), ("WEBP", "RGB", {}, 16), ("JPEG2000", "RGB", {}, 18),
    ],
)  # fmt: skip
def test_how_many_pixels_there_is_memory_for(
    form: str, mode: str, options: dict[str, Any], bytes_a_pixel: int
) -> None:
    image = file(form, mode, **options)
    assert most_pixels(image) == MOST_BYTES // bytes_a_pixel
    assert reduction(image, (0, 0, *image.size)) == 1


def test_what_is_made_of_a_large_picture_fits_beside_it() -> None:
    for mode, edge in (("RGB", 7900), ("L", 9400), ("RGB", 6200)):
        image = Image.new(mode, (1, 1))
        image._size = (edge, edge)
        smaller = reduction(image, (0, 0, edge, edge))
        given = edge * edge * (4 if mode == "RGB" else 1)
        assert given + 4 * (edge / smaller) ** 2 <= TOGETHER_BYTES
        assert smaller == 1 or given + 4 * (edge / (smaller - 1)) ** 2 > TOGETHER_BYTES


def test_made_smaller_band_by_band_it_is_the_same_as_at_once(monkeypatch: Any) -> None:
    image = Image.effect_noise((97, 61), 80).convert("RGB")
    whole = image.reduce(3)
    monkeypatch.setattr("vision.images.pixels.BAND", 97 * 7)
    assert flat(image, smaller=3).tobytes() == whole.tobytes()
    part = image.crop((5, 4, 90, 60))
    assert flat(image, (5, 4, 90, 60)).tobytes() == part.tobytes()


@for_each("turned", range(1, 9))
def test_a_part_of_what_is_upright_is_cut_from_the_file(turned: int) -> None:
    lies = Image.effect_noise((120, 80), 90).convert("RGB")
    stands = upright(lies, turned)
    box = (10, 20, 50, 60)
    shares = tuple(edge / stands.size[n % 2] for n, edge in enumerate(box))
    part = upright(lies.crop(box_in_file(shares, turned, lies.size)), turned)  # type: ignore[arg-type]
    assert part.tobytes() == stands.crop(box).tobytes()
    assert box_in_file(WHOLE, turned, lies.size) == (0, 0, 120, 80)


def test_a_closer_look_at_a_turned_photo_decodes_no_more_than_the_part() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.effect_noise((400, 300), 60).resize((3200, 2400)).convert("RGB").save(out, "JPEG", exif=exif)
    photo = open_picture(out.getvalue(), "photo.jpg", at_least=600)
    assert photo.image.size == (600, 800)
    part, whole = crop(photo, (60, 80, 160, 200)), every_pixel(photo)
    assert part.image.size == (400, 480)
    assert part.image.tobytes() == whole.crop((240, 320, 640, 800)).tobytes()
    assert fit(whole, 8).size == (6, 8)
    assert _decode(out.getvalue(), "x", None).image.size == (2400, 3200)
