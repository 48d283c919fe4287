"""Standard output: a record a take. UTF-8 whatever the locale says: what cannot be written would be lost."""

from __future__ import annotations

import sys
from typing import TextIO

from config.errors import TargetError
from config.runtime.clean import CleanText
from config.runtime.plugins import Factory
from config.runtime.printing import json_line
from config.system.standard_streams import drained
from pipeline.dictation.targets.base import Before, DeliveryOptions, Receipt, unnoted
from pipeline.dictation.targets.desktop_tools import to_the_end


class StandardOutput:
    """``json``: ``{"event": "delivered", "id", "text"}`` a line, and ``{"event": "retracted", "id"}``."""

    name = "standard output"

    def __init__(self, stream: TextIO, *, json: bool = False) -> None:
        self._stream = stream
        self._json = json

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        receipt = Receipt("stdout", text)
        record = self._object("delivered", id=receipt.id, text=text) if self._json else text.rstrip("\n")
        before(receipt)
        await self._write(record)
        return receipt

    async def take_back(self, receipt: Receipt) -> None:
        if not self._json:
            raise TargetError(
                "What was written to standard output cannot be taken back.",
                todo="With --json a record says that it no longer counts.",
            )
        await self._write(self._object("retracted", id=receipt.id))

    async def arrived(self, receipt: Receipt) -> None:
        return None

    async def program(self) -> str:
        return ""

    @staticmethod
    def _object(event: str, **more: str) -> CleanText:
        return json_line({"event": event, **more})

    async def _write(self, record: CleanText) -> None:
        await to_the_end(self._write_now, record + "\n")

    def _write_now(self, line: str) -> None:
        try:
            if hasattr(self._stream, "buffer"):
                self._stream.flush()
                self._stream.buffer.write(line.encode("utf-8", "surrogateescape"))
                self._stream.buffer.flush()
                drained(self._stream)
            else:
                self._stream.write(line)
                self._stream.flush()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise TargetError(
                f"Standard output takes nothing more: {why}.", kept="The text is kept.", todo=""
            ) from error


def _open(rest: str, options: DeliveryOptions) -> StandardOutput:
    return StandardOutput(sys.stdout, json=options.json)


STDOUT = Factory(_open)
