"""The model server that misbehaves as scripted: the one of the LLMs' own tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_PATH = Path(__file__).parent.parent / "llm" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("scripted_minds", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
_LLMS = importlib.util.module_from_spec(_SPEC)
import sys  # noqa: E402

sys.modules["scripted_minds"] = _LLMS  # dataclasses look their module up
_SPEC.loader.exec_module(_LLMS)
wire = _LLMS.wire
