"""A screen that nobody sees: Xvfb, for the parts that take it, and what was copied on it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def _xvfb() -> Iterator[str]:
    assert shutil.which("Xvfb"), "bring it: sh scripts/setup dev"
    ready, told = os.pipe()
    command = ["Xvfb", "-displayfd", str(told), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(told)
    with os.fdopen(ready) as number:
        display = f":{number.readline().strip()}"
    yield display
    server.kill()
    server.wait()


@pytest.fixture
def display(_xvfb: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """``DISPLAY`` of a black screen of 800 × 600 pixels."""
    monkeypatch.setenv("DISPLAY", _xvfb)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return _xvfb
