"""Settings that had another name once: whoever still uses it is told the new one, and nothing is guessed."""

from __future__ import annotations

import shlex

from config.errors import UsageError
from config.settings.paths import config_file

_GROUPS = {"ears": "stt", "mouth": "tts", "mind": "llm", "eyes": "vision"}
_SETTINGS = {
    "mind.drafts": "llm.preemptive",
    "listen.draft_ms": "listen.preflight_ms",
    "dictate.draft_ms": "dictate.preflight_ms",
}
FLAGS = {f"--{old}": f"--{new}" for old, new in _GROUPS.items() if old != "eyes"}


def new_name(name: str) -> str | None:
    """``stt.engine`` → ``stt.engine``, ``llm`` → ``llm``; None: it has no other name."""
    group, dot, setting = name.partition(".")
    return _SETTINGS.get(name) or (f"{_GROUPS[group]}{dot}{setting}" if group in _GROUPS else None)


def renamed(name: str, new: str, origin: str) -> UsageError:
    """``origin``: ``file PATH``, ``environment NAME``, ``flag``, or "" where it was typed."""
    kind, _, where = origin.partition(" ")
    came = f" ({origin})" if kind in ("file", "environment") else ""
    todo = f"See what it is now: aloud config show {new}"
    if kind == "file":
        other = "" if where == str(config_file()) else f" --config {shlex.quote(where)}"
        group, _, key = new.rpartition(".")
        line = f"{key} = … below [{group}]" if group else f"[{key}]"
        todo = f"Write {line} there, and see whether all is well: aloud config show{other}"
    elif kind == "environment":
        # The choice of an engine has a short name too: ALOUD_STT.
        variable = f"ALOUD_{new.upper().replace('.', '__')}"
        todo = f"Set {variable} in its place: unset {where}"
    return UsageError(f"The setting {name}{came} is called {new} now.", todo=todo)
