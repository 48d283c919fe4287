"""A mind rewrites what was dictated. The transcript is fenced data: it is never answered and never obeyed.

Whatever the guards object to stays as it was said, a part at a time, with the reason.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import config
from config.errors import MindError
from config.writing import Style
from pipeline.dictation.guards import objection, unwrapped
from pipeline.dictation.tidy import tidy
from pipeline.mind import Message, Mind

PART_LETTERS = 2400
"""About 400 words: what a small model still rewrites whole, within the 600 tokens it may write."""

_PROMPTS = Path(config.__file__).parent / "prompts"


@dataclass(frozen=True, slots=True)
class Stage:
    """The text after one stage, for ``--explain``."""

    name: str
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """``reason``: why some of it was left as it was said; empty when none was."""

    text: str
    reason: str = ""
    stages: tuple[Stage, ...] = ()


async def rewrite(
    mind: Mind | None,
    text: str,
    style: Style,
    *,
    language: str = "en",
    vocabulary: str = "",
    on_delta: Callable[[str], None] = lambda text: None,
) -> Rewritten:
    """Tidied by rules, then by ``mind`` in ``style``, in parts. A failure of the mind is a reason as well.

    ``on_delta`` is told what the mind writes as it comes: for showing only, since the guards speak last.
    ``vocabulary``: names the mind is told of. Never raises what a mind raises; a cancellation passes.
    """
    stages = [Stage("heard", text)]
    if style.tidies:
        text = tidy(text, language)
        stages.append(Stage("tidied", text, "fillers, repeats, capitals, marks, numbers"))
    if not style.prompt or not text.strip():
        return Rewritten(text, "", tuple(stages))
    if mind is None:
        reason = "No model is connected: tidied by rules only."
        return Rewritten(text, reason, (*stages, Stage("rewritten", text, reason)))
    parts, reasons = [], []
    for part, gap in in_parts(text):
        written, reason = await _rewrite_part(mind, part, style, vocabulary, on_delta)
        parts.append(written + gap)
        reasons += [reason] if reason else []
    text, reason = "".join(parts), " ".join(dict.fromkeys(reasons))
    return Rewritten(text, reason, (*stages, Stage("rewritten", text, reason or f"style {style.name}")))


async def _rewrite_part(
    mind: Mind, part: str, style: Style, vocabulary: str, on_delta: Callable[[str], None]
) -> tuple[str, str]:
    names = f"\nNames that may occur, spelled so: {vocabulary}." if vocabulary else ""
    written, finish, failure = await _ask(mind, "rewrite", style.prompt + names, part, on_delta)
    reason = failure or objection(part, written, style, finish=finish)
    return (part, reason) if reason else (written, "")


async def change(
    mind: Mind | None, text: str, wish: str, *, on_delta: Callable[[str], None] = lambda text: None
) -> Rewritten:
    """The last text once more, "shorter" or with a "friendlier second paragraph", as ``wish`` has it."""
    if mind is None:
        return Rewritten(text, "No model is connected: the text is as it was.")
    before, chosen, after = paragraph_of(text, wish)
    asked = wish if not (before or after) else f"{wish} (this is that paragraph alone)"
    written, finish, failure = await _ask(mind, "change", f"The author asks: {asked}", chosen, on_delta)
    style = Style("change", shortens=True)
    reason = failure or objection(chosen, written, style, finish=finish)
    if reason:
        return Rewritten(text, reason, (Stage("before", text), Stage("changed", text, reason)))
    whole = f"{before}{written}{after}"
    return Rewritten(whole, "", (Stage("before", text), Stage("changed", whole, wish)))


async def _ask(
    mind: Mind, prompt: Literal["rewrite", "change"], wish: str, text: str, on_delta: Callable[[str], None]
) -> tuple[str, str, str]:
    """What it wrote, why it stopped, and how it failed. The fence is a new one each time: none can end it."""
    fence = f"=== {secrets.token_hex(4)} ==="
    rules = (_PROMPTS / f"{prompt}.md").read_text("utf-8").replace("FENCE", fence)
    messages = [
        Message("system", f"{rules.strip()}\n{wish}"),
        Message("user", f"{fence}\n{text}\n{fence}"),
    ]
    written, finish = "", ""
    try:
        async with mind.reply(messages) as deltas:
            async for delta in deltas:
                written += delta.text
                finish = delta.finish or finish
                if delta.text:
                    on_delta(delta.text)
    except MindError as error:
        return written, finish, f"{error.failed} The text is as it was said."
    return unwrapped(written.replace(fence, "")), finish, ""


def in_parts(text: str, most: int = PART_LETTERS) -> list[tuple[str, str]]:
    """Each part with the gap after it: at paragraphs where they fit, else at sentences, else at words."""
    parts: list[tuple[str, str]] = []
    while text:
        end = len(text) if len(text) <= most else _cut(text, most)
        part = text[:end]
        bare = part.rstrip()
        rest = text[end:]
        gap = part[len(bare) :] + rest[: len(rest) - len(rest.lstrip())]
        parts.append((bare, gap))
        text = rest.lstrip()
    return parts


def _cut(text: str, most: int) -> int:
    for pattern in (r"\n\s*\n", r"(?<=[.?!…])\s", r"\s"):
        ends = [
            match.start() for match in re.finditer(pattern, text[: most + 1]) if match.start() > most // 4
        ]
        if ends:
            return ends[-1]
    return most


_ORDINALS = ("first|erste", "second|zweite", "third|dritte", "fourth|vierte", "fifth|fünfte")


def paragraph_of(text: str, wish: str) -> tuple[str, str, str]:
    """Before it, the paragraph a wish speaks of, and after it; all of the text where it speaks of none."""
    spans = [match.span() for match in re.finditer(r"\S(?:.*?\S)??(?=\s*(?:\n\s*\n|\Z))", text, re.DOTALL)]
    lower = wish.lower()
    if not re.search(r"paragraph|absatz|paragraphe|párrafo", lower) or len(spans) < 2:
        return "", text, ""
    at = next((n for n, words in enumerate(_ORDINALS) if re.search(rf"\b(?:{words})", lower)), None)
    if at is None and re.search(r"\b(?:last|letzte|dernier|último)", lower):
        at = len(spans) - 1
    if at is None or at >= len(spans):
        return "", text, ""
    begin, end = spans[at]
    return text[:begin], text[begin:end], text[end:]
