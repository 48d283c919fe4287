"""Aloud in a process of its own, with the tests' fast clock: ``[*PROGRAM, "talk", "--fast"]``."""

from __future__ import annotations

import runpy
import sys

from config.runtime import clock

PROGRAM = (sys.executable, "-m", "tests.program")

if __name__ == "__main__":
    clock.work_clock = lambda: 1000.0
    runpy.run_module("aloud", run_name="__main__", alter_sys=True)
