"""Settings, models we know, errors and paths: what every other part may rest on. Imports nothing of ours."""

import os as _os

from config.runtime import telemetry as _telemetry

_telemetry.switch_off()

# numpy's BLAS keeps its threads spinning after a product of matrices, on the cores that Whisper's encoder
# needs at that moment: 12 s of context took 0.14 s instead of 0.09. Nothing here multiplies enough for them.
_os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
