"""Pictures: opened safely, made upright and clean, read on this machine. Rests on ``config`` alone."""

import config  # noqa: F401  # switches telemetry off before anything here imports it
