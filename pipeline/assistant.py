"""The assistant: answers one turn at a time, looks when shown something, rings timers, keeps the account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import anyio

from config.errors import AloudError, DeviceError, MindError, MouthError
from pipeline import events
from pipeline.history import History, merge
from pipeline.looking import describe_here, looked_at
from pipeline.mind import Delta, Message, Mind, ToolCall
from pipeline.minds.skills import SKILL_TOOL, SkillsMind
from pipeline.telling import Telling, Voice
from pipeline.turn import Turn
from vision.eyes import Eyes

_TOOL_ROUNDS = 3
"""A mind that asks for tools again and again is stopped here."""


class Assistant:
    """A surface differs in ``voice`` (None: text only), ``notify``, and where the frames come from.

    ``now``: seconds on the microphone's clock. ``foreword`` is spoken before the first answer of a mind
    elsewhere: it says where words and pictures go.
    """

    def __init__(
        self,
        *,
        mind: Mind,
        skills: SkillsMind,
        voice: Voice | None,
        eyes: Eyes,
        history: History,
        notify: events.Notify,
        now: Callable[[], float],
        duck_db: float = 20.0,
        foreword: str = "",
    ) -> None:
        self.mind = mind
        self.skills = skills
        self.voice = voice
        self.eyes = eyes
        self.history = history
        self.notify = notify
        self.now = now
        self._duck_db = duck_db
        self._foreword = foreword
        self._ringing = False
        self._rang = anyio.Event()
        self._floor = anyio.Lock()  # one speaks at a time: an answer or a timer that rings

    # One turn ------------------------------------------------------------------------------------

    async def answer(self, turn: Turn) -> None:
        """Answer what was said. Failures are told and spoken; only a lost device is raised."""
        async with self._turn(turn):
            message = self.history.ask(merge(turn.said.text, self.eyes.take()))
            with turn.scope:
                async with self._floor:
                    await self._tell(turn, message)
            if turn.interrupted:
                self.history.cut_short()

    async def stopped(self, turn: Turn) -> None:
        """They said "stop", and that was all: no answer."""
        async with self._turn(turn):
            self.history.settle()

    @asynccontextmanager
    async def _turn(self, turn: Turn) -> AsyncIterator[None]:
        turn.mark("words", self.now())
        await turn.begin()
        said = turn.said
        self.notify(
            events.Said(
                at=self.now(),
                turn=turn.number,
                text=said.text,
                speech_end=round(said.speech_end, 3),
                confidence=round(said.confidence, 3),
                source=said.source,
            )
        )
        try:
            yield
        finally:
            self.notify(events.TurnDone(at=self.now(), turn=turn.number, latency=turn.latency))
            turn.finish()

    async def _tell(self, turn: Turn, message: Message) -> None:
        telling = Telling(turn, self.voice, self.notify, self.now)
        failed = False
        try:
            try:
                await self._reply(turn, message, telling)
            except DeviceError:
                raise
            except AloudError as error:
                failed = True
                await self._apologise(turn, error)
            heard = await telling.finish()
        except anyio.get_cancelled_exc_class():
            heard = telling.stop()
            self.history.answered(heard, interrupted=True)
            if turn.interrupted:
                self.notify(events.Interrupted(at=self.now(), turn=turn.number, heard=heard))
            self._spoke(turn, heard, complete=False)
            raise
        except DeviceError:
            self.history.answered(telling.stop(), interrupted=True)
            raise
        self.history.answered(heard)
        self._spoke(turn, heard, complete=not failed)

    async def _reply(self, turn: Turn, message: Message, telling: Telling) -> None:
        if self._foreword:
            foreword, self._foreword = self._foreword, ""
            await Telling(turn, self.voice, self.notify, self.now).tell(_text(foreword + "\n"))
        if answer := self.skills.certain(message.text):
            # Timers, the time, sums: computed, even when a model is connected, which could only guess.
            self.tell_tool(turn.number, answer.skill, answer.arguments, answer.text)
            return await telling.tell(_text(answer.text))
        mind = self.mind
        await self._look(turn, message, mind)
        messages = self.history.messages()
        for _ in range(_TOOL_ROUNDS):
            calls = await self._ask(turn, mind, messages, telling)
            if not calls:
                return None
            messages += self._use_tools(turn, calls)
        raise MindError("The model kept asking for tools and gave no answer.", todo="Please ask again.")

    async def _ask(
        self, turn: Turn, mind: Mind, messages: list[Message], telling: Telling
    ) -> Sequence[ToolCall]:
        telling.calls.clear()
        shown = mind.abilities.sees
        try:
            ready = messages if shown or mind is self.skills else await describe_here(messages)
            tools = (SKILL_TOOL,) if mind.abilities.calls_tools else ()
            async with mind.reply(ready, tools) as deltas:
                await telling.tell(deltas, turn.said.language)
        except MindError:
            if not shown or mind.abilities.sees:
                raise
            # The server has just refused pictures: tell it instead what was found in them here.
            return await self._ask(turn, mind, messages, telling)
        return list(telling.calls)

    async def _look(self, turn: Turn, message: Message, mind: Mind) -> None:
        if message.pictures:
            images = await looked_at(message.pictures, mind)
            self.notify(events.Looked(at=self.now(), turn=turn.number, images=images))

    def _use_tools(self, turn: Turn, calls: Sequence[ToolCall]) -> list[Message]:
        messages = [Message("assistant", "", calls=tuple(calls))]
        for call in calls:
            result = self.skills.use(call)
            self.tell_tool(turn.number, call.name, call.arguments, result)
            messages.append(Message("tool", result, answers=call.id))
        return messages

    async def _apologise(self, turn: Turn, error: AloudError) -> None:
        """Say what failed, aloud, after what was already on its way; the conversation stays usable."""
        self.notify(
            events.Failed(
                at=self.now(),
                turn=turn.number,
                error=type(error).__name__,
                message=f"{error.failed} {error.todo}".strip(),
                kept=error.kept,
            )
        )
        if self.voice is not None and not isinstance(error, MouthError):
            await Telling(turn, self.voice, lambda event: None, self.now).tell(_text(error.failed))

    def _spoke(self, turn: Turn, heard: str, *, complete: bool) -> None:
        self.notify(events.Spoke(at=self.now(), turn=turn.number, heard=heard, complete=complete))

    # Between turns -------------------------------------------------------------------------------

    async def ring(self) -> None:
        """Ring each timer when it is due, after an answer under way. Runs until cancelled."""
        while True:
            timer = await self.skills.timers.next()
            self._ringing = True
            async with self._floor:
                self.tell_tool(-1, timer.kind, {"label": timer.label, "seconds": timer.seconds}, timer.rang)
                if self.voice is not None:
                    await self.voice.ring(timer.rang)
            self._ringing = False
            self._rang.set()
            self._rang = anyio.Event()

    async def idle(self) -> None:
        """Until every timer has rung."""
        while self.skills.timers.running() or self._ringing:
            await self._rang.wait()

    # What the valve asks of the mouth, and tells ------------------------------------------------------

    @property
    def speaking(self) -> bool:
        return self.voice is not None and self.voice.speaker.speaking

    def duck(self) -> None:
        if self.voice is not None:
            self.voice.speaker.duck(self._duck_db)

    def restore(self) -> None:
        if self.voice is not None:
            self.voice.speaker.restore()

    def tell_started(self, turn: int) -> None:
        self.notify(events.SpeechStarted(at=self.now(), turn=turn))

    def tell_draft(self, turn: int, text: str) -> None:
        self.notify(events.Draft(at=self.now(), turn=turn, text=text))

    def tell_resumed(self, turn: int) -> None:
        self.notify(events.SpeechResumed(at=self.now(), turn=turn))

    def tell_ignored(self, turn: int, reason: events.Reason) -> None:
        self.notify(events.Ignored(at=self.now(), turn=turn, reason=reason))

    def tell_tool(self, turn: int, name: str, arguments: dict[str, object], result: str) -> None:
        self.notify(
            events.Tool(at=self.now(), turn=turn, tool=name, arguments=dict(arguments), result=result)
        )


async def _text(text: str) -> AsyncIterator[Delta]:
    yield Delta(text)
