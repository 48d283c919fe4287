"""The house itself: who imports whom, what the locks and the wheel hold, what must not be named."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import wave
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

import anyio
import numpy as np
import pytest

from config.runtime.installation import DISTRIBUTION
from config.settings.model import ListenSettings
from pipeline.skills.skills import Skills
from pipeline.skills.timers import Timers
from tests.house.syntax import dotted, nodes
from voice.audio.samples import Audio, Framer
from voice.stt.events import FinalTranscript
from voice.stt.pocketsphinx import PocketSphinx
from voice.stt.transcribe import transcribe
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "config": set(),
    "voice": {"config"},
    "vision": {"config"},
    "pipeline": {"config", "voice", "vision"},
    "aloud": {"config", "voice", "vision", "pipeline"},
}
"""One way only. ``aloud`` is the front: it imports everything, nobody imports it."""

HEAVY = (
    *("numpy", "pydantic", "pydantic_core", "onnxruntime", "av", "httpx", "httpcore", "PIL", "cv2", "soxr"),
    *("faster_whisper", "ctranslate2", "huggingface_hub", "tokenizers", "piper", "rapidocr", "zxingcpp"),
    *("pocketsphinx", "sounddevice", "espeakng_loader", "markdown_it", "anyio", "asyncio"),
    *("rich.console", "rich.live", "rich.markdown", "rich.progress", "rich.table", "pygments"),
)
"""What ``aloud --help`` must not wait for."""

LOCKS = ("requirements.lock", "requirements-dev.lock")


def modules() -> Iterator[tuple[str, Path]]:
    """(package, file) of every Python file that ships."""
    for package in MAY_IMPORT:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path


def imported(nodes: Iterable[ast.AST], package: str) -> set[str]:
    """Top-level names a module imports, wherever in it: at the top, in a function, for types only."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0] if not node.level else package)
        elif (
            isinstance(node, ast.Call)
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and dotted(node.func) in {"__import__", "import_module", "importlib.import_module"}
        ):
            names.add(str(node.args[0].value).split(".")[0])
    return names


def test_imports_run_one_way() -> None:
    wrong = []
    for package, path in modules():
        inside = imported(nodes(path), package) & set(MAY_IMPORT)
        for name in sorted(inside - MAY_IMPORT[package] - {package}):
            wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong, wrong


def test_the_rule_sees_imports_wherever_they_hide() -> None:
    hidden = (
        "def f():\n    from voice import audio\n    importlib.import_module('aloud.cli')\n    import os.path"
    )
    assert imported(ast.walk(ast.parse(hidden)), "config") == {"voice", "aloud", "os"}


def test_what_the_benchmarks_take_from_us_is_there() -> None:
    """They run for long and seldom, so that a name that has gone would be noticed late."""
    wrong = []
    for path in sorted((ROOT / "bench").rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MAY_IMPORT:
                module = importlib.import_module(node.module or "")
                for name in (alias.name for alias in node.names):
                    if not hasattr(module, name) and not importlib.util.find_spec(f"{node.module}.{name}"):
                        wrong.append(f"{path.name}: {node.module}.{name}")
    assert not wrong, wrong


def test_nobody_else_owns_our_names() -> None:
    """PyPI has a ``config`` that would silently lie over ours."""
    owners = importlib.metadata.packages_distributions()
    for package in MAY_IMPORT:
        assert set(owners.get(package, [])) <= {DISTRIBUTION}, (
            f"{package} belongs to {owners[package]} as well"
        )
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert Path(spec.origin or "").parent == ROOT / package


def test_the_command_starts_without_the_engines() -> None:
    program = "import aloud.cli.main, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not set(HEAVY) & set(json.loads(done.stdout))


def test_names_say_what_things_are() -> None:
    vague = re.compile(r"(Manager|Handler|Service|Processor)$")
    wrong = []
    for _, path in modules():
        if path.stem in {"utils", "util", "helpers", "misc", "common"}:
            wrong.append(str(path.relative_to(ROOT)))
        for node in nodes(path):
            if isinstance(node, ast.ClassDef) and vague.search(node.name):
                wrong.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not wrong, wrong


# --- lock files -----------------------------------------------------------------------------------------


def pins(lock: str) -> dict[str, set[str]]:
    """Package → versions (several when the Python decides); fails on a line without a hash."""
    found: dict[str, set[str]] = {}
    for entry in re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8")):
        if entry.startswith("#") or not entry.strip():
            continue
        pin = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", entry)
        assert pin, f"{lock}: not a pin: {entry[:60]}"
        assert "--hash=sha256:" in entry, f"{lock}: no hash for {pin[1]}"
        found.setdefault(pin[1].lower(), set()).add(pin[2])
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_files_hold_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    for unwanted in (
        "http:",
        "https:",
        "file:",
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--trusted-host",
    ):
        assert unwanted not in text
    assert pins(lock)


def test_lock_files_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")

    def named(requirements: list[str]) -> set[str]:
        bare = (re.split(r"[\s<>=!~;\[]", requirement)[0] for requirement in requirements)
        return {re.sub(r"[-_.]+", "-", name).lower() for name in bare}

    needed = named(project["project"]["dependencies"]) | named(project["build-system"]["requires"])
    assert needed <= set(run), "out of date; type: make lock"
    assert named(project["dependency-groups"]["dev"]) <= set(dev), "out of date; type: make lock"
    assert {name: dev.get(name) for name in run} == run, "the two locks differ; type: make lock"
    assert "pytest" not in run


# --- the repository -------------------------------------------------------------------------------------


def repository_texts() -> Iterator[tuple[str, str]]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            yield name, data.decode("utf-8", "replace")


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    hosts = ["pypi" + ".org", "python" + "hosted.org", "registry" + ".npmjs", "deb" + ".debian.org"]
    folders = ["/ro" + "ot/", "/wo" + "rk/", "/home/"]
    places = [rf"(?<![\w.~-]){folder}" for folder in (*folders[:2], folders[2] + "[a-z]+/")]
    unwanted = re.compile("|".join([*map(re.escape, hosts), *places]))
    wrong = [
        f"{name}: {found[0]}"
        for name, text in repository_texts()
        if any(part in text for part in (*hosts, *folders))  # the pattern takes its time
        and (found := unwanted.search(text))
    ]
    assert not wrong, wrong


def test_uv_lock_is_ignored() -> None:
    """It would hold addresses; the requirements files are the locks."""
    assert subprocess.run(["git", "check-ignore", "-q", "uv.lock"], cwd=ROOT).returncode == 0


def test_the_licence_is_there() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 3, 29 June 2007" in text


@pytest.mark.parametrize("script", ["setup", "lock", "check", "install", "uninstall"])
def test_scripts_are_posix_shell(script: str) -> None:
    assert subprocess.run(["sh", "-n", f"scripts/{script}"], cwd=ROOT, capture_output=True).returncode == 0
    assert os.access(ROOT / "scripts" / script, os.X_OK)


def test_set_up_says_what_it_does_not_know_in_a_sentence() -> None:
    done = subprocess.run(["sh", "scripts/setup", "everything"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "There is no set-up called everything: use run, dev or uv.\n"


@pytest.mark.parametrize(
    ("system", "machine", "said"),
    [
        ("FreeBSD", "amd64", "These scripts know Linux and macOS, and this is FreeBSD."),
        ("MINGW64_NT-10.0", "x86_64", "On Windows use them in WSL."),
        ("Linux", "riscv64", "not made for this processor (riscv64)"),
        ("Linux", "i686", "not made for this processor (i686)"),
        ("Darwin", "x86_64", "not made for Macs with an Intel processor"),
        ("Linux", "x86_64", "not made for systems on musl"),
    ],
)
def test_where_the_engines_cannot_run_set_up_says_so(
    system: str, machine: str, said: str, tmp_path: Path
) -> None:
    """It ends before anything is brought; on the last the Python is one of musl."""
    copied = shutil.copytree(ROOT / "scripts", tmp_path / "scripts").parent
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, copied)
    told = f"case $1 in -s) echo {system} ;; -m) echo {machine} ;; esac"
    python = 'case $2 in *HOST*) echo x86_64-pc-linux-musl ;; *executable*) echo "$0" ;; esac'
    for name, script in (("uname", told), ("python", python)):
        (copied / name).write_text(f"#!/bin/sh\n{script}\n")
        (copied / name).chmod(0o755)
    there = {"PATH": f"{copied}:/usr/bin:/bin", "PYTHON": str(copied / "python")}
    done = subprocess.run(
        ["sh", "scripts/setup", "run"], cwd=copied, env=there, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (copied / ".tools").exists()


# --- the wheel ------------------------------------------------------------------------------------------


def test_the_wheel_holds_all_that_is_read_at_run_time_and_no_tests(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("aloud_assistant-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for package in MAY_IMPORT:
        ours = {p for p in (ROOT / package).rglob("*") if p.is_file() and "__pycache__" not in p.parts}
        missing = {str(p.relative_to(ROOT)) for p in ours} - inside
        assert not missing, missing
    assert "aloud/sample/conversation.toml" in inside
    tops = {name.split("/")[0] for name in inside if ".dist-info/" not in name}
    assert tops == set(MAY_IMPORT)


# --- recordings -----------------------------------------------------------------------------------------


def read_pcm(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768.0


def dbfs(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(samples**2) + 1e-12))


def test_recordings_are_what_their_manifest_says(recordings: Path) -> None:
    manifest = json.loads((recordings / "manifest.json").read_text("utf-8"))
    assert {entry["file"] for entry in manifest} == {path.name for path in recordings.glob("*.wav")}
    for entry in manifest:
        samples = read_pcm(recordings / entry["file"])
        start, end = entry["speech_start"], entry["speech_end"]
        assert dbfs(samples[start:end]) == pytest.approx(-20.0, abs=1.5)
        assert dbfs(samples[:start]) < -60
        assert dbfs(samples[end:]) < -60
        assert len(samples) - end >= 16_000


def sample_turns() -> list[dict[str, str]]:
    conversation = tomllib.loads((ROOT / "aloud/sample/conversation.toml").read_text("utf-8"))
    turns: list[dict[str, str]] = conversation["turns"]
    return turns


def test_the_sample_conversation_has_its_files() -> None:
    conversation = tomllib.loads((ROOT / "aloud/sample/conversation.toml").read_text("utf-8"))
    turns = conversation["turns"] + conversation["for_a_model"]
    named = {turn[key] for turn in turns for key in ("recording", "picture") if key in turn}
    there = {path.name for path in (ROOT / "aloud/sample").iterdir()} - {"conversation.toml"}
    assert named == there


@pytest.mark.anyio
async def test_the_ears_that_are_always_there_understand_the_sample() -> None:
    """The questions one after the other, as one engine hears them in the conversation."""
    stt, texts = PocketSphinx(), []
    for turn in sample_turns():
        samples = read_pcm(ROOT / "aloud/sample" / turn["recording"])

        async def frames(samples: np.ndarray = samples) -> AsyncIterator[Audio]:
            framer = Framer()
            for frame in framer.push(samples) + framer.flush():
                yield Audio(frame, 16_000)

        segments = listen(frames(), Silero(), Segmenter(ListenSettings()))
        async with transcribe(segments, stt, anyio.current_time) as told:
            heard = [event async for event in told]
        texts += [event.text for event in heard if isinstance(event, FinalTranscript)]
    assert texts == [turn["text"].rstrip("?.") for turn in sample_turns()]


def test_the_skills_that_are_always_there_answer_the_sample() -> None:
    """Without them the machine that has no model would have nothing to show."""
    skills = Skills(Timers(lambda: 0.0))
    for turn in sample_turns():
        request = skills.parse(turn["text"].rstrip("?."))
        assert request is not None, turn["text"]
        assert request.wants == ("read" if "picture" in turn else "")
