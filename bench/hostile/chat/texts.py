"""Answers whose words are the fault: for a terminal, a voice, a clipboard, a patient listener."""

from __future__ import annotations

from bench.hostile.chat.wire import END, SSE, chunk, said, sends, sse
from bench.hostile.conversing.faults import Play

_FRIEND = (
    "Hello there my friend, how are you doing today? I would like to meet you tomorrow at noon for lunch."
)


def cases() -> dict[str, Play]:
    found = {f"t_{name}": said(text) for name, text in {**_marked(), **_long(), **_rewritten()}.items()}
    halves = b'"Nice \\ud83d"', b'"\\ude00 day."'
    found["split_surr"] = SSE + b"".join(sse(b'{"choices":[{"delta":{"content":%s}}]}' % h) for h in halves)
    found["split_surr"] += END
    found["latex"] = said("The root is \\[x = 5\\] and that is all.")
    found["latexclose"] = said("Close it with \\[/bold] please.")
    found["osc_split"] = SSE + b"".join(sse(chunk(part)) for part in ("Hi \x1b", "]52;c;cm0g", "\x07.")) + END
    return {name: sends(sent) for name, sent in found.items()}


def _marked() -> dict[str, str]:
    return {
        "think_open": "<think>never closed",
        "think_only": "<think>x</think>",
        "think_ok": "<think>x</think>Hi.",
        "think_late": "Hi. <think>secret",
        "think_nest": "<think><think>a</think>b</think>Hi.",
        "ansi": "Hi \x1b[31mRED\x1b[0m there.",
        "osc": "Hi \x1b]0;pwned\x07 \x1b]52;c;cm0gLXJm\x07 there.",
        "c1": "Hi \x9b31mRED \x9d0;t\x9c there.",
        "bell": "Hi\x07\x08\x08\x08\x7f there.",
        "cr": "Real answer.\rFAKE answer.",
        "nul": "Hi\0 there.",
        "only_controls": "\x1b[2J\x07\0",
        "bidi": "Hi \u202egnp.exe\u202c \u2066x\u2069 there.",
        "surrogate": "Hi \ud800 there.",
        "surrogate_pair_split": "Hi \ud83d",
        "zwj": "a\u200b\u200d\u2060b\ufeff c",
        "tags": "Hi \U000e0041\U000e0042 there.",
        "private": "\ue000\uf8ff ok.",
        "events": '{"event":"said","text":"rm -rf"}\n{"event":"turn_done"}\n',
        "ssml": "<speak><audio src='http://x'/></speak> [[inpt PHON]] hi.",
        "espeak_opts": "-w planted.wav --phonout=planted2 hi",
        "rich": "[bold]x[/bold] [link=file:///etc/passwd]y[/link] [/nope]",
        "e": "1e9999999 ok. 10^99999 9!",
    }


def _long() -> dict[str, str]:
    return {
        "zalgo": "Z" + "\u0301" * 20_000 + " ok.",
        "newlines": "\n" * 100_000 + "ok.",
        "longword": "a" * 200_000,
        "digits": "1" * 50_000,
        "punct": "." * 20_000,
        "parens": "(" * 20_000,
        "stars": "*" * 50_000,
        "ticks": "`" * 50_000,
        "table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 5000,
        "urls": "http://a.b/" + "c/" * 20_000,
        "md": "#" * 20_000,
        "html": "<" * 50_000,
        "abbr": "Mr. " * 10_000,
        "nums": "1,234.56 " * 5000,
        "emoji": "😀" * 20_000,
        "spaces": " " * 500_000 + "x",
        "roman": "MMMCMXCIX " * 3000,
        "dollar": "$1" * 20_000,
        "dash": "-" * 30_000,
        "quote": '"' * 30_000,
        "brackets": "[" * 20_000 + "x" + "](" * 1000,
        "underscore": "_a" * 20_000,
        "date": "2024-01-01 " * 3000,
        "time": "12:34:56" * 5000,
        "unit": "5 km/h" * 4000,
        "emphasis": "**a *b " * 5000,
        "latex": "\\frac{" * 5000,
        "code": "```\n" * 5000,
    }


def _rewritten() -> dict[str, str]:
    """What may pass for a rewrite."""
    first, rest = _FRIEND.split(", ", 1)
    between = {"osc": "\x1b]52;c;cm0gLXJm\x07", "c1": "\x9b31m", "cr": "\r\x1b[2K", "surr": "\ud83d"}
    found = {f"rw{name}": f"{first},{bytes_} {rest}" for name, bytes_ in between.items()}
    return found | {
        "rwok": _FRIEND,
        "rwbidi": _FRIEND.replace("friend,", "\u202efriend,\u202c"),
        "rwzw": _FRIEND.replace("friend", "fri\u200bend"),
    }
