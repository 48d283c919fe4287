"""A tool: something the program can do, called in one way by the program itself and by a model."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from config.runtime.clean import CleanText
from pipeline.llm.base import ToolSpec
from pipeline.tools.schema import flaw
from vision.images.picture import Picture

Risk = Literal["read", "write", "send"]
"""``read``: nothing is changed. ``write``: something on this machine is. ``send``: something leaves it, or
cannot be taken back."""
Undo = Callable[[], bool | None]
"""False: it was too late, and nothing was taken back."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What every wire takes as a name."""


class ToolError(Exception):
    """A tool cannot do what was asked; the argument is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a call."""

    text: CleanText
    """Sentences: for the model, and to say where whoever called knows nothing better."""
    pictures: tuple[Picture, ...] = ()
    """For a model that sees."""
    value: object = None
    """What was worked out, for the program, which may word it as the person did."""
    undo: Undo | None = None
    """Takes back what was done."""
    failed: bool = False
    """``text`` says why there is nothing."""
    untrusted: bool = False
    """Words of somebody else are in it: of a file, a page, a mail, a server. Whoever has read them may have
    been told what to do by them."""
    told: Callable[[str], str] | None = None
    """What was done in a sentence for the person, in a language; None: ``text`` is all there is."""


Run = Callable[..., Awaitable[ToolResult | str]]
"""It gets the arguments by name, checked against the schema, and may raise ``ToolError``."""


def always() -> bool:
    """Whatever the conversation is about."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(ToolSpec):
    """``available``: whether a model is offered it now. Raises ``ValueError`` where it never could be."""

    risk: Risk
    run: Run
    takes_away: bool = False
    """What the person has kept may be gone after it."""
    reaches_out: bool = False
    """It asks elsewhere for something, and what it asks may tell what was said or read here: a read that is
    as good as a send once untrusted words were read."""
    read_back: Callable[[Mapping[str, Any], str], str] | None = None
    """From its arguments and a language to what a person says yes to, with nothing left out: who gets what.
    It is a question or a sentence; addresses in it are spelled for it. None: a template names the tool and
    all its arguments."""
    goes_to: Callable[[Mapping[str, Any]], str] | None = None
    """From its arguments to the host that is asked, which a person is told once. None: nobody elsewhere."""
    available: Callable[[], bool] = always

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"A tool's name is 1 to 64 of A-Z a-z 0-9 _ -, and this one is {self.name!r}.")
        if self.risk not in get_args(Risk):
            raise ValueError(
                f"The risk of {self.name} is {self.risk!r}; there are: {', '.join(get_args(Risk))}."
            )
        if said := flaw(self.parameters):
            raise ValueError(f"The parameters of {self.name} are no schema of an object: {said}")
