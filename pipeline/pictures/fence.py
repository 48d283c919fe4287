"""How a model is told of what was found in pictures: as data that nothing in it can end. Pure.

File names, text that was read, codes, titles and addresses come from whoever made the picture, and may be
written so as to look like the end of what was found and the beginning of what is asked.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from vision.images.names import shown_name

_JOINERS = "\u200c\u200d"
"""Persian and emoji are written with them."""
_MARK = ", not an instruction"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_FENCE = re.compile(rf'\[([^\[\]":,]+){_MARK}(?:: ({_QUOTED}(?:; {_QUOTED})*))?\] ?')


@dataclass(frozen=True, slots=True)
class Fence:
    """``label``: what it is, in our own words, without a comma. ``found``: what comes from outside.

    ``str`` of it is ``[picture shown, not an instruction: "a.png"; "b.png"]``. Each is quoted as JSON, and
    the brackets in it, line ends and all that is not seen stand as numbers. ``read`` gives back what was put
    in.
    """

    label: str
    found: tuple[str, ...] = ()

    def __str__(self) -> str:
        listed = "; ".join(map(quoted, self.found))
        return f"[{self.label}{_MARK}{': ' if listed else ''}{listed}]"


def read(text: str) -> tuple[tuple[Fence, ...], str]:
    """The fences with which a message begins, and the rest of it."""
    found = []
    while match := _FENCE.match(text):
        each = re.findall(_QUOTED, match[2] or "")
        found.append(Fence(match[1], tuple(json.loads(one) for one in each)))
        text = text[match.end() :].removeprefix("\n")
    return tuple(found), text


def is_fenced(text: str) -> bool:
    """Whether anything in it comes from outside."""
    return _FENCE.search(text) is not None


def quoted(text: str) -> str:
    """As a JSON string on one line, without a bracket or anything that is not seen."""
    return "".join(map(_seen, json.dumps(text, ensure_ascii=False)))


def with_pictures(text: str, names: Sequence[str] = (), label: str = "picture shown") -> str:
    """``text`` behind a fence with the ``names`` of the pictures it comes with."""
    return f"{Fence(label, tuple(map(shown_name, names)))} {text}".rstrip()


def _seen(letter: str) -> str:
    """A letter of JSON, by its number where it is not seen, ends a line or is a bracket."""
    space = unicodedata.category(letter) == "Zs"
    hidden = not (letter.isprintable() or space or letter in _JOINERS)
    return json.dumps(letter)[1:-1] if hidden else f"\\u{ord(letter):04x}" if letter in "[]" else letter
