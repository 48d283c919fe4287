"""The tests on published models without these: left out where they may be, and failed where they must not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TEST = """
from tests.conftest import tiny_en

def test_one(tiny_en):
    raise AssertionError("it is not here")
"""


@pytest.mark.parametrize(("models", "outcome"), [("", "skipped"), ("required", "error")])
def test_without_a_model(tmp_path: Path, models: str, outcome: str) -> None:
    (tmp_path / "test_one.py").write_text(TEST, "utf-8")
    home = f"import tests.published; tests.published.HOME = __import__('pathlib').Path({str(tmp_path)!r})"
    (tmp_path / "conftest.py").write_text(home, "utf-8")
    alone = ("-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:cacheprovider", "-rs")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *alone, str(tmp_path / "test_one.py")],
        env={**os.environ, "MODELS": models, "PYTHONPATH": str(ROOT), "HF_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert f"1 {outcome}" in done.stdout
    assert "not run: no model tiny.en" in done.stdout
    assert done.returncode == (1 if models else 0)
