"""Files by their content, folders, patterns, pages."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from config.errors import PictureError, UsageError
from config.settings.model import VisionSettings
from tests.tables import for_each
from tests.vision.samples import pdf, words
from vision.images.files import read_file
from vision.images.picture import Picture
from vision.sources.named import STDIN
from vision.sources.open import files, is_address, open_shown, page_numbers
from vision.sources.pdf import Document
from vision.sources.registry import SourceOptions


def test_a_folder_is_read_as_people_count_and_holds_only_pictures(tmp_path: Path) -> None:
    for name in ("page 10.png", "page 2.png", "Page 1.JPG", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "sub.png").mkdir()
    assert [path.name for path in files(str(tmp_path))] == ["Page 1.JPG", "page 2.png", "page 10.png"]
    assert [path.name for path in files(f"{tmp_path}/page*")] == ["page 2.png", "page 10.png"]
    (tmp_path / "a[1].png").touch()
    assert [path.name for path in files(f"{tmp_path}/a[1].png")] == ["a[1].png"]
    for nothing in (f"{tmp_path}/*.gif", str(tmp_path / "sub.png")):
        with pytest.raises(PictureError, match=r"No file is called|no picture in the folder"):
            files(nothing)
    with pytest.raises(PictureError, match="cannot be read"):
        open_shown(files("a\0b")[0])


def test_the_first_bytes_say_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "thing.jpg"
    path.write_bytes(pdf([words("Hello")]))
    document = open_shown(path)
    assert isinstance(document, Document)
    document.close()
    Image.new("RGB", (9, 9), "red").save(path, "GIF", comment=b"%PDF-1.4 not really")
    picture = open_shown(path)
    assert isinstance(picture, Picture)


def test_a_scan_of_several_pages_is_a_document() -> None:
    pages = [Image.new("RGB", (40, 30 + n), colour) for n, colour in enumerate(("red", "lime", "blue"))]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    scan = open_shown(out.getvalue(), "fax.tif")
    assert isinstance(scan, Document)
    assert (scan.name, scan.pages) == ("fax.tif", 3)
    third = scan.page(3)
    assert (third.source, third.page, third.frames) == ("page 3 of 3 of fax.tif", 3, 1)
    assert third.image.size == (40, 32)
    assert third.image.getpixel((5, 5)) == (0, 0, 255)
    assert scan.page(3) is third
    with pytest.raises(PictureError, match="has 3 pages; there is no page 4"):
        scan.page(4)
    pages[0].save(out := io.BytesIO(), "TIFF")
    assert isinstance(open_shown(out.getvalue()), Picture)


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://example.org/a.png", True),
        ("file:///etc/passwd", True),
        ("data:image/png;base64,xx", True),
        ("javascript:alert(1)", True),
        ("photo.jpg", False),
        ("/tmp/a:b.png", False),
        ("-", False),
    ],
)
def test_addresses_are_told_from_names(source: str, address: bool) -> None:
    assert is_address(source) is address


@pytest.mark.parametrize(
    ("wanted", "pages"),
    [("3", [3]), ("2-4", [2, 3, 4]), ("5-", [5, 6]), ("-2", [1, 2]), ("1,3,1", [1, 3]), ("last", [6])],
)
def test_pages_are_chosen(wanted: str, pages: list[int]) -> None:
    assert page_numbers(wanted, 6, "letter") == pages


def test_pages_that_are_none() -> None:
    for wanted in ("7", "0", "4-2", "1-9"):
        with pytest.raises(PictureError, match="letter has 6 pages; there is no page"):
            page_numbers(wanted, 6, "letter")
    for wanted in ("two", "", "1.5", "1-2-3"):
        with pytest.raises(UsageError, match="names no page"):
            page_numbers(wanted, 6, "letter")
    assert len(page_numbers("1-", 100_000, "book")) == 20


@for_each(
    ("name", "words"),
    [
        ("", "without a name"), ("a" * 300, "cannot be read|no file"), ("a\0b.png", "cannot be read"),
        ("x/" * 3000, "cannot be read|no file"), ("/proc/self/environ", "no stored file"),
        ("/proc/version", "no stored file"), ("/proc/self/mem", "no stored file"), ("/dev/zero", "device"),
        ("/sys/kernel/uevent_seqnum", "not a picture"),
        ("/proc/self/fd", "no picture in the folder"), ("\udcff.png", "no file"),
    ],
)  # fmt: skip
def test_a_name_that_leads_to_no_stored_file_is_a_sentence(name: str, words: str) -> None:
    with pytest.raises(PictureError, match=words) as caught:
        open_shown(files(name)[0])
    assert str(caught.value).isprintable()


def test_of_a_file_that_grows_only_what_it_was_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.png"
    path.write_bytes(b"x" * 1000)

    def grow(*_: object) -> None:
        with path.open("ab") as file:
            file.write(b"y" * 1000)

    monkeypatch.setattr("vision.images.files._require_file", grow)
    assert read_file(path, "log.png") == b"x" * 1000 + b"y" * 1000  # once before it was open
    assert path.stat().st_size == 3000


def test_standard_input_that_is_closed_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(PictureError, match="Standard input cannot be read"):
        STDIN.open("", SourceOptions(VisionSettings()))


def test_a_web_page_is_told_from_a_picture_whatever_it_is_called() -> None:
    for page in (
        b"\xef\xbb\xbf<!-- x -->\n<HTML>",
        b"<?xml version='1.0'?><!DOCTYPE html>",
        b"\n<html lang=en>",
    ):
        with pytest.raises(PictureError, match="is a web page"):
            open_shown(page, "a.png")
    drawing = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><title>html</title></svg>"
    assert isinstance(open_shown(drawing, "a.svg"), Picture)
