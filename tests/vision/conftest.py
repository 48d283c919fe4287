"""A screen that nobody sees, for the parts that take it, and what was copied on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.screens import xvfb


@pytest.fixture(scope="session")
def _xvfb() -> Iterator[str]:
    with xvfb("800x600") as display:
        yield display


@pytest.fixture
def display(_xvfb: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """``DISPLAY`` of a black screen of 800 × 600 pixels."""
    monkeypatch.setenv("DISPLAY", _xvfb)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return _xvfb
