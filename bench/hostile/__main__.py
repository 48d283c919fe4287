"""``python -m bench.hostile PART [--only TEXT] [--most N] [--json]``. Ends with 1 if a bound was missed."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

from bench import hostile
from bench.hostile.table import Options, show

PARTS = (
    "llm", "conversation", "hub", "pictures", "sounds", "documents", "disks", "streams", "quoted", "consent",
    "injections",
)  # fmt: skip


def main() -> int:
    there = {file.stem for file in Path(hostile.__path__[0]).glob("*.py")}
    options = argparse.ArgumentParser(prog="python -m bench.hostile", description=hostile.__doc__)
    options.add_argument("part", choices=[part for part in PARTS if part in there])
    options.add_argument("--only", default="", help="cases whose name holds this")
    options.add_argument("--most", type=int, default=0, help="no more than so many cases")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    module: Any = importlib.import_module(f"bench.hostile.{chosen.part}")
    return show(module.run(Options(chosen.only, chosen.most)), as_json=chosen.json)


if __name__ == "__main__":
    raise SystemExit(main())
