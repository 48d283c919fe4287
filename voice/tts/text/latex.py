"""Simple LaTeX in words: ``\\frac{a}{b}`` is "a over b", ``x^2`` is "x squared"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}^_&]|\d+(?:[.,]\d+)*|[a-zA-Z]+|\S")


def spoken(tex: str, words: Mapping[str, Any]) -> str:
    """A formula in ``words``, ``[rules.formulas]`` of a language; braces that do not match are forgiven."""
    said = " ".join(" ".join(_read(_Tokens(tex, words), "")).split())
    return re.sub(r"(?<=\() | (?=[,.;:)])", "", said)


class _Tokens:
    def __init__(self, tex: str, words: Mapping[str, Any]) -> None:
        self.words = words
        self.left = _TOKEN.findall(tex)[::-1]

    def next(self) -> str:
        return self.left.pop() if self.left else ""


def _read(tokens: _Tokens, closer: str, depth: int = 0) -> Iterator[str]:
    while (token := tokens.next()) and token != closer:
        if token == "}":
            continue
        yield from filter(None, [_one(token, tokens, depth)])


def _one(token: str, tokens: _Tokens, depth: int) -> str:
    words = tokens.words
    if depth > 20:
        return ""
    if token == "{":
        return " ".join(_read(tokens, "}", depth + 1))
    if token == "^":
        power = _argument(tokens, depth)
        return str(words["powers"].get(power, words["power"].format(power) if power else ""))
    if token == "_":
        return str(words["sub"]).format(_argument(tokens, depth))
    if token in words["signs"]:
        return str(words["signs"][token])
    if not token.startswith("\\"):
        return token
    name = token[1:]
    if name in ("frac", "dfrac", "tfrac"):
        return str(words["over"]).format(_argument(tokens, depth), _argument(tokens, depth))
    if name == "sqrt":
        return str(words["root"]).format(_argument(tokens, depth))
    return str(words["named"].get(name, name if name.isalpha() else ""))


def _argument(tokens: _Tokens, depth: int) -> str:
    token = tokens.next()
    return _one(token, tokens, depth + 1) if token else ""
