"""The text of a take as it is dictated: utterances in, text out; all of it can be taken back. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from config.language.phrases import phrases
from config.settings.model import DictateSettings
from pipeline.dictation.text.command_tables import commands
from pipeline.dictation.text.inline_commands import apply_inline
from pipeline.dictation.text.stages import CleanupStage
from pipeline.dictation.text.undo import Edits, begin_of_last
from pipeline.dictation.text.vocabulary import Vocabulary

Kind = Literal[
    "text", "edited", "learned", "refused", "undo", "read_back", "raw", "mode", "change", "new_take", "stop",
    "send", "copy",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one utterance.

    ``text``: it is in the text. ``edited``, ``learned``: a command changed the text. ``refused``: it could
    not. ``undo``: nothing of this take is left to take back, what was delivered before is meant. ``mode``,
    ``change``: the style, or the wish, is in ``detail``. The others are for who opened the page to obey.
    """

    kind: Kind
    text: str
    """All of the text now."""
    said: str = ""
    """What to tell the person; empty when the text tells enough."""
    detail: str = ""
    """The style's name; the wish; what was learned, as ``old → new``."""
    stages: tuple[CleanupStage, ...] = ()
    """The utterance after each stage, for ``--explain``; of a command, which one it was."""


class TranscriptDocument:
    """Push utterances as the STT gives them; commands among them are obeyed and are not in the text.

    ``modes``: the names that "mode NAME" may say, and their styles
    (``pipeline.dictation.rewrite.styles.spoken_styles``). ``settings``: ``commands``, ``inline`` and
    ``vocabulary`` of ``[dictate]`` are stages of a page, each of which can be switched off; without all three
    every word is text as it was heard.
    """

    def __init__(
        self,
        language: str = "en",
        vocabulary: Vocabulary | None = None,
        *,
        modes: Collection[str] | dict[str, str] = (),
        settings: DictateSettings | None = None,
    ) -> None:
        self._table = commands(language)
        named = modes if isinstance(modes, dict) else {mode: mode for mode in modes}
        self._modes = {_plain(spoken): mode for spoken, mode in named.items()}
        self._settings = settings or DictateSettings()
        self.vocabulary = vocabulary or Vocabulary()
        self._edits = Edits()
        self._heard: list[str] = []

    @property
    def text(self) -> str:
        return self._edits.text

    @property
    def raw(self) -> str:
        """Every word that was heard, commands as well."""
        return " ".join(self._heard)

    def push(self, utterance: str) -> Outcome:
        utterance = " ".join(utterance.split())
        if not utterance:
            return Outcome("text", self.text)
        self._heard.append(utterance)
        if self._settings.commands and (outcome := self._whole(utterance)):
            return outcome
        stages = [CleanupStage("heard", utterance)]
        if self._settings.vocabulary:
            mended = self.vocabulary.mend(utterance)
            stages.append(CleanupStage("vocabulary", mended, "names as you write them"))
            utterance = mended
        if self._settings.inline:
            after = apply_inline(self.text, utterance, self._table)
            stages.append(CleanupStage("inline", after, "spoken marks and lines"))
        else:
            after = f"{self.text} {utterance}".strip()
        self._edits.say(after)
        return Outcome("text", self.text, stages=tuple(stages))

    def replace(self, text: str) -> Outcome:
        """All of it became ``text``, by a rewrite; that too can be taken back."""
        self._edits.become(text)
        return Outcome("edited", self.text)

    def _whole(self, utterance: str) -> Outcome | None:
        """The command that all of the utterance is, or None."""
        plain = _plain(utterance)
        for kind, pattern in self._table.whole:
            if (match := pattern.fullmatch(plain)) and (outcome := self._obey(kind, match.groupdict())):
                stage = CleanupStage(
                    "commands", self.text, f"“{utterance}” is a command ({kind.replace('_', ' ')})"
                )
                return Outcome(outcome.kind, outcome.text, outcome.said, outcome.detail, (stage,))
        return None

    def _obey(self, kind: str, slots: dict[str, str]) -> Outcome | None:
        match kind:
            case "undo":
                return self._back(self._edits.undo, Outcome("undo", self.text))
            case "redo":
                none = phrases(self._table.language).say("dictating.none_to_bring_back")
                return self._back(self._edits.redo, Outcome("refused", self.text, none))
            case "scratch" | "scratch_word" | "scratch_sentence" | "scratch_paragraph":
                return self._scratch(kind.removeprefix("scratch").lstrip("_"))
            case "mode":
                mode = self._modes.get(slots["name"])
                return Outcome("mode", self.text, detail=mode) if mode else None
            case "change":
                return Outcome("change", self.text, detail=self._heard[-1].rstrip(".?! "))
            case "correct":
                return self._correct(slots["old"], slots["new"])
            case "stop" | "send" | "copy" | "read_back" | "raw" | "new_take":
                return Outcome(kind, self.text)
            case _:
                return None

    def _back(self, go: Callable[[], bool], nothing: Outcome) -> Outcome:
        return Outcome("edited", self.text) if go() else nothing

    def _scratch(self, unit: str) -> Outcome:
        if not self.text.strip():
            return Outcome("undo", self.text)
        if unit:
            self._edits.become(self.text[: begin_of_last(unit, self.text)])
        else:
            self._edits.scratch()
        return Outcome("edited", self.text)

    def _correct(self, old: str, new: str) -> Outcome | None:
        """None where ``old`` is not in the text: then it was no command ("change the meeting to Friday")."""
        form = r"\W+".join(re.escape(word) for word in old.split())
        found = list(re.finditer(rf"(?<!\w){form}(?!\w)", self.text.replace("’", "'"), re.IGNORECASE))
        if not found:
            return None
        match = found[-1]
        before = self.text[match.start() : match.end()]
        written = _as_written(new, self._heard[-1])
        if before[:1].isupper() and written.islower():
            written = written[:1].upper() + written[1:]
        self._edits.become(self.text[: match.start()] + written + self.text[match.end() :])
        self.vocabulary.learn(before, written)
        return Outcome("learned", self.text, detail=f"{before} → {written}")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w'-]+", text.lower().replace("’", "'")))


def _as_written(words: str, utterance: str) -> str:
    """``words``, which are plain, with the capitals and marks they had in the utterance they end."""
    pattern = r"\W+".join(re.escape(word) for word in words.split()) + r"\W*$"
    match = re.search(pattern, utterance.replace("’", "'"), re.IGNORECASE)
    return utterance[match.start() :].rstrip(" .?!,") if match else words
