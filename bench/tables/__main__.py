"""``python -m bench.tables [PART]``: all of them, else one. Ends with 1 if a bound was missed."""

from __future__ import annotations

import argparse

import anyio

from bench.hostile.table import Options, Row, show
from bench.tables import dialects, hostile, queries, questions

PARTS = {"queries": queries.run, "hostile": hostile.run, "dialects": dialects.run, "questions": questions.run}


async def _rows(parts: list[str], chosen: Options) -> list[Row]:
    return [row for part in parts for row in await PARTS[part](chosen)]


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m bench.tables", description=__doc__)
    options.add_argument("part", nargs="?", choices=PARTS)
    options.add_argument("--only", default="", help="cases whose name holds this")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    parts = [chosen.part] if chosen.part else list(PARTS)
    return show(anyio.run(_rows, parts, Options(chosen.only)), as_json=chosen.json)


if __name__ == "__main__":
    raise SystemExit(main())
