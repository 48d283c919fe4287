"""Standard output, a command, the loudspeaker; and which tools are missing."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.errors import TargetError, UsageError
from config.runtime.clean import clean
from pipeline.dictation.targets.base import Receipt
from pipeline.dictation.targets.command import Command
from pipeline.dictation.targets.open import open_target
from pipeline.dictation.targets.stdout import StandardOutput
from tests.screens import until

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("spec", ["", "file:", "printer", "command:", "command: ", "speak"])
async def test_what_is_no_target_is_wrong_usage(spec: str) -> None:
    with pytest.raises(UsageError, match="nothing a text can be delivered to"):
        open_target(spec)


async def test_standard_output_is_a_record_a_take() -> None:
    stream = io.StringIO()
    target = StandardOutput(stream, json=True)
    receipt = await target.deliver(clean("one\ntwo é"))
    await target.take_back(receipt)
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first == {"event": "delivered", "id": receipt.id, "text": "one\ntwo é"}
    assert second == {"event": "retracted", "id": receipt.id}


async def test_plain_standard_output_cannot_be_taken_back() -> None:
    stream = io.StringIO()
    target = StandardOutput(stream)
    receipt = await target.deliver(clean("one\n"))
    with pytest.raises(TargetError, match="cannot be taken back"):
        await target.take_back(receipt)
    assert stream.getvalue() == "one\n"


WRITE = """import anyio, sys
from pipeline.dictation.targets.open import open_target
from config.errors import *
"""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_no_locale_loses_a_letter(encoding: str) -> None:
    program = f"{WRITE}anyio.run(open_target('stdout').deliver, 'Grüße 北京 🎉')"
    environment = {"PYTHONIOENCODING": encoding, "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment)
    assert done.stdout.decode("utf-8") == "Grüße 北京 🎉\n"


@pytest.mark.parametrize("where", ["/dev/full", "closed pipe"])
def test_standard_output_that_takes_nothing_is_told_of(where: str) -> None:
    program = (
        f"{WRITE}try:\n    anyio.run(open_target('stdout').deliver, 'x')\nexcept TargetError as error:\n"
        "    print(error, file=sys.stderr, flush=True)\n    import os; os._exit(0)"
    )
    with open("/dev/full", "wb") as full:
        running = subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=full if where == "/dev/full" else subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    if running.stdout:
        running.stdout.close()
    assert running.stderr
    with running.stderr:
        said = running.stderr.read().decode()
    running.wait()
    assert "Standard output takes nothing more" in said
    assert "The text is kept." in said


async def test_a_command_gets_the_text_and_no_newline_more(tmp_path: Path) -> None:
    target = open_target(f"command:sh -c 'cat > \"{tmp_path}/got\"'")
    receipt = await target.deliver(clean("Grüße\n北京"))
    assert (tmp_path / "got").read_text("utf-8") == "Grüße\n北京"
    assert await target.program() == "sh"
    with pytest.raises(TargetError, match="given to sh cannot be taken back"):
        await target.take_back(receipt)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no-such-program-at-all", "could not be started: No such file"),
        ("sh -c 'exit 3'", "sh failed with status 3"),
        ("false", "false failed with status 1"),
    ],
)
async def test_a_command_that_fails_is_told_of(line: str, said: str) -> None:
    with pytest.raises(TargetError, match=said) as told:
        await Command(line).deliver(clean("x" * 100_000))
    assert "The text is kept" in str(told.value)


async def test_a_command_that_reads_nothing_and_ends_well_is_fine() -> None:
    await Command("true").deliver(clean("x" * 1_000_000))


def runs(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().split()[2] != "Z"


async def test_a_command_that_hangs_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    began = time.monotonic()
    line = f"sh -c 'sleep 60 & echo $! > {tmp_path}/child; wait'"
    with pytest.raises(TargetError, match=r"did not end within 0.5 s and was stopped\. The text is kept"):
        await Command(line, timeout_s=0.5).deliver(clean("x"))
    assert time.monotonic() - began < 5
    child = int((tmp_path / "child").read_text())
    until(lambda: not runs(child))  # a kill is obeyed when the machine comes to it


async def test_a_line_that_cannot_be_split_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        open_target("command:sh -c 'open")


async def test_spoken_back() -> None:
    spoken: list[str] = []

    async def say(text: str) -> None:
        spoken.append(text)

    target = open_target("speak", say=say)
    receipt = await target.deliver(clean("Hello there."))
    assert spoken == ["Hello there."]
    with pytest.raises(TargetError, match="cannot be taken back"):
        await target.take_back(receipt)


async def test_the_missing_tool_is_named_with_its_install_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":9")
    with pytest.raises(TargetError, match=r"needs xclip or xsel, which.*apt-get install xclip"):
        open_target("clipboard")
    with pytest.raises(TargetError, match=r"needs xdotool, which.*apt-get install xdotool"):
        open_target("window")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(TargetError, match=r"needs wl-copy, which.*apt-get install wl-clipboard"):
        open_target("clipboard")
    (tmp_path / "wl-copy").touch(mode=0o755)
    with pytest.raises(TargetError, match=r"needs wtype or ydotool, which.*apt-get install wtype"):
        open_target("window")
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name)
    for spec in ("clipboard", "window"):
        with pytest.raises(TargetError, match="neither DISPLAY nor WAYLAND_DISPLAY"):
            open_target(spec)


def test_a_receipt_is_plain() -> None:
    receipt = Receipt("stdout", clean("“ü”"), at_s=1.5, id="a")
    assert Receipt.from_json(receipt.as_json()) == receipt
