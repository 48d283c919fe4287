"""What is kept of a person beside takes: timers, lists, notes; shown and deleted by ``aloud history``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.runtime.clean import clean
from config.runtime.printing import print_text
from config.settings.paths import state_dir
from pipeline.skills.lists.kept import Lists
from pipeline.skills.ring.kept import KeptTimers
from pipeline.store.database import Database
from pipeline.store.opening import NAME, open_store, set_aside_files


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing: ``fields`` are all that is known of it."""

    kind: str
    at: float | None
    """When it was written, or rings."""
    text: str
    fields: dict[str, Any]


def kept(words: str = "") -> list[Kept]:
    """Those with ``words`` in them. Why there are none may be told on standard error."""
    if not (state_dir() / NAME).exists():
        return []
    with open_store(to_read=True) as store:
        if store.told:
            print_text(clean(f"aloud: {store.told}"), file=sys.stderr, flush=True)
        found = list(_kept(store.database)) if store.database else []
    return [each for each in found if words.casefold() in each.text.casefold()]


def _kept(database: Database) -> Iterator[Kept]:
    for timer in KeptTimers(database).all():
        fields = {"title": timer.title, "due": timer.due, "days": timer.days, "zone": timer.zone}
        yield Kept(timer.kind, timer.due, timer.title, fields)
    lists = Lists(database)
    for each in lists.all():
        items = [item.text for item in lists.items(each)]
        yield Kept("list", None, f"{each.name}: {', '.join(items)}", {"name": each.name, "items": items})
    for note in lists.notes():
        yield Kept(
            "note", note.written, note.text, {"id": note.id, "text": note.text, "written": note.written}
        )


def delete_kept() -> int:
    """All of it, for real, with what was set aside as damaged; how many things it was."""
    count = _delete_kept() if (state_dir() / NAME).exists() else 0
    for file in set_aside_files():
        if file.is_symlink() or not file.is_dir():  # a folder is nobody's of ours
            file.unlink()
    return count


def _delete_kept() -> int:
    with open_store() as store:
        if store.database is None:
            raise store.told or AssertionError
        count = len(list(_kept(store.database)))
        store.database.clear()
    return count
