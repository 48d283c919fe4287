from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.kit import Site


@pytest.fixture(autouse=True)
def _as_quick_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor does not measure the machine where other programs keep it busy; its own test does."""
    monkeypatch.setattr("config.runtime.kernel.kernel_s", lambda threads, runs=5: 0.1)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / "site"
    folder.mkdir()
    return Site(folder)
