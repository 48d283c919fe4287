"""Text and codes of a picture as they are said aloud: joined lines, nothing secret, no long links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from vision.reading import Code, Line


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


def hide_cards(text: str) -> str:
    """Numbers that check as a payment card's (15 to 19 digits from 2 to 6 on, Luhn) are not said unasked."""

    def hidden(match: re.Match[str]) -> str:
        digits = [int(digit) for digit in reversed(match[0]) if digit.isdigit()]
        doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
        return match[0] if (sum(digits[::2]) + doubled) % 10 else "(a payment card number, not read out)"

    return re.sub(r"(?<!\d)[2-6](?:[ -]?\d){14,18}(?!\d)", hidden, text)


def said_code(code: Code) -> str:
    """What a code holds; a network's password is not said."""
    noun = code.kind if "code" in code.kind.lower() else f"{code.kind} code"
    kind, text = f"A{with_article(noun)[1:]}", code.text
    if text.upper().startswith("WIFI:"):
        name = re.search(r"[:;]S:((?:\\.|[^;\\])*)", text)
        return f"{kind} to join the network {name[1] if name else ''}".rstrip() + "."
    if text.upper().startswith(("BEGIN:VCARD", "MECARD:")):
        return f"{kind} with a person's contact details."
    if re.match(r"https?://", text, re.IGNORECASE):
        return f"{kind} with a link to {_host(text)}."
    if text.isdigit() and len(text) <= 20:
        return f"{kind}: {' '.join(text)}."
    if count(text) <= 12 and len(text) <= 80 and text.isprintable():
        return f"{kind}: “{text}”."
    return f"{kind} with {len(text)} characters of text."


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "a site without a name"
    except ValueError:
        return "a site without a name"


def listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"


def count(text: str) -> int:
    return len(text.split())
