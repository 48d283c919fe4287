"""The tests on published models without these: left out where they may be, and failed where they must not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TEST = """
import pathlib
import tests.published as models

def test_one():
    models.HOME = pathlib.Path(__file__).parent
    models.published(models.STT)
    raise AssertionError("it is not here")
"""


@pytest.mark.parametrize(("models", "outcome"), [("", "skipped"), ("required", "failed")])
def test_without_a_model(tmp_path: Path, models: str, outcome: str) -> None:
    (tmp_path / "test_one.py").write_text(TEST, "utf-8")
    alone = ("-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:cacheprovider", "-rs")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *alone, str(tmp_path / "test_one.py")],
        env={
            **os.environ,
            "MODELS": models,
            "PYTHONPATH": str(ROOT),
            "HF_HOME": str(tmp_path),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
    )
    assert f"1 {outcome}" in done.stdout
    assert "not run: no model tiny.en" in done.stdout
    assert done.returncode == (1 if models else 0)
