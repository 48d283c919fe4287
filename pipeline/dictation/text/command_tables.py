"""What is obeyed in a dictation, a table for each language: ``config/language/LANGUAGE/commands.toml``.

A person's own table, ``commands/LANGUAGE.toml`` beside the settings file, takes the place of ours.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from config.errors import UsageError
from config.language.data import FOLDER
from config.settings.paths import config_file

Act = Literal["put", "cap", "all_caps", "no_space", "numeral", "spell", "literal"]
WHOLE = (
    "scratch", "scratch_word", "scratch_sentence", "scratch_paragraph", "undo", "redo", "read_back", "raw",
    "new_take", "stop", "send", "copy", "mode", "change", "correct",
)  # fmt: skip
_WORDS = ("fillers", "doubled", "determiners", "small", "hows", "nths")
_INLINE = ("say", "put", "act", "before", "join", "side", "letters_only", "not_after", "not_before")


@dataclass(frozen=True, slots=True)
class Inline:
    """A command among other words."""

    words: tuple[str, ...]
    act: Act = "put"
    mark: str = ""
    before: str = ""
    """A mark that stands before it, unless one is there."""
    joins: bool = False
    """No space on either side."""
    side: str = ""
    """``left``: it stands on the word before it; ``right``: on the one after it; "" is told by the mark."""
    letters_only: bool = False
    """Obeyed only before a single letter ("capital b"): before a word it is a word."""
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Commands:
    """The table of one language."""

    language: str
    whole: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """(kind, pattern over plain lower-case words), the slots as named groups."""
    inline: Mapping[str, tuple[Inline, ...]] | None = None
    """By their first word, the longest first."""
    fillers: frozenset[str] = frozenset()
    doubled: frozenset[str] = frozenset()
    """Words that people say twice on purpose."""
    determiners: frozenset[str] = frozenset()
    """After one of these a word is itself, and no command."""
    small: frozenset[str] = frozenset()
    """Words that have no capital within a sentence, and that people say twice by mistake."""


def commands(language: str) -> Commands:
    """The table of a language; of one that has none, an empty one. Raises ``UsageError`` for a bad file."""
    code = language[:2].lower()
    own = config_file().parent / "commands" / f"{code}.toml"
    path = own if own.is_file() else FOLDER / code / "commands.toml"
    return _read(code, path) if path.is_file() else Commands(code)


@functools.cache
def _read(code: str, path: Path) -> Commands:
    try:
        return _table(code, tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(
            f"The table of commands {path} cannot be used: {error}.", todo="Mend it, or remove it."
        ) from None


def _table(code: str, table: dict[str, Any]) -> Commands:
    _no_others(table, ("whole", "inline", *_WORDS), "the table")
    _no_others(table.get("whole", {}), WHOLE, "[whole]")
    words = {name: _phrases(table.get(name, []), name) for name in _WORDS}
    whole = [
        (kind, re.compile(_pattern(phrase, words)))
        for kind, phrases in table.get("whole", {}).items()
        for phrase in _phrases(phrases, kind)
    ]
    inline: dict[str, list[Inline]] = {}
    for entry in table.get("inline", []):
        for command in _inline(entry):
            inline.setdefault(command.words[0], []).append(command)
    by_length = {
        first: tuple(sorted(some, key=lambda command: -len(command.words))) for first, some in inline.items()
    }
    sets = {name: frozenset(words[name]) for name in ("fillers", "doubled", "determiners", "small")}
    return Commands(code, tuple(whole), by_length, **sets)


def _inline(entry: Any) -> list[Inline]:
    if not isinstance(entry, dict) or not entry.get("say"):
        raise ValueError("every [[inline]] needs a list of phrases called say")
    _no_others(entry, _INLINE, "[[inline]]")
    act, mark = entry.get("act", "put"), entry.get("put", "")
    if act not in get_args(Act):
        raise ValueError(f"no act is called “{act}”")
    if (act == "put") != bool(mark):
        raise ValueError(f"“{entry['say'][0]}” needs either an act, or something to put")
    return [
        Inline(
            tuple(phrase.split()),
            act,
            str(mark),
            str(entry.get("before", "")),
            entry.get("join") == "both",
            str(entry.get("side", "")),
            bool(entry.get("letters_only", False)),
            frozenset(_phrases(entry.get("not_after", []), "not_after")),
            frozenset(_phrases(entry.get("not_before", []), "not_before")),
        )
        for phrase in _phrases(entry["say"], "say")
    ]


def _no_others(table: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    if unknown := set(table) - set(known):
        raise ValueError(f"nothing is called “{min(unknown)}” in {where}")


def _phrases(value: Any, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValueError(f"“{name}” is a list of words")
    return [" ".join(item.lower().split()) for item in value]


def _pattern(phrase: str, words: Mapping[str, list[str]]) -> str:
    """``replace {old} with {new}`` → ``replace (?P<old>.+) with (?P<new>.+)``; {how}, {nth} as listed."""

    def slot(match: re.Match[str]) -> str:
        name = match[1]
        given = words.get(f"{name}s")
        return f"(?P<{name}>{'|'.join(map(re.escape, given)) if given else '.+'})"

    return re.sub(r"\\\{(\w+)\\\}", slot, re.escape(phrase))
