"""What came of each case, as a table or as JSON, and whether the bounds were kept."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Options:
    """``only``: cases whose name holds it. ``most``: no more than so many."""

    only: str = ""
    most: int = 0


@dataclass(frozen=True)
class Row:
    """``outcome``: one or two words, by which rows are counted (``answered``, ``refused``, ``kept``).
    ``sentence``: what the person was told. ``faults``: the bounds that were not kept, in words; a traceback
    is one.
    """

    case: str
    job: str
    outcome: str
    sentence: str = ""
    status: int | None = None
    seconds: float = 0.0
    memory_mb: float = 0.0
    faults: tuple[str, ...] = field(default=())


def show(rows: Sequence[Row], *, as_json: bool) -> int:
    """Prints them; the exit status."""
    failed = [row for row in rows if row.faults]
    if as_json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return 1 if failed else 0
    for (job, sentence), count in sorted(Counter((row.job, row.sentence) for row in rows).items()):
        print(f"{count:5}  {job:10} {sentence or '(nothing said)'}")
    print()
    for (job, outcome), count in sorted(Counter((row.job, row.outcome) for row in rows).items()):
        print(f"{count:5}  {job:10} {outcome}")
    for row in failed:
        print(f"FAULT  {row.case} {row.job}: {'; '.join(row.faults)}")
    most = max(rows, key=lambda row: row.memory_mb, default=None)
    slowest = max(rows, key=lambda row: row.seconds, default=None)
    if most and slowest:
        print(
            f"{len(rows)} rows, {len(failed)} with a fault; slowest {slowest.seconds:.1f} s "
            f"({slowest.case} {slowest.job}), most memory {most.memory_mb:.0f} MB ({most.case} {most.job})"
        )
    return 1 if failed else 0


def progress(done: int, of: int) -> None:
    if sys.stderr.isatty() or done % 100 == 0:
        print(f"\r{done} of {of}", end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
