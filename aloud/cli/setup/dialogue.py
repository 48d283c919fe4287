"""What setting up says and asks: lines that stay, numbered choices, and an object a step for a program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aloud.cli.setup.options import Question
from aloud.cli.terminal.columns import paragraph, width_of
from aloud.cli.terminal.plain import is_plain
from config.errors import UsageError
from config.files.measured_file import keep, read
from config.runtime.clean import clean
from config.runtime.printing import print_json, print_text
from config.settings.model import Settings
from config.settings.paths import state_dir

TRIES = 5
"""Answers that cannot be used, after which Enter is taken to have been typed: no loop without an end."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``value`` is what a setting takes; ``told`` one line about it."""

    value: str
    told: str


@dataclass
class Dialogue:
    """``asks``: somebody answers. ``quiet``: nothing is told. Everything for a person goes to standard error,
    so that standard output is the program's that reads ``--json``.
    """

    settings: Settings
    asks: bool = False
    quiet: bool = False
    json: bool = False
    asked: list[Question] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._width = width_of(self.settings.show, sys.stderr)
        self.draws = not is_plain(self.settings.show, sys.stderr)
        self._before: Mapping[str, Any] = read(_answers()) if self.asks else {}

    # --- said ---------------------------------------------------------------------------------------------

    def say(self, text: str, *, first: str = "") -> None:
        """``first``: before the text, which hangs behind it."""
        if not self.quiet:
            told = paragraph(text, self._width, len(first), first)
            print_text(clean("\n".join(told)), file=sys.stderr, flush=True)

    def now(self) -> None:
        """It listens: speak."""
        self.say("Now.")

    def number(self, number: int, text: str) -> None:
        """One of what can be chosen."""
        self.say(text, first=f"  {number}. ")

    def head(self, text: str) -> None:
        """A step begins."""
        if not self.quiet and self.asks:
            print_text(clean(f"\n{text}" if self.draws else text), file=sys.stderr, flush=True)

    def draw(self, lines: Sequence[str], words: str) -> None:
        """A picture where somebody sees it, else the same in ``words``, if there are any."""
        if self.draws and not self.quiet:
            print_text(clean("\n".join(lines)), file=sys.stderr, flush=True)
        elif words:
            self.say(words)

    def step(self, name: str, **facts: Any) -> None:
        """For a program: what came of a step."""
        if self.json:
            print_json({"step": name, **facts})

    # --- asked --------------------------------------------------------------------------------------------

    def ask(self, question: Question, prompt: str) -> str:
        """What was typed, without blanks around it; "" for Enter, and where nobody is asked.

        Raises ``KeyboardInterrupt`` when the keyboard's input has ended.
        """
        if not self.asks:
            return ""
        self.asked.append(question)
        *before, last = paragraph(prompt, self._width)
        print_text(clean("\n".join([*before, f"{last} "])), end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        return line.strip()

    def agree(self, question: Question, prompt: str, *, no: str = "n") -> bool:
        """Enter agrees, ``no`` does not."""
        return not self.ask(question, prompt).casefold().startswith(no)

    def choose(
        self,
        question: Question,
        choices: Sequence[Choice],
        marked: str,
        prompt: str,
        named: Callable[[str], str] | None = None,
    ) -> tuple[str, bool]:
        """The value, and whether it was typed. ``marked``: the value that Enter takes. ``named``: makes a
        value of a name that is none of the choices, or raises ``UsageError``.
        """
        if not self.asks:
            return marked, False
        marked = self._of_then(question, choices, marked)
        for number, choice in enumerate(choices, 1):
            self.number(number, choice.told)
        number = next((n for n, choice in enumerate(choices, 1) if choice.value == marked), 0)
        enter = f"Enter: {number or marked}"
        for _ in range(TRIES):
            typed = self.ask(question, f"{prompt} ({enter})")
            try:
                value = _chosen(typed, choices, named) if typed else marked
            except UsageError as error:
                self.say(str(error))
                continue
            by_person = bool(typed) or question.name in self._before
            if by_person:  # what Enter takes may be another thing the next time
                self.keep(question, value)
            return value, by_person
        self.say(f"Then it is what Enter takes: {number or marked}.")
        return marked, False

    def keep(self, question: Question, value: str) -> None:
        """For the next walk, where this one is broken off."""
        keep(_answers(), question.name, value)

    def before(self, question: Question) -> str:
        """What was answered in a walk that was broken off, or empty."""
        before = self._before.get(question.name)
        return before if isinstance(before, str) else ""

    def _of_then(self, question: Question, choices: Sequence[Choice], marked: str) -> str:
        """What was answered in a walk that was broken off is marked in the next."""
        before = self.before(question)
        return before if any(choice.value == before for choice in choices) else marked

    def resumes(self) -> bool:
        return bool(self._before)

    def over(self) -> None:
        """The answers are settings now, or were not wanted: nothing is to be taken up again."""
        if self.asks:
            _answers().unlink(missing_ok=True)


def _answers() -> Path:
    return state_dir() / "setup.json"


def _names(choice: Choice) -> tuple[str, ...]:
    """In small letters: the value, what is behind its kind, and what is shown of it first."""
    value = choice.value.casefold()
    return value, value.partition(":")[2], choice.told.partition(": ")[0].casefold()


def _chosen(typed: str, choices: Sequence[Choice], named: Callable[[str], str] | None) -> str:
    if typed.isascii() and typed.isdigit():
        if 0 < int(typed) <= len(choices):
            return choices[int(typed) - 1].value
        raise UsageError(f"There is no {typed}; the numbers go from 1 to {len(choices)}.")
    name = typed.casefold()
    by_name = [choice.value for choice in choices if name in _names(choice)]
    if by_name:
        return by_name[0]
    if named is None:
        raise UsageError(f"“{typed}” is none of them: type a number from 1 to {len(choices)}.")
    return named(typed)
