"""Telemetry is off before anything of it is imported, in this process and in its children."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import mmap
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from aloud.cli.main import app
from config.runtime.telemetry import COLLECTS_FROM, SWITCHES
from tests.privacy.commands import TESTS
from tests.privacy.trap import ROOT

PACKAGES = ("config", "voice", "vision", "pipeline", "aloud")
CARRIERS = {"onnxruntime", "faster_whisper", "piper", "rapidocr", "pymicro_wakeword", "huggingface_hub"}
"""What brings a collector, or something that does."""
PAGE = (ROOT / "docs" / "privacy.md").read_text("utf-8")

HOOK = """
import os, sys
class Watching:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"onnxruntime", "huggingface_hub"}:
            print(name.partition(".")[0], os.environ.get("ORT_DISABLE_TELEMETRY"),
                  os.environ.get("HF_HUB_DISABLE_TELEMETRY"))
sys.meta_path.insert(0, Watching())
"""
MODELS = TESTS / "models"
WHISPER = str(MODELS / "whisper-micro")
VOICE = str(MODELS / "piper-micro" / "piper-micro.onnx")
ENGINES = {
    "config/runtime/onnx.py": "from voice.turns.vad.silero import Silero; Silero().warm()",
    "config/runtime/kernel.py": "from config.runtime.kernel import kernel_s; kernel_s(1, runs=1)",
    "voice/tts/piper/engine.py": f"from voice.tts.piper.engine import Piper; Piper({VOICE!r}).warm()",
    "voice/stt/whisper/engine.py": (
        f"from voice.stt.whisper.engine import Whisper; Whisper({WHISPER!r}).warm()"
    ),
    "voice/stt/whisper/load.py": (
        f"from pathlib import Path; from voice.stt.whisper.load import load; load(Path({WHISPER!r}), 1)"
    ),
    "voice/stt/whisper/window.py": "import voice.stt.whisper.window",
    "voice/turns/wake/wake_word.py": "from voice.turns.wake.wake_word import WakeWord; WakeWord().warm()",
    "vision/ocr/rapidocr.py": "from vision.ocr.read import warm; warm()",
}
"""File of ours that imports a carrier → how it comes to do so."""


def run(program: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=unswitched() | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def unswitched() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in SWITCHES and name != "CI"}


def imports(text: str) -> Iterator[tuple[str, int, bool]]:
    """(top-level name, line, whether at the top of the file); nothing of a file that names no carrier."""
    if not any(name in text for name in CARRIERS):
        return
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        else:
            continue
        yield from ((name.split(".")[0], node.lineno, node in tree.body) for name in names)


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_switches_off_for_itself_and_its_children(package: str) -> None:
    child = f"import os; print([os.environ.get(name) for name in {list(SWITCHES)}])"
    program = (
        f"import {package}, subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    )
    for before in ("", "0", "false"):
        assert run(program, ORT_DISABLE_TELEMETRY=before) == [str(list(SWITCHES.values()))]


@pytest.mark.parametrize("file", ENGINES)
def test_it_is_off_when_the_engine_is_imported(file: str) -> None:
    seen = set(run(HOOK + ENGINES[file], ORT_DISABLE_TELEMETRY="0"))
    expected = {"onnxruntime 1 1", "huggingface_hub 1 1"}
    assert seen <= expected
    assert seen or file == "voice/turns/wake/wake_word.py", "nothing was imported, so nothing is proved"


def test_no_file_of_ours_that_imports_a_carrier_is_left_out() -> None:
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if CARRIERS & {name for name, _, _ in imports(path.read_text("utf-8"))}:
                found.add(str(path.relative_to(ROOT)))
    types_only = {
        "voice/turns/vad/silero.py",
        "voice/turns/endpointing/smart_turn.py",
        "voice/stt/whisper/short_context.py",
        "voice/tts/piper/possible.py",
    }
    assert found - types_only == set(ENGINES)


def test_what_is_run_beside_the_packages_switches_off_first() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    late = []
    for name in filter(None, listed.stdout.split("\0")):
        text = (ROOT / name).read_text("utf-8") if (ROOT / name).exists() else ""
        all_ = list(imports(text))
        carriers = [line for imported, line, _ in all_ if imported in CARRIERS]
        ours = [line for imported, line, top in all_ if top and imported in PACKAGES]
        own = 'os.environ["ORT_DISABLE_TELEMETRY"]' in text
        if (
            carriers
            and not own
            and not (ours and min(ours) < min(carriers))
            and name.split("/")[0] not in PACKAGES
        ):
            late.append(name)
    assert not late, late


@pytest.mark.parametrize(
    ("version", "switch", "warned"),
    [("1.32.0", "0", True), ("1.32.0", "1", False), ("1.32.0", "true", False), ("1.28.0", "", False)],
)
def test_who_imported_it_before_us_is_told(tmp_path: Path, version: str, switch: str, warned: bool) -> None:
    (tmp_path / "onnxruntime.py").write_text(
        f"__version__ = {version!r}\ndef disable_telemetry_events(): print('told to stop')\n"
    )
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import onnxruntime\nimport warnings\n"
    program += "with warnings.catch_warnings(record=True) as told:\n    import voice\n"
    program += "print(*[warning.message for warning in told])"
    lines = run(program, ORT_DISABLE_TELEMETRY=switch)
    assert (lines[0] == "told to stop") is warned
    assert ("ORT_DISABLE_TELEMETRY=1" in lines[-1]) is warned


# --- the pin --------------------------------------------------------------------------------------------


def test_the_onnx_runtime_that_is_here_is_the_one_that_was_examined() -> None:
    version = importlib.metadata.version("onnxruntime")
    assert f"ONNX Runtime {version}" in PAGE, f"Examine onnxruntime {version} and say so in docs/privacy.md."


def test_a_later_one_is_not_taken_unseen() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [one for one in project["project"]["dependencies"] if one.startswith("onnxruntime")]
    assert asked == ["onnxruntime>=1.28,<{}.{}".format(*COLLECTS_FROM)]


def test_there_is_no_collector_in_it() -> None:
    """1.29 to 1.32 hold these bytes, each in two libraries."""
    found = importlib.util.find_spec("onnxruntime")
    assert found is not None
    assert found.origin is not None
    libraries = [path for path in (Path(found.origin).parent / "capi").iterdir() if ".so" in path.name]
    assert libraries
    for library in libraries:
        with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            assert held.find(b"OneCollector") < 0, library.name


def test_every_package_that_comes_along_was_read() -> None:
    pins = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    missing = [name for name in pins if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", PAGE)]
    assert not missing, f"Read these for telemetry, and say what you found in docs/privacy.md: {missing}"


def test_no_traceback_shows_what_was_said() -> None:
    """Typer's own would show the values of variables: words, keys."""
    assert not app.pretty_exceptions_enable
