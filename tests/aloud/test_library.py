"""``import aloud`` in a script: the lines that the documentation shows, and what stands in their way."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import wave
from pathlib import Path

import pytest

import aloud
from config.errors import PictureError, RecordingError
from pipeline import events

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "aloud" / "sample"
PAGE = ROOT / "docs" / "library.md"


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def alone() -> dict[str, str]:
    """The environment without the path that the tests add."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """As a person would: the script in a file of that folder."""
    (folder / "script.py").write_text(script, "utf-8")
    return subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=alone(),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the two files that the documentation names."""
    (tmp_path / "question.wav").write_bytes((SAMPLE / "sum.wav").read_bytes())
    (tmp_path / "sign.png").write_bytes((SAMPLE / "sign.png").read_bytes())
    return tmp_path


def test_the_ten_lines_transcribe_describe_and_hold_a_conversation(folder: Path) -> None:
    lines = blocks(PAGE)[0]
    assert len(lines.strip().splitlines()) <= 10
    done = run(lines, folder)
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.lower().splitlines()
    assert said[0] == "what is twelve times eleven"
    assert "emergency exit" in said[1]
    assert said[2] == "what is twelve times eleven → twelve times eleven is 132."
    with wave.open(str(folder / "answer.wav")) as answer:
        assert answer.getnframes() > answer.getframerate()  # more than a second of it


def test_a_session_of_ones_own_takes_commands_and_tells_events(folder: Path) -> None:
    done = run(blocks(PAGE)[1], folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Twelve times twelve is 144."


def test_what_cannot_be_used_is_raised_as_itself(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="nothing"):
        aloud.describe(tmp_path / "nothing.png", llm="skills")
    (tmp_path / "no.wav").write_bytes(b"RIFF")
    with pytest.raises(RecordingError):
        aloud.transcribe(tmp_path / "no.wav", stt="pocketsphinx")
    with pytest.raises(TypeError, match="There is no option 'ears'"):
        aloud.transcribe(tmp_path / "no.wav", ears="pocketsphinx")
    with pytest.raises(AttributeError, match="nonsense"):
        aloud.nonsense  # noqa: B018


def test_events_have_ids_and_a_session() -> None:
    told = list[events.Event]()

    async def twice() -> None:
        for _ in range(2):
            options = {"microphone": "none", "speaker": "none", "llm": "skills"}
            async with aloud.open_session(told.append, settings=None, **options) as session:
                session.close()
                await session.run()

    import anyio

    anyio.run(twice)
    assert [event.name for event in told] == ["ready", "ready"]
    assert len({event.id for event in told}) == len({event.session for event in told}) == 2
    assert all(str(event.as_dict()["id"]).startswith(str(event.session)) for event in told)


# A file of the same name as one of our packages ----------------------------------------------------------


def test_the_program_works_beside_files_called_like_packages_of_ours(tmp_path: Path) -> None:
    (tmp_path / "pipeline").mkdir()
    for name in ("config.py", "voice.py", "pipeline/__init__.py"):
        (tmp_path / name).write_text("raise SystemExit('somebody else')\n", "utf-8")
    program = Path(sys.executable).with_name("aloud")
    for command in ([sys.executable, "-m", "aloud"], [str(program)]):
        done = subprocess.run(
            [*command, "ask", "what is 2 plus 3", "--llm", "skills"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=alone(),
        )
        assert (done.returncode, done.stdout.strip()) == (0, "2 plus 3 is 5."), done.stderr


@pytest.mark.parametrize("first", ["", "import config\n"])
def test_a_script_is_told_which_file_is_in_the_way(tmp_path: Path, first: str) -> None:
    (tmp_path / "config.py").write_text("MINE = 1\n", "utf-8")
    done = run(f"{first}import aloud\nprint(aloud.transcribe)\n", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(
        f"ImportError: The file {tmp_path / 'config.py'} is in the way of Aloud's own package config."
    )
