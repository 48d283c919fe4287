"""What is asked of lists and notes: judged by what is on them afterwards, and by what is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.language.normalise import normalise
from pipeline.skills.lists.kept import Lists
from pipeline.skills.lists.vocabulary import DEFAULT_LIST, list_key

CHANGES = frozenset({"adds", "removes", "clears", "begins", "drops", "takes_note", "deletes_note"})
READS = frozenset({"reads_list", "reads_notes"})


@dataclass(frozen=True, slots=True)
class Kept:
    """What is on the lists, and the notes, the newest first; in plain words."""

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By key."""
    notes: Sequence[str] = ()

    def with_list(self, key: str, items: Sequence[str] | None) -> Kept:
        """``None``: without it."""
        others = {name: each for name, each in self.lists.items() if name != key}
        return Kept(others if items is None else others | {key: sorted(items)}, self.notes)


def kept(lists: Lists) -> Kept:
    found = {each.key: sorted(map(_item, lists.items(each))) for each in lists.all()}
    return Kept(found, [normalise(note.text, 1000) for note in lists.notes()])


def keep(lists: Lists, wanted: Iterable[tuple[str, Sequence[str]]], notes: Iterable[str]) -> None:
    """Those, and nothing else."""
    for each in lists.all():
        lists.drop(each)
    lists.delete_notes(lists.notes())
    for name, items in wanted:
        lists.add(lists.create(list_key(name), name), items)
    for note in notes:
        lists.take_note(note)


def _item(item: Any) -> str:
    return normalise(item.text)


def is_done(must: Mapping[str, Any], before: Kept, after: Kept) -> bool:
    """Whether just that was done which is asked."""
    return any(wanted == after for wanted in _wanted(must, before))


def _wanted(must: Mapping[str, Any], before: Kept) -> Iterator[Kept]:
    """How things may be afterwards."""
    asked = next(key for key in must if key in CHANGES)
    value = must[asked]
    if asked == "takes_note":
        yield from (Kept(before.lists, [normalise(text, 1000), *before.notes]) for text in _any_of(value))
    elif asked == "deletes_note":
        yield Kept(before.lists, [] if value == "all" else before.notes[1:])
    else:
        items = list(map(normalise, value["items"])) if isinstance(value, dict) else []
        for key in _keys(value["list"] if isinstance(value, dict) else value, before):
            yield before.with_list(key, _items_after(asked, before.lists.get(key, ()), items))


def _items_after(asked: str, there: Sequence[str], items: list[str]) -> Sequence[str] | None:
    if asked == "drops":
        return None
    if asked == "adds":
        return [*there, *(item for item in items if item not in there)]
    return [item for item in there if item not in items] if asked == "removes" else []


def tells_all(must: Mapping[str, Any], there: Kept, answer: str) -> bool:
    """Whether all is in the answer that is on the list, or noted."""
    said = f" {normalise(answer, 4000)} "
    if "reads_notes" in must:
        return all(
            f" {note} " in said for note in there.notes[: 1 if must["reads_notes"] == "last" else None]
        )
    found = [there.lists[key] for key in _keys(must["reads_list"], there) if key in there.lists]
    return any(all(f" {item} " in said for item in items) for items in found)


def _keys(named: str | list[str], there: Kept) -> list[str]:
    """Of a list by one of its names; "" is the one that is meant where none is named."""
    only = next(iter(there.lists)) if len(there.lists) == 1 else DEFAULT_LIST
    return [list_key(name) if name else only for name in _any_of(named)]


def _any_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
