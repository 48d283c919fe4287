"""Opening, cleaning, scaling and encoding: real files of every kind, and every kind of wrong file."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, ImageOps, PngImagePlugin

from config.errors import PictureError
from tests.tables import for_each
from vision.images.encode import encode
from vision.images.files import MAX_BYTES
from vision.images.open import crop, every_pixel, from_pixels, open_picture
from vision.images.picture import ImageLimits
from vision.images.pixels import quiet_pillow
from vision.images.scale import fit
from vision.images.texture import is_drawn


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    quiet_pillow()
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def marked() -> Image.Image:
    """Wider than tall, with a red, a green and a blue corner: every orientation looks different."""
    image = Image.new("RGB", (96, 64), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 31, 31), fill="red")
    draw.rectangle((64, 0, 95, 31), fill="lime")
    draw.rectangle((0, 32, 31, 63), fill="blue")
    return image


def noisy(width: int = 640, height: int = 480) -> Image.Image:
    """Grain on a gradient, as a camera has it."""
    grain = np.random.default_rng(7).normal(0, 12, (height, width, 3))
    slope = np.linspace(40, 200, width)[None, :, None] + np.linspace(-30, 30, height)[:, None, None]
    return Image.fromarray(np.clip(slope + grain, 0, 255).astype(np.uint8))


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int], within: int = 40) -> bool:
    pixel = image.getpixel(at)
    assert isinstance(pixel, tuple)
    return max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) <= within


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "JPEG2000"])
def test_each_format_opens_by_its_content_whatever_its_name(format: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.txt"
    path.write_bytes(saved(marked(), format))
    picture = open_picture(path)
    assert (picture.source, picture.was, picture.frames) == ("picture.txt", (96, 64), 1)
    assert picture.image.mode == "RGB"
    assert near(picture.image, (10, 10), (255, 0, 0))
    assert near(picture.image, (80, 50), (255, 255, 255))


@for_each("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@for_each("orientation", range(1, 9))
def test_every_orientation_comes_upright(format: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270, 3: Image.Transpose.ROTATE_180}
    undo |= {2: Image.Transpose.FLIP_LEFT_RIGHT, 4: Image.Transpose.FLIP_TOP_BOTTOM}
    undo |= {5: Image.Transpose.TRANSPOSE, 7: Image.Transpose.TRANSVERSE}
    stored = marked().transpose(undo[orientation]) if orientation > 1 else marked()
    if format == "HEIF":  # its turning is a property of its own, which its writer takes from here
        stored.getexif()[0x0112] = orientation
    data = saved(stored, format, **({} if format == "HEIF" else {"exif": exif}))
    picture = open_picture(data)
    assert picture.was == picture.image.size == (96, 64)
    assert near(picture.image, (10, 10), (255, 0, 0), 60)
    assert near(picture.image, (85, 10), (0, 255, 0), 60)
    assert near(picture.image, (10, 55), (0, 0, 255), 60)
    assert open_picture(data, edge=48).was == (96, 64)


@for_each("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F", "LAB"])
def test_each_mode_becomes_the_same_rgb(mode: str) -> None:
    """Black on the left, white on the right, in whatever the file counts in."""
    plain = Image.new("L", (40, 20), 0)
    plain.paste(255, (20, 0, 40, 20))
    if mode in ("I;16", "I", "F"):
        top = {"I;16": 65535, "I": 65535, "F": 1.0}[mode]
        kind = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        image = Image.fromarray((np.asarray(plain) / 255 * top).astype(kind))
    elif mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        lab = ImageCms.profileToProfile(plain.convert("RGB"), *profiles, outputMode="LAB")
        assert lab is not None
        image = lab
    else:
        image = plain.convert("RGB").convert("RGBA").convert(mode) if mode == "PA" else plain.convert(mode)
    format = "PNG" if mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else "TIFF"
    data = saved(image, format) if mode not in ("PA", "YCbCr") else None
    picture = open_picture(data) if data else from_pixels(image, "in memory")
    assert picture.image.mode == "RGB"
    assert near(picture.image, (5, 10), (0, 0, 0), 3)
    assert near(picture.image, (35, 10), (255, 255, 255), 3)


def test_sixteen_bits_are_scaled_not_cut_off() -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (4, 1))
    row = np.asarray(open_picture(saved(Image.fromarray(ramp), "PNG")).image)[0, :, 0].astype(int)
    assert np.abs(row - np.arange(256)).max() <= 1


def test_floats_that_are_no_numbers_do_no_harm() -> None:
    values = np.array([[0.0, 0.5, 1.0, np.nan, np.inf]], np.float32)
    row = np.asarray(open_picture(saved(Image.fromarray(values), "TIFF")).image)[0, :, 0]
    assert row.tolist() == [0, 128, 255, 0, 0]


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (0, 0, 10, 20))
    paletted = clear.convert("P")
    paletted.info["transparency"] = paletted.getpixel((15, 10))
    for data in (saved(clear, "PNG"), saved(clear, "WEBP"), saved(paletted, "GIF")):
        image = open_picture(data).image
        assert near(image, (15, 10), (255, 255, 255), 2)
        assert near(image, (3, 10), (255, 0, 0), 30)


def test_an_embedded_profile_is_applied_and_a_broken_one_ignored() -> None:
    grey = Image.new("RGB", (8, 8), (200, 30, 30))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = open_picture(saved(grey, "PNG", icc_profile=lab)).image
    assert near(same, (4, 4), (200, 30, 30), 2)
    linear = open_picture(saved(grey, "PNG", icc_profile=_linear_profile(lab))).image
    assert near(linear, (4, 4), (229, 96, 96), 12)  # the sRGB curve of 200/255 and 30/255
    broken = open_picture(saved(grey, "PNG", icc_profile=b"not a profile at all" * 10)).image
    assert near(broken, (4, 4), (200, 30, 30), 2)


def _linear_profile(srgb: bytes) -> bytes:
    """The sRGB profile with its three curves replaced by a straight line (``curv`` with no entries)."""
    data = bytearray(srgb)
    for i in range(struct.unpack(">I", data[128:132])[0]):
        name, offset, size = struct.unpack(">4sII", data[132 + 12 * i : 144 + 12 * i])
        if name in (b"rTRC", b"gTRC", b"bTRC"):
            data[offset : offset + 12] = b"curv" + bytes(8)
            assert size >= 12
    return bytes(data)


def test_an_animation_is_its_first_frame_and_says_how_many() -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "lime", "blue")]
    for format in ("GIF", "WEBP", "PNG", "TIFF", "AVIF"):
        picture = open_picture(saved(frames[0], format, save_all=True, append_images=frames[1:]))
        assert picture.frames == 3, format
        assert near(picture.image, (8, 8), (255, 0, 0), 20), format
    views = saved(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert open_picture(views).frames == 1


def test_one_pixel_opens_and_travels() -> None:
    picture = open_picture(saved(Image.new("RGB", (1, 1), "teal"), "PNG"))
    assert picture.image.size == (1, 1)
    assert encode(picture, ImageLimits()).width == 1


def test_a_large_photo_is_decoded_small_when_only_its_edge_is_wanted() -> None:
    picture = open_picture(saved(noisy(1500, 1000), "JPEG"), edge=300)
    assert picture.image.size == (300, 200)
    assert picture.was == (1500, 1000)
    assert open_picture(saved(noisy(90, 60), "PNG"), edge=600).image.size == (90, 60)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_a_file_that_breaks_off_is_refused_in_a_sentence(format: str) -> None:
    whole = saved(noisy(200, 150), format)
    for part in (1, 8, 40, len(whole) // 3, len(whole) // 2, len(whole) * 3 // 4):
        with pytest.raises(PictureError, match=r"^broken is .*(damaged|no picture)"):
            open_picture(whole[:part], "broken")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_byte_gives_a_picture_or_a_sentence(data: st.DataObject) -> None:
    format = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG2000"]))
    damaged = bytearray(saved(marked(), format))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    refused = ""
    try:
        open_picture(bytes(damaged))
    except PictureError as error:  # nothing else may come out
        refused = error.failed
    assert not refused or refused.endswith(".")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"Dear diary, this is no picture.", "not a picture"),
        (b"%PDF-1.7\n", "PDF document"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "damaged"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "SVG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    ],
)
def test_what_is_no_picture_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "thing.jpg"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=words) as caught:
        open_picture(path)
    assert caught.value.todo


def test_places_that_are_no_files_are_refused_and_never_waited_for(tmp_path: Path) -> None:
    folder, link, pipe = tmp_path / "album", tmp_path / "link.png", tmp_path / "pipe.png"
    folder.mkdir()
    link.symlink_to(folder)
    os.mkfifo(pipe)
    expected = {folder: "folder", link: "folder", pipe: "pipe", tmp_path / "none.png": "no file"}
    expected |= {
        Path("/dev/zero"): "device",
        Path("/dev/null"): "device",
        tmp_path / "a\0b": "cannot be read",
    }
    for path, words in expected.items():
        caught: list[BaseException] = []
        thread = threading.Thread(target=_open_into, args=(path, caught), daemon=True)
        thread.start()
        thread.join(10)
        assert not thread.is_alive(), f"{path} was waited for"
        assert isinstance(caught[0], PictureError)
        assert words in str(caught[0]), path


def _open_into(path: Path, caught: list[BaseException]) -> None:
    try:
        open_picture(path)
    except BaseException as error:
        caught.append(error)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "private.png"
    path.write_bytes(saved(marked(), "PNG"))

    def refuse(*_: object) -> int:  # the superuser may read anything, so the refusal is made here
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PictureError, match="permission"):
        open_picture(path)


def test_a_file_of_too_many_bytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(PictureError, match="51 megabytes, and 50 is the most"):
        open_picture(path)
    with pytest.raises(PictureError, match="too large"):
        open_picture(bytes(MAX_BYTES + 1))


def _png_header(width: int, height: int) -> bytes:
    """A sound PNG of black pixels that nobody should decode; a few hundred kilobytes for 200 megapixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    rows = packer.compress(bytes(1 + width) * min(height, 2000)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _webp_header(width: int, height: int) -> bytes:
    plain = saved(Image.new("RGBA", (4, 4), (1, 2, 3, 4)), "WEBP", lossless=True)
    body = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0"
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + plain[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def test_too_many_pixels_are_refused_from_the_header_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_png_header(20_000, 10_000))
    (tmp_path / "b.png").write_bytes(_png_header(10_000, 10_000))  # below Pillow's error, above its warning
    (tmp_path / "c.webp").write_bytes(_webp_header(16_000, 16_000))
    small = Image.new("L", (8, 8)).resize((8, 8))
    bomb = bytearray(saved(small, "GIF"))
    bomb[6:10] = struct.pack("<HH", 65_000, 65_000)
    (tmp_path / "d.gif").write_bytes(bomb)
    program = """
import resource, sys
from vision.images.open import open_picture
from config.errors import PictureError
import PIL.Image, PIL.PngImagePlugin, PIL.WebPImagePlugin, PIL.GifImagePlugin, numpy, vision.images.pixels
PIL.Image.init()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sys.argv[1:]:
    try:
        open_picture(path)
    except PictureError as error:
        assert "too many pixels" in str(error), error
    else:
        raise SystemExit(f"{path} was opened")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    command = [sys.executable, "-W", "error", "-c", program, *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 40_000, "kilobytes more at its peak"


def test_naming_the_types_costs_no_engine() -> None:
    program = (
        "import sys, vision.images.open, vision.image_store; "
        "print({'PIL', 'numpy', 'rapidocr', 'cv2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


SECRETS = [b"Exif", b"GPS", b"Canon-of-Ann", b"my secret remark", b"xmpmeta", b"ICC_PROFILE", b"iCCP"]


def _tell_tale(format: str) -> bytes:
    """A picture that says where, when and by whom it was taken, in every way its format has."""
    exif = Image.Exif()
    exif[0x010F] = "Canon-of-Ann"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>my secret remark</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if format == "JPEG":
        data = saved(noisy(), "JPEG", exif=exif, xmp=xmp, comment=b"my secret remark", icc_profile=profile)
        thumbnail = saved(noisy(160, 120), "JPEG", comment=b"my secret remark")
        return data[:2] + b"\xff\xec" + struct.pack(">H", len(thumbnail) + 2) + thumbnail + data[2:]
    if format == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", "my secret remark")
        notes.add_itxt("XML:com.adobe.xmp", xmp.decode())
        return saved(noisy(), "PNG", exif=exif, pnginfo=notes, icc_profile=profile)
    return saved(noisy(), format, exif=exif, xmp=xmp, icc_profile=profile)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("sharp", [False, True])
def test_nothing_but_pixels_leaves(format: str, sharp: bool) -> None:
    told = _tell_tale(format)
    assert any(secret in told for secret in SECRETS)
    picture = open_picture(told)
    assert not picture.image.info
    sent = encode(picture, ImageLimits(), sharp=sharp)
    assert not [secret for secret in SECRETS if secret.lower() in sent.data.lower()]
    again = Image.open(io.BytesIO(sent.data))
    again.load()
    assert not again.getexif()
    assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert sent.data.count(b"\xff\xd8\xff") == (0 if sharp else 1)


def test_a_photo_goes_as_jpeg_and_a_drawing_as_png() -> None:
    photo, drawing = (
        from_pixels(noisy(800, 600), "photo"),
        from_pixels(marked().resize((450, 300), 0), "drawing"),
    )
    assert not is_drawn(photo)
    assert is_drawn(drawing)
    sent = encode(photo, ImageLimits(edge=512))
    assert (sent.mime, sent.width, sent.height) == ("image/jpeg", 512, 384)
    sent = encode(drawing, ImageLimits(edge=512))
    assert (sent.mime, sent.width, sent.height) == ("image/png", 450, 300)
    assert Image.open(io.BytesIO(sent.data)).format == "PNG"
    assert encode(photo, ImageLimits(edge=512), sharp=True).mime == "image/png"


@settings(max_examples=12, deadline=None)
@given(most=st.integers(900, 60_000), edge=st.integers(16, 700), sharp=st.booleans())
def test_it_stays_within_the_bytes_and_the_edge(most: int, edge: int, sharp: bool) -> None:
    sent = encode(from_pixels(noisy(320, 200), "p"), ImageLimits(edge, most), sharp=sharp)
    assert len(sent.data) <= most
    assert max(sent.width, sent.height) <= min(edge, 320)
    assert Image.open(io.BytesIO(sent.data)).size == (sent.width, sent.height)


def test_what_fits_in_no_way_is_said() -> None:
    with pytest.raises(PictureError, match="cannot be made as small as 100 bytes"):
        encode(from_pixels(noisy(100, 100), "p"), ImageLimits(max_bytes=100))


def test_a_long_thin_picture_keeps_a_pixel() -> None:
    assert fit(Image.new("RGB", (4000, 2)), 1000).size == (1000, 1)


def test_a_closer_look_is_cut_from_every_pixel() -> None:
    picture = from_pixels(marked(), "corners")
    part = crop(picture, (64, 0, 200, 32))
    assert part.image.size == (32, 32)
    assert near(part.image, (5, 5), (0, 255, 0), 0)
    with pytest.raises(PictureError, match="outside"):
        crop(picture, (96, 0, 120, 10))


def test_a_photo_decoded_small_is_looked_at_closely_with_every_pixel() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    fine = Image.fromarray(np.tile(np.array([[0, 255], [255, 0]], np.uint8), (800, 1200)))
    whole = saved(fine.convert("RGB"), "JPEG", exif=exif, quality=95)
    picture = open_picture(whole, "grid", at_least=1000)
    assert picture.image.size == (800, 1200)
    assert picture.was == every_pixel(picture).size == (1600, 2400)
    assert np.asarray(picture.image).std() < 40
    part = crop(picture, (400, 600, 500, 700))
    assert part.image.size == (200, 200)
    assert np.asarray(part.image).std() > 90
    assert part.image.tobytes() == open_picture(whole).image.crop((800, 1200, 1000, 1400)).tobytes()
    assert b"grid" not in repr(picture).encode().replace(b"'grid'", b"")
    assert open_picture(saved(marked(), "PNG"), at_least=10).file == b""


def test_turning_agrees_with_pillow() -> None:
    """An independent opinion on all eight: Pillow's own transposition."""
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = saved(marked(), "PNG", exif=exif)
        theirs = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        assert theirs is not None
        assert open_picture(data).image.tobytes() == theirs.convert("RGB").tobytes()
