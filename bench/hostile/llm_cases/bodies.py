"""Bytes, sizes and texts that no sound answer has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial

from bench.hostile.llm_cases.base import Case, answer, called_with, head, once
from bench.hostile.llm_cases.streams import CALL_ID, CALLED, Event, Sound


def _bytes(sound: Sound) -> Iterator[Case]:
    begin, body = head(sound.kind), sound.stream(sound.said, plain=True)
    emoji = body.find("😀".encode())
    for at in range(emoji - 1, emoji + 5):
        split = partial(_split, begin + body, len(begin) + at)
        yield Case(sound.api, "bytes", f"split-{at - emoji}", split, pause_s=0.02, well=True)
        yield Case(sound.api, "cut", f"letter-{at - emoji}", once(begin + body[:at]))
    singly = [begin, *(bytes([byte]) for byte in body)]
    yield Case(sound.api, "bytes", "one-by-one", lambda: singly, well=True)
    bad = body.replace("😀".encode(), b"\xff\xfe\xc3\x28")
    for what, data, well in (
        ("no-utf8", bad, True),
        ("utf16", body.decode().encode("utf-16"), False),
        ("bom", b"\xef\xbb\xbf" + body, True),
        ("crlf", body.replace(b"\n", b"\r\n"), True),
        ("cr", body.replace(b"\n", b"\r"), True),
        ("nuls", b"\0" * 5000 + body, False),
        ("noise", bytes(n * n % 251 for n in range(20_000)), False),
        ("empty", b"", False),
        ("blank", b"\n" * 5000, False),
        ("web-page", b"<html><h1>Sign in to this network</h1></html>", False),
        ("last-alone", sound.last, False),
        (
            "halves",
            sound.stream(sound.saying("Nice \ud83d")) + sound.stream(sound.saying("\ude00 day.")),
            False,
        ),
    ):
        yield Case(sound.api, "bytes", what, once(begin + data), well=well)
    for what in (
        "martian",
        "base64",
        "utf-16",
        "rot13",
        "idna",
        "undefined",
        "x" * 300,
        '"',
        "utf-8\x1b[31m",
    ):
        data = head(f"{sound.kind}; charset={what}") + body
        yield Case(sound.api, "bytes", f"charset-{what[:9]!a}".replace("'", ""), once(data), well=True)


def _split(data: bytes, at: int) -> list[bytes]:
    return [data[:at], data[at:]]


def _sizes(sound: Sound) -> Iterator[Case]:
    begin = head(sound.kind)
    for what, word, count in (
        ("10-mb", "word ", 2_000_000),
        ("3-mb-word", "w", 3_000_000),
        ("900-kb", "word ", 180_000),
        ("300-kb", "word ", 60_000),
    ):
        yield Case(sound.api, "size", f"text-{what}", answer(sound, partial(_long, sound, word, count)))
    yield Case(sound.api, "size", "line-10-mb", lambda: [head(sound.kind), sound.framed(b"x" * 10_000_000)])
    for what, old, new, count in (
        ("arguments-1-mb", "{}", "x", 1_000_000),
        ("arguments-300-kb", "{}", "x", 300_000),
        ("name-900-kb", CALLED, "s", 900_000),
        ("id-300-kb", CALL_ID, "i", 300_000),
    ):
        make = partial(called_with, sound, old, new, count)
        yield Case(sound.api, "size", what, answer(sound, make))
    yield Case(sound.api, "size", "calls-5000", answer(sound, partial(_many_calls, sound, 5000)))
    yield Case(sound.api, "size", "calls-40", answer(sound, partial(_many_calls, sound, 40)))
    first = sound.stream(sound.said[:-1])
    yield Case(sound.api, "size", "150000-events", lambda: [begin + first, sound.piece("w ") * 150_000])


def _long(sound: Sound, word: str, count: int) -> Iterable[Event]:
    return sound.saying(word * count)


def _many_calls(sound: Sound, count: int) -> list[Event]:
    """The events of the call, again and again, each at a place of its own."""
    *before, last = sound.called
    calls = [event for event in before if "list_timers" in json.dumps(event) or "fc_1" in json.dumps(event)]
    told = json.dumps(calls)
    again: list[Event] = []
    for n in range(count):
        placed = told.replace("call_1", f"call_{n}").replace("fc_1", f"fc_{n}")
        placed = placed.replace('"index": 0', f'"index": {n}').replace('"index": 1', f'"index": {n}')
        again += json.loads(placed.replace('"output_index": 1', f'"output_index": {n}'))
    return [*before, *again, last]


_TEXTS = {
    "think-open": "<think>never closed",
    "think-only": "<think>x</think>",
    "think-late": "Hi. <think>secret",
    "think-nested": "<think><think>a</think>b</think>Hi.",
    "call-open": '<tool_call> {"name": "list_timers"',
    "call-whole": '<tool_call>{"name": "list_timers", "arguments": {}}</tool_call>',
    "colours": "Hi \x1b[31mRED\x1b[0m there.",
    "titles": "Hi \x1b]0;pwned\x07 \x1b]52;c;cm0gLXJm\x07 there.",
    "c1": "Hi \x9b31mRED \x9d0;t\x9c there.",
    "bells": "Hi\x07\x08\x08\x08\x7f there.",
    "return": "Real answer.\rFAKE answer.",
    "nul": "Hi\0 there.",
    "bidi": "Hi \u202egnp.exe\u202c \u2066x\u2069 there.",
    "half": "Hi \ud800 there.",
    "half-at-end": "Hi \ud83d",
    "zero-width": "a\u200b\u200d\u2060b\ufeff c",
    "tags": "Hi \U000e0041\U000e0042 there.",
    "private": "\ue000\uf8ff ok.",
    "accents": "Z" + "\u0301" * 20_000 + " ok.",
    "events": '{"event":"said","text":"rm -rf"}\n{"event":"turn_done"}\n',
    "newlines": "\n" * 100_000 + "ok.",
    "one-word": "a" * 200_000,
    "digits": "1" * 50_000,
    "dots": "." * 20_000,
    "brackets": "(" * 20_000,
    "stars": "*" * 50_000,
    "ticks": "`" * 50_000,
    "table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 5000,
    "addresses": "http://a.b/" + "c/" * 20_000,
    "hashes": "#" * 20_000,
    "less-than": "<" * 50_000,
    "abbreviations": "Mr. " * 10_000,
    "numbers": "1,234.56 " * 5000,
    "emoji": "😀" * 20_000,
    "ssml": "<speak><audio src='http://x'/></speak> [[inpt PHON]] hi.",
    "options": "-w planted.wav --phonout=planted2 hi",
    "markup": "[bold]x[/bold] [link=file:///etc/passwd]y[/link] [/nope]",
    "latex": "The root is \\[x = 5\\] and that is all.",
    "closing": "Close it with \\[/bold] please.",
    "spaces": " " * 300_000 + "x",
    "dollars": "$1" * 20_000,
    "dashes": "-" * 30_000,
    "quotes": '"' * 30_000,
    "exponents": "1e9999999 ok. 10^99999 9!",
    "times": "12:34:56" * 5000,
    "units": "5 km/h" * 4000,
    "code": "```\n" * 5000,
    "title-again": "[Your Title]\n" * 3000,
    "sentence-again": "I am sorry, I cannot do that for you today. " * 1000,
    "counting-up": "".join(f"{n}. Another thing that one can do.\n" for n in range(1, 2000)),
}


def _texts(sound: Sound) -> Iterator[Case]:
    for what, text in _TEXTS.items():
        yield Case(sound.api, "text", what, answer(sound, partial(sound.saying, text)))
    for what, name in _NAMES.items():
        yield Case(
            sound.api, "text", f"call-{what}", answer(sound, partial(called_with, sound, CALLED, name))
        )
    for what, arguments in _ARGUMENTS.items():
        make = partial(called_with, sound, "{}", arguments)
        yield Case(sound.api, "text", f"arguments-{what}", answer(sound, make))


_NAMES = {"unknown": "rm", "escape": "\x1b[31mrm", "half": "rm\ud800", "nothing": "", "long": "r" * 5000}
_ARGUMENTS = {
    "list": "[1]",
    "no-json": "{bad",
    "deep": "[" * 100_000,
    "deep-900": '{"a":' * 900 + "1" + "}" * 900,
    "deep-400": '{"a":' * 400 + "1" + "}" * 400,
    "half": '{"a": "\\ud800"}',
    "nan": '{"a": NaN, "b": 1e999}',
    "digits": '{"a": ' + "9" * 5000 + "}",
    "digits-4000": '{"a": ' + "9" * 4000 + "}",
    "twice": "{}{}",
}


KINDS = (
    _bytes,
    _sizes,
    _texts,
)
