"""An address of the web as a person hears it before they say yes to it: all of it, and no other one. Pure.

Its host is said letter by letter, since one letter makes it another's: ``paypa1``, ``rn`` for ``m``, a letter
of another script that looks like one of ours (which stands as ``xn--`` in it). What stands behind the host is
said word by word: words are words, and what is none is spelled, digit by digit and sign by sign.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from config.language.phrases import phrases
from config.runtime.clean import clean
from config.runtime.hosts import network_name

_PARTS = re.compile(r"[^\W\d_]+|\d+|\s+|.", re.S)
_WORD = re.compile(r"[^\W\d_]?[^\W\d_A-Z]*")
"""Small letters, of which the first may be a capital."""
_LONGEST_WORD = 20


def spoken_address(url: str, language: str) -> str:
    """``https`` and a plain port are not said; anything else is. What cannot be read as an address is spelled
    as a whole.
    """
    marks = phrases(language).tables["address_marks"]
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _joined(_said(url, marks))
    scheme = [] if parts.scheme == "https" else [*_said(f"{parts.scheme}:", marks)]
    login = [*_said(f"{parts.netloc.rpartition('@')[0]}@", marks)] if "@" in parts.netloc else []
    at_port = [*_said(f":{port}", marks)] if port else []
    behind = url.partition("://")[2][len(parts.netloc) :].rstrip("/")
    return _joined([*scheme, *login, spelled_host(host, language), *at_port, *_said(unquote(behind), marks)])


def spelled_host(host: str, language: str) -> str:
    """ "example.org" as "E, X, A, M, P, L, E, dot, O, R, G"."""
    marks = phrases(language).tables["address_marks"]
    return ", ".join(_letter(letter, marks) for letter in network_name(host) or host)


def host_named(url: str) -> str:
    """As the network has it; empty where there is none."""
    try:
        return network_name(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _said(text: str, marks: Mapping[str, str]) -> Iterator[str]:
    for part in _PARTS.findall(clean(text)):
        if part.isspace():
            yield ""
        elif _is_word(part):
            yield part
        else:
            yield ", ".join(_letter(letter, marks) for letter in part)


def _is_word(part: str) -> bool:
    if not 1 < len(part) <= _LONGEST_WORD or not _WORD.fullmatch(part):
        return False
    return all(map(_is_latin, part))


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


def _letter(letter: str, marks: Mapping[str, str]) -> str:
    if named := marks.get(letter):
        return named
    if letter.isalnum() and _is_latin(letter):
        return letter.upper() if len(letter.upper()) == 1 else letter
    return unicodedata.name(letter, f"U+{ord(letter):04X}").lower()


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)
