"""What was shown, and what of it is new since the last turn. Pure: pictures are opened elsewhere."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from vision.images.picture import Picture

if TYPE_CHECKING:
    from vision.sources.pdf import Document


class ImageStore:
    """Pictures in the order shown, numbered 1, 2, ... for as long as the conversation lasts.

    A picture shown goes along with the next turn, once; it stays here for "the first picture" and a closer
    look. Beyond ``keep`` the oldest is let go, and its number is never given again.
    """

    def __init__(self, keep: int = 20) -> None:
        self._keep = max(1, keep)
        self._shown: OrderedDict[int, Picture] = OrderedDict()
        self._new: list[Picture] = []
        self._count = 0
        self.document: Document | None = None
        """The one shown last, open: "read page two" is about it."""
        self.page = 0
        """The page of it shown last: 1, 2, ...; "the next page" counts from here."""

    def open(self, document: Document) -> None:
        """Keep a document at hand in place of the one before, which is closed. Blocking, a moment."""
        self.close()
        self.document, self.page = document, 0

    def close(self) -> None:
        """Let go of the document; pictures of its pages stay."""
        if self.document is not None:
            self.document.close()
        self.document = None

    def show(self, picture: Picture) -> int:
        """Remember a picture for the next turn; its number. At most ``keep`` wait: the oldest gives way."""
        self._count += 1
        self.page = picture.page or self.page
        self._shown[self._count] = picture
        self._new = [*self._new, picture][-self._keep :]
        while len(self._shown) > self._keep:
            self._shown.popitem(last=False)
        return self._count

    def take(self) -> tuple[Picture, ...]:
        """What was shown since this was last called, oldest first."""
        taken, self._new = tuple(self._new), []
        return taken

    @property
    def waiting(self) -> tuple[Picture, ...]:
        """What ``take`` would give, left where it is."""
        return tuple(self._new)

    @property
    def all(self) -> tuple[Picture, ...]:
        """Every picture kept, oldest first, taken or not."""
        return tuple(self._shown.values())

    @property
    def latest(self) -> Picture | None:
        return next(reversed(self._shown.values()), None)

    def get(self, number: int) -> Picture | None:
        """Picture ``number`` as ``show`` counted it; None when there never was one or it was let go."""
        return self._shown.get(number)

    def number(self, picture: Picture) -> int:
        """The number under which it was last shown; 0 when it is not kept."""
        return next((n for n, shown in reversed(self._shown.items()) if shown is picture), 0)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of the pictures kept, oldest first."""
        return tuple(self._shown)

    def name(self, picture: Picture) -> str:
        """How an LLM is told of it. With one picture there is nothing to count."""
        number = self.number(picture) if self._count > 1 else 0
        return f"picture {number}, {picture.source}" if number else picture.source
