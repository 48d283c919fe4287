"""The assistant: answers one turn at a time, looks when shown something, rings timers, keeps the account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import anyio

from config.errors import AloudError, DeviceError, MindError, MouthError
from config.phrases import phrases
from pipeline import events
from pipeline.between import Between
from pipeline.closer import LOOK_TOOL, closer, use_look
from pipeline.doubting import agree, compared, disputed, doubts, look_anew
from pipeline.glimpsing import Sights, glimpse
from pipeline.helm import Course, Helm
from pipeline.history import History, merge
from pipeline.looking import describe_here, looked_at, within
from pipeline.lookout import Lookout
from pipeline.mind import Message, Mind, Tool, ToolCall
from pipeline.minds.skills import SKILL_TOOL, SkillsMind
from pipeline.reading_ahead import reading_ahead
from pipeline.reading_aloud import readout_for
from pipeline.referring import referred
from pipeline.rereading import doubted_here
from pipeline.telling import Rest, Telling, Voice, text_as_deltas
from pipeline.turn import Turn
from vision.eyes import Eyes
from vision.image import Picture
from voice.clock import in_thread
from voice.ears import Said

_TOOL_ROUNDS = 3
"""A mind that asks for tools again and again is stopped here."""

_CUT_OFF = {
    "length": "That is as far as the model may write at once. Ask it to go on.",
    "content_filter": "The model's provider cut the answer off here.",
}

_ONWARD = "Go on exactly where you stopped. Repeat nothing of what you said."

_COSTLY_S = 0.136
"""A mind elsewhere is asked at 200 ms of silence, not at 64: a request that may be dropped costs money."""


class Assistant:
    """A surface differs in ``voice`` (None: text only), ``notify``, and where the frames come from.

    ``now``: seconds on the microphone's clock. ``foreword`` is spoken before the first answer of a mind
    elsewhere: it says where words and pictures go. ``thinking_s``: an answer that takes longer is announced
    by a soft sound; 0: no short sounds at all. ``sights``: what is looked at when the person asks for it.
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
        answers_drafts: bool = True,
        foreword: str = "",
        thinking_s: float = 0.0,
        sights: Sights | None = None,
        language: str = "en",
    ) -> None:
        self.language = language
        """Of what is typed; a voice's is heard."""
        self.mind = mind
        self.skills = skills
        self.voice = voice
        self.eyes = eyes
        self.history = history
        self.notify = notify
        self.now = now
        self._duck_db = duck_db
        self.answers_drafts = answers_drafts
        self._foreword = foreword
        self._sights = sights
        self._told_of: set[str] = set()
        self._sounds = thinking_s > 0
        self.helm = Helm(voice)
        self._turns = 0
        self._floor = anyio.Lock()  # one speaks at a time: an answer or a timer that rings
        self.between = Between(voice, skills.timers, self._floor, self.tell_tool, thinking_s)
        self.lookout = Lookout(sights, mind, self.between.say, notify, now)

    # One turn ------------------------------------------------------------------------------------

    async def answer(self, turn: Turn) -> None:
        """Answer what was said. Failures are told and spoken; only a lost device is raised.

        Of a draft the answer is worked out up to its first sound; then it waits to be confirmed or dropped.
        """
        self._turns += 1
        await turn.begin()
        try:
            if not turn.draft:
                self._commit(turn)
            with turn.scope:
                if turn.draft and self.mind.where:
                    await anyio.sleep(_COSTLY_S)
                await self._answer(turn)
        finally:
            self._turns -= 1
            if turn.is_open:
                self._tell_done(turn)
            turn.finish()

    def confirm(self, turn: Turn, said: Said) -> None:
        """The draft was all: let its answer out."""
        if turn.confirm(said):
            self._commit(turn)

    def _commit(self, turn: Turn) -> None:
        """The turn is surely over: from here on it is seen, heard and remembered."""
        turn.mark("words", self.now())
        self._tell_said(turn)
        self.eyes.take()
        turn.open(self.notify, self.now)

    async def stopped(self, turn: Turn) -> None:
        """They said "stop", and that was all: no answer."""
        await turn.begin()
        turn.mark("words", self.now())
        self._tell_said(turn)
        self.history.settle()
        self.helm.paused()
        self._tell_done(turn)
        turn.finish()

    async def _answer(self, turn: Turn) -> None:
        asked = self.history.joined(merge(turn.said.text, self._in_view(turn)))
        async with Telling(turn, self.voice, self._floor, self.notify, self.now) as telling:
            failed = False
            try:
                try:
                    asked = await self._glimpsed(turn, asked, telling)
                    asked = await closer(asked, self.history.pictures_in_play, self.eyes.latest)
                    await self._reply(turn, asked, telling)
                except DeviceError:
                    raise
                except AloudError as error:
                    failed = True
                    await self._apologise(turn, telling, error)
                heard = await telling.finish()
            except anyio.get_cancelled_exc_class():
                if turn.is_open:
                    self._cut(turn, asked, telling)
                raise
            except DeviceError:
                self.history.answered(asked, telling.stop()[0], interrupted=True)
                raise
            self.history.answered(asked, heard)
            self.helm.answered(heard, Rest(), steered=telling.steered, reads=telling.reads)
            self._spoke(turn, heard, complete=not failed)

    def _cut(self, turn: Turn, asked: Message, telling: Telling) -> None:
        heard, rest = telling.stop()
        self.history.answered(asked, heard, interrupted=True)
        self.helm.answered(telling.shown, rest, steered=telling.steered, reads=telling.reads)
        if turn.interrupted:
            self.notify(events.Interrupted(at=self.now(), turn=turn.number, heard=heard))
        self._spoke(turn, heard, complete=False)

    def _in_view(self, turn: Turn) -> Sequence[Picture]:
        """What was shown with this turn, and the earlier pictures that it speaks of."""
        numbers = referred(turn.said.text, self.eyes.numbers)
        if not numbers:
            return turn.shown
        in_view = {*numbers, *map(self.eyes.number, turn.shown)}
        return [picture for n in sorted(in_view) if (picture := self.eyes.get(n))]

    async def _glimpsed(self, turn: Turn, asked: Message, telling: Telling) -> Message:
        """With what they asked to be looked at: taken as they stop speaking, shown when that is sure."""
        if self._sights is None:
            return asked
        document = self.eyes.document
        wanted = glimpse(
            turn.said.text,
            running=self._sights.running,
            shown=bool(turn.shown),
            page=self.eyes.page,
            pages=document.pages if document else 0,
        )
        if wanted is None:
            return asked
        picture = await self._sights.take(wanted)
        await turn.opened()
        await self._say_where(telling, "" if wanted.kind == "page" else wanted.kind)
        self.eyes.show(picture)
        self.eyes.take()
        beside = (other for other in asked.pictures if not (picture.page and other.page))
        return replace(asked, pictures=(*beside, picture))

    async def _say_where(self, telling: Telling, kind: str = "") -> None:
        """Nothing is sent before it was said where it goes; of a camera or the screen, once more."""
        if self._foreword:
            foreword, self._foreword = self._foreword, ""
            await telling.aside(foreword)
        if kind and self.mind.where and self.mind.abilities.sees and kind not in self._told_of:
            self._told_of.add(kind)
            await telling.aside(f"What I see of the {kind} goes to {self.mind.where}.")

    async def _reply(self, turn: Turn, asked: Message, telling: Telling) -> None:
        if self._foreword:
            await turn.opened()
            await self._say_where(telling)
        if course := self.helm.course(turn.said.text, turn.said.language):
            await self._steer(turn, course, asked, telling)
        elif self.lookout.wants(turn.said.text) and not self.skills.knows(turn.said.text):
            await turn.opened()
            heeded = self.lookout.heed(turn.said.text, turn.said.language)
            await telling.tell(text_as_deltas(heeded), turn.said.language)
        elif doubted := self._doubted(turn):
            if self.mind.abilities.sees:
                await self._look_anew(turn, doubted, telling)
            else:
                await self._read_anew(turn, doubted, telling)
        elif not await self._read_out(turn, asked, telling) and not await self._compute(turn, asked, telling):
            await self._look(turn, asked)
            await self._think(turn, self.history.messages(asked), telling)

    def _doubted(self, turn: Turn) -> Message | None:
        """The question about a picture whose answer is doubted, as it stood; None: nothing to look at."""
        if turn.shown or not doubts(turn.said.text):
            return None
        question = self.history.last_question_of_pictures(lambda text: not doubts(text))
        return None if question is None or self.skills.knows(question.text) else question

    async def _look_anew(self, turn: Turn, question: Message, telling: Telling) -> None:
        """Independent answers; what they agree on is said, and what they do not is named."""
        await turn.opened()  # three requests are not made for a draft
        say = phrases(turn.said.language).say
        await telling.aside(say("doubting.look_again"))
        await self._look(turn, question)
        looks = await look_anew(self.mind, self.history.instructions_with_pictures, question)
        if agree(looks):
            same = say("doubting.same_looks", count=len(looks), look=looks[0])
            return await telling.tell(text_as_deltas(same), turn.said.language)
        await self._think(turn, [compared(question.text, looks)], telling)
        if unsure := disputed(telling.shown, looks):
            careful = say("doubting.careful", numbers=", ".join(unsure))
            await telling.tell(text_as_deltas(f" {careful}"), turn.said.language)
        return None

    async def _read_anew(self, turn: Turn, question: Message, telling: Telling) -> None:
        """No mind sees: what was measured is measured again, and no more than that is claimed."""
        await turn.opened()
        await telling.aside(phrases(turn.said.language).say("doubting.again"))
        found = await in_thread(doubted_here, question.pictures, turn.said.language)
        await telling.tell(text_as_deltas(found), turn.said.language)

    async def _read_out(self, turn: Turn, asked: Message, telling: Telling) -> bool:
        """ "Read it": all of the text, read here, whatever the mind. False: that was not asked for, or a mind
        that sees may read better what is unclear here.
        """
        pictures = asked.pictures or self.history.pictures_in_play
        turning, before = self.helm.bookmark.is_open, self.helm.last
        readout = await readout_for(turn.said, pictures, turning=turning, before=before)
        if readout is None or not (readout.clear or (readout.paragraphs and not self.mind.abilities.sees)):
            return False
        await turn.opened()  # the place in the text before is not given up for a draft
        await self._look(turn, asked, stays=True)
        telling.reads = True
        await telling.tell(text_as_deltas(self.helm.bookmark.open(readout.paragraphs)), turn.said.language)
        return True

    async def _compute(self, turn: Turn, asked: Message, telling: Telling) -> bool:
        """Timers, the time, sums: computed, even when a model is connected, which could only guess; and not
        from a draft, since a timer that was set cannot be taken back.
        """
        if not self.skills.knows(asked.text):
            return False
        await turn.opened()
        if answer := self.skills.certain(asked.text):
            self.tell_tool(turn.number, answer.skill, answer.arguments, answer.text)
            await telling.tell(text_as_deltas(answer.text))
        return answer is not None

    async def _steer(self, turn: Turn, course: Course, asked: Message, telling: Telling) -> None:
        """Again, onward, slower, louder: no mind is asked, but for what it had not written yet."""
        telling.steered, telling.reads = True, course.reads
        if course.effect:
            await turn.opened()  # what changes the talk is not done from a draft
            if told := course.effect():
                await telling.aside(told)
        await telling.go_on(course.words)
        await telling.tell(text_as_deltas(course.text), turn.said.language)
        if course.mind_goes_on:
            so_far = f"{course.words} {course.text}".strip()
            onward = [Message("assistant", so_far), Message("user", _ONWARD)] if so_far else []
            await self._think(turn, self.history.messages(asked) + onward, telling)

    async def _think(self, turn: Turn, messages: list[Message], telling: Telling) -> None:
        for _ in range(_TOOL_ROUNDS):
            calls = await self._ask(turn, self.mind, messages, telling)
            if not calls:
                return await self._tell_cut_off(telling)
            await turn.opened()
            messages += await self._use_tools(turn, calls)
        raise MindError("The model kept asking for tools and gave no answer.", todo="Please ask again.")

    async def _tell_cut_off(self, telling: Telling) -> None:
        """An answer that the model did not finish is not left to look like a whole one."""
        if telling.cut_off:
            await telling.aside(_CUT_OFF[telling.cut_off])

    async def _ask(
        self, turn: Turn, mind: Mind, messages: list[Message], telling: Telling
    ) -> Sequence[ToolCall]:
        telling.calls.clear()
        self.skills.language = turn.said.language
        shown = mind.abilities.sees
        try:
            ready = messages
            if shown and mind.profile is not None:
                ready = within(messages, mind.profile.count, self.eyes.name)
            elif not shown and mind is not self.skills:
                ready = await describe_here(messages, self.eyes.name)
            tools: tuple[Tool, ...] = (SKILL_TOOL,) if mind.abilities.calls_tools else ()
            if tools and self.eyes.latest:
                tools += (LOOK_TOOL,)
            async with mind.reply(ready, tools) as written, reading_ahead(written) as deltas:
                await telling.tell(deltas, turn.said.language)
        except MindError:
            if not shown or mind.abilities.sees:
                raise
            # The server has just refused pictures: tell it instead what was found in them here.
            return await self._ask(turn, mind, messages, telling)
        return list(telling.calls)

    async def _look(self, turn: Turn, asked: Message, *, stays: bool = False) -> None:
        """``stays``: they are looked at here, whatever the mind."""
        if asked.pictures:
            images = await looked_at(asked.pictures, self.skills if stays else self.mind)
            looked = events.Looked(at=self.now(), turn=turn.number, images=images)
            turn.tell(looked, self.notify)

    async def _use_tools(self, turn: Turn, calls: Sequence[ToolCall]) -> list[Message]:
        messages = [Message("assistant", "", calls=tuple(calls))]
        for call in calls:
            if call.name == LOOK_TOOL.name:
                result = await use_look(call, self.eyes)
                await self._look(turn, result)
            else:
                result = Message("tool", self.skills.use(call), answers=call.id)
            self.tell_tool(turn.number, call.name, call.arguments, result.text)
            messages.append(result)
        return messages

    async def _apologise(self, turn: Turn, telling: Telling, error: AloudError) -> None:
        """Say what failed, aloud, after what was already on its way; the conversation stays usable."""
        await turn.opened()
        self._tell_failed(turn.number, error, kept=error.kept)
        if self._sounds:
            await telling.sound("failed")
        if not isinstance(error, MouthError):
            await telling.aside(error.failed, shown=False)

    def _tell_done(self, turn: Turn) -> None:
        self.notify(
            events.TurnDone(
                at=self.now(),
                turn=turn.number,
                latency=turn.latency,
                tokens_in=turn.tokens_in,
                tokens_out=turn.tokens_out,
            )
        )

    def _tell_failed(self, turn: int, error: AloudError, *, kept: str) -> None:
        message = f"{error.failed} {error.todo}".strip()
        name = type(error).__name__
        self.notify(events.Failed(at=self.now(), turn=turn, error=name, message=message, kept=kept))

    def _tell_said(self, turn: Turn) -> None:
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

    def _spoke(self, turn: Turn, heard: str, *, complete: bool) -> None:
        self.notify(events.Spoke(at=self.now(), turn=turn.number, heard=heard, complete=complete))

    async def regret(self, turn: int, error: AloudError) -> None:
        """A failure that belongs to no answer: told, and spoken as soon as nobody speaks."""
        self._tell_failed(turn, error, kept=error.kept or "Please say it again.")
        await self.between.say(error.failed)

    # What the valve asks of the mouth, and tells ------------------------------------------------------

    @property
    def speaking(self) -> bool:
        return self.voice is not None and self.voice.speaker.speaking

    @property
    def busy(self) -> bool:
        """An answer is on its way, or something sounds."""
        return self._turns > 0 or self.between.ringing or self.speaking

    def duck(self) -> None:
        if self.voice is not None:
            self.voice.speaker.duck(self._duck_db)

    def hold(self) -> None:
        if self.voice is not None:
            self.voice.speaker.hold()

    def restore(self) -> None:
        if self.voice is not None:
            self.voice.speaker.restore()

    def tell_tool(self, turn: int, name: str, arguments: dict[str, object], result: str) -> None:
        self.notify(
            events.Tool(at=self.now(), turn=turn, tool=name, arguments=dict(arguments), result=result)
        )
