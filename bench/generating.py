"""A language model that takes the cores: llama.cpp writes without end, with so many threads.

Where it runs decides what Aloud can do about it: in its own process or a child of its own it is lowered
(``config/system/priority.py``); a server that somebody else started is not Aloud's to steer.

    python -m bench.generating GGUF THREADS      such a server; prints its address
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from config.errors import LlmError
from config.system.priority import lower_child, lowered
from pipeline.llm.local.llama_worker import serve
from pipeline.llm.local.worker import Load

Where = Literal["process", "child", "foreign"]
_KEY = "bench"
_TOKENS = 16
"""A request; the next follows at once."""
_QUESTION = "Tell me a long story about a river, its towns and the people who live in them."


class Writing:
    """Requests one after the other. ``tokens``: those written so far."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.tokens = 0
        self.began = time.monotonic()

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join(60.0)

    @property
    def tokens_per_s(self) -> float:
        return self.tokens / (time.monotonic() - self.began)

    def _run(self) -> None:
        body = {"messages": [{"role": "user", "content": _QUESTION}], "max_tokens": _TOKENS}
        body |= {"ignore_eos": True, "cache_prompt": False}
        headers = {"Authorization": f"Bearer {_KEY}", "Content-Type": "application/json"}
        address = f"{self._address}/v1/chat/completions"
        while not self._ended.is_set():
            request = urllib.request.Request(address, json.dumps(body).encode(), headers)
            with urllib.request.urlopen(request, timeout=600) as answer:
                self.tokens += json.load(answer)["usage"]["completion_tokens"]


@contextmanager
def generating(model: Path, threads: int, where: Where) -> Iterator[Writing]:
    """It writes until it is left. Raises ``LlmError`` where llama.cpp is not installed or does not start."""
    if where == "process":
        server = lowered(_serve, model, threads)
        yield from _writing(server.listening_address)
        return
    command = [sys.executable, "-m", "bench.generating", str(model), str(threads)]
    # Of a session of its own, as from another terminal: Linux shares the cores out by sessions first.
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=where == "foreign",
    ) as child:
        if where == "child":
            lower_child(child.pid)
        assert child.stdout is not None
        try:
            if not (address := child.stdout.readline().strip()):
                raise LlmError("The model's server did not start.")
            yield from _writing(address)
        finally:
            child.kill()


def _serve(model: Path, threads: int) -> Any:
    load = Load(
        str(model.absolute()), "", model.stem, 0, 8192, threads, small_cache=False, unload_s=0, key=_KEY
    )
    return serve(asdict(load))


def _writing(address: str) -> Iterator[Writing]:
    writing = Writing(address)
    writing.start()
    try:
        yield writing
    finally:
        writing.end()


if __name__ == "__main__":
    held = _serve(Path(sys.argv[1]), int(sys.argv[2]))
    print(held.listening_address, flush=True)
    sys.stdin.read()  # until whoever started it has gone
