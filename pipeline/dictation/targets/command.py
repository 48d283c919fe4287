"""A program's standard input. What it prints goes to our standard error; it has a time to end."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

from config.errors import TargetError, UsageError
from config.runtime.clean import CleanText
from config.runtime.plugins import Factory
from pipeline.dictation.targets.base import Before, DeliveryOptions, Receipt, unnoted
from pipeline.dictation.targets.desktop_tools import end_group, to_the_end

COMMAND_S = 30.0


class Command:
    """``line`` is split as a shell splits it, and no shell is asked: for pipes, ``sh -c '...'``.

    Raises ``UsageError`` for a line that cannot be split.
    """

    def __init__(self, line: str, *, timeout_s: float = COMMAND_S) -> None:
        try:
            self._command = shlex.split(line)
        except ValueError as error:
            raise UsageError(f"The command “{line}” cannot be read: {error}.") from None
        self._spec = f"command:{line}"
        self._timeout_s = timeout_s
        self.name = os.path.basename(self._command[0])

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        receipt = Receipt(self._spec, text, place=self._command[0])
        before(receipt)
        await to_the_end(self._run, text.encode("utf-8", "replace"))
        return receipt

    def _run(self, given: bytes) -> None:
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=_errors(),
                stderr=_errors(),
                start_new_session=True,
            )
        except OSError as error:
            raise TargetError(
                f"{self.name} could not be started: {error.strerror}.", kept="The text is kept."
            ) from None
        try:
            process.communicate(given, self._timeout_s)
        except subprocess.TimeoutExpired:
            end_group(process)
            raise TargetError(
                f"{self.name} did not end within {self._timeout_s:g} s and was stopped.",
                kept="The text is kept; the program may have read it.",
            ) from None
        if process.returncode:
            raise TargetError(
                f"{self.name} failed with status {process.returncode}.",
                kept="The text is kept; the program may have read it.",
            )

    async def take_back(self, receipt: Receipt) -> None:
        raise TargetError(f"What was given to {self.name} cannot be taken back.")

    async def arrived(self, receipt: Receipt) -> None:
        return None

    async def program(self) -> str:
        return self.name


def _errors() -> int | None:
    """Where its output goes: standard output is for records alone."""
    try:
        return sys.stderr.fileno()
    except (OSError, ValueError, AttributeError):
        return subprocess.DEVNULL


def _open(line: str, options: DeliveryOptions) -> Command:
    return Command(line)


COMMAND = Factory(_open, "PROGRAM")
