"""A take that was heard becomes finished text where it belongs; each step is in the account at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from config.errors import AloudError, LlmError, TargetError
from config.language.phrases import phrases
from config.runtime.clean import EMPTY, CleanText, clean
from config.runtime.clock import in_thread
from config.runtime.installation import typed_here
from pipeline import events
from pipeline.dictation import events as dictation_events
from pipeline.dictation.active_take import ActiveTake, DictationContext
from pipeline.dictation.deliver_once import EventTarget, UnsureError, deliver_once
from pipeline.dictation.opening import failed_account
from pipeline.dictation.rewrite.rewrite import OnDelta, Rewritten, change, rewrite
from pipeline.dictation.rewrite.styles import Style, style, style_for
from pipeline.dictation.take import State
from pipeline.dictation.targets.base import Receipt
from pipeline.dictation.text.stages import CleanupStage

BY_PROGRAM = "auto"
"""The style that the receiving program asks for, or ``clean``."""


NOT_RECORDED = "Nothing could be recorded."
"""The reason of a take without any sound, since the disk took none."""


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
            return await self.nothing(current)
        try:
            final, reason = await self._final(current)
            if not final.strip():
                return await self._end(current, "cancelled", "There is no text left of it.")
            failed = await self._deliver_all(current, final)
        except LlmError as error:
            return await self.fail(current, error)
        return await self.fail(current, *failed) if failed else await self._end(current, "delivered", reason)

    async def nothing(self, current: ActiveTake) -> bool:
        """There is no word of it. Where the disk took no sound at all, that is no success."""
        if current.recording.samples:
            return await self._end(current, "cancelled", "Nothing was said.")
        if current.recording.cut:
            return await self._end(current, "failed", NOT_RECORDED)
        return await self._end(current, "cancelled", "Nothing was recorded.")

    async def _final(self, current: ActiveTake) -> tuple[CleanText, CleanText]:
        """The finished text, and why some of it is as it was said."""
        if current.take.final:  # it had come so far before
            await self._change(current, "rewritten")
            return current.take.final, EMPTY
        text = current.document.text
        await self._change(current, "raw", raw=current.document.raw, style=current.style)
        await self._change(current, "commanded", commanded=text)
        if not text.strip():
            return EMPTY, EMPTY
        rewritten = await self._rewritten(current, text)
        reason = clean(f"{rewritten.reason} {rewritten.kept}".strip())
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
        self._tell(current, _rewrote(chosen.name, rewritten))
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

    async def _deliver_all(self, current: ActiveTake, text: CleanText) -> list[TargetError]:
        """To each target, whatever becomes of the others; those that failed."""
        failed = []
        for spec in self._context.targets:
            try:
                await self._deliver(current, spec, text)
            except TargetError as error:
                failed.append(error)
        return failed

    async def _deliver(self, current: ActiveTake, spec: str, text: CleanText) -> Receipt:
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
        self._tell(
            current,
            partial(
                dictation_events.Delivered,
                take=current.take.id,
                target=clean(receipt.target),
                delivery=receipt.id,
                text=receipt.text,
            ),
        )

    # The end of it ---------------------------------------------------------------------------------

    async def _end(self, current: ActiveTake, state: State, reason: str) -> bool:
        await self._change(current, state, reason=reason)
        current.state, current.reason = state, reason
        self.tell_account(current)
        speech_end, heard = (
            None if at is None else round(at, 3) for at in (current.speech_end, current.heard_at)
        )
        self._tell(
            current,
            partial(
                dictation_events.TakeDone,
                take=current.take.id,
                state=state,
                reason=clean(reason),
                speech_end=speech_end,
                heard=heard,
                done=round(self._context.now(), 3),
                left=current.left or None,
            ),
        )
        if state != "failed":
            await in_thread(self._context.takes.prune, self._context.keep, self._context.keep_sound)
        return state == "delivered"

    def tell_account(self, current: ActiveTake) -> None:
        """What became of the account meanwhile."""
        for error in self._context.takes.told():
            told = failed_account(error, self._context.takes)
            failed = partial(events.Failed, error=told["error"], message=told["message"], kept=told["kept"])
            self._tell(current, failed)

    async def fail(self, current: ActiveTake, *errors: AloudError) -> bool:
        """It is kept, and the person is told how it is taken up again."""
        for error in errors:
            kept = self._context.takes.again(current.take)
            if isinstance(error, UnsureError):
                kept = f"Take {current.take.id} is kept. {error.todo}"
            kept = clean(typed_here(kept))
            kind = type(error).__name__
            self._tell(current, partial(events.Failed, error=kind, message=error.failed, kept=kept))
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
            taken = partial(dictation_events.TakenBack, take=before.take.id, target=clean(spec))
            self._tell(before, partial(taken, delivery=receipt.id))
            said.append(own.say("dictating.taken_back_from", name=target.name))
        return " ".join(said) or own.say("effects.none")

    async def change(self, current: ActiveTake, text: str, request: str) -> tuple[CleanText, CleanText]:
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
        self._tell(current, _rewrote(f"change: {request}", rewritten))
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

    def _showing(self, current: ActiveTake) -> OnDelta:
        return lambda piece: self._tell(current, partial(dictation_events.RewriteDelta, text=piece))

    def _tell(self, current: ActiveTake, event: Callable[..., events.Event]) -> None:
        self._context.notify(event(at=self._context.now(), turn=current.turn))


def _rewrote(style: str, rewritten: Rewritten) -> Callable[..., events.Event]:
    text, reason = rewritten.text, rewritten.reason
    return partial(dictation_events.Rewrote, style=clean(style), text=text, reason=reason)
