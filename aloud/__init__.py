"""The faces of Aloud: the command line and the terminal. Imports everything; nobody imports it."""

import config  # noqa: F401  # switches telemetry off before anything here imports it

__version__ = "0.1.0"
