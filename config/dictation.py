"""What is obeyed in a dictation, a table for each language: ``config/commands/LANGUAGE.toml``.

A person's own table, in the folder of the settings file, takes the place of ours.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from config.errors import UsageError
from config.paths import config_file

Act = Literal["put", "cap", "all_caps", "no_space", "numeral", "spell", "literal"]
WHOLE = (
    "scratch", "scratch_word", "scratch_sentence", "scratch_paragraph", "undo", "redo", "read_back", "raw",
    "new_take", "stop", "send", "copy", "mode", "correct",
)  # fmt: skip


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
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Commands:
    """The table of one language."""

    language: str
    whole: tuple[tuple[str, re.Pattern[str]], ...]
    """(kind, pattern over plain lower-case words), the slots as named groups."""
    inline: tuple[Inline, ...]
    """The longest first."""
    fillers: frozenset[str]
    doubled: frozenset[str]
    """Words that people say twice on purpose."""
    determiners: frozenset[str]
    """After one of these a word is itself, and no command."""


@functools.cache
def commands(language: str) -> Commands:
    """The table of a language; of one that has none, an empty one. Raises ``UsageError`` for a bad file."""
    code = language[:2].lower()
    own = config_file().parent / "commands" / f"{code}.toml"
    path = own if own.is_file() else Path(__file__).parent / "commands" / f"{code}.toml"
    if not path.is_file():
        return Commands(code, (), (), frozenset(), frozenset(), frozenset())
    try:
        return _table(code, tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"The table of commands {path} cannot be used: {error}.", todo="Mend it, or remove it."
        ) from None


def _table(code: str, table: dict[str, Any]) -> Commands:
    unknown = set(table.get("whole", {})) - set(WHOLE)
    if unknown:
        raise ValueError(f"nothing is called “{min(unknown)}” in [whole]")
    whole = [
        (kind, re.compile(_pattern(phrase)))
        for kind, phrases in table.get("whole", {}).items()
        for phrase in phrases
    ]
    inline = [
        Inline(
            tuple(phrase.split()),
            entry.get("act", "put"),
            entry.get("put", ""),
            entry.get("before", ""),
            entry.get("join") == "both",
            entry.get("side", ""),
            frozenset(entry.get("not_after", ())),
            frozenset(entry.get("not_before", ())),
        )
        for entry in table.get("inline", ())
        for phrase in entry["say"]
    ]
    inline.sort(key=lambda command: -len(command.words))
    sets = (frozenset(table.get(name, ())) for name in ("fillers", "doubled", "determiners"))
    return Commands(code, tuple(whole), tuple(inline), *sets)


def _pattern(phrase: str) -> str:
    """``replace {old} with {new}`` → ``replace (?P<old>.+) with (?P<new>.+)``."""
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(phrase))
