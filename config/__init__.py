"""Settings, models we know, errors and paths: what every other part may rest on. Imports nothing of ours."""

from config import telemetry as _telemetry

_telemetry.switch_off()
