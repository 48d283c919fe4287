"""E-mail: who wrote to whom, when and about what, the text, and the names of what is attached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.html_pieces import html_pieces
from pipeline.files.formats.shared.lines import MOST_BYTES, paragraphs, split_lines
from pipeline.files.formats.shared.look import Look

if TYPE_CHECKING:
    from email.message import EmailMessage

_TOLD = ("From", "To", "Cc", "Date", "Subject")
_HEADER = re.compile(
    rb"^(from|to|subject|date|received|message-id|mime-version|return-path|delivered-to):", re.I | re.M
)
_PARTED = re.compile(rb"^From [^\r\n]*\r?\n", re.MULTILINE)
_NAMES = re.compile(rb"(?:[!-9;-~]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3}")


def recognises(look: Look) -> Sure:
    beginning = re.sub(rb"\AFrom [^\r\n]*\r?\n", b"", look.head[:8192])
    headers = _NAMES.match(beginning)
    known = {found.lower() for found in _HEADER.findall(beginning.split(b"\n\n")[0].split(b"\r\n\r\n")[0])}
    if headers and len(known) >= 3 and b"from" in known:
        return "yes"
    return "named" if look.text or headers else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    data = file.read(5 * MOST_BYTES)
    several = _messages(data)
    for message in several:
        yield from _message(message, one=len(several) == 1)


def _messages(data: bytes) -> list[bytes]:
    """Those of a folder of mail (mbox), which parts them by lines that no message has in its text."""
    if not data.startswith(b"From "):
        return [data]
    return [each for each in _PARTED.split(data) if each.strip()]


def _message(data: bytes, *, one: bool) -> Iterator[Piece]:
    """``one``: there is no other, so that lines are those of the file."""
    from email import policy
    from email.parser import BytesParser

    message: EmailMessage = BytesParser(policy=policy.default).parsebytes(data)
    if not any(message.get(name) for name in _TOLD):
        raise RefusedError("damaged")
    subject = _value(message, "Subject")
    if subject:
        yield {"title": subject} if one else {"text": subject, "level": 1}
    for name in _TOLD:
        if value := _value(message, name):
            yield {"text": f"{name}: {value}", "line": _line_of(data, name) if one else 0}
    yield from _body(message, data) if one else _without_lines(_body(message, data))
    if attached := [name for part in _attachments(message) if (name := _name(part))]:
        yield {"attached": attached}


FORMAT = Format("mail", frozenset({".eml", ".mht", ".mhtml", ".mbox"}), recognises, read)


def _value(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name) or "").split())
    except (
        ValueError,
        IndexError,
        AttributeError,
        TypeError,
        LookupError,
    ):  # as the package meets damaged ones
        return ""


def _line_of(data: bytes, name: str) -> int:
    found = re.search(rb"^" + name.encode() + rb":", data[:65_536], re.I | re.M)
    return data.count(b"\n", 0, found.start()) + 1 if found else 0


def _body(message: EmailMessage, data: bytes) -> Iterator[Piece]:
    try:
        part = message.get_body(("plain", "html"))
    except (ValueError, KeyError, AttributeError, TypeError):
        part = None
    if part is None:
        yield from _first_text(message)
        return
    text = _text(part)
    if part.get_content_subtype() == "html":
        yield from _without_lines(html_pieces(text))
    else:
        first = _first_line(text, data)
        for piece in paragraphs(split_lines(text)):
            piece["line"] = piece["line"] + first if first else 0
            yield piece


def _first_text(message: EmailMessage) -> Iterator[Piece]:
    for part in _own_parts(message):
        if part.get_content_maintype() == "text":
            yield from _without_lines(paragraphs(split_lines(_text(part))))
            return


def _without_lines(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """They would be those of the decoded text, and not of the file."""
    for piece in pieces:
        if "text" in piece:
            piece["line"] = 0
            yield piece


def _first_line(text: str, data: bytes) -> int:
    """The lines of the file before those of the text, where it stands in it as it is; 0: it does not."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    before = next(number for number, each in enumerate(text.split("\n")) if each.strip()) if line else 0
    at = data.find(b"\n" + line.encode("utf-8", "replace"))
    return data.count(b"\n", 0, at) + 1 - before if line and at >= 0 else 0


def _text(part: Any) -> str:
    from pipeline.files.formats.shared.encodings import decoded

    try:
        content = part.get_payload(decode=True) or b""
    except (ValueError, KeyError, AttributeError, AssertionError):
        content = b""
    return decoded(content, part.get_content_charset("") or "").text


def _attachments(message: EmailMessage) -> Iterator[Any]:
    for part in _own_parts(message):
        if part.get_filename() or part.get_content_disposition() == "attachment" or _is_message(part):
            yield part


def _own_parts(part: Any) -> Iterator[Any]:
    """All but those of a message that is sent on in it: what another wrote is not told as this one's words."""
    yield part
    if part.is_multipart() and not _is_message(part):
        for inner in part.get_payload():
            yield from _own_parts(inner)


def _is_message(part: Any) -> bool:
    return bool(part.get_content_maintype() == "message")


def _name(part: Any) -> str:
    try:
        inner = part.get_payload(0) if _is_message(part) and part.is_multipart() else None
        sent_on = inner.get("Subject") if inner else ""
        return str(part.get_filename() or sent_on or part.get_content_type())
    except (ValueError, TypeError, LookupError, AttributeError):
        return str(part.get_content_type())
