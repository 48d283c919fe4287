"""The programs of the desktop that targets call: which are here, how a missing one is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from typing import TypeVar

import anyio

from config.errors import TargetError
from config.runtime.clock import in_thread
from config.runtime.installation import system_line

T = TypeVar("T")

TOOL_S = 5.0
"""A tool of the desktop that takes longer hangs."""


async def to_the_end(work: Callable[..., T], *args: object) -> T:
    """Blocking work in a thread, not to be cancelled: what was half delivered would be delivered twice."""
    done: list[T] = []
    with anyio.CancelScope(shield=True):
        done.append(await in_thread(work, *args))
    return done[0]


def missing(what: str, tools: str, package: str) -> TargetError:
    """The sentence for a tool that is not here."""
    return TargetError(
        f"{what} needs {tools}, which is not on this machine.", todo=f"Install it: {system_line(package)}"
    )


def first_there(*programs: str) -> str:
    return next((program for program in programs if shutil.which(program)), "")


def call(
    command: Sequence[str], given: bytes = b"", *, reads: bool = False, timeout_s: float = TOOL_S
) -> bytes:
    """Run a tool to its end, blocking; what it printed when ``reads``.

    A tool that keeps a selection alive goes on in the background: it must not inherit a pipe of ours, or
    waiting for the pipe's end would wait for it. Raises ``TargetError``.
    """
    try:
        done = subprocess.run(
            command,
            input=given,
            stdout=subprocess.PIPE if reads else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=timeout_s,
            check=True,
        )
    except FileNotFoundError:
        raise missing("This", command[0], command[0]) from None
    except subprocess.TimeoutExpired:
        raise TargetError(f"{command[0]} does not answer.", kept="The text is kept.") from None
    except (subprocess.CalledProcessError, OSError) as error:
        why = f"status {error.returncode}" if isinstance(error, subprocess.CalledProcessError) else error
        raise TargetError(f"{' '.join(command[:2])} failed ({why}).", kept="The text is kept.") from None
    return done.stdout or b""


def end_group(process: subprocess.Popen[bytes]) -> None:
    """A program that was started in a session of its own, and what it has started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
