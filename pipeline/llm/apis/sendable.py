"""What came in JSON, made fit to be sent in JSON: not all that can be read can be written. Pure."""

from __future__ import annotations

import json
from typing import Any


def sendable(value: Any) -> Any:
    """Halves of a character are put together or replaced, and what is no number is null. None: it cannot be
    sent at all.
    """
    try:
        text = json.dumps(value, ensure_ascii=False)
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return json.loads(whole, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
