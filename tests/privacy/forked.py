"""The process that has imported everything and, under the trap, becomes one command after the other.

``python forked.py SOCKET``. An order is a line of JSON; the answer, once the command has ended and the probe
after it, is the command's status. The first order has no command: it ends what importing did.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import socket
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

PROBE = """
import os, socket, sys
try:
    socket.getaddrinfo("localhost", 80)
except OSError:
    pass
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
    asking.sendto(bytes(12), ("127.0.0.1", 53))
with socket.socket() as connecting:
    connecting.connect_ex(("127.0.0.1", 9))
open(sys.argv[1], "w").close()
os.unlink(sys.argv[1])
"""
BEGINS = "/the probe begins"


def run_in_turn(lines: Sequence[Sequence[str]]) -> None:
    """Each tells on standard error how it ended."""
    from aloud.cli.exit import run_command
    from aloud.cli.main import app

    for arguments in lines:
        print("began", json.dumps(arguments), file=sys.stderr, flush=True)
        print("ended", run_command(lambda given=arguments: app(given)), file=sys.stderr, flush=True)


def run(order: dict[str, Any]) -> int:
    """In a process of its own; its status."""
    from tests.program import become

    inside, typed = os.pipe()
    ends = [inside, *(os.open(order[name], os.O_WRONLY | os.O_CREAT, 0o600) for name in ("out", "err"))]
    if pid := os.fork():
        for end in ends:
            os.close(end)
        with os.fdopen(typed, "wb") as file:
            file.write(order["stdin"].encode())
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(typed)
    become(order, ends)
    if "lines" in order:
        run_in_turn(order["lines"])
    else:
        runpy.run_module("aloud", run_name="__main__", alter_sys=True)
    raise SystemExit


def main(asked: socket.socket) -> None:
    from tests.program import import_all

    import_all()
    with asked, asked.makefile("rb") as orders:
        for line in orders:
            order = json.loads(line)
            status = run(order) if "arguments" in order else 0
            with contextlib.suppress(FileNotFoundError):
                os.open(BEGINS, os.O_RDONLY)
            subprocess.run([sys.executable, "-I", "-S", "-c", PROBE, order["probe"]], check=False)
            asked.sendall(json.dumps(status).encode() + b"\n")


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
