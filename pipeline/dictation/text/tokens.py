"""Words with the marks on them, and the breaks of lines between them. Pure."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[\S\u00a0\u202f]+|\n+")
_EDGES = re.compile(r"^\W+|\W+$")


def tokens(text: str) -> list[str]:
    """``"one,  two\\nthree"`` → ``["one,", "two", "\\n", "three"]``."""
    return _TOKEN.findall(re.sub(r"\s*?\n[^\S\n]*", "\n", text))


def joined(some: list[str]) -> str:
    return re.sub(r" ?(\n+) ?", r"\1", " ".join(some)).strip(" ")


def bare(token: str) -> str:
    """In lower case, without the marks around it."""
    return _EDGES.sub("", token).lower().replace("’", "'")
