"""The process that a part is fuzzed in. It ends when an input takes too long or too much, and begins anew."""

from __future__ import annotations

import hashlib
import importlib
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris

CASE_S = 5
CASE_MB = 1000
LONGEST_BYTES = 20_000


def keeping(fuzz: Callable[[bytes], object], finds: Path) -> Callable[[bytes], None]:
    """What ``fuzz`` raises is kept, once for each place, and the fuzzing goes on."""
    seen: set[str] = set()

    def run(data: bytes) -> None:
        try:
            fuzz(data)
        except Exception as error:  # each is a find
            frames = traceback.extract_tb(error.__traceback__)
            place = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}"
            if place in seen:
                return
            seen.add(place)
            name = f"{type(error).__name__}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"
            (finds / name).write_bytes(data)
            print(f"FOUND {name}", traceback.format_exc(), sep="\n", file=sys.stderr, flush=True)

    return run


def main(part: str, keep: Path, seconds: int) -> None:
    module: Any = importlib.import_module(f"bench.fuzz.{part}")
    corpus, finds = keep / part, keep / f"{part}-finds"
    corpus.mkdir(parents=True, exist_ok=True)
    fuzz = keeping(module.fuzz, finds)
    for seed in module.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        fuzz(seed)  # which imports what is imported late, so that its branches are seen too
    limits = [f"-timeout={CASE_S}", f"-rss_limit_mb={CASE_MB}", f"-max_len={LONGEST_BYTES}"]
    times = [f"-max_total_time={seconds}", f"-artifact_prefix={finds}/", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, *times, str(corpus)], fuzz)
    atheris.Fuzz()


if __name__ == "__main__":
    name = sys.argv[1]
    with atheris.instrument_imports(include=["config", "voice", "vision", "pipeline"]):
        main(name, Path(sys.argv[2]), int(sys.argv[3]))
