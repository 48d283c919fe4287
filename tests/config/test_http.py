"""httpx comes quickly, and whole."""

from __future__ import annotations

import subprocess
import sys


def test_httpx_comes_without_its_command_line_and_nothing_else_is_hidden() -> None:
    code = (
        "import sys; from config.http import import_httpx; import_httpx(); import httpx\n"
        "assert httpx.AsyncClient and httpx.HTTPTransport\n"
        "assert not {'rich', 'click', 'trio'} & set(sys.modules), sorted(sys.modules)\n"
        "import trio; assert trio.run\n"  # still there for whoever wants it
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
