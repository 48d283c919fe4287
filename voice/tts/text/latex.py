"""Simple LaTeX, read in English words: ``\\frac{a}{b}`` is "a over b", ``x^2`` is "x squared"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}^_&]|\d+(?:[.,]\d+)*|[a-zA-Z]+|\S")
_NAMED = {
    "times": "times", "cdot": "times", "div": "divided by", "pm": "plus or minus", "leq": "is at most",
    "le": "is at most", "geq": "is at least", "ge": "is at least", "neq": "is not", "ne": "is not",
    "approx": "is about", "equiv": "is equivalent to", "sim": "is similar to", "to": "to",
    "rightarrow": "to", "Rightarrow": "implies", "implies": "implies", "iff": "if and only if",
    "infty": "infinity", "sum": "the sum", "prod": "the product", "int": "the integral",
    "lim": "the limit", "partial": "partial", "in": "in", "notin": "not in", "subset": "is a subset of",
    "cup": "union", "cap": "intersection", "forall": "for all", "exists": "there is",
    "degree": "degrees", "circ": "degrees", "ldots": "and so on", "dots": "and so on",
    "cdots": "and so on", "lt": "is less than", "gt": "is greater than", "left": "", "right": "",
    "quad": ",", "qquad": ",", "displaystyle": "", "big": "", "Big": "", "text": "", "mathrm": "",
    "mathbf": "", "mathit": "", "mathbb": "", "mathcal": "", "operatorname": "", "boxed": "",
    "textbf": "", "begin": "", "end": "",
}  # fmt: skip
_SIGNS = {
    "+": "plus", "-": "minus", "−": "minus", "=": "equals", "<": "is less than", ">": "is greater than",
    "*": "times", "/": "over", "!": "factorial", "'": "prime", "|": "", "&": "", "~": "", "\\\\": ",",
    "\\,": "", "\\;": "", "\\!": "", "\\:": "", "\\ ": "", "\\%": "percent", "%": "percent",
    "\\$": "dollars", "\\{": "", "\\}": "", "\\|": "",
}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed", "T": "transposed", "degrees": "degrees", "prime": "prime"}


def spoken(tex: str) -> str:
    """Words for a formula; braces that do not match are forgiven."""
    said = " ".join(" ".join(_read(_Tokens(tex), "")).split())
    return re.sub(r"(?<=\() | (?=[,.;:)])", "", said)


class _Tokens:
    def __init__(self, tex: str) -> None:
        self.left = _TOKEN.findall(tex)[::-1]

    def next(self) -> str:
        return self.left.pop() if self.left else ""


def _read(tokens: _Tokens, closer: str, depth: int = 0) -> Iterator[str]:
    while (token := tokens.next()) and token != closer:
        if token == "}":
            continue
        yield from filter(None, [_one(token, tokens, depth)])


def _one(token: str, tokens: _Tokens, depth: int) -> str:
    if depth > 20:
        return ""
    if token == "{":
        return " ".join(_read(tokens, "}", depth + 1))
    if token == "^":
        power = _argument(tokens, depth)
        return _POWERS.get(power, f"to the power of {power}" if power else "")
    if token == "_":
        return f"sub {_argument(tokens, depth)}"
    if token in _SIGNS:
        return _SIGNS[token]
    if not token.startswith("\\"):
        return token
    name = token[1:]
    if name in ("frac", "dfrac", "tfrac"):
        return f"{_argument(tokens, depth)} over {_argument(tokens, depth)}"
    if name == "sqrt":
        return f"the square root of {_argument(tokens, depth)}"
    return _NAMED.get(name, name if name.isalpha() else "")


def _argument(tokens: _Tokens, depth: int) -> str:
    token = tokens.next()
    return _one(token, tokens, depth + 1) if token else ""
