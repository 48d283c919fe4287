"""Which tools of which servers a person has approved, as they were then: a tool that tells another story of
itself later is another tool.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.files.lock import alone_without_a_mark, no_longer_than
from config.files.private import private_folder
from config.files.whole_file import read_bounded, write_whole
from config.settings.mcp import McpServer
from config.settings.paths import state_dir
from pipeline.tools.mcp.listing import ListedTool

_log = logging.getLogger(__name__)
_BUSY_S = 2.0


class Approvals:
    """Kept in one small file; ``file`` None: that of this person."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or state_dir() / "mcp" / "approved.json"

    def of(self, server: str) -> Mapping[str, str]:
        """Its tools and their fingerprints. Where the file cannot be read, nothing is approved."""
        found = self._read().get(server)
        return {name: mark for name, mark in found.items() if isinstance(mark, str)} if found else {}

    def approve(self, settings: McpServer, tools: Iterable[ListedTool]) -> None:
        """As they are now; what was approved of this server before is so no more. Raises ``OSError``."""
        marks = {tool.name: tool.fingerprint(settings.place) for tool in tools}
        self._write(settings.name, marks)

    def forget(self, server: str) -> None:
        """Raises ``OSError``."""
        self._write(server, {})

    def _write(self, server: str, marks: Mapping[str, str]) -> None:
        private_folder(self._file.parent)
        with alone_without_a_mark(self._file.parent, waiting=no_longer_than(_BUSY_S)):
            kept = {**self._read(), server: dict(marks)}
            write_whole(self._file, json.dumps(kept, indent=1, sort_keys=True).encode())

    def _read(self) -> dict[str, dict[str, Any]]:
        found: object = None
        with suppress(FileNotFoundError):
            try:
                found = json.loads(read_bounded(self._file))
            except (OSError, ValueError, RecursionError) as error:
                if isinstance(error, FileNotFoundError):
                    raise
                _log.warning("It cannot be read what was approved of MCP servers: %s", type(error).__name__)
        rows = found.items() if isinstance(found, dict) else ()
        return {name: marks for name, marks in rows if isinstance(marks, dict)}
