"""``aloud rewrite``: text on standard input, rewritten in a style. Printed is what has passed the guards."""

from __future__ import annotations

import json as encoder
import sys

from aloud.opening import foreword
from aloud.rungs import choose_mind
from aloud.running import run_async
from config.errors import UsageError
from config.settings import Settings
from config.writing import Style, style
from pipeline.dictation.rewriting import Rewritten, change, rewrite
from pipeline.mind import Mind
from pipeline.minds.skills import SkillsMind
from pipeline.timers import Timers

REWRITING = {"temperature": 0.0, "max_tokens": 2000}
"""The same text twice gives the same; a part of a text and its rewrite fit."""


def rewrite_text(
    settings: Settings, text: str, *, style_name: str, wish: str, explain: bool, json: bool, quiet: bool
) -> None:
    """``wish``: a change its author asks for, instead of a style. Raises ``UsageError`` without a text."""
    if not text.strip():
        raise UsageError("There is no text to rewrite.", todo="Give it one: aloud rewrite < draft.txt")
    chosen = style(style_name)
    rewritten = run_async(
        lambda: _rewrite(settings, text, chosen, wish, live=not quiet and sys.stderr.isatty())
    )
    if json:
        stages = [{"stage": s.name, "text": s.text, "why": s.why} for s in rewritten.stages]
        said = {"text": rewritten.text, "reason": rewritten.reason, "style": chosen.name}
        print(encoder.dumps(said | ({"stages": stages} if explain else {}), ensure_ascii=False))
        return
    if explain:
        print(explained(rewritten), file=sys.stderr)
    elif rewritten.reason and not quiet:
        print(f"({rewritten.reason})", file=sys.stderr)
    print(rewritten.text)


def explained(rewritten: Rewritten) -> str:
    """The text after each stage that changed it, and why."""
    lines: list[str] = []
    before = None
    for stage in rewritten.stages:
        same = " (no change)" if stage.text == before else ""
        lines.append(f"── {stage.name}{f': {stage.why}' if stage.why else ''}{same}")
        lines += [] if same else [stage.text]
        before = stage.text
    return "\n".join(lines)


async def _rewrite(settings: Settings, text: str, chosen: Style, wish: str, *, live: bool) -> Rewritten:
    def show(piece: str) -> None:
        print(f"\x1b[2m{piece}\x1b[0m", end="", file=sys.stderr, flush=True)

    language = settings.ears.language if settings.ears.language != "auto" else "en"
    mind = await open_rewriter(settings) if chosen.prompt or wish else None
    try:
        on_delta = show if live else lambda piece: None
        if wish:
            return await change(mind, text.strip(), wish, on_delta=on_delta)
        return await rewrite(mind, text.strip(), chosen, language=language, on_delta=on_delta)
    finally:
        if live and mind:
            print(file=sys.stderr)
        if mind:
            await mind.aclose()


async def open_rewriter(settings: Settings) -> Mind | None:
    """The mind that rewrites; None where there is none. Says, the first time, where the words go."""
    mind = settings.mind.model_copy(update=REWRITING)
    opened, _ = await choose_mind(settings.model_copy(update={"mind": mind}), Timers())
    if isinstance(opened, SkillsMind):
        return None
    if told := foreword(opened, settings):
        print(told, file=sys.stderr)
    return opened
