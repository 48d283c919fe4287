"""``python -m bench.fuzz PART --minutes 15 --keep FOLDER``: coverage-guided, by atheris (libFuzzer).

atheris is no part of the environment of Aloud: bring it yourself. Each find is kept as a file and told
once for each place where it was raised; what the fuzzer learnt stays in ``FOLDER/PART``, and the next run
goes on from there. The exit status is 1 if there was a find.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from bench import fuzz

PARTS = tuple(sorted(file.stem for file in Path(fuzz.__path__[0]).glob("[a-z]*.py") if file.stem != "worker"))
RESTART_S = 2.0
"""A worker that ended sooner would end at once again."""


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    options.add_argument("part", choices=PARTS)
    options.add_argument("--minutes", type=float, default=15)
    options.add_argument("--keep", type=Path, default=Path("finds"))
    chosen = options.parse_args()
    if find_spec("atheris") is None:
        print("Fuzzing needs the package atheris, which is no part of this environment.", file=sys.stderr)
        return 2
    finds: Path = chosen.keep / f"{chosen.part}-finds"
    finds.mkdir(parents=True, exist_ok=True)
    until, failed = time.monotonic() + 60 * chosen.minutes, False
    while (left := until - time.monotonic()) > 1:
        began = time.monotonic()
        command = [sys.executable, "-m", "bench.fuzz.worker", chosen.part, str(chosen.keep), str(int(left))]
        ended = subprocess.run(command, check=False).returncode
        if ended and time.monotonic() - began < RESTART_S:
            failed = True
            break
    found = sorted(each.name for each in finds.iterdir())
    print(f"{chosen.part}: {len(found)} finds in {finds}" + "".join(f"\n  {name}" for name in found))
    return 1 if found or failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
