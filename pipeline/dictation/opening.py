"""The account of takes opened, with what is found beside it, and the sentences to be said of it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Protocol

from config.errors import PartialError, StoreError
from config.files.private import private_folder
from config.runtime.clean import CleanText, clean
from pipeline.dictation.orphans import adopt
from pipeline.dictation.takes_schema import TAKES
from pipeline.store.opening import Opened, open_file


class KeptTakes(Protocol):
    """What ``Takes`` are, for who tells of them."""

    lost: bool

    @property
    def kept(self) -> bool: ...

    def sound(self, take: str) -> Path: ...


def open_account(path: Path, sounds: Path, busy_s: float) -> tuple[Opened, StoreError | None]:
    """Never raises for the sake of what lies there: what a person is to be told of it comes beside it."""
    with contextlib.suppress(OSError):  # who records in it says so
        private_folder(sounds).chmod(0o700)
    opened = open_file(path, TAKES, busy_s=busy_s)
    if opened.told and not opened.kept:
        return opened, opened.told
    return opened, _told(opened, adopt(opened.database, sounds))


def failed_account(error: StoreError, takes: KeptTakes) -> dict[str, CleanText]:
    """As an event tells it. Where the account is not kept, the dictation goes on without it."""
    sounds = takes.sound("").parent
    goes_on = f"What you dictate goes where it is to go all the same, and its recording is kept in {sounds}."
    said = (error.kept, "" if takes.kept else goes_on, error.todo)
    kind = clean(type(error).__name__)
    return {"error": kind, "message": error.failed, "kept": clean(" ".join(filter(None, said)))}


def account_status(takes: KeptTakes) -> set[int]:
    """Of a run whose takes could not be written down, even at its end."""
    return {PartialError.status} if takes.lost else set()


def _told(opened: Opened, adopted: int) -> StoreError | None:
    again = [f"{opened.rows} of its entries could be read, and are there again."] * bool(opened.rows)
    if adopted:
        several = f"{adopted} recordings of which nothing else was known are takes again."
        again.append(
            several if adopted > 1 else "A recording of which nothing else was known is a take again."
        )
    see = "See: aloud history list"
    if opened.told:
        return StoreError(opened.told.failed, kept=" ".join([opened.told.kept, *again]), todo=see)
    return StoreError(again[0], todo=see) if again else None
