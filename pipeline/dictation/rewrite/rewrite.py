"""An LLM rewrites what was dictated. The transcript is fenced data: it is never answered and never obeyed.

Whatever the guards object to stays as it was said, a part at a time, with the reason.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import anyio

import config
from config.errors import LlmError
from config.language.data import languages, table
from config.runtime.clean import EMPTY, CleanText, clean
from config.settings.model import DictateSettings
from pipeline.dictation.rewrite.guards import beyond_measure, objection, unwrapped
from pipeline.dictation.rewrite.styles import Style
from pipeline.dictation.text.chunks import in_chunks, paragraph_of
from pipeline.dictation.text.cleanup import cleaned_up
from pipeline.dictation.text.stages import CleanupStage
from pipeline.llm.base import Llm, Message

_PROMPTS = Path(config.__file__).parent / "prompts"
_CHANGED = Style("change", shortens=True, recasts=True, keeps="meaning")
_TRANSLATED = dataclasses.replace(_CHANGED, translates=True)
NO_MODEL = "No model is connected"
_FEW_WORDS = 3
"""So short a text is left to the rules (VoiceInk's figure): a model has more to spoil than to mend."""

OnDelta = Callable[[CleanText], None]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """``reason``: why some of it was left as it was said; empty when none was.

    ``untouched``: all of it was.
    """

    text: CleanText
    reason: CleanText
    stages: tuple[CleanupStage, ...] = ()
    untouched: bool = False

    @property
    def kept(self) -> str:
        """What stands where it was not rewritten; empty where the reason says it."""
        if not self.reason or self.reason.startswith(f"{NO_MODEL}:"):
            return ""
        if not self.untouched:
            return "Where it failed the text is tidied by rules only; the rest is rewritten."
        as_said = self.stages and self.text == self.stages[0].text
        return "The text is as it was said." if as_said else "The text is tidied by rules only."


def unshown(text: CleanText) -> None:
    """Nobody watches the model write."""


async def rewrite(
    llm: Llm | None,
    text: str,
    style: Style,
    *,
    language: str = "en",
    vocabulary: str = "",
    settings: DictateSettings | None = None,
    on_delta: OnDelta = unshown,
) -> Rewritten:
    """Tidied by rules, then by ``llm`` in ``style``, in parts. A failure of the LLM is a reason as well.

    ``on_delta`` is told what the LLM writes as it comes: for showing only, since the guards speak last.
    ``vocabulary``: names the LLM is told of. Never raises what an LLM raises; a cancellation passes.
    """
    settings = settings or DictateSettings()
    stages = [CleanupStage("heard", text)]
    if style.tidies:
        stages += cleaned_up(text, language, settings)
        text = stages[-1].text
    if not style.prompt or not text.strip():
        return Rewritten(clean(text), EMPTY, tuple(stages))
    if len(text.split()) <= _FEW_WORDS and not style.translates:
        few = CleanupStage(style.name, text, "a few words are left to the rules")
        return Rewritten(clean(text), EMPTY, (*stages, few))
    if llm is None:
        cleaned_only = style.tidies and not style.translates
        reason = f"{NO_MODEL}: tidied by rules only." if cleaned_only else f"{NO_MODEL}."
        stages.append(CleanupStage(style.name, text, reason))
        return Rewritten(clean(text), clean(reason), tuple(stages), untouched=True)
    names = f"\nNames that may occur, spelled so: {vocabulary}." if vocabulary else ""
    asking = _Asking(llm, "rewrite", f"{style.prompt}{names}", style, language, settings.rewrite_s, on_delta)
    text, reason, untouched = await asking.about(text)
    written = CleanupStage(style.name, text, reason or "written by the model")
    return Rewritten(clean(text), clean(reason), (*stages, written), untouched)


def translates(request: str) -> bool:
    """Whether a change that is asked for is another language."""
    return _translates().search(request) is not None


@functools.cache
def _translates() -> re.Pattern[str]:
    stems = (stem for each in languages() for stem in table(each, "dictation")["translate"])
    return re.compile("|".join(map(re.escape, stems)), re.IGNORECASE)


async def change(
    llm: Llm | None,
    text: str,
    request: str,
    *,
    language: str = "en",
    settings: DictateSettings | None = None,
    on_delta: OnDelta = unshown,
) -> Rewritten:
    """The last text once more, "shorter" or with a "friendlier second paragraph", as ``wish`` has it."""
    if llm is None:
        reason = f"{NO_MODEL}: the text is as it was."
        return Rewritten(clean(text), clean(reason), (CleanupStage("before", text),), untouched=True)
    before, chosen, after = paragraph_of(text, request)
    asked = request if not (before or after) else f"{request} (the text is that paragraph alone)"
    seconds = (settings or DictateSettings()).rewrite_s
    style = _TRANSLATED if translates(request) else _CHANGED
    asking = _Asking(llm, "change", f"The author asks: {asked}", style, language, seconds, on_delta)
    written, reason, untouched = await asking.about(chosen)
    whole = f"{before}{written}{after}"
    stages = (CleanupStage("before", text), CleanupStage("changed", whole, reason or request))
    return Rewritten(clean(whole), clean(reason), stages, untouched)


@dataclass(frozen=True)
class _Asking:
    """One wish about a text, part by part."""

    llm: Llm
    prompt: Literal["rewrite", "change"]
    request: str
    style: Style
    language: str
    seconds: float
    on_delta: OnDelta

    async def about(self, text: str) -> tuple[str, str, bool]:
        """The text as it is now, why some of it is as it was, and whether all of it is."""
        done, reasons, untouched = "", [], True
        for part, gap in in_chunks(text):
            written, reason = await self._part(part)
            done += (part if reason else written) + gap
            reasons += [reason] if reason else []
            untouched = untouched and bool(reason)
            if gap:
                self.on_delta(clean(gap))
        return done, " ".join(dict.fromkeys(reasons)), untouched

    async def _part(self, part: str) -> tuple[str, str]:
        # A fence is a new one each time: nothing in the text can end it.
        fence = f"=== {secrets.token_hex(4)} ==="
        rules = (_PROMPTS / f"{self.prompt}.md").read_text("utf-8").replace("FENCE", fence)
        rules, _, reminder = rules.strip().partition("\n---\n")
        messages = [
            Message("system", f"{rules}\n{self.request}"),
            Message("user", f"{fence}\n{part}\n{fence}\n{reminder.strip()}"),
        ]
        written, finish = "", ""
        try:
            with anyio.move_on_after(self.seconds) as time:
                async with self.llm.reply(messages) as deltas:
                    async for delta in deltas:
                        written += delta.text
                        finish = delta.finish or finish
                        if delta.text:
                            self.on_delta(delta.text)
                        if beyond_measure(part, written):
                            finish = "stop"  # it is ended here, for what it is
                            break
        except LlmError as error:
            return "", error.failed
        if time.cancelled_caught:
            return "", f"The model took longer than {self.seconds:g} s."
        written = unwrapped(written, fence)
        return written, objection(part, written, self.style, finish=finish, language=self.language)
