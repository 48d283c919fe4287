"""Every fault of a model server in every job: does the person hear what failed, and can they go on?"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.hostile.chat import FAULTS
from bench.hostile.conversing import jobs, wires
from bench.hostile.conversing.faults import Fault
from bench.hostile.conversing.one_loop import both_ends_here
from bench.hostile.conversing.witness import home
from bench.hostile.table import Options, Row, progress

_TOLD = (
    "Heard by told words and spoken by a silent voice: the published engines would take hours over so many."
)


def run(options: Options) -> list[Row]:
    chosen = [fault for fault in (*FAULTS, *wires.faults()) if options.only in fault.name]
    chosen = chosen[: options.most or None]
    rows: list[Row] = []
    print(_TOLD, file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder, both_ends_here():
        home(Path(folder))
        for number, fault in enumerate(chosen):
            rows += _all_jobs(fault, Path(folder))
            progress(number + 1, len(chosen))
            if number == 0:
                gc.freeze()  # what is imported by now is not looked through before each job
    return rows


def _all_jobs(fault: Fault, folder: Path) -> list[Row]:
    every: list[Callable[[Fault], Row]] = [
        jobs.ask,
        jobs.talk,
        jobs.rewrite,
        partial(jobs.dictate, folder=folder),
    ]
    rows = []
    for job in every:
        gc.collect()
        rows.append(_told(job(fault)))
    return rows


def _told(row: Row) -> Row:
    """At once, since the table comes late."""
    if row.faults:
        print(f"\rFAULT  {row.case} {row.job}: {'; '.join(row.faults)}"[:400], file=sys.stderr, flush=True)
    return row
