"""The stream from what was heard and seen to what is said. Rests on ``voice``, ``vision`` and ``config``."""

import config  # noqa: F401  # switches telemetry off before anything here imports it
