"""What an utterance asks of a skill, and what a skill hands back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from config.runtime.clean import clean
from pipeline.llm.base import ToolCall
from pipeline.tools.base import Run, Tool, ToolResult

Wants = Literal["", "read", "describe"]


@dataclass(frozen=True, slots=True)
class SkillRequest:
    """An utterance that was understood. Nothing is done yet: it names a tool to be called, has its words
    ready, or ``wants`` the assistant to look at pictures.
    """

    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    """JSON values only, as a model would give them."""
    certain: bool = False
    """The whole utterance had a precise form: answer here even when a model is connected."""
    say: Callable[[Any], str] | None = None
    """From what the tool worked out to a sentence in the person's own words."""
    paragraphs: Callable[[Any], Sequence[str]] | None = None
    """The same, where it is read: paragraphs to be leafed through. Empty: ``say`` says it."""
    one_by_one: bool = False
    """Of these only the first is read, and each next one when they ask for it."""
    leaves_reading: bool = False
    """What was read before is done with: "next" means this from now on."""
    gives_way: bool = False
    """Where the tool cannot, the words were meant for the assistant."""
    failed: str = ""
    """What is said when the tool cannot, where that was clear from the words."""
    text: str = ""
    """The answer, where no tool is needed."""
    wants: Wants = ""
    language: str = ""
    """In which it was understood, and is answered."""
    unclear: bool = False
    """What was meant is known, and not all of it was understood: another language may know better."""

    @property
    def call(self) -> ToolCall:
        return ToolCall("", self.tool, self.arguments)

    def answer(self, result: ToolResult) -> str:
        """What is said once the tool was called."""
        if result.failed and self.failed:
            return self.failed
        if read := self.read(result):
            return "\n\n".join(read[:1] if self.one_by_one else read)
        return result.text if self.say is None or result.value is None else self.say(result.value)

    def read(self, result: ToolResult) -> Sequence[str]:
        """What is to be leafed through of it."""
        if self.paragraphs is None or result.failed or result.value is None:
            return ()
        return self.paragraphs(result.value)


@dataclass(frozen=True, slots=True)
class SkillAnswer:
    """A short answer that was worked out here, without a model."""

    text: str
    """Sentences to say; empty when ``wants`` asks the assistant to look."""
    wants: Wants = ""


class Skill(Protocol):
    """One that comes with what a conversation is about: its open files, a table, code."""

    @property
    def tools(self) -> tuple[Tool, ...]:
        """All that it ever has; each says whether it is available now."""
        ...

    def parse(self, text: str, language: str) -> SkillRequest | None:
        """What was said, as a recogniser or a keyboard wrote it, in any language; that of the conversation is
        read first. None: it is not for this one. Nothing is done, and where nothing is open no time is taken.
        """
        ...


@runtime_checkable
class Guesses(Protocol):
    """A skill that makes something of questions in no form that it knows, where no model answers."""

    def guess(self, text: str, language: str) -> SkillRequest | None:
        """As ``Skill.parse``; asked last, when nobody else knows what was meant."""
        ...


class Outcome(Protocol):
    """What a skill worked out."""

    @property
    def text(self) -> str:
        """It in a sentence, for whoever asked in no words of their own."""


def computed(work: Callable[..., Outcome]) -> Run:
    """``work`` as a tool runs it."""

    async def run(**arguments: Any) -> ToolResult:
        outcome = work(**arguments)
        return ToolResult(clean(outcome.text), value=outcome)

    return run


def sentence(text: str) -> str:
    """A capital in front."""
    return text[:1].upper() + text[1:]
