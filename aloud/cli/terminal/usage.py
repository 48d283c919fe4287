"""What is typed is read by typer, and what it says of a wrong line, which quotes that, is cleaned."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from typing import Any

from config.runtime.clean import clean_sentence, joined
from config.runtime.printing import print_text


def run_typed(app: Callable[..., Any], arguments: Sequence[str], **more: Any) -> None:
    """Run a typer app to its ``SystemExit``."""
    try:
        status = app(arguments, standalone_mode=False, **more)
    except Exception as wrong:
        show = getattr(wrong, "show", None)
        if show is None:
            raise
        told = io.StringIO()
        show(told)
        lines = told.getvalue().rstrip("\n").split("\n")
        print_text(joined(map(clean_sentence, lines), "\n"), file=sys.stderr, flush=True)
        status = getattr(wrong, "exit_code", 2)
    sys.exit(status if isinstance(status, int) else 0)
