"""A process of its own in which llama.cpp serves one model: ``python llama_worker.py``, started by
``pipeline.llm.local.worker``.

The wheel holds the interpreter's lock for as long as it loads (0.6 s for 100 MB, 2.5 s for 600): in the same
process nobody would hear the microphone meanwhile. A file from a stranger, too, brings down no conversation
here, and what it took is the system's again when it ends. It imports nothing of ours.

Standard input: a line of JSON, the fields of ``pipeline.llm.local.worker.Load``. Standard output: a line of
JSON, ``{"address": "http://127.0.0.1:PORT"}`` or ``{"error": "package"}`` or ``{"error": "file"}``. It ends
when standard input does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

BATCH = 64
"""Tokens that are read together. SmolLM2 takes half a second for them on one core, and for a long question a
twentieth longer than with 512 at once; with 32 it would take a third longer."""


def serve(load: dict[str, Any]) -> Any:
    """Raises ``ImportError``, ``RuntimeError``."""
    import xllamacpp

    if load["projector"]:
        try:
            return xllamacpp.Server(parameters(xllamacpp, load, load["projector"]))
        except RuntimeError:
            pass  # eyes that belong to another model do not load with this one: it goes without
    return xllamacpp.Server(parameters(xllamacpp, load, ""))


def parameters(xllamacpp: Any, load: dict[str, Any], projector: str) -> Any:
    wanted = xllamacpp.CommonParams()
    wanted.model.path = load["path"]
    if projector:
        wanted.mmproj.path = projector
    wanted.n_ctx = load["context"]
    # One answer, and the next beginning while the last is still being stopped; both in one memory.
    wanted.n_parallel = 2
    wanted.kv_unified = True
    # Between two batches it looks whether anybody still waits. Some eyes want a picture whole in one.
    wanted.n_batch = 512 if projector else BATCH
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = load["threads"]
    if load["small_cache"]:
        wanted.cache_type_k = wanted.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_Q8_0
    # Copied into another order, weights take twice the memory, and reading is a tenth quicker: not worth it.
    wanted.no_extra_bufts = True
    # What fits was counted already, and the first request warms it.
    wanted.fit_params = wanted.warmup = False
    wanted.sleep_idle_seconds = load["unload_s"] or -1
    wanted.verbosity = 0
    wanted.model_alias = {load["name"]}
    wanted.api_keys = [load["key"]]
    wanted.hostnames, wanted.port = ["127.0.0.1"], load["port"]
    wanted.cors_origins = ""
    wanted.ui = False
    return wanted


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all programs of a terminal; it means Aloud
    load = json.loads(sys.stdin.buffer.readline())
    try:
        server = serve(load)
        answer = {"address": server.listening_address}
    except ImportError:
        answer = {"error": "package"}
    except RuntimeError:
        answer = {"error": "file"}
    print(json.dumps(answer), flush=True)
    while sys.stdin.buffer.read(1 << 16):
        pass
    os._exit(0)  # its threads may be in the middle of an answer that nobody waits for


if __name__ == "__main__":
    main()
