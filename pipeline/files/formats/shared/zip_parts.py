"""The parts of a zipped document, each read with a bound: what unpacks to more than it may is no document."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from pipeline.files.formats.shared.format import RefusedError
from pipeline.files.formats.shared.xml_events import Event, events

LARGEST = 300_000_000
"""Bytes that all parts together may unpack to."""


class Parts:
    """By name, in memory: nothing is written, so no name in a zip leads anywhere."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise RefusedError("damaged") from None
        self.names = frozenset(self._zip.namelist())
        self._left = LARGEST

    def find(self, name: str) -> str:
        """The part of that name, which some programs write with other capitals; empty: there is none."""
        name = name.lstrip("/")
        if name in self.names:
            return name
        return next((each for each in sorted(self.names) if each.lower() == name.lower()), "")

    @contextmanager
    def open(self, name: str) -> Iterator[_Bounded]:
        """Raises ``RefusedError``."""
        try:
            if self._zip.getinfo(name).flag_bits & 1:
                raise RefusedError("locked")
            with self._zip.open(name) as part:
                yield _Bounded(part, self)
        except (KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
            raise RefusedError("damaged") from error
        except RuntimeError as error:  # as zipfile says that a password is wanted
            raise RefusedError("locked" if "password" in str(error) else "damaged") from error

    def xml(self, name: str) -> Iterator[Event]:
        """The events of a part; none, where there is no such part. Raises ``RefusedError``."""
        if found := self.find(name):
            with self.open(found) as part:
                yield from events(part)

    def take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise RefusedError("large")

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """What an Office part leads to within the zip: by its number, the kind and the part."""
        folder, name = posixpath.split(part)
        leads: dict[str, tuple[str, str]] = {}
        for event in self.xml(posixpath.join(folder, "_rels", f"{name}.rels")):
            about = event.attributes
            if (
                event.name == "Relationship"
                and event.kind == "start"
                and about.get("TargetMode") != "External"
            ):
                target = about.get("Target", "")
                inside = (
                    target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                kind = about.get("Type", "").rpartition("/")[2]
                leads[about.get("Id", "")] = (kind, self.find(inside))
        return leads

    def first_related(self, part: str, kind: str) -> str:
        return next((target for known, target in self.related(part).values() if known == kind), "")


class _Bounded:
    def __init__(self, part: IO[bytes], parts: Parts) -> None:
        self._part = part
        self._parts = parts

    def read(self, count: int) -> bytes:
        chunk = self._part.read(count)
        self._parts.take(len(chunk))
        return chunk
