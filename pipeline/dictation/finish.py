"""A take that was heard becomes finished text where it belongs; each step is in the account at once."""

from __future__ import annotations

from collections.abc import Callable

from config.errors import AloudError, LlmError, TargetError
from config.language.phrases import phrases
from config.runtime.clock import in_thread
from config.runtime.installation import typed_here
from pipeline import events
from pipeline.dictation import events as dictation_events
from pipeline.dictation.active_take import ActiveTake, DictationContext
from pipeline.dictation.deliver_once import EventTarget, UnsureError, deliver_once
from pipeline.dictation.rewrite.rewrite import Rewritten, change, rewrite
from pipeline.dictation.rewrite.styles import Style, style, style_for
from pipeline.dictation.take import State
from pipeline.dictation.targets.base import Receipt
from pipeline.dictation.text.stages import CleanupStage

BY_PROGRAM = "auto"
"""The style that the receiving program asks for, or ``clean``."""


class TakeFinisher:
    """``again``: deliver even where it may have arrived, since a person asks for it."""

    def __init__(self, context: DictationContext) -> None:
        self._context = context
        self.again = False

    async def finish(self, current: ActiveTake) -> bool:
        """To its delivery; whether it came there."""
        if current.by == "cancel":
            return await self._end(current, "cancelled", "It was cancelled.")
        if current.by == "new_take":
            return await self._end(current, "cancelled", "A new take was begun.")
        if not (current.document.raw or current.take.final):
            what = "Nothing was said." if current.recording.samples else "Nothing was recorded."
            return await self._end(current, "cancelled", what)
        try:
            final, reason = await self._final(current)
            if not final.strip():
                return await self._end(current, "cancelled", "There is no text left of it.")
            failed = await self._deliver_all(current, final)
        except LlmError as error:
            return await self.fail(current, error)
        return await self.fail(current, *failed) if failed else await self._end(current, "delivered", reason)

    async def _final(self, current: ActiveTake) -> tuple[str, str]:
        """The finished text, and why some of it is as it was said."""
        if current.take.final:  # it had come so far before
            await self._change(current, "rewritten")
            return current.take.final, ""
        text = current.document.text
        await self._change(current, "raw", raw=current.document.raw, style=current.style)
        await self._change(current, "commanded", commanded=text)
        if not text.strip():
            return "", ""
        rewritten = await self._rewritten(current, text)
        reason = f"{rewritten.reason} {rewritten.kept}".strip()
        await self._change(current, "rewritten", final=rewritten.text, reason=reason)
        return rewritten.text, reason

    async def _rewritten(self, current: ActiveTake, text: str) -> Rewritten:
        """Raises ``LlmError`` when it was to be translated and is not: nobody wants it sent as it is."""
        chosen = await self._style(current)
        llm = await self._context.open_llm() if chosen.prompt else None
        rewritten = await rewrite(
            llm,
            text,
            chosen,
            language=current.language,
            vocabulary=self._context.vocabulary.for_llm(text),
            settings=self._context.settings,
            on_delta=self._showing(current),
        )
        if rewritten.untouched and chosen.translates:
            raise LlmError(f"It was not translated. {rewritten.reason}")
        asked = llm is not None or self._context.names_llm or current.style != BY_PROGRAM
        current.left = current.left or (bool(rewritten.reason) and asked)
        self._tell(
            dictation_events.Rewrote, current, style=chosen.name, text=rewritten.text, reason=rewritten.reason
        )
        stages = (
            CleanupStage("said", current.document.raw),
            CleanupStage("commanded", text, "commands obeyed"),
        )
        self._context.explain((*stages, *rewritten.stages[1:]))
        return rewritten

    async def _style(self, current: ActiveTake) -> Style:
        if current.style != BY_PROGRAM:
            return style(current.style)
        for target in self._context.targets.values():
            if (program := await target.program()) and (claimed := style_for(program)):
                return claimed
        return style("clean")

    async def _deliver_all(self, current: ActiveTake, text: str) -> list[TargetError]:
        """To each target, whatever becomes of the others; those that failed."""
        failed = []
        for spec in self._context.targets:
            try:
                await self._deliver(current, spec, text)
            except TargetError as error:
                failed.append(error)
        return failed

    async def _deliver(self, current: ActiveTake, spec: str, text: str) -> Receipt:
        target = self._context.targets[spec]
        if isinstance(target, EventTarget):
            target.tell = lambda receipt: self.tell_delivered(current, receipt)
        receipt = await deliver_once(
            self._context.takes, current.take.id, spec, target, text, again=self.again
        )
        current.receipts[spec] = receipt
        if not isinstance(target, EventTarget):
            self.tell_delivered(current, receipt)
        return receipt

    def tell_delivered(self, current: ActiveTake, receipt: Receipt) -> None:
        facts = {
            "take": current.take.id,
            "target": receipt.target,
            "delivery": receipt.id,
            "text": receipt.text,
        }
        self._tell(dictation_events.Delivered, current, **facts)

    # The end of it ---------------------------------------------------------------------------------

    async def _end(self, current: ActiveTake, state: State, reason: str) -> bool:
        await self._change(current, state, reason=reason)
        current.state, current.reason = state, reason
        facts = {"speech_end": current.speech_end, "heard": current.heard_at}
        rounded = {name: None if at is None else round(at, 3) for name, at in facts.items()}
        done = round(self._context.now(), 3)
        self._tell(
            dictation_events.TakeDone,
            current,
            take=current.take.id,
            state=state,
            reason=reason,
            done=done,
            left=current.left or None,
            **rounded,
        )
        if state != "failed":
            await in_thread(self._context.takes.prune, self._context.keep, self._context.keep_sound)
        return state == "delivered"

    async def fail(self, current: ActiveTake, *errors: AloudError) -> bool:
        """It is kept, and the person is told how it is taken up again."""
        for error in errors:
            todo = (
                error.todo
                if isinstance(error, UnsureError)
                else f"Once more: aloud dictate --retry {current.take.id}"
            )
            kept = typed_here(f"Take {current.take.id} is kept. {todo}")
            kind = type(error).__name__
            self._tell(events.Failed, current, error=kind, message=error.failed, kept=kept)
        current.error = errors[0]
        return await self._end(current, "failed", " ".join(error.failed for error in errors))

    async def _change(self, current: ActiveTake, state: State, **columns: object) -> None:
        await in_thread(lambda: self._context.takes.change(current.take.id, state, **columns))

    # By voice ----------------------------------------------------------------------------------------

    async def copy(self, current: ActiveTake) -> str:
        """What there is so far, finished, to the clipboard as well; what to tell the person."""
        try:
            text = (await self._rewritten(current, current.document.text)).text
            await self._context.open_target("clipboard").deliver(text)
        except (TargetError, LlmError) as error:
            return str(error)
        return phrases(current.language).say("dictating.copied")

    async def take_back(self, before: ActiveTake) -> str:
        """A delivered take, from wherever that is safe; what to tell the person."""
        said, own = list[str](), phrases(before.language)
        for spec, receipt in list(before.receipts.items()):
            target = self._context.targets[spec]
            try:
                await target.take_back(receipt)
            except TargetError as error:
                said.append(str(error))
                continue
            del before.receipts[spec]
            await in_thread(self._context.takes.taken_back, receipt)
            facts = {"take": before.take.id, "target": spec, "delivery": receipt.id}
            self._tell(dictation_events.TakenBack, before, **facts)
            said.append(own.say("dictating.taken_back_from", name=target.name))
        return " ".join(said) or own.say("effects.none")

    async def change(self, current: ActiveTake, text: str, request: str) -> tuple[str, str]:
        """The text as the LLM changed it, and why it did not."""
        llm = await self._context.open_llm()
        rewritten = await change(
            llm,
            text,
            request,
            language=current.language,
            settings=self._context.settings,
            on_delta=self._showing(current),
        )
        current.left = current.left or bool(rewritten.reason)
        facts = {"style": f"change: {request}", "text": rewritten.text, "reason": rewritten.reason}
        self._tell(dictation_events.Rewrote, current, **facts)
        self._context.explain(rewritten.stages)
        return rewritten.text, rewritten.reason

    async def change_delivered(self, before: ActiveTake, request: str) -> str:
        """Of the take before: taken back and delivered anew, or why not."""
        text = next((receipt.text for receipt in before.receipts.values()), "")
        changed, reason = await self.change(before, text, request)
        if reason or not text:
            return reason or phrases(before.language).say("dictating.no_text")
        told = []
        for spec, receipt in list(before.receipts.items()):
            try:
                await self._context.targets[spec].take_back(receipt)
                await in_thread(self._context.takes.taken_back, receipt)
                await self._deliver(before, spec, changed)
            except TargetError as error:
                told.append(str(error))
        await self._change(before, before.state, final=changed)
        return " ".join(told)

    def _showing(self, current: ActiveTake) -> Callable[[str], None]:
        return lambda piece: self._tell(dictation_events.RewriteDelta, current, text=piece)

    def _tell(self, event: Callable[..., events.Event], current: ActiveTake, **facts: object) -> None:
        self._context.notify(event(at=self._context.now(), turn=current.turn, **facts))
