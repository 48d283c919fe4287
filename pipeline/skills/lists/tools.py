"""The tools for lists and notes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from config.errors import AloudError
from config.runtime.clean import clean
from pipeline.skills.lists.answers import say_list_outcome
from pipeline.skills.lists.kept import Item, KeptList, Lists
from pipeline.skills.lists.outcomes import (
    ItemsAdded,
    ItemsRemoved,
    ItemsSought,
    ListBegun,
    ListCleared,
    ListOutcome,
    ListRead,
    ListsNamed,
    NoList,
    NotesDeleted,
    NotesRead,
    NoteTaken,
    WhichItem,
    WhichList,
)
from pipeline.skills.lists.vocabulary import DEFAULT_LIST, list_key, plain_words, shown_name
from pipeline.tools.base import Risk, Tool, ToolResult, Undo

_log = logging.getLogger(__name__)

_TEXT = {"type": "string", "minLength": 1, "maxLength": 200}
_ITEMS = {"items": {"type": "array", "items": _TEXT, "minItems": 1, "maxItems": 50}}
_LIST = {"list": {"type": "string", "maxLength": 80, "description": "its whole name, as shopping list"}}
Done = tuple[ListOutcome, Undo | None]
_TAKE_AWAY = frozenset({"remove_from_list", "clear_list", "delete_notes"})


class ListTools:
    """What can be done with ``lists``; each gives what came of it, and what takes it back."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    # Lists ---------------------------------------------------------------------------------------

    def add_to_list(self, items: Sequence[str], list: str = "") -> Done:
        """Onto a list that is begun where there is none of its name; without a name onto the only one, or
        that for shopping.
        """
        to = self._meant(list)
        if isinstance(to, WhichList):
            return to, None
        begun = isinstance(to, NoList)
        if isinstance(to, NoList):
            name = to.name or shown_name(DEFAULT_LIST, "", "en")
            to = self._lists.create(list_key(name), name)
        there = {plain_words(item.text): item.text for item in self._lists.items(to)}
        already = tuple(there[plain_words(text)] for text in items if plain_words(text) in there)
        added = self._lists.add(to, [text for text in items if plain_words(text) not in there])
        outcome = ItemsAdded(to, tuple(item.text for item in added), already, begun)
        return outcome, (lambda: self._unadd(to, added, begun)) if added else None

    def _unadd(self, to: KeptList, added: list[Item], begun: bool) -> None:
        self._lists.remove(added)
        if begun and not self._lists.items(to):
            self._lists.drop(to)

    def remove_from_list(self, items: Sequence[str], list: str = "") -> Done:
        """Each by its name, or by words of it where only one thing has them."""
        off = self._meant(list, items)
        if not isinstance(off, KeptList):
            return off, None
        there, gone, missing = self._lists.items(off), [], []
        for asked in items:
            found = _called(asked, there)
            if len(found) > 1:
                return WhichItem(off, asked, tuple(item.text for item in found)), None
            gone += found
            missing += [] if found else [asked]
        if gone:
            self._lists.remove(gone)
        outcome = ItemsRemoved(off, tuple(item.text for item in gone), tuple(missing))
        return outcome, (lambda: self._lists.put_back(off, gone)) if gone else None

    def read_list(self, list: str = "", items: Sequence[str] = ()) -> Done:
        """All that is on it, or whether ``items`` are."""
        read = self._meant(list, items)
        if not isinstance(read, KeptList):
            return read, None
        there = self._lists.items(read)
        if not items:
            return ListRead(read, tuple(item.text for item in there)), None
        found = tuple(item.text for asked in items for item in _called(asked, there))
        missing = tuple(asked for asked in items if not _called(asked, there))
        return ItemsSought(read, found, missing), None

    def clear_list(self, list: str = "", delete: bool = False) -> Done:
        """Everything off it; ``delete``: and the list itself."""
        meant = self._meant(list)
        if not isinstance(meant, KeptList):
            return meant, None
        if delete:
            gone = self._lists.drop(meant)
            return ListCleared(meant, len(gone), dropped=True), lambda: self._lists.restore(meant, gone)
        gone = self._lists.items(meant)
        self._lists.remove(gone)
        return ListCleared(meant, len(gone)), (lambda: self._lists.put_back(meant, gone)) if gone else None

    def create_list(self, list: str) -> Done:
        key = list_key(list)
        if there := self._lists.find(key):
            return ListBegun(there, new=False), None
        begun = self._lists.create(key, list)
        return ListBegun(begun, new=True), lambda: self._unadd(begun, [], begun=True)

    def name_lists(self) -> Done:
        return ListsNamed(tuple(self._lists.all())), None

    def _meant(self, name: str, items: Sequence[str] = ()) -> KeptList | NoList | WhichList:
        """By its name, the only one, or the only one that has all of ``items``."""
        lists = tuple(self._lists.all())
        if name:
            found = next((each for each in lists if each.key == list_key(name)), None)
            return found or NoList(name, lists)
        if not lists:
            return NoList("")
        has = lists if len(lists) == 1 else [each for each in lists if self._has(each, items)]
        return has[0] if len(has) == 1 else WhichList(lists)

    def _has(self, kept: KeptList, items: Sequence[str]) -> bool:
        there = self._lists.items(kept)
        return bool(items) and all(_called(asked, there) for asked in items)

    # Notes ---------------------------------------------------------------------------------------

    def take_note(self, text: str) -> Done:
        note = self._lists.take_note(text)
        return NoteTaken(note), lambda: self._lists.delete_notes([note])

    def read_notes(self, last: bool = False) -> Done:
        """The newest first; ``last``: that alone."""
        return NotesRead(tuple(self._lists.notes()[: 1 if last else None]), last), None

    def delete_notes(self, all: bool = False) -> Done:
        """The last, or ``all``."""
        notes = self._lists.notes()[: None if all else 1]
        self._lists.delete_notes(notes)
        return NotesDeleted(tuple(notes)), (lambda: self._lists.restore_notes(notes)) if notes else None


def _called(asked: str, there: Sequence[Item]) -> list[Item]:
    """The one that is called so; else all that have the words in them."""
    words = plain_words(asked)
    exactly = [item for item in there if plain_words(item.text) == words]
    return exactly[:1] or [item for item in there if words and {*words} <= {*plain_words(item.text)}]


def list_tools(lists: Lists) -> tuple[Tool, ...]:
    """All of them, for one person's lists and notes."""
    does = ListTools(lists)
    return (
        _tool(
            "add_to_list", "Puts things on a list: shopping, to-do, any other. Only this tool can do it.",
            _ITEMS | _LIST, ("items",), "write", does.add_to_list,
        ),
        _tool(
            "remove_from_list", "Takes things off a list.", _ITEMS | _LIST, ("items",), "write",
            does.remove_from_list,
        ),
        _tool(
            "read_list", "Tells what is on a list, or whether some things are.", _ITEMS | _LIST, (), "read",
            does.read_list,
        ),
        _tool(
            "clear_list", "Takes everything off a list; can delete the list as well.",
            _LIST | {"delete": {"type": "boolean"}}, (), "write", does.clear_list,
        ),
        _tool("create_list", "Begins a new, empty list.", _LIST, ("list",), "write", does.create_list),
        _tool("name_lists", "Tells which lists there are.", {}, (), "read", does.name_lists),
        _tool(
            "take_note", "Keeps a note, word for word.", {"text": _TEXT | {"maxLength": 2000}}, ("text",),
            "write", does.take_note,
        ),
        _tool(
            "read_notes", "Tells the notes that were kept, the newest first.",
            {"last": {"type": "boolean", "description": "only the newest"}}, (), "read", does.read_notes,
        ),
        _tool(
            "delete_notes", "Deletes the newest note, or all.", {"all": {"type": "boolean"}}, (), "write",
            does.delete_notes,
        ),
    )  # fmt: skip


def _never_raising(undo: Undo) -> Undo:
    """It is called in the middle of a turn, which goes on whatever becomes of the disk."""

    def take_back() -> bool | None:
        try:
            return undo()
        except AloudError as error:
            _log.warning("A change of a list could not be taken back: %s", error)
            return False

    return take_back


def _tool(
    name: str,
    does: str,
    properties: dict[str, Any],
    required: Sequence[str],
    risk: Risk,
    act: Callable[..., Done],
) -> Tool:
    async def run(**arguments: Any) -> ToolResult:
        outcome, undo = act(**arguments)
        told = partial(say_list_outcome, outcome)
        return ToolResult(clean(told("en")), value=outcome, undo=undo and _never_raising(undo), told=told)

    schema = {"type": "object", "properties": properties, "required": list(required)}
    return Tool(name, does, schema, risk=risk, run=run, takes_away=name in _TAKE_AWAY)
