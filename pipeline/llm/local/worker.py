"""The process in which a model is: started, asked where it listens, and ended."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.errors import LlmError, ModelError
from config.runtime.installation import added_line
from config.system.priority import lower_child

LONGEST_LINE = 10_000


@dataclass(frozen=True, slots=True)
class Load:
    """What ``llama_worker.py`` is told."""

    path: str
    projector: str
    name: str
    port: int
    context: int
    threads: int
    small_cache: bool
    """Keys and values at 8 bits instead of 16."""
    unload_s: int
    key: str = field(repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Worker:
    """Blocking: it returns when the model is loaded. Raises ``LlmError`` without the wheel, ``ModelError``
    for a file that does not load.
    """

    def __init__(self, load: Load) -> None:
        program = [sys.executable, "-I", str(Path(__file__).with_name("llama_worker.py"))]
        self._process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        # Lowered before it begins its threads: while it writes on, STT and TTS are waited for.
        lower_child(self._process.pid)
        answer = self._ask(asdict(load))
        if answer.get("address") != load.address:
            self.end()
            raise lacking(Path(load.path)) if answer.get("error") == "package" else damaged(Path(load.path))
        self.address = load.address

    @property
    def process(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """At once, whatever it is at."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close() if pipe else None
        self._process.wait()

    def _ask(self, load: dict[str, object]) -> dict[str, object]:
        """{} where it ended without a word, as one does whose file made llama.cpp give up."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        try:
            stdin.write(json.dumps(load).encode() + b"\n")
            stdin.flush()
            answer = json.loads(stdout.readline(LONGEST_LINE))
        except (OSError, ValueError):
            return {}
        return answer if isinstance(answer, dict) else {}


def lacking(path: Path) -> LlmError:
    return LlmError(
        f"The model file {path.name} needs the package xllamacpp, which is not installed.",
        todo=f"Install it: {added_line('xllamacpp')}",
    )


def damaged(path: Path) -> ModelError:
    return ModelError(
        f"The model file {path} could not be loaded.",
        todo="It may be damaged, not a GGUF, or too large for this machine's memory.",
    )
