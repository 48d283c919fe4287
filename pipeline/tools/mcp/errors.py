"""What goes wrong with a server."""

from __future__ import annotations


class ServerError(Exception):
    """It cannot be used. The argument says why and goes on in a sentence: "there is no such program"."""

    def __init__(self, why: str, *, todo: str = "") -> None:
        super().__init__(why)
        self.todo = todo
