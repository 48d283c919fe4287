"""The faces of Aloud: command line, terminal, benchmarks. Imports everything; nobody imports it."""

import config  # noqa: F401  # switches telemetry off before anything here imports it

__version__ = "0.1.0"
