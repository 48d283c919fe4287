"""The open files of a conversation, as far as code is spoken of: any session has such."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from pipeline.files.base import FileContent

DIFFS = (".diff", ".patch")
Answers = Callable[[], Sequence[str]]
"""What was answered in the conversation, the latest last."""


class CodeFile(Protocol):
    """One that is open."""

    @property
    def path(self) -> Path: ...

    @property
    def content(self) -> FileContent: ...


class CodeFiles(Protocol):
    """Those that are open in a conversation."""

    @property
    def all(self) -> Sequence[CodeFile]: ...

    @property
    def latest(self) -> CodeFile | None:
        """Opened or spoken of last."""
        ...


class NoFiles:
    """None is open."""

    all: Sequence[CodeFile] = ()
    latest: CodeFile | None = None


def is_code(content: FileContent) -> bool:
    return content.kind == "code" or content.name.casefold().endswith(DIFFS)
