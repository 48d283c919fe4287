"""How the tests are shared out to several processes (``pytest -n``, which ``make test`` does).

A file's tests stay together, so that its engines are loaded once; those of the sources, which are parsed
once; and those that the vendors' types are imported for. What runs in real time, at the sound card, stays
together too and begins first: it waits more than it works, so there is a process more than cores.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from config.system.cores import cores

FIRST = ("tests/surfaces/", "tests/privacy/", "tests/aloud/", "tests/voice/", "tests/bench/")
"""Their files take longest; what is short fills the gaps at the end."""
TOGETHER = {
    FIRST[0]: FIRST[0],
    "tests/pipeline/llm/": "vendors",
    "tests/house/": "sources",
    "tests/aloud/cli/test_advice.py": "sources",
}
MOST = 5


class Shared(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((name for place, name in TOGETHER.items() if file.startswith(place)), file)


def in_order(items: Sequence[pytest.Item], root: Path) -> list[pytest.Item]:
    """The longest files first, and otherwise as they were found."""

    def rank(item: pytest.Item) -> int:
        file = item.path.relative_to(root).as_posix()
        return next((n for n, folder in enumerate(FIRST) if file.startswith(folder)), len(FIRST))

    return sorted(items, key=rank)


def count() -> int:
    return min(cores() + 1, MOST)
