"""``aloud rewrite``: text on standard input, rewritten in a style. Printed is what has passed the guards.

What was not rewritten is printed as it was, lest it be lost, and the exit status says so. Of a translation
nothing is printed then: a script would take it for one.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from aloud.cli.input_text import read_text
from aloud.cli.terminal.plain import is_plain
from config.errors import LlmError, PartialError, UsageError
from config.runtime.clean import EMPTY, CleanText, clean
from config.runtime.printing import json_line, print_dim, print_text
from config.settings.model import Settings
from pipeline.dictation.rewrite.rewrite import NO_MODEL, Rewritten, change, rewrite, translates
from pipeline.dictation.rewrite.styles import Style, style
from pipeline.dictation.text.language import language_of
from pipeline.dictation.text.stages import CleanupStage, explained
from pipeline.dictation.vocabulary_file import read_vocabulary
from pipeline.session.dictation.rewriter import open_rewriter
from pipeline.session.run import run_async


def rewrite_text(
    settings: Settings, *, style_name: str | None, request: str, explain: bool, json: bool, quiet: bool
) -> None:
    """``wish``: a change its author asks for, instead of a style.

    Raises ``PartialError`` when some of it was not rewritten and is printed as it was, ``LlmError`` when
    nothing of it could be translated, and nothing is printed.
    """
    chosen = style(style_name or settings.dictate.style)
    text = read_text()
    if not text:
        raise UsageError("There is no text to rewrite.", todo="Give it one: aloud rewrite < draft.txt")
    live = not quiet and not is_plain(settings.show, sys.stderr)
    rewritten = run_async(lambda: _rewrite(settings, text, chosen, request, live=live))
    if explain and not json:
        print_text(clean("\n".join(explained(rewritten.stages))), file=sys.stderr)
    todo = _CONNECT if rewritten.reason.startswith(NO_MODEL) else ""
    if rewritten.untouched and (translates(request) if request else chosen.translates):
        raise LlmError(rewritten.reason, kept="Nothing was translated, and nothing is printed.", todo=todo)
    if json:
        _print(_as_json(rewritten, "" if request else chosen.name, explain=explain))
    else:
        _print(rewritten.text)
    if rewritten.reason:
        raise PartialError(rewritten.reason, kept=_kept(rewritten), todo=todo)


_CONNECT = "With Ollama running, connect one: aloud config set llm ollama:llama3.2"


def _kept(rewritten: Rewritten) -> str:
    """What is printed instead; empty where the reason says it already."""
    if rewritten.reason.startswith(f"{NO_MODEL}:"):
        return ""
    if not rewritten.untouched:
        return "Where it failed the text is printed as it was; the rest is rewritten."
    as_it_was = rewritten.text == rewritten.stages[0].text
    return "The text is printed as it was." if as_it_was else "The text is printed tidied by rules only."


def _as_json(rewritten: Rewritten, style_name: str, *, explain: bool) -> CleanText:
    stages = [{"stage": s.name, "text": s.text, "why": s.why} for s in rewritten.stages]
    said = {"text": rewritten.text, "reason": rewritten.reason, "style": style_name}
    return json_line(said | ({"stages": stages} if explain else {}))


def _print(text: CleanText) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        print_text(text)
        return
    sys.stdout.flush()
    buffer.write(f"{text}\n".encode())
    buffer.flush()


async def _rewrite(settings: Settings, text: str, chosen: Style, request: str, *, live: bool) -> Rewritten:
    def show(piece: CleanText) -> None:
        if live:
            print_dim(piece, file=sys.stderr)

    dictate = settings.dictate
    language = language_of(text) if settings.stt.language == "auto" else settings.stt.language
    llm, absent = None, EMPTY
    try:
        llm = await open_rewriter(settings) if chosen.prompt or request else None
    except LlmError as error:
        absent = error.told
    try:
        if request:
            changed = await change(llm, text, request, language=language, settings=dictate, on_delta=show)
            return replace(changed, reason=absent or changed.reason)
        vocabulary = read_vocabulary(dictate.vocabulary_file)
        mended = vocabulary.mend(text) if dictate.vocabulary and chosen.tidies else text
        named = vocabulary.for_llm(mended)
        done = await rewrite(
            llm, mended, chosen, language=language, vocabulary=named, settings=dictate, on_delta=show
        )
    finally:
        if live and llm:
            print_text(file=sys.stderr)
        if llm:
            await llm.aclose()
    stages = done.stages
    if mended != text:
        names = (CleanupStage("heard", text), CleanupStage("vocabulary", mended, "names as you write them"))
        stages = (*names, *done.stages[1:])
    return replace(done, reason=absent or done.reason, stages=stages)
