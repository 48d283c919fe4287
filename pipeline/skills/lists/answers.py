"""What is said of lists and notes: ``[lists]`` in ``config/language/LANGUAGE/phrases.toml``."""

from __future__ import annotations

from collections.abc import Sequence

from config.language.phrases import Phrases, phrases
from pipeline.skills.answer import sentence
from pipeline.skills.lists.kept import KeptList
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
from pipeline.skills.lists.vocabulary import shown_name

_READ = 5
"""Notes that are read one by one; of the others only their number is told."""


def say_list_outcome(outcome: ListOutcome, language: str) -> str:
    """In whole sentences, in the language of who asked."""
    return _Answers(phrases(language)).say(outcome)


class _Answers:
    def __init__(self, own: Phrases) -> None:
        self._own = own

    def say(self, outcome: ListOutcome) -> str:
        match outcome:
            case ItemsAdded():
                return self._added(outcome)
            case ItemsRemoved():
                return self._removed(outcome)
            case WhichItem(on, asked, found):
                return self._say("which_item", on, asked=asked, items=self._or(found))
            case ListRead(read, items):
                return self._of("on", read, items) if items else self._say("empty", read)
            case ItemsSought():
                return self._sought(outcome)
            case ListCleared():
                return self._cleared(outcome)
            case ListBegun(begun, new):
                return self._say("begun" if new else "is_there", begun)
            case ListsNamed(lists):
                return self._plain("lists", lists=self._names(lists)) if lists else self._plain("no_lists")
            case NoList():
                return self._none(outcome)
            case WhichList(lists):
                return self._plain("which_list", lists=self._or([self._name(each) for each in lists]))
            case NoteTaken(note):
                return self._plain("noted", text=_ended(note.text))
            case NotesRead():
                return self._notes(outcome)
            case NotesDeleted():
                return self._deleted(outcome)

    def _plain(self, key: str, **values: object) -> str:
        return self._own.say(f"lists.{key}", **values)

    def _say(self, key: str, of: KeptList, **values: object) -> str:
        return self._plain(key, list=self._name(of), **values)

    def _name(self, of: KeptList) -> str:
        return shown_name(of.key, of.name, self._own.language)

    def _names(self, lists: Sequence[KeptList]) -> str:
        return self._own.listed([self._name(each) for each in lists])

    def _or(self, names: Sequence[str]) -> str:
        return ", ".join(names)

    def _of(self, key: str, of: KeptList, items: Sequence[str]) -> str:
        return self._say(key, of, items=self._own.listed(list(items)))

    def _added(self, done: ItemsAdded) -> str:
        key = "added_new" if done.begun else "added"
        parts = [self._of(key, done.to, done.added)] if done.added else []
        if done.already:
            parts.append(self._of("already", done.to, done.already))
        return " ".join(parts)

    def _removed(self, done: ItemsRemoved) -> str:
        parts = [self._of("removed", done.off, done.removed)] if done.removed else []
        if done.missing:
            parts.append(self._of("missing", done.off, done.missing))
        return " ".join(parts)

    def _sought(self, found: ItemsSought) -> str:
        parts = [self._of("has", found.on, found.found)] if found.found else []
        if found.missing:
            parts.append(self._of("missing", found.on, found.missing))
        return " ".join(parts)

    def _cleared(self, done: ListCleared) -> str:
        if done.dropped:
            return self._say("dropped", done.cleared)
        if not done.count:
            return self._say("empty", done.cleared)
        return self._say("cleared", done.cleared, count=done.count)

    def _none(self, found: NoList) -> str:
        if not found.name:
            return self._plain("no_lists")
        none = self._plain("no_list", list=found.name)
        if not found.lists:
            return none
        return f"{none} {self._plain('lists', lists=self._names(found.lists))}"

    def _notes(self, found: NotesRead) -> str:
        if not found.notes:
            return self._plain("no_notes")
        if found.last or len(found.notes) == 1:
            return self._plain("note", text=_ended(found.notes[0].text))
        read = " ".join(_ended(note.text) for note in found.notes[:_READ])
        said = self._plain("notes", count=len(found.notes), text=read)
        more = len(found.notes) - _READ
        return f"{said} {self._plain('more_notes', count=more)}" if more > 0 else said

    def _deleted(self, done: NotesDeleted) -> str:
        if not done.notes:
            return self._plain("no_notes")
        if len(done.notes) == 1:
            return self._plain("note_deleted", text=_ended(done.notes[0].text))
        return self._plain("notes_deleted", count=len(done.notes))


def _ended(text: str) -> str:
    """A note as a sentence, so that a voice pauses behind it."""
    return sentence(text if text[-1:] in ".!?…" else f"{text}.")
