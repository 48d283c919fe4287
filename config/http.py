"""``httpx`` without what Aloud has no use for: half of the time its import takes."""

from __future__ import annotations

import sys

_UNUSED = ("httpx._main", "trio")
"""Its command line, which brings rich and click, and a second event loop: both optional, and httpx and
httpcore do without when their import fails. Measured: 0.14 s instead of 0.30 s."""


def import_httpx() -> None:
    """Call it before the first ``import httpx``; what is already imported stays as it is."""
    if "httpx" in sys.modules:
        return
    hidden = [name for name in _UNUSED if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # the documented way to make an import fail
    try:
        import httpx  # noqa: F401
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
