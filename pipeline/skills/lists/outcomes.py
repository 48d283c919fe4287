"""What came of a call to a tool for lists or notes: for the program, which words it as the person did."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.skills.lists.kept import KeptList, Note


@dataclass(frozen=True, slots=True)
class ItemsAdded:
    to: KeptList
    added: tuple[str, ...]
    already: tuple[str, ...] = ()
    """They were on it."""
    begun: bool = False
    """The list is new."""


@dataclass(frozen=True, slots=True)
class ItemsRemoved:
    off: KeptList
    removed: tuple[str, ...]
    """As they stood on it."""
    missing: tuple[str, ...] = ()
    """As they were asked for."""


@dataclass(frozen=True, slots=True)
class WhichItem:
    """Several on the list are what was asked for; nothing was done."""

    on: KeptList
    asked: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListRead:
    read: KeptList
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemsSought:
    on: KeptList
    found: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListCleared:
    cleared: KeptList
    count: int
    dropped: bool = False
    """The list itself is gone."""


@dataclass(frozen=True, slots=True)
class ListBegun:
    begun: KeptList
    new: bool
    """False: there was one of this name."""


@dataclass(frozen=True, slots=True)
class ListsNamed:
    """All that there are."""

    lists: tuple[KeptList, ...]


@dataclass(frozen=True, slots=True)
class NoList:
    """Of that name, or any (empty)."""

    name: str
    lists: tuple[KeptList, ...] = ()


@dataclass(frozen=True, slots=True)
class WhichList:
    """None was named, and there are several; nothing was done."""

    lists: tuple[KeptList, ...]


@dataclass(frozen=True, slots=True)
class NoteTaken:
    note: Note


@dataclass(frozen=True, slots=True)
class NotesRead:
    """The newest first; ``last``: that one was asked for."""

    notes: tuple[Note, ...]
    last: bool = False


@dataclass(frozen=True, slots=True)
class NotesDeleted:
    """None: there was none."""

    notes: tuple[Note, ...]


ListOutcome = (
    ItemsAdded
    | ItemsRemoved
    | WhichItem
    | ListRead
    | ItemsSought
    | ListCleared
    | ListBegun
    | ListsNamed
    | NoList
    | WhichList
    | NoteTaken
    | NotesRead
    | NotesDeleted
)
