"""A take that was heard becomes finished text where it belongs; each step is in the account at once."""

from __future__ import annotations

from collections.abc import Callable

from config.errors import AloudError, MindError, TargetError
from config.runtime.clock import in_thread
from config.runtime.installation import typed_here
from pipeline import events
from pipeline.dictation import events as happened
from pipeline.dictation.active_take import Desk, UnderWay
from pipeline.dictation.deliver_once import Told, UnsureError, hand_over
from pipeline.dictation.rewrite.rewrite import Rewritten, change, rewrite
from pipeline.dictation.rewrite.styles import Style, style, style_for
from pipeline.dictation.take import State
from pipeline.dictation.targets.base import Receipt
from pipeline.dictation.text.stages import Stage

BY_PROGRAM = "auto"
"""The style that the receiving program asks for, or ``clean``."""


class Finishing:
    """``again``: deliver even where it may have arrived, since a person asks for it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.again = False

    async def finish(self, current: UnderWay) -> bool:
        """To its delivery; whether it came there."""
        if current.by == "cancel":
            return await self._end(current, "cancelled", "It was cancelled.")
        if current.by == "new_take":
            return await self._end(current, "cancelled", "A new take was begun.")
        if not (current.page.raw or current.take.final):
            what = "Nothing was said." if current.recording.samples else "Nothing was recorded."
            return await self._end(current, "cancelled", what)
        try:
            final, reason = await self._final(current)
            if not final.strip():
                return await self._end(current, "cancelled", "There is no text left of it.")
            failed = await self._deliver_all(current, final)
        except MindError as error:
            return await self.fail(current, error)
        return await self.fail(current, *failed) if failed else await self._end(current, "delivered", reason)

    async def _final(self, current: UnderWay) -> tuple[str, str]:
        """The finished text, and why some of it is as it was said."""
        if current.take.final:  # it had come so far before
            await self._change(current, "rewritten")
            return current.take.final, ""
        text = current.page.text
        await self._change(current, "raw", raw=current.page.raw, style=current.style)
        await self._change(current, "commanded", commanded=text)
        if not text.strip():
            return "", ""
        rewritten = await self._rewritten(current, text)
        await self._change(current, "rewritten", final=rewritten.text, reason=rewritten.reason)
        return rewritten.text, rewritten.reason

    async def _rewritten(self, current: UnderWay, text: str) -> Rewritten:
        """Raises ``MindError`` when it was to be translated and is not: nobody wants it sent as it is."""
        chosen = await self._style(current)
        mind = await self._desk.open_mind() if chosen.prompt else None
        rewritten = await rewrite(
            mind,
            text,
            chosen,
            language=current.language,
            vocabulary=self._desk.vocabulary.for_mind(text),
            settings=self._desk.settings,
            on_delta=self._showing(current),
        )
        if rewritten.untouched and chosen.translates:
            raise MindError(f"It was not translated. {rewritten.reason}")
        asked = mind is not None or self._desk.names_mind or current.style != BY_PROGRAM
        current.left = current.left or (bool(rewritten.reason) and asked)
        self._tell(happened.Rewrote, current, style=chosen.name, text=rewritten.text, reason=rewritten.reason)
        stages = (Stage("said", current.page.raw), Stage("commanded", text, "commands obeyed"))
        self._desk.explain((*stages, *rewritten.stages[1:]))
        return rewritten

    async def _style(self, current: UnderWay) -> Style:
        if current.style != BY_PROGRAM:
            return style(current.style)
        for target in self._desk.targets.values():
            if (program := await target.program()) and (claimed := style_for(program)):
                return claimed
        return style("clean")

    async def _deliver_all(self, current: UnderWay, text: str) -> list[TargetError]:
        """To each target, whatever becomes of the others; those that failed."""
        failed = []
        for spec in self._desk.targets:
            try:
                await self._deliver(current, spec, text)
            except TargetError as error:
                failed.append(error)
        return failed

    async def _deliver(self, current: UnderWay, spec: str, text: str) -> Receipt:
        target = self._desk.targets[spec]
        if isinstance(target, Told):
            target.tell = lambda receipt: self.tell_delivered(current, receipt)
        receipt = await hand_over(self._desk.takes, current.take.id, spec, target, text, again=self.again)
        current.receipts[spec] = receipt
        if not isinstance(target, Told):
            self.tell_delivered(current, receipt)
        return receipt

    def tell_delivered(self, current: UnderWay, receipt: Receipt) -> None:
        facts = {"take": current.take.id, "target": receipt.target, "id": receipt.id, "text": receipt.text}
        self._tell(happened.Delivered, current, **facts)

    # The end of it ---------------------------------------------------------------------------------

    async def _end(self, current: UnderWay, state: State, reason: str) -> bool:
        await self._change(current, state, reason=reason)
        current.state, current.reason = state, reason
        facts = {"speech_end": current.speech_end, "heard": current.heard_at}
        rounded = {name: None if at is None else round(at, 3) for name, at in facts.items()}
        done = round(self._desk.now(), 3)
        self._tell(
            happened.TakeDone, current, take=current.take.id, state=state, reason=reason, done=done, **rounded
        )
        if state != "failed":
            await in_thread(self._desk.takes.prune, self._desk.keep, self._desk.keep_sound)
        return state == "delivered"

    async def fail(self, current: UnderWay, *errors: AloudError) -> bool:
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

    async def _change(self, current: UnderWay, state: State, **columns: object) -> None:
        await in_thread(lambda: self._desk.takes.change(current.take.id, state, **columns))

    # By voice ----------------------------------------------------------------------------------------

    async def copy(self, current: UnderWay) -> str:
        """What there is so far, finished, to the clipboard as well; what to tell the person."""
        try:
            text = (await self._rewritten(current, current.page.text)).text
            await self._desk.open_target("clipboard").deliver(text)
        except (TargetError, MindError) as error:
            return str(error)
        return "Copied."

    async def take_back(self, before: UnderWay) -> str:
        """A delivered take, from wherever that is safe; what to tell the person."""
        said = []
        for spec, receipt in list(before.receipts.items()):
            target = self._desk.targets[spec]
            try:
                await target.take_back(receipt)
            except TargetError as error:
                said.append(str(error))
                continue
            del before.receipts[spec]
            await in_thread(self._desk.takes.taken_back, receipt)
            facts = {"take": before.take.id, "target": spec, "id": receipt.id}
            self._tell(happened.TakenBack, before, **facts)
            said.append(f"Taken back from {target.name}.")
        return " ".join(said) or "There is nothing to take back."

    async def change(self, current: UnderWay, text: str, wish: str) -> tuple[str, str]:
        """The text as the mind changed it, and why it did not."""
        mind = await self._desk.open_mind()
        rewritten = await change(
            mind,
            text,
            wish,
            language=current.language,
            settings=self._desk.settings,
            on_delta=self._showing(current),
        )
        current.left = current.left or bool(rewritten.reason)
        facts = {"style": f"change: {wish}", "text": rewritten.text, "reason": rewritten.reason}
        self._tell(happened.Rewrote, current, **facts)
        self._desk.explain(rewritten.stages)
        return rewritten.text, rewritten.reason

    async def change_delivered(self, before: UnderWay, wish: str) -> str:
        """Of the take before: taken back and delivered anew, or why not."""
        text = next((receipt.text for receipt in before.receipts.values()), "")
        changed, reason = await self.change(before, text, wish)
        if reason or not text:
            return reason or "There is no text to change."
        told = []
        for spec, receipt in list(before.receipts.items()):
            try:
                await self._desk.targets[spec].take_back(receipt)
                await in_thread(self._desk.takes.taken_back, receipt)
                await self._deliver(before, spec, changed)
            except TargetError as error:
                told.append(str(error))
        await self._change(before, before.state, final=changed)
        return " ".join(told)

    def _showing(self, current: UnderWay) -> Callable[[str], None]:
        return lambda piece: self._tell(happened.RewriteDelta, current, text=piece)

    def _tell(self, event: Callable[..., events.Event], current: UnderWay, **facts: object) -> None:
        self._desk.notify(event(at=self._desk.now(), turn=current.turn, **facts))
