"""The scripts of a first run, as one hears them who cannot see: sentences, and none too long in coming."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.tables import for_each

ROOT = Path(__file__).parent.parent
SCRIPTS = [path for path in sorted((ROOT / "scripts").iterdir()) if path.is_file() and not path.suffix]

FETCHING = "echo 'Downloading one (2.0MiB)'; echo 'Downloading two (9.0MiB)'; echo ' Downloaded one'"


def told(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a script says that waits ``patiently``; where it is killed, that is what happened."""
    return subprocess.run(
        ["sh", "-c", f"set -eu; . '{ROOT}/scripts/telling'; {program}"],
        cwd=folder, env=os.environ | {"TELL_EVERY_S": "1"}, capture_output=True, text=True,
    )  # fmt: skip


@for_each("script", [*SCRIPTS, ROOT / "Makefile"])
def test_what_they_say_has_no_mark_that_is_read_out(script: Path) -> None:
    """A screen reader says “bullet” for a middle dot, at each line, whatever is set."""
    assert script.read_text("utf-8").isascii()
    assert "\\033" not in script.read_text("utf-8")


def test_what_takes_long_says_now_and_then_how_far_it_is(tmp_path: Path) -> None:
    said = told(f'patiently log sh -c "{FETCHING}; sleep 2.5"; step Done.', tmp_path)
    first, *_, last = said.stderr.splitlines()
    assert first == "Still at it after 1 seconds: 1 of 2 large packages have come."
    assert last == "Done."
    assert said.stdout == ""


def test_what_does_not_take_long_says_nothing(tmp_path: Path) -> None:
    assert told(f'patiently log sh -c "{FETCHING}"', tmp_path).stderr == ""


def test_what_fails_says_why_once_and_not_how_far_it_got(tmp_path: Path) -> None:
    proof = "echo '         And because of that'; echo '           we can conclude this'"
    complaint = f"echo 'error: no route'; echo 'error: no route'; echo '  cause: it is late'; {proof}; exit 3"
    said = told(f'patiently log sh -c "{FETCHING}; {complaint}" || fail "It failed: $?."', tmp_path)
    assert said.stderr.splitlines() == ["error: no route", "  cause: it is late", "It failed: 3."]
    assert said.returncode == 1


@pytest.mark.parametrize(("status", "tries"), [(0, 1), (4, 1), (5, 2)])
def test_models_are_fetched_once_and_again_where_they_were_refused(
    status: int, tries: int, tmp_path: Path
) -> None:
    """What could not be had (4) is not tried at every start; a run without them tries nothing."""
    (tmp_path / "scripts").mkdir()
    for name in ("models", "telling"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts")
    aloud = tmp_path / ".venv" / "bin" / "aloud"
    aloud.parent.mkdir(parents=True)
    aloud.write_text(f"#!/bin/sh\necho $* >>typed\nexit {status}\n")
    aloud.chmod(0o755)
    for wanted in ("none", "", ""):
        made = subprocess.run(["sh", "scripts/models"], cwd=tmp_path, env=os.environ | {"MODELS": wanted})
        assert made.returncode == 0
    assert (tmp_path / "typed").read_text() == "setup --only stt --only tts --yes\n" * tries


def test_after_ctrl_c_it_says_no_more(tmp_path: Path) -> None:
    """What runs in the background of a script does not hear Ctrl-C."""
    program = f". '{ROOT}/scripts/telling'; patiently log sh -c 'echo $$ >begun; exec sleep 60'"
    script = subprocess.Popen(
        ["sh", "-c", program], cwd=tmp_path, env=os.environ | {"TELL_EVERY_S": "1"},
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert script.stderr is not None
    assert script.stderr.readline() == "Still at it after 1 seconds.\n"
    os.killpg(script.pid, signal.SIGINT)
    rest = script.communicate()[1]  # until nobody is left who could say something
    kept = r"Stopped\. What has come is kept; to go on, type the same command again\."
    assert re.fullmatch(rf"(Still at it after \d+ seconds\.\n)?\n{kept}\n", rest)
