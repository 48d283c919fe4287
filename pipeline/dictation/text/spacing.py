"""A text as it grows, mark by mark and word by word: where a space stands, whose mark it was. Pure."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.dictation.text.command_tables import Inline

ENGINE_MARKS = ".,;:?!…"
"""What Whisper writes by itself, and a dictated mark takes the place of."""
_CLOSING = frozenset(".,;:?!…)]”»")
_OPENING = frozenset("([“„«¿¡")
_SPACES = " \u00a0"


class SpacedText:
    """``begins``: the next word begins a sentence."""

    def __init__(self, before: str, *, begins: bool) -> None:
        self.text = before
        self._engines = before[-1:] in tuple(ENGINE_MARKS)
        """The last mark was written by the engine; one dictated in an earlier utterance counts as such."""
        self._glued = False
        self._capital = begins
        self._shape: Callable[[str], str] | None = None

    def word(self, written: str, trail: str) -> None:
        """``trail``: the engine's marks at its end; ``written`` may be nothing but marks ("ça va ?")."""
        if self._shape:
            written, self._shape = self._shape(written), None
        if self._capital:
            written = capital(written)
        self._append(written)
        self._engines = bool(trail)
        self._capital = self._capital and not any(letter.isalnum() for letter in written)

    def shapes(self, shape: Callable[[str], str]) -> None:
        """The next word is written so."""
        self._shape = shape

    def glue(self) -> None:
        """No space before what comes next, and no mark of the engine."""
        self._drop_engine_mark()
        self._glued = True

    def put(self, command: Inline) -> None:
        mark = command.mark
        bare = mark.strip(_SPACES)
        if bare.strip("\n") == "":
            self._break(bare, command.before)
        elif command.joins:
            self.glue()
            self.text = self.text.rstrip(_SPACES) + mark
        elif command.side == "left" or (command.side != "right" and bare[0] in _CLOSING):
            self._close(mark, bare)
        elif command.side == "right" or bare[0] in _OPENING:
            self._append(mark)
            self._glued = True
        else:  # a dash, with its spaces
            self._drop_engine_mark()
            self.text = self.text.rstrip(_SPACES) + (mark.lstrip(_SPACES) if not self.text else mark)
        self._engines = False

    def _append(self, written: str) -> None:
        if self._glued or not self.text or self.text[-1] in _OPENING or self.text[-1].isspace():
            self.text += written
        else:
            self.text += f" {written}"
        self._glued = False

    def _close(self, mark: str, bare: str) -> None:
        if bare in ENGINE_MARKS:
            self._drop_engine_mark()
        self.text = self.text.rstrip(_SPACES) + mark
        self._capital = self._capital or bare in ".?!"

    def _break(self, mark: str, before: str) -> None:
        self.text = self.text.rstrip(_SPACES)
        if before and self.text and self.text[-1] not in ".?!…:\n":
            self._drop_engine_mark()
            self.text += before
        # Said twice, a new line is an empty line; more than one empty line nobody wants.
        breaks = len(self.text) - len(self.text.rstrip("\n"))
        self.text = self.text.rstrip("\n") + "\n" * min(breaks + len(mark), 2)
        self._capital = True

    def _drop_engine_mark(self) -> None:
        if self._engines:
            self.text = self.text.rstrip(_SPACES).rstrip(ENGINE_MARKS).rstrip(_SPACES)
            self._engines = False


def capital(written: str) -> str:
    """The first letter large; what has a capital within (iPhone), or is an address, stays as it is."""
    if any(letter.isupper() for letter in written) or "@" in written or "://" in written:
        return written
    for place, letter in enumerate(written):
        if letter.isalnum():
            large = letter.upper()
            return written[:place] + (large if len(large) == 1 else letter) + written[place + 1 :]
    return written
