"""What every test may lean on: where the real parts lie, and a home that is nobody's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.fixture(scope="session")
def models() -> Path:
    """The small models that the real engines load; their story is in its README."""
    return TESTS / "models"


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Spoken questions and pictures; made by ``scripts/make_samples``."""
    return TESTS / "recordings"


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the person's own settings, models or conversations."""
    for name in list(os.environ):
        if name.startswith("ALOUD_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ALOUD_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
