"""The words of a drawing; nothing run, nothing fetched, nothing unpacked without end."""

from __future__ import annotations

import gzip
import time

import pytest

from config.errors import PictureError
from vision.images.picture import Picture
from vision.sources.open import open_shown
from vision.sources.svg import MAX_BYTES, is_svg, open_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg">'


def said(body: str, before: str = "") -> str:
    picture = open_shown(f"{before}{HEAD}{body}</svg>".encode(), "plan.svg")
    assert isinstance(picture, Picture)
    return picture.text


def test_title_description_and_text_come_first() -> None:
    text = said(
        "<title>Bus lines</title><desc>Where the buses go</desc><g><title>a part</title></g>"
        "<text>Central <tspan>Station</tspan></text><text>Harbour</text><text>Harbour</text>"
    )
    assert text.splitlines() == [
        "Only the words of this drawing are known here, not its shapes.", "",
        "Title: Bus lines", "", "Description: Where the buses go", "", "Text in it:", "Central Station",
        "Harbour",
    ]  # fmt: skip
    assert said("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>Step 1</p></foreignObject>").endswith(
        "Step 1"
    )
    assert said("<rect/>").endswith("not its shapes. It has none.")


def test_what_nobody_would_see_is_not_told() -> None:
    text = said(
        "<script>alert('x')</script><style>.a{}</style><text display='none'>no</text>"
        "<defs><text>no</text></defs>"
        "<g style='display: none'><text>no</text></g><text>yes</text><metadata><a>no</a></metadata>"
    )
    assert text.splitlines()[-2:] == ["Text in it:", "yes"]


def test_a_drawing_may_be_packed_and_is_known_by_its_content() -> None:
    plain = f"{HEAD}<text>Hello</text></svg>".encode()
    for data in (plain, gzip.compress(plain), b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- made -->" + plain):
        assert is_svg(data)
        assert open_svg(data, "a").text.endswith("Hello")
    assert not is_svg(b"<html><body>svg</body></html>")
    assert not is_svg(b"\x1f\x8b\x08\x00broken")


ENTITIES = "<!DOCTYPE svg [{}]>"
LAUGHS = '<!ENTITY a "ha ha ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        ('<!ENTITY x SYSTEM "http://127.0.0.1:1/x">', "&x;"),
        ('<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;', ""),
        (LAUGHS, "&i;"),
        (f'<!ENTITY x "{"y" * 10_000}">', "&x;" * 10_000),
    ],
)
def test_entities_that_refer_to_something_are_refused(declared: str, used: str) -> None:
    began = time.process_time()
    with pytest.raises(PictureError, match=r"^plan.svg is .*(entities|damaged)"):
        said(f"<text>{used}</text>", ENTITIES.format(declared))
    assert time.process_time() - began < 1


def test_a_plain_entity_as_drawing_programs_write_it_is_good() -> None:
    assert said("<text>&co;</text>", ENTITIES.format('<!ENTITY co "Tom and Ann">')).endswith("Tom and Ann")
    external = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://127.0.0.1:1/svg11.dtd">'
    assert said("<text>Fine</text>", external).endswith("Fine")


def test_bombs_are_bounded() -> None:
    deep = "<g>" * 100_000 + "</g>" * 100_000
    packed = gzip.compress(b"<svg>" + bytes(200_000_000))
    for data in (f"{HEAD}{deep}</svg>".encode(), packed, HEAD.encode() + b" " * MAX_BYTES, HEAD.encode()):
        began = time.process_time()
        with pytest.raises(PictureError):
            open_svg(data, "plan.svg")
        assert time.process_time() - began < 2
    long = open_svg(f"{HEAD}<text>{'word ' * 100_000}</text></svg>".encode(), "long.svg")
    assert len(long.text) < 21_000
