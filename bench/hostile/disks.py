"""Disks, databases and settings in any state, against a dictation, the history, a talk and ``config``.

Each case begins with a copy of a sound home, brings it to its state, and runs the job as the program does, in
a fork (``tests/program.py``). A state that cannot be made here (mounting needs root) is skipped. The bounds:
nothing a person said or had kept is lost, no traceback, a status of the contract, ended in a minute.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.hostile.disk_states import databases, disks, settings
from bench.hostile.disk_states.state import State
from bench.hostile.table import Options, Row, progress
from tests.aloud.dictated import BREAD
from tests.program import Beginning, Program
from tests.spoken import sound
from voice.audio.samples import write_wav

MODEL = Path(__file__).parents[2] / "tests/models/whisper-micro"
STATUSES = {0, 2, 3, 4, 5, 6}
LONGEST_S = 60.0
KEPT = "the swordfish is late"
"""What the person of the sound home had said before."""
REFUSED = "nothing can be recorded|cannot be written to|was not recorded|Too many open files|cannot be loaded"
"""Before anything was said, or with what was not recorded."""
TYPED = f"set a tea timer for 2 seconds\ntake a note: {KEPT}\nwhat is 12 times 11\n".encode()


def run(options: Options) -> list[Row]:
    states = [*databases.states(), *disks.states(), *settings.states()]
    cases = [(state, job) for state in states for job in state.jobs]
    cases = [each for each in cases if options.only in f"{each[0].name} {each[1]}"]
    cases = cases[: options.most or None]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        whole = _sound_home(Path(folder))
        for number, (state, job) in enumerate(cases):
            rows.append(row := _case(whole, state, job))
            if row.faults:
                print(f"FAULT  {row.case} {job}: {'; '.join(row.faults)}", file=sys.stderr, flush=True)
            progress(number + 1, len(cases))
    return rows


def _sound_home(folder: Path) -> Path:
    home = folder / "sound"
    (home / "config").mkdir(parents=True)
    (home / "config/aloud.toml").write_text('[llm]\nengine = "skills"\n', "utf-8")
    write_wav(folder / "said.wav", sound(0.3, BREAD, 1.0))
    for job in ("dictate", "dictate", "talk"):
        out, _, status = _job(home, job, Beginning(), folder / "said.wav")
        assert status == 0, out
    with contextlib.closing(sqlite3.connect(home / "state/takes.db", isolation_level=None)) as base:
        name = "11111111111111111111111111111111.wav"
        base.execute("UPDATE takes SET raw=?, final=? WHERE id=1", (KEPT, KEPT))
        base.execute("UPDATE takes SET state='recorded', sound=?, raw='', final='' WHERE id=2", (name,))
    shutil.copy(folder / "said.wav", home / "state/takes" / name)
    return home


def _job(home: Path, job: str, beginning: Beginning, said: Path) -> tuple[str, str, int]:
    """Output, errors, status; -9 where it took too long, and was ended."""
    to = said.with_name("out.txt")
    commands = {
        "dictate": ("dictate", "--fast", "--microphone", str(said), "--stt", f"whisper:{MODEL}", "--language",
                    "en", "--style", "raw", "--to", f"file:{to}"),
        "history": ("history", "list"),
        "talk": ("talk", "--typed", "--speaker", "none", "--microphone", "none"),
        "config": ("config", "show", "llm.engine"),
    }  # fmt: skip
    to.unlink(missing_ok=True)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "ALOUD_HOME": str(home)}
    with Program(*commands[job], beginning=beginning, env=environment, **pipes) as process:
        try:
            out, errors = process.communicate(TYPED if job == "talk" else b"", LONGEST_S)
        except subprocess.TimeoutExpired:
            process.kill()
            out, errors = process.communicate()
    return out.decode("utf-8", "replace"), errors.decode("utf-8", "replace"), process.returncode


def _case(whole: Path, state: State, job: str) -> Row:
    home = whole.with_name("home")
    shutil.copytree(whole, home)
    began = time.monotonic()
    try:
        with state.prepare(home):
            before = _content(home)
            out, errors, status = _job(home, job, state.beginning, whole.with_name("said.wav"))
            took = time.monotonic() - began
            faults = [
                *_faults(state, job, out, errors, status),
                *_lost(whole, home, state, job, before, errors),
            ]
    except OSError as error:
        return Row(state.name, job, "skipped", f"({error})")
    finally:
        for left in (home, *home.parent.glob("home-*")):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()
    outcome = {0: "done", 6: "done in part"}.get(status, "refused")
    told = _masked(errors.splitlines()[0] if errors else "", home)
    return Row(state.name, job, outcome, told, status, round(took, 2), 0.0, tuple(faults))


def _masked(sentence: str, home: Path) -> str:
    return re.sub(r"\d{8}-\d{6}|[0-9a-f]{32}", "N", sentence.replace(str(home), "HOME"))


def _faults(state: State, job: str, out: str, errors: str, status: int) -> Iterator[str]:
    if "Traceback" in errors or "A fault of ours" in errors:
        yield f"a traceback: {errors.strip().splitlines()[-1]}"
    if status not in STATUSES:
        yield f"status {status}"
    told = status == 2 and len(errors.splitlines()) == 1 and "aloud.toml" in errors
    if state.config and job != "history" and not told:
        yield f"settings that are none: status {status}, {errors!r}"
    refused = told or (status and "may open no more files. Allow it more: ulimit -n" in errors)
    if job == "talk" and not state.config and not refused and "132" not in out:
        yield f"a conversation that ends: {errors!r}"
    if job == "config" and not state.config and status:
        yield f"settings that are sound: {errors!r}"
    if any(ord(c) < 32 and c not in "\n\t" for c in errors):
        yield "controls on the terminal"


def _content(home: Path) -> dict[str, bytes]:
    """What a person has there, by where it lies."""
    found = {}
    for file in home.rglob("*"):
        with contextlib.suppress(OSError):
            if file.is_file() and not file.is_symlink() and file.stat().st_size < 10_000_000:
                found[str(file.relative_to(home))] = file.read_bytes()
    return found


def _lost(
    whole: Path, home: Path, state: State, job: str, before: dict[str, bytes], errors: str
) -> Iterator[str]:
    """What was said now comes to its target, or its recording is there, or it is said that there is none;
    what was there before is as it was, in its place or aside, or can still be read.
    """
    text = whole.with_name("out.txt").read_text("utf-8") if whole.with_name("out.txt").exists() else ""
    after = _content(home)
    heard = [
        name for name in after if name.endswith(".wav") and name not in before and len(after[name]) > 1000
    ]
    refused = re.search(REFUSED, errors)
    if job == "dictate" and not (text.strip() == BREAD or heard or refused):
        yield f"what was said is lost: {errors!r}"
    contents = set(after.values())
    for name, content in before.items():
        lies = content in contents or name.rpartition("-")[2] in ("wal", "shm", "journal")
        if not lies and not _is_worked_on(name, content, contents):
            yield f"{name} is lost"


def _is_worked_on(name: str, content: bytes, after: set[bytes]) -> bool:
    """A database that is in use, with all it had; a mark of who dictates; a figure that was measured."""
    if not content.startswith(b"SQLite"):
        return name in ("state/dictating", "state/.lock") or not content
    return KEPT.encode() not in content or any(KEPT.encode() in each for each in after)
