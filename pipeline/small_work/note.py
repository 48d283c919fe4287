"""What is left of turns that no longer fit into a conversation: a note, and at least what was asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.llm.base import Llm, Message
from pipeline.small_work.asking import answer_of, asking, prompt
from pipeline.small_work.founded import founded, sentences_of
from pipeline.small_work.title import first_words

LONGEST_WORDS = 120
_QUESTION_WORDS = 12
_SAID_LETTERS = 600
"""Of one turn; an answer that was read out may be a page."""

Turns = Sequence[tuple[str, str]]
"""What was asked, and what was heard of the answer, turn by turn."""


@dataclass(frozen=True, slots=True)
class Note:
    condensed: str = ""
    """In a model's words."""
    asked: tuple[str, ...] = ()
    """In the person's own, of turns that nobody condensed."""

    @property
    def text(self) -> str:
        """For a model. It says of itself that it is not what was said word for word."""
        condensed, asked = prompt("note").splitlines()
        listed = "; ".join(f"“{question}”" for question in self.asked)
        parts = ((self.condensed, condensed), (listed, asked))
        filled = (form.format(condensed=self.condensed, asked=listed) for there, form in parts if there)
        return " ".join(filled)


def condensing(note: Note, said: Turns) -> list[Message]:
    """What a model is asked, to have ``said`` and what there was before in one note."""
    turns = [f"Person: {asked[:_SAID_LETTERS]}\nAloud: {heard[:_SAID_LETTERS]}" for asked, heard in said]
    return asking("condense", "\n".join((*_before(note), *turns)))


async def written(llm: Llm, note: Note, turns: Turns) -> str:
    """A model's note, in whole sentences; it may say more than was said. Raises ``LlmError``."""
    text, whole = await answer_of(llm, condensing(note, turns), LONGEST_WORDS)
    return text if whole else " ".join(sentences_of(text)[:-1])


def condensed(text: str, note: Note, said: Turns, language: str) -> Note:
    """What stands on what was said of a model's note; where nothing does, what was asked."""
    turns = [text for turn in said for text in turn]
    text = within_words(founded(text, "\n".join((*_before(note), *turns)), language))
    return Note(text) if text else left_of(note, said)


def left_of(note: Note, said: Turns) -> Note:
    """Without any model: the questions by their first words, the latest ones."""
    questions = [first_words(asked, _QUESTION_WORDS) for asked, _ in said if asked.strip()]
    kept: list[str] = []
    left = LONGEST_WORDS - len(note.condensed.split())
    for question in reversed((*note.asked, *questions)):
        left -= len(question.split())
        if left < 0:
            break
        kept.insert(0, question)
    return replace(note, asked=tuple(kept))


def within_words(text: str, most: int = LONGEST_WORDS) -> str:
    """As many whole sentences as fit."""
    kept: list[str] = []
    for sentence in sentences_of(text):
        most -= len(sentence.split())
        if most < 0:
            break
        kept.append(sentence)
    return " ".join(kept)


def _before(note: Note) -> tuple[str, ...]:
    return (*([note.condensed] if note.condensed else ()), *note.asked)
