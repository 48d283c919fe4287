"""Text and codes of a picture as they are said aloud: joined lines, nothing secret, no long links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from config.language.phrases import Phrases, phrases
from vision.images.names import shown_name
from vision.ocr.read import Code, Line

_HOST = re.compile(r"[\w.:-]{1,80}")
"""What is said of an address is a host and no sentence."""


def flow(lines: tuple[Line, ...]) -> str:
    """Lines as one run of speech: a short line without a mark gets a full stop, a split word is mended."""
    out = ""
    for before, line in zip((None, *lines), lines, strict=False):
        if before is None:
            out = line.text
        elif out.endswith("-") and line.text[:1].islower():
            out = out[:-1] + line.text
        elif out[-1:] in ".,;:!?…" or line.text[:1].islower():
            out += f" {line.text}"
        else:
            wrapped = before.paragraph == line.paragraph and count(before.text) > 4
            out += f"{'' if wrapped else '.'} {line.text}"
    return out


def hide_cards(text: str, words: Phrases) -> str:
    """Numbers that check as a payment card's (15 to 19 digits from 2 to 6 on, Luhn) are not said unasked."""

    def hidden(match: re.Match[str]) -> str:
        digits = [int(digit) for digit in reversed(match[0]) if digit.isdigit()]
        doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
        return match[0] if (sum(digits[::2]) + doubled) % 10 else words.say("reading.card")

    return re.sub(r"(?<!\d)[2-6](?:[ -]?\d){14,18}(?!\d)", hidden, text)


def said_code(code: Code, language: str = "en") -> str:
    """What a code holds; a network's password is not said."""
    words, text = phrases(language), code.text

    def say(key: str, **values: str | int) -> str:
        kind = code.kind if "code" in code.kind.lower() else words.say("codes.code", kind=code.kind)
        return words.say(f"codes.{key}", kind=kind, a_kind=words.with_article(kind), **values)

    if text.upper().startswith("WIFI:"):
        name = re.search(r"[:;]S:((?:\\.|[^;\\])*)", text)
        return say("network", name=shown_name(name[1], "") if name else "").replace(" .", ".")
    if text.upper().startswith(("BEGIN:VCARD", "MECARD:")):
        return say("contact")
    if re.match(r"https?://", text, re.IGNORECASE):
        return say("link", host=_host(text) or words.say("codes.no_host"))
    if text.isdigit() and len(text) <= 20:
        return say("digits", digits=" ".join(text))
    if count(text) <= 12 and len(text) <= 80 and text.isprintable():
        return say("text", text=text)
    return say("long", count=len(text))


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) else ""


def count(text: str) -> int:
    return len(text.split())
