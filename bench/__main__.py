"""``python -m bench NAME``: what ``aloud bench`` measures, and all that is too long or too special for it.

make bench ARGS="room --rounds 40 --seconds 600 --json"
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from aloud.cli import bench
from aloud.cli.exit import run_command

BENCHES = bench.BENCHES | {
    "hesitate": "bench.conversation.hesitate",
    "interrupt": "bench.conversation.interrupt",
    "llm": "bench.conversation.llm",
    "local": "bench.conversation.local",
    "scale": "bench.conversation.scale",
    "soak": "bench.conversation.soak",
    "room": "bench.room.room",
    "image": "bench.pictures.image",
    "dictate": "bench.dictation.dictate",
}


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description="Measure this machine.")
    parser.add_argument("name", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--json", action="store_true", help="one object")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float, help="how long (idle, room)")
    parser.add_argument("--plot", type=Path, metavar="FILE.png", help="draw it (turn)")
    parser.add_argument("--crash", action="store_true", help="kill it at random moments (dictate)")
    parser.add_argument("--stt", metavar="SPEC")
    parser.add_argument("--tts", metavar="SPEC")
    asked = vars(parser.parse_args(given))
    name, json = asked.pop("name"), asked.pop("json")
    bench.run(name, bench.Options(**asked), json=json, benches=BENCHES)


if __name__ == "__main__":
    raise SystemExit(run_command(main))
