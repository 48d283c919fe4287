"""The LLM is asked, and given its tools, until it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing, suppress

from config.errors import AloudError, LlmError
from config.language.phrases import phrases
from pipeline.consent.gate import Agreed, Resolved
from pipeline.conversation.acting.consent import Consent
from pipeline.conversation.acting.limits import ToolLimits
from pipeline.conversation.acting.tool_use import HostNotice, ToolUse
from pipeline.conversation.event_log import TurnEvents
from pipeline.conversation.prefetch import prefetch
from pipeline.conversation.repetition.asked import times_asked
from pipeline.conversation.repetition.rambling import checked
from pipeline.conversation.speech_output import SpeechOutput, text_as_deltas
from pipeline.conversation.turn import Turn
from pipeline.llm.base import Llm, Message, ReadsAhead, ToolCall, ToolSpec
from pipeline.llm.fallback import Answer, answering, next_of
from pipeline.llm.who_answers import told_of
from pipeline.pictures.prepare import describe_here, looked_at, within
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.tools.base import Tool, ToolResult
from pipeline.tools.look import look_tool
from pipeline.tools.registry import Toolbox, ToolSource
from vision.image_store import ImageStore


class LlmResponder:
    """One conversation with an LLM, which others may share: what it may be shown, the tools it may call, and
    what the person was told of who answers.
    """

    def __init__(
        self,
        llm: Llm,
        skills: OfflineLlm,
        image_store: ImageStore,
        turn_events: TurnEvents,
        consent: Consent,
        limits: ToolLimits | None = None,
        host_notice: HostNotice | None = None,
        tools: Callable[[], Iterable[Tool]] = tuple,
        sources: Sequence[ToolSource] = (),
    ) -> None:
        self.llm = llm
        self._skills = skills
        self._image_store = image_store
        self._turn_events = turn_events
        self._stands_in = False
        """The person knows that another model answers."""
        # Made when one is called: the skills' tables must not delay listening.
        toolbox = Toolbox(lambda: (*skills.tools, look_tool(image_store), *tools()), sources=sources)
        self._consent = consent
        self._tool_use = ToolUse(toolbox, consent, skills.timers, turn_events, limits, host_notice)

    @property
    def sees(self) -> bool:
        return self.llm.capabilities.sees

    async def warm(self, beginning: list[Message], *, told: bool) -> None:
        """The connection, others' tools, and what the next request begins with; elsewhere only if the person
        was ``told`` that words go there. Never raises.
        """
        await self.llm.warm()
        llm = next_of(self.llm)
        tools = await self._tools(llm)
        if isinstance(llm, ReadsAhead) and (told or not llm.remote_host):
            with suppress(AloudError):  # of a picture: told when it is asked about
                await llm.read_ahead(await self._ready(llm, beginning), tools)

    async def think(self, turn: Turn, messages: list[Message], speech_output: SpeechOutput) -> None:
        """Ask, and tell the answer as it comes, or what a person has to agree to first. Raises ``LlmError``,
        and what the TTS raises.
        """
        before = len(messages)
        for _ in range(self._tool_use.limits.rounds):
            said = await self._ask(turn, messages, speech_output)
            if not said.calls:
                return await self._tell_cut_off(turn, speech_output)
            await turn.opened()
            messages += [said, *await self._use_tools(turn, said.calls, speech_output)]
            if question := self._consent.question_of(turn):
                self._consent.keep(messages[before:])
                return await speech_output.tell(text_as_deltas(question), turn.said.language)
        raise LlmError("The model kept asking for tools and gave no answer.", todo="Please ask again.")

    async def look(self, turn: Turn, asked: Message, *, stays: bool = False) -> None:
        """Tell of the pictures that are looked at; ``stays``: here, whatever the LLM."""
        if asked.pictures:
            images = await looked_at(asked.pictures, self._skills if stays else self.llm)
            self._turn_events.looked(turn, images)

    async def use_tool(
        self, turn: Turn, call: ToolCall, speech_output: SpeechOutput, language: str = ""
    ) -> ToolResult:
        """Call one for the program, whose sentence may be in another ``language`` than the turn's."""
        return await self._tool_use.use(turn, call, speech_output, language)

    async def use_agreed(
        self,
        turn: Turn,
        resolved: Resolved,
        agreed: Agreed,
        messages: list[Message],
        speech_output: SpeechOutput,
    ) -> None:
        """Do what the person said yes to, say what came of it, and let the LLM go on. Raises as ``think``."""
        result = await self._tool_use.use_agreed(turn, resolved, agreed, speech_output)
        language = turn.said.language
        await speech_output.tell(text_as_deltas(self._consent.owed), language)
        if onward := self._consent.after(resolved, result):
            await self.think(turn, messages + onward, speech_output)

    async def _ask(self, turn: Turn, messages: list[Message], speech_output: SpeechOutput) -> Message:
        """The assistant's message: what it said, and which tools it asked for."""
        begun = len(speech_output.written)
        speech_output.calls.clear()
        speech_output.opaque = None
        self._skills.language = turn.said.language
        self._consent.read(messages)

        async def request(llm: Llm) -> tuple[list[Message], Sequence[ToolSpec]]:
            return await self._ready(llm, messages), await self._tools(llm)

        async def waits() -> None:
            await speech_output.ask_to_wait(turn.said.language)

        async with (
            answering(self.llm, request, waits) as answer,
            aclosing(checked(answer.deltas, _instructions(messages), _times(messages, turn))) as good,
            prefetch(good) as deltas,
        ):
            await self._tell_who(turn, answer, speech_output)
            await speech_output.tell(deltas, turn.said.language)
        said, calls = speech_output.written[begun:].strip(), tuple(speech_output.calls)
        return Message("assistant", said, calls=calls, opaque=speech_output.opaque)

    async def _tell_who(self, turn: Turn, answer: Answer, speech_output: SpeechOutput) -> None:
        """That another model answers, once; and that the first one does again."""
        told = told_of(self.llm, answer, turn.said.language, stands_in=self._stands_in)
        if told:
            await turn.opened()
            await speech_output.aside(told)
            self._stands_in = answer.for_now  # who interrupts it hears it again

    async def _ready(self, llm: Llm, messages: list[Message]) -> list[Message]:
        """With as many pictures as this LLM takes; in words, where it sees none."""
        if llm.capabilities.sees:
            profile = llm.image_limits
            return messages if profile is None else within(messages, profile.count, self._image_store.name)
        if llm is self._skills:
            return messages
        return await describe_here(messages, self._image_store.name)

    async def _tools(self, llm: Llm) -> Sequence[ToolSpec]:
        if not llm.capabilities.calls_tools:
            return ()
        return await self._tool_use.toolbox.offered(sends=self._consent.answerable)

    async def _tell_cut_off(self, turn: Turn, speech_output: SpeechOutput) -> None:
        """An answer that the model did not finish is not left to look like a whole one."""
        if speech_output.cut_off:
            await speech_output.aside(phrases(turn.said.language).say(f"talking.cut_{speech_output.cut_off}"))

    async def _use_tools(
        self, turn: Turn, calls: Sequence[ToolCall], speech_output: SpeechOutput
    ) -> list[Message]:
        messages = []
        results = await self._tool_use.use_all(turn, calls, speech_output)
        for call, result in zip(calls, results, strict=True):
            answer = Message("tool", result.text, result.pictures, tool_call_id=call.id)
            await self.look(turn, answer)
            messages.append(answer)
        return messages


def _times(messages: Sequence[Message], turn: Turn) -> int:
    """So often the person may want to hear something."""
    asked = next((message.text for message in reversed(messages) if message.role == "user"), "")
    return times_asked(asked, turn.said.language)


def _instructions(messages: Sequence[Message]) -> str:
    return " ".join(message.text for message in messages if message.role == "system")
