"""Addresses, paths and names of files as they are said: every sign of them, in the words of a language.

A voice makes "a link to example.org" of an address, and who agrees to it has to hear all of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from config.language.phrases import phrases

_SPACE = re.compile(r"(\s+)")
_ADDRESS = re.compile(r"@|://|^www\.|\w_\w|\\|^[~.]{0,2}/|/.*/")
_HOST = re.compile(r"[^\W\d_][^\W_]*\.\w|\w\.[^\W\d_][^\W\d_]")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|\[?[0-9a-fA-F]*:[0-9a-fA-F:]+\]?")
_ABBREVIATED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
"""``e.g.``, ``z.B.``"""
_AROUND = "\"'“”„«»‘’(),;!?…"
_RUN = re.compile(r"[A-Za-z]+|\d+|.", re.DOTALL)
_LONG = 5
"""Digits: who hears "twelve million" cannot tell which they are."""
_MARKUP = str.maketrans(dict.fromkeys("`*|<>[]{}~^#", " "))
"""A voice reads what stands between them otherwise, or not at all."""


def as_said(text: str, language: str) -> str:
    """On one line, without marks that hide a part of it, its addresses spelled."""
    signs = phrases(language).tables["address_marks"]
    words = (_word(word, signs) for word in text.split())
    return " ".join(filter(None, words))


def _word(word: str, signs: Mapping[str, str]) -> str:
    before = word[: len(word) - len(word.lstrip(_AROUND))]
    after = word[len(before) :][len(word[len(before) :].rstrip(_AROUND + ".:")) :]
    bare = word[len(before) : len(word) - len(after)]
    if not _is_address(bare):
        plain = word.translate(_MARKUP)
        return " ".join((plain if re.search(r"\$\d", plain) else plain.replace("$", " ")).split())
    return f"{before}{_spelled(bare, signs)}{after}"


def _is_address(word: str) -> bool:
    if _ABBREVIATED.fullmatch(word):
        return False
    return bool(_ADDRESS.search(word) or _HOST.search(word) or _IP.fullmatch(word))


def _spelled(address: str, signs: Mapping[str, str]) -> str:
    return " ".join(_run(run, signs) for run in _RUN.findall(address))


def _run(run: str, signs: Mapping[str, str]) -> str:
    """Letters of other alphabets by their names: some look like ours."""
    if run in signs:
        return signs[run]
    if run.isascii() and run.isalpha():
        return run
    if run.isascii() and run.isdigit():
        return " ".join(run) if len(run) >= _LONG else run
    return unicodedata.name(run, f"U+{ord(run):04X}").lower()
