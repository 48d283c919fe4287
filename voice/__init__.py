"""Sound in and sound out: microphone, segmenter, STT, TTS, speaker. Rests on ``config`` alone."""

import config  # noqa: F401  # switches telemetry off before anything here imports it
