"""Aloud in a process of its own, with the tests' fast clock: ``python -m tests.program talk --fast``."""

from __future__ import annotations

import runpy

from config.runtime import clock

if __name__ == "__main__":
    clock.work_clock = lambda: 1000.0
    runpy.run_module("aloud", run_name="__main__", alter_sys=True)
