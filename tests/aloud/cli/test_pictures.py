"""From a picture's place to the server that sees it: what a real command really sends, and to whom."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from aloud.cli.options import with_values
from tests.serving import Model, model_server
from tests.vision.images.test_open import SECRETS, _tell_tale, marked, near, saved
from tests.vision.samples import film, pdf, words

Call = Callable[..., Any]

QUIET = ("--speaker", "none")

TOLD = [secret for secret in SECRETS if len(secret) > 3]
"""Three letters come up by chance among so many bytes."""


@pytest.fixture
def server() -> Iterator[Model]:
    """Keeps every byte of every request; says "Seen."."""
    with model_server(lambda asked: "Seen.") as model:
        yield model


def sent(request: bytes) -> list[Image.Image]:
    """The pictures in a request, decoded; every byte of them is looked through for what must not leave."""
    body = json.loads(request[request.index(b'{"model"') :])
    found: list[Image.Image] = []
    for message in body["messages"]:
        for part in message["content"] if isinstance(message["content"], list) else ():
            if part["type"] == "image_url":
                head, _, data = part["image_url"]["url"].partition(",")
                raw = base64.b64decode(data)
                assert head in ("data:image/png;base64", "data:image/jpeg;base64")
                assert not [secret for secret in TOLD if secret.lower() in raw.lower()]
                image = Image.open(io.BytesIO(raw))
                image.load()
                assert not image.getexif()
                assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
                found.append(image)
    return found


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_of_what_a_picture_tells_only_the_pixels_arrive(
    aloud: Call, server: Model, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "holiday.bin"
    path.write_bytes(_tell_tale(format))
    outcome = aloud("describe", str(path), *QUIET, "--llm", server.spec)
    assert outcome.status == 0, outcome.err
    (request,) = server.chats
    assert len(sent(request)) == 1
    everything = b"".join(server.received).lower()
    assert not [secret for secret in TOLD if secret.lower() in everything]


@pytest.mark.parametrize("ask", [("describe",), ("ask", "What does it say?", "--image")])
def test_no_picture_arrives_where_this_machine_is_to_look_at_them(
    aloud: Call, server: Model, recordings: Path, ask: tuple[str, ...]
) -> None:
    outcome = aloud(*ask, str(recordings / "sign.png"), *QUIET, "--llm", server.spec, "--vision", "rapidocr")
    assert (outcome.status, "Seen." in outcome.out) == (0, True), outcome.err
    assert not [picture for request in server.chats for picture in sent(request)]
    assert "EMERGENCY EXIT" in json.dumps(server.asked[0])  # what was read in it is told in words


def test_who_looks_at_pictures_is_known_by_name(aloud: Call) -> None:
    outcome = aloud("describe", "sign.png", *QUIET, "--vision", "rapidocrr")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "aloud: --vision does not know 'rapidocrr'. It takes auto or rapidocr.\n"


def test_every_orientation_arrives_upright(aloud: Call, server: Model, tmp_path: Path) -> None:
    undo = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270, 3: Image.Transpose.ROTATE_180}
    undo |= {2: Image.Transpose.FLIP_LEFT_RIGHT, 4: Image.Transpose.FLIP_TOP_BOTTOM}
    undo |= {5: Image.Transpose.TRANSPOSE, 7: Image.Transpose.TRANSVERSE}
    paths = []
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
        image = marked().resize((480, 320))
        stored = image.transpose(undo[orientation]) if orientation > 1 else image
        paths.append(tmp_path / f"{orientation}.jpg")
        paths[-1].write_bytes(saved(stored, "JPEG", exif=exif, quality=95))
    for start in (0, 4):  # four at once is what a model on this machine is sent
        outcome = aloud("describe", *map(str, paths[start : start + 4]), *QUIET, "--llm", server.spec)
        assert outcome.status == 0, outcome.err
    pictures = [picture for request in server.chats for picture in sent(request)]
    assert len(pictures) == 8
    for picture in pictures:
        upright = picture.convert("RGB")
        assert upright.size == (480, 320)
        assert near(upright, (50, 50), (255, 0, 0), 60)
        assert near(upright, (430, 50), (0, 255, 0), 60)
        assert near(upright, (50, 280), (0, 0, 255), 60)


def test_a_real_server_decodes_it_and_sees_the_right_picture(aloud: Call, llama: str, tmp_path: Path) -> None:
    """By its address, from the clipboard's kind of bytes, turned, in formats that llama.cpp cannot decode."""
    for number, (format, colour) in enumerate([("JPEG", "red"), ("WEBP", "blue"), ("AVIF", "green")]):
        image = Image.new("RGB", (240, 240), "white")
        ImageDraw.Draw(image).ellipse((60, 60, 180, 180), fill=colour)
        path = tmp_path / f"{number}"
        path.write_bytes(saved(image, format, quality=95))
        asked = ("--ask", "What is in the picture?", *QUIET, "--llm", f"{llama}#llm-micro")
        outcome = aloud("describe", str(path), *asked)
        assert outcome.status == 0, outcome.err
        assert colour in outcome.out, (format, outcome.out)


def test_a_camera_a_page_and_a_folder_are_described(aloud: Call, tmp_path: Path) -> None:
    red = np.full((240, 320, 3), (255, 0, 0), np.uint8)
    clip = film(tmp_path / "clip.y4m", lambda number: red, 12)
    (tmp_path / "letter.pdf").write_bytes(pdf([words("First page"), words("The boiler is fixed.")]))
    outcome = aloud("describe", "--camera", str(clip), *QUIET, "--llm", "skills")
    assert (outcome.status, "red" in outcome.out) == (0, True), outcome
    outcome = aloud("describe", str(tmp_path / "letter.pdf"), "--page", "2", *QUIET, "--llm", "skills")
    assert "The boiler is fixed" in outcome.out
    assert "page 2 of 2 of letter.pdf" in outcome.err
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    outcome = aloud("describe", str(tmp_path), *QUIET, "--llm", "skills")
    assert outcome.status == 0
    assert "Left out: broken.png is" in outcome.err
    assert "First page" in outcome.out
    assert aloud("describe", str(tmp_path / "broken.png"), *QUIET, "--llm", "skills").status == 3
    assert aloud("describe", *QUIET).status == 2


def test_in_a_conversation_it_looks_when_asked(aloud_process: Call, tmp_path: Path) -> None:
    """Typed here; what is spoken goes the same way (tests/conversations/test_capturing.py)."""
    circle = Image.new("RGB", (320, 240), "white")
    ImageDraw.Draw(circle).ellipse((100, 60, 220, 180), fill="red")
    clip = film(tmp_path / "clip.y4m", lambda number: np.asarray(circle), 12)
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(pdf([words("First page"), words("The boiler is fixed.")]))
    shown = ("--image", str(letter), "--camera", str(clip))
    talk = ("talk", "--typed", "--microphone", "none", *QUIET, "--json", "--llm", "skills")
    outcome = aloud_process(*talk, *shown, stdin=b"Read page two.\nLook at this.\n")
    assert outcome.status == 0, outcome.err
    looked = [[image["source"] for image in event["images"]] for event in outcome.of("looked")]
    assert looked == [["page 2 of 2 of letter.pdf"], ["clip.y4m"]]
    read, seen = (event["heard"] for event in outcome.of("spoke"))
    assert read == "The boiler is fixed."
    assert "red circle" in seen


@pytest.mark.parametrize(
    "source", ["https://example.org/a.png", "http://127.0.0.1/a.png", "file:///etc/passwd"]
)
def test_offline_and_inside_nothing_is_fetched(aloud: Call, source: str) -> None:
    outcome = aloud("describe", source, "--offline", *QUIET, "--llm", "skills")
    assert outcome.status == 5
    if "example" not in source:
        assert aloud("describe", source, *QUIET, "--llm", "skills").status == 5


def test_a_pdf_on_standard_input(aloud_process: Call) -> None:
    letter = pdf([words("Dear Ann")])
    outcome = aloud_process("describe", "-", *QUIET, "--llm", "skills", stdin=letter)
    assert outcome.status == 0, outcome.err
    assert "Dear Ann" in outcome.out


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["--camera"], ["--camera="]),
        (["--camera", "2", "x"], ["--camera", "2", "x"]),
        (["--camera", "photo.jpg"], ["--camera=", "photo.jpg"]),
        (["--camera", "walk.y4m"], ["--camera", "walk.y4m"]),
        (["--screen", "--json"], ["--screen=", "--json"]),
        (["--screen", "10,20,300,200"], ["--screen", "10,20,300,200"]),
        (["--screen", "window:Mail"], ["--screen", "window:Mail"]),
        (["--screen=window"], ["--screen=window"]),
        (["--", "--camera"], ["--", "--camera"]),
    ],
)
def test_options_that_may_stand_alone(given: list[str], meant: list[str]) -> None:
    assert with_values(given) == meant
