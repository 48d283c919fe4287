"""What is asked of lists and notes: judged by the call that a sentence becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.language.normalise import normalise

_TOOLS = {
    "adds": "add_to_list", "removes": "remove_from_list", "clears": "clear_list", "reads_list": "read_list",
    "takes_note": "take_note", "reads_notes": "read_notes", "deletes_note": "delete_note",
}  # fmt: skip
LIST_TOOLS = frozenset(_TOOLS.values())


def is_meant(must: Mapping[str, Any], tool: str, arguments: Mapping[str, Any]) -> bool:
    """Whether it is the right tool with the right list, items and text."""
    wanted = next((key for key in must if key in _TOOLS), "")
    if _TOOLS.get(wanted) != tool:
        return False
    value = must[wanted]
    if wanted == "reads_notes":
        return True
    if wanted in ("takes_note", "deletes_note"):
        return value is True or any(_same(str(each), value) for each in arguments.values())
    named, items = (value["list"], value["items"]) if isinstance(value, dict) else (value, None)
    return _is_list(arguments.get("list", ""), named) and (
        items is None or sorted(map(_plain, arguments.get("items", []))) == sorted(map(_plain, items))
    )


def _is_list(given: str, named: str | list[str]) -> bool:
    """One of the names it may go by; "" is the list that is meant where none is named."""
    return any(_plain(given) == _plain(each) for each in ([named] if isinstance(named, str) else named))


def _same(given: str, wanted: str | list[str]) -> bool:
    return any(_plain(given) == _plain(each) for each in ([wanted] if isinstance(wanted, str) else wanted))


def _plain(text: str) -> str:
    return normalise(text)
