"""What was copied, by the real xclip on a real X server: a picture, a file's name, words, nothing."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from config.errors import PictureError, VisionError
from tests.vision.samples import pdf, words
from vision.images.picture import Picture
from vision.sources.clipboard import read_clipboard
from vision.sources.pdf import Document

Copy = Callable[[bytes, str], None]


@pytest.fixture
def copy(display: str) -> Iterator[Copy]:
    """``copy(data, type)``; what was copied goes with the test."""
    owners: list[subprocess.Popen[bytes]] = []

    def copy(data: bytes, kind: str) -> None:
        command = ["xclip", "-selection", "clipboard", "-t", kind, "-quiet", "-i"]
        owner = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        assert owner.stdin is not None
        assert owner.stderr is not None
        owner.stdin.write(data)
        owner.stdin.close()
        owner.stderr.readline()  # "Waiting for selection requests": it owns the clipboard now
        owners.append(owner)

    yield copy
    for owner in owners:
        owner.kill()
        owner.wait()
        if owner.stderr:
            owner.stderr.close()


def red() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    return out.getvalue()


def test_a_picture_a_document_a_file_and_words(copy: Copy, tmp_path: Path) -> None:
    copy(red(), "image/png")
    picture = read_clipboard()
    assert isinstance(picture, Picture)
    assert (picture.source, picture.image.size) == ("clipboard", (30, 20))
    path = tmp_path / "my picture.png"
    path.write_bytes(red())
    copy(f"{path.as_uri()}\r\n".encode(), "text/uri-list")
    picture = read_clipboard()
    assert isinstance(picture, Picture)
    assert picture.source == "my picture.png"
    (tmp_path / "letter.pdf").write_bytes(pdf([words("Dear Ann")]))
    copy((tmp_path / "letter.pdf").as_uri().encode(), "text/uri-list")
    document = read_clipboard()
    assert isinstance(document, Document)
    document.close()
    copy("Grüße aus Köln".encode(), "UTF8_STRING")
    text = read_clipboard()
    assert isinstance(text, Picture)
    assert text.text == "Grüße aus Köln"
    copy(b"https://example.org/x.png\n", "text/uri-list")
    with pytest.raises(PictureError, match="no picture in the clipboard"):
        read_clipboard()


def test_what_a_password_manager_copied_is_not_looked_at(copy: Copy) -> None:
    copy(b"secret", "x-kde-passwordManagerHint")
    with pytest.raises(PictureError, match="password manager"):
        read_clipboard()


def test_no_clipboard_and_no_tool_are_sentences(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(VisionError, match="xclip is not installed") as caught:
        read_clipboard()
    assert caught.value.todo == "Install it: xclip, from your system's packages (Debian's names)"
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    with pytest.raises(VisionError, match="wl-paste is not installed") as caught:
        read_clipboard()
    assert "wl-clipboard" in caught.value.todo
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.delenv("DISPLAY")
    with pytest.raises(VisionError, match="no screen"):
        read_clipboard()
