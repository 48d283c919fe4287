"""Aloud in a process of its own, with the tests' fast clock: ``[*PROGRAM, "talk", "--fast"]``.

One that spins is ended by the work it has done, however long a busy machine takes for that;
one that only waits is ended by pytest's own bound (``faulthandler_timeout``).
"""

from __future__ import annotations

import resource
import runpy
import sys

from config.runtime import clock

MOST_WORK_S = 60
PROGRAM = (sys.executable, "-m", "tests.program")

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_WORK_S, MOST_WORK_S))
    clock.work_clock = lambda: 1000.0
    runpy.run_module("aloud", run_name="__main__", alter_sys=True)
