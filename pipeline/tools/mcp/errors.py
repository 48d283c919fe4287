"""What goes wrong with a server."""

from __future__ import annotations


class ServerError(Exception):
    """It cannot be used. The argument says why and goes on in a sentence: "there is no such program"."""

    def __init__(self, why: str, *, todo: str = "", wrote: str = "") -> None:
        super().__init__(why)
        self.todo = todo
        self.wrote = wrote
        """Its own last words, which may be of what was said in the talk."""

    @property
    def told(self) -> str:
        """For the person: no log has the server's own words above ``debug``."""
        return f"{self} (it wrote: {self.wrote})" if self.wrote else str(self)
