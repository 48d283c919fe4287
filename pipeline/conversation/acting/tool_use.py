"""The calls of a turn: reads together, what changes something one after the other, and nothing without the
yes that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import anyio

from pipeline.consent.gate import Agreed, Resolved
from pipeline.conversation.acting.company import keep_company
from pipeline.conversation.acting.consent import Consent
from pipeline.conversation.acting.limits import ToolLimits
from pipeline.conversation.event_log import TurnEvents
from pipeline.conversation.speech_output import SpeechOutput
from pipeline.conversation.turn import Turn
from pipeline.llm.base import ToolCall
from pipeline.skills.timers import Timers
from pipeline.tools.base import ToolResult
from pipeline.tools.refusals import ASKED, NO_TIME, stopped, too_many_changes
from pipeline.tools.registry import Toolbox

HostNotice = Callable[[str, str], str]
"""From a host that is to be asked, and a language, to what is said of it; empty: they know."""


def _says_nothing(host: str, language: str) -> str:
    return ""


class ToolUse:
    """Of one conversation."""

    def __init__(
        self,
        toolbox: Toolbox,
        consent: Consent,
        timers: Timers,
        turn_events: TurnEvents,
        limits: ToolLimits | None = None,
        host_notice: HostNotice | None = None,
    ) -> None:
        self.toolbox = toolbox
        self.consent = consent
        self.limits = limits or ToolLimits()
        self._host_notice = host_notice or _says_nothing
        self._timers = timers
        self._turn_events = turn_events

    # For the program -----------------------------------------------------------------------------

    async def use(
        self, turn: Turn, call: ToolCall, speech_output: SpeechOutput, language: str = ""
    ) -> ToolResult:
        """One that the person's own words ask for. What it does can be taken back with the turn.

        ``language``: that of the sentence, where it is not the turn's.
        """
        self._timers.language = language or turn.said.language  # what is set rings in this language
        tool = self.toolbox.tool(call)
        if tool and tool.risk == "send":
            return self.consent.propose(turn, tool, call)
        return await self._run(turn, call, None, speech_output)

    async def use_agreed(
        self, turn: Turn, resolved: Resolved, agreed: Agreed, speech_output: SpeechOutput
    ) -> ToolResult:
        """What they said yes to. Whoever interrupts it finds it done."""
        frozen = resolved.pending.call
        self._timers.language = turn.said.language
        call = ToolCall(frozen.id, frozen.name, frozen.arguments)
        return await self._run(turn, call, agreed, speech_output)

    # For a model ---------------------------------------------------------------------------------

    async def use_all(
        self, turn: Turn, calls: Sequence[ToolCall], speech_output: SpeechOutput
    ) -> list[ToolResult]:
        """The results of one round, in the order of its calls. A read that stands behind a change is made
        after it.
        """
        self._timers.language = turn.said.language
        results: list[ToolResult] = []
        for batch in self._batches(calls):
            if len(batch) == 1 and self._changes(batch[0]):
                results.append(await self._change(turn, batch[0], speech_output))
            else:
                results += await self._read(turn, batch, speech_output)
        return results

    def _batches(self, calls: Sequence[ToolCall]) -> Iterator[list[ToolCall]]:
        reads: list[ToolCall] = []
        for call in calls:
            if not self._changes(call):
                reads.append(call)
                continue
            if reads:
                yield reads
            yield [call]
            reads = []
        if reads:
            yield reads

    def _changes(self, call: ToolCall) -> bool:
        tool = self.toolbox.tool(call)
        return tool is not None and tool.risk != "read"

    async def _read(
        self, turn: Turn, calls: Sequence[ToolCall], speech_output: SpeechOutput
    ) -> list[ToolResult]:
        """All at once, as far as none needs a yes."""
        results = [self._settled(turn, call) for call in calls]
        begun = anyio.current_time()

        async def run(at: int) -> None:
            results[at] = await self._within(turn, calls[at])

        for call, settled in zip(calls, results, strict=True):
            if settled is None:
                await self._tell_host(turn, call, speech_output)

        async def all_at_once() -> None:
            async with anyio.create_task_group() as together:
                for at, settled in enumerate(results):
                    if settled is None:
                        together.start_soon(run, at)

        await keep_company(all_at_once, speech_output, turn.said.language)
        turn.tool_s += anyio.current_time() - begun
        every = [result for result in results if result is not None]
        return [self._noted(turn, call, result) for call, result in zip(calls, every, strict=True)]

    async def _change(self, turn: Turn, call: ToolCall, speech_output: SpeechOutput) -> ToolResult:
        """As often as a person may have asked for it. What is gone afterwards is said here, since a model may
        leave that out; the rest, where it fails before it has told.
        """
        if turn.changes >= self.limits.changes:
            return too_many_changes(self.limits.changes)
        turn.changes += 1
        if settled := self._settled(turn, call):
            return self._noted(turn, call, settled)
        await self._tell_host(turn, call, speech_output)
        result = await self._run(turn, call, None, speech_output)
        await self._tell(turn, call, result, speech_output)
        return result

    def _settled(self, turn: Turn, call: ToolCall) -> ToolResult | None:
        """Why it is not run now: it is wrong, the time is up, a person is asked first. None: it may be."""
        tool, wrong = self.toolbox.tool(call), self.toolbox.wrong(call)
        if tool is None or wrong:
            return wrong
        if turn.tool_s >= self.limits.turn_s:
            return NO_TIME
        return self.consent.propose(turn, tool, call) if self.consent.needs(tool, turn) else None

    async def _tell(
        self, turn: Turn, call: ToolCall, result: ToolResult, speech_output: SpeechOutput
    ) -> None:
        tool = self.toolbox.tool(call)
        told = result.told(turn.said.language) if result.told and result.undo else ""
        if told and tool and tool.takes_away:
            await speech_output.aside(told)
        elif told:
            turn.untold.append(told)

    async def _tell_host(self, turn: Turn, call: ToolCall, speech_output: SpeechOutput) -> None:
        """Who elsewhere is asked, before it is, and once."""
        tool = self.toolbox.tool(call)
        host = tool.goes_to(call.arguments) if tool and tool.goes_to else ""
        if host and (text := self._host_notice(host, turn.said.language)):
            await speech_output.aside(text)

    # For all -------------------------------------------------------------------------------------

    async def _run(
        self, turn: Turn, call: ToolCall, agreed: Agreed | None, speech_output: SpeechOutput
    ) -> ToolResult:
        """A change is not broken off: half of it is never done, and what was done is noted."""
        begun, results = anyio.current_time(), list[ToolResult]()

        async def run() -> None:
            with anyio.CancelScope(shield=self._changes(call)):
                results.append(await self._within(turn, call, agreed))
                turn.tool_s += anyio.current_time() - begun
                self._noted(turn, call, results[0])
                if agreed:
                    self.consent.done(results[0], turn.said.language)

        await keep_company(run, speech_output, turn.said.language)
        return results[0]

    async def _within(self, turn: Turn, call: ToolCall, agreed: Agreed | None = None) -> ToolResult:
        """The result, or that it did not end in its time and was stopped."""
        left_s = min(self.limits.tool_s, max(1.0, self.limits.turn_s - turn.tool_s))
        with anyio.move_on_after(left_s):
            return await (self.toolbox.run_agreed(agreed) if agreed else self.toolbox.run(call))
        return stopped(call.name, left_s, changes=self._changes(call))

    def _noted(self, turn: Turn, call: ToolCall, result: ToolResult) -> ToolResult:
        if result is ASKED:
            return result  # nothing was used
        if result.undo is not None:
            turn.effects.append(result.undo)
        self.consent.untrusted |= result.untrusted
        name, arguments = call.name, call.arguments
        self._turn_events.tool(turn.number, name, arguments, result.text, failed=result.failed)
        return result
