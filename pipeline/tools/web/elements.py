"""HTML's elements: ``elements.toml``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

LEFT_OUT = frozenset(_TABLE["left_out"])
RAW = frozenset(_TABLE["raw"])
EMPTY = frozenset(_TABLE["empty"])
BLOCKS = frozenset(_TABLE["blocks"])
NOT_SEEN = re.compile(rf"(?<![-\w])({'|'.join(_TABLE['not_seen'])})")
