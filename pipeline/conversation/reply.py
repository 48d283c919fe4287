"""What an answer consists of: what steers the talk, what is read or computed here, and else the mind's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from config.language.phrases import phrases
from config.runtime.clock import in_thread
from pipeline.conversation.controls import Course, Helm
from pipeline.conversation.event_log import Account
from pipeline.conversation.history import Exchange, History, merge
from pipeline.conversation.llm_reply import Thinking
from pipeline.conversation.speech_output import Telling, text_as_deltas
from pipeline.conversation.turn import Turn
from pipeline.intents.barge_in import goes_on
from pipeline.intents.controls import steer
from pipeline.intents.doubt import doubts
from pipeline.intents.image_references import referred
from pipeline.intents.look import Sights, glimpse
from pipeline.llm.base import Message
from pipeline.pictures.read_aloud import readout_for
from pipeline.pictures.reread import doubted_here
from pipeline.pictures.second_look import agree, compared, disputed, look_anew
from pipeline.pictures.zoom import closer
from pipeline.skills.offline_llm import SkillsMind
from pipeline.watching.background import Lookout
from vision.image_store import Eyes
from vision.images.picture import Picture

Foreword = Callable[[str], str]
"""In a language: where words and pictures go. Asked for once, when it is about to be said."""

_ONWARD = "Go on exactly where you stopped. Repeat nothing of what you said."


class Replying:
    """``sights``: what is looked at when it is asked for. ``foreword``: spoken before the first answer."""

    def __init__(
        self,
        *,
        thinking: Thinking,
        skills: SkillsMind,
        eyes: Eyes,
        history: History,
        helm: Helm,
        lookout: Lookout,
        account: Account,
        sights: Sights | None = None,
        foreword: Foreword | None = None,
    ) -> None:
        self._thinking = thinking
        self._skills = skills
        self._eyes = eyes
        self._history = history
        self._helm = helm
        self._lookout = lookout
        self._account = account
        self.sights = sights
        self._foreword = foreword
        self._told_of: set[str] = set()

    # What is asked -------------------------------------------------------------------------------

    def asked(self, turn: Turn) -> Message:
        """The words, with what they speak of in view; with those of a turn that they go on with. What was
        done for that one is taken back, once this one is surely over.
        """
        message, before = merge(turn.said.text, self._in_view(turn)), self._history.unanswered
        joined = self._history.joined(message)
        if before is None or not self._goes_on(before, message.text, joined.text):
            return message
        turn.joins = True
        turn.undo(before.effects)
        if before.heard:
            self._account.withdrawn(turn, before.number, before.heard, joined.text)
        return joined

    def _goes_on(self, before: Exchange, text: str, joined: str) -> bool:
        """No: it steers the talk, or is a whole request to the skills which the two together are not."""
        if steer(text) or (before.heard and not goes_on(before.asked.text, text)):
            return False
        return self._skills.knows(joined) or not self._skills.knows(text)

    def _in_view(self, turn: Turn) -> Sequence[Picture]:
        """What was shown with this turn, and the earlier pictures that it speaks of."""
        numbers = referred(turn.said.text, self._eyes.numbers)
        if not numbers:
            return turn.shown
        in_view = {*numbers, *map(self._eyes.number, turn.shown)}
        return [picture for n in sorted(in_view) if (picture := self._eyes.get(n))]

    async def glimpsed(self, turn: Turn, asked: Message, telling: Telling) -> Message:
        """With what they asked to be looked at: taken as they stop speaking, shown when that is sure."""
        if self.sights is None:
            return asked
        document = self._eyes.document
        wanted = glimpse(
            turn.said.text,
            running=self.sights.running,
            shown=bool(turn.shown),
            page=self._eyes.page,
            pages=document.pages if document else 0,
        )
        if wanted is None:
            return asked
        picture = await self.sights.take(wanted)
        await turn.opened()
        await self._say_where(turn, telling, "" if wanted.kind == "page" else wanted.kind)
        self._eyes.show(picture)
        self._eyes.take()
        beside = (other for other in asked.pictures if not (picture.page and other.page))
        return replace(asked, pictures=(*beside, picture))

    async def closer(self, asked: Message) -> Message:
        """With the part that they asked about in the place of its picture."""
        return await closer(asked, self._history.pictures_in_play, self._eyes.latest)

    async def _say_where(self, turn: Turn, telling: Telling, kind: str = "") -> None:
        """Nothing is sent before it was said where it goes; of a camera or the screen, once more."""
        own = phrases(turn.said.language)
        if self._foreword:
            await telling.aside(self._foreword(own.language))
            self._foreword = None  # who interrupts it hears it again
        where = self._thinking.mind.where
        if kind and where and self._thinking.sees and kind not in self._told_of:
            self._told_of.add(kind)
            await telling.aside(own.say("talking.seen_by", thing=own.name("seen_with", kind), where=where))

    # Who answers it ------------------------------------------------------------------------------

    async def reply(self, turn: Turn, asked: Message, telling: Telling) -> None:
        """Tell the answer. Raises what the mind, the mouth and the eyes raise."""
        if self._foreword:
            await turn.opened()
            await self._say_where(turn, telling)
        if course := self._helm.course(turn.said.text, turn.said.language):
            await self._steer(turn, course, asked, telling)
        elif wish := self._wish(turn, asked):
            await turn.opened()
            await self._tell(turn, self._lookout.heed(wish, turn.said.language), telling)
        elif doubted := self._doubted(turn):
            if self._thinking.sees:
                await self._look_anew(turn, doubted, telling)
            else:
                await self._read_anew(turn, doubted, telling)
        elif not await self._read_out(turn, asked, telling) and not await self._compute(turn, asked, telling):
            await self._thinking.look(turn, asked)
            await self._thinking.think(turn, self._messages(turn, asked), telling)

    def _messages(self, turn: Turn, asked: Message) -> list[Message]:
        return self._history.messages(asked, joins=turn.joins)

    async def _tell(self, turn: Turn, text: str, telling: Telling) -> None:
        await telling.tell(text_as_deltas(text), turn.said.language)

    async def _steer(self, turn: Turn, course: Course, asked: Message, telling: Telling) -> None:
        """Again, onward, slower, louder: no mind is asked, but for what it had not written yet."""
        telling.steered, telling.reads = True, course.reads
        if course.effect:
            await turn.opened()  # what changes the talk is not done from a draft
            if told := course.effect():
                await telling.aside(told)
        await telling.go_on(course.words)
        await self._tell(turn, course.text, telling)
        if course.mind_goes_on:
            so_far = f"{course.words} {course.text}".strip()
            onward = [Message("assistant", so_far), Message("user", _ONWARD)] if so_far else []
            await self._thinking.think(turn, self._messages(turn, asked) + onward, telling)

    def _wish(self, turn: Turn, asked: Message) -> str:
        """What is to be watched for, or no longer; a wish that goes on takes the place of its beginning."""
        texts = (turn.said.text, asked.text)
        wishes = (text for text in texts if self._lookout.wants(text) and not self._skills.knows(text))
        return next(wishes, "")

    def _doubted(self, turn: Turn) -> Message | None:
        """The question about a picture whose answer is doubted, as it stood; None: nothing to look at."""
        if turn.shown or not doubts(turn.said.text):
            return None
        question = self._history.last_question_of_pictures(lambda text: not doubts(text))
        return None if question is None or self._skills.knows(question.text) else question

    async def _look_anew(self, turn: Turn, question: Message, telling: Telling) -> None:
        """Independent answers; what they agree on is said, and what they do not is named."""
        await turn.opened()  # three requests are not made for a draft
        say = phrases(turn.said.language).say
        await telling.aside(say("doubting.look_again"))
        await self._thinking.look(turn, question)
        looks = await look_anew(self._thinking.mind, self._history.instructions_with_pictures, question)
        if agree(looks):
            return await self._tell(
                turn, say("doubting.same_looks", count=len(looks), look=looks[0]), telling
            )
        await self._thinking.think(turn, [compared(question.text, looks)], telling)
        if unsure := disputed(telling.shown, looks):
            await self._tell(turn, f" {say('doubting.careful', numbers=', '.join(unsure))}", telling)
        return None

    async def _read_anew(self, turn: Turn, question: Message, telling: Telling) -> None:
        """No mind sees: what was measured is measured again, and no more than that is claimed."""
        await turn.opened()
        await telling.aside(phrases(turn.said.language).say("doubting.again"))
        await self._tell(turn, await in_thread(doubted_here, question.pictures, turn.said.language), telling)

    async def _read_out(self, turn: Turn, asked: Message, telling: Telling) -> bool:
        """ "Read it": all of the text, read here, whatever the mind. False: that was not asked for, or a mind
        that sees may read better what is unclear here.
        """
        pictures = asked.pictures or self._history.pictures_in_play
        turning, before = self._helm.bookmark.is_open, self._helm.last
        readout = await readout_for(turn.said, pictures, turning=turning, before=before)
        if readout is None or not (readout.clear or (readout.paragraphs and not self._thinking.sees)):
            return False
        await turn.opened()  # the place in the text before is not given up for a draft
        await self._thinking.look(turn, asked, stays=True)
        telling.reads = True
        await self._tell(turn, self._helm.bookmark.open(readout.paragraphs), telling)
        return True

    async def _compute(self, turn: Turn, asked: Message, telling: Telling) -> bool:
        """Timers, the time, sums: computed, even when a model is connected, which could only guess; and not
        from a draft, since a timer that is set is seen and heard of.
        """
        if not self._skills.knows(asked.text):
            return False
        await turn.opened()
        running = self._skills.timers.running()
        if answer := self._skills.certain(asked.text):
            turn.effects.append(self._skills.timers.undoing(running))
            self._account.tool(turn.number, answer.skill, answer.arguments, answer.text)
            await telling.tell(text_as_deltas(answer.text))
        return answer is not None
