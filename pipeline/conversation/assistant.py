"""The assistant: answers one turn at a time, silences itself, and keeps what was heard of each answer."""

from __future__ import annotations

from collections.abc import Callable

import anyio

from config.errors import AloudError, DeviceError, MouthError
from pipeline import events
from pipeline.conversation.announcements import Between
from pipeline.conversation.controls import Helm
from pipeline.conversation.event_log import Account
from pipeline.conversation.history import History
from pipeline.conversation.llm_reply import Thinking
from pipeline.conversation.reply import Foreword, Replying
from pipeline.conversation.speech_output import Telling
from pipeline.conversation.turn import Turn
from pipeline.conversation.unheard import Rest
from pipeline.conversation.voice_output import Voice
from pipeline.intents.look import Sights
from pipeline.llm.base import Message, Mind
from pipeline.skills.offline_llm import SkillsMind
from pipeline.watching.background import Lookout
from vision.image_store import Eyes
from voice.stt.events import Said

_COSTLY_S = 0.136
"""A mind elsewhere is asked at 200 ms of silence, not at 64: a request that may be dropped costs money."""
_LAST_S = 1.0
"""Of an answer: who speaks over no more than this has heard what it asks."""


class Assistant:
    """A surface differs in ``voice`` (None: text only), ``notify``, and where the frames come from.

    ``now``: seconds on the microphone's clock. ``foreword`` is spoken before the first answer of a mind
    elsewhere: it says where words and pictures go. ``thinking_s``: an answer that takes longer is announced
    by a soft sound; 0: no short sounds at all. ``sights``: what is looked at when the person asks for it.
    ``unheard``: nobody hears the voice; it only tells when what was said would be answered. What is typed is
    then answered in writing, which takes no speaking time.
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
        foreword: Foreword | None = None,
        thinking_s: float = 0.0,
        sights: Sights | None = None,
        language: str = "en",
        unheard: bool = False,
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
        self._unheard = unheard
        self.answers_drafts = answers_drafts
        self._sounds = thinking_s > 0
        self._turns = 0
        self._floor = anyio.Lock()  # one speaks at a time: an answer or a timer that rings
        self._account = Account(notify, now)
        self.helm = Helm(voice)
        self.between = Between(voice, skills.timers, self._floor, self._account.tool, thinking_s)
        self.lookout = Lookout(sights, mind, self.between.say, notify, now)
        self.replying = Replying(
            thinking=Thinking(mind, skills, eyes, self._account),
            skills=skills,
            eyes=eyes,
            history=history,
            helm=self.helm,
            lookout=self.lookout,
            account=self._account,
            sights=sights,
            foreword=foreword,
        )

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
                self._account.done(turn)
            turn.finish()

    def confirm(self, turn: Turn, said: Said) -> None:
        """The draft was all: let its answer out."""
        if turn.confirm(said):
            self._commit(turn)

    def _commit(self, turn: Turn) -> None:
        """The turn is surely over: from here on it is seen, heard and remembered."""
        turn.mark("words", self.now())
        self._account.said(turn)
        self.eyes.take()
        turn.open(self.notify, self.now)

    async def stopped(self, turn: Turn) -> None:
        """They said "stop", and that was all: no answer."""
        await turn.begin()
        turn.mark("words", self.now())
        self._account.said(turn)
        self.history.settle()
        self.helm.paused()
        self._account.done(turn)
        turn.finish()

    async def _answer(self, turn: Turn) -> None:
        asked = self.replying.asked(turn)
        voice = None if self._unheard and turn.said.source == "text" else self.voice
        async with Telling(turn, voice, self._floor, self.notify, self.now) as telling:
            failed = False
            try:
                try:
                    asked = await self.replying.glimpsed(turn, asked, telling)
                    asked = await self.replying.closer(asked)
                    await self.replying.reply(turn, asked, telling)
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
                self.history.answered(asked, telling.stop()[0], interrupted=True, turn=turn)
                raise
            self.history.answered(asked, heard, turn=turn)
            self.helm.answered(heard, Rest(), steered=telling.steered, reads=telling.reads)
            self._account.spoke(turn, heard, complete=not failed)

    def _cut(self, turn: Turn, asked: Message, telling: Telling) -> None:
        heard, rest = telling.stop()
        self.history.answered(asked, heard, interrupted=True, turn=turn)
        self.helm.answered(telling.shown, rest, steered=telling.steered, reads=telling.reads)
        if turn.interrupted:
            self._account.interrupted(turn, heard)
        self._account.spoke(turn, heard, complete=False)

    async def _apologise(self, turn: Turn, telling: Telling, error: AloudError) -> None:
        """Say what failed, aloud, after what was already on its way; the conversation stays usable."""
        await turn.opened()
        self._account.failed(turn.number, error, kept=error.kept)
        if self._sounds:
            await telling.sound("failed")
        if not isinstance(error, MouthError):
            await telling.aside(error.failed, shown=False)

    async def regret(self, turn: int, error: AloudError) -> None:
        """A failure that belongs to no answer: told, and spoken as soon as nobody speaks."""
        self._account.failed(turn, error, kept=error.kept or "Please say it again.")
        await self.between.say(error.failed)

    # What the valve asks of the mouth ------------------------------------------------------------

    @property
    def speaking(self) -> bool:
        return self.voice is not None and self.voice.speaker.speaking

    @property
    def busy(self) -> bool:
        """An answer is on its way, or something sounds."""
        return self._turns > 0 or self.between.ringing or self.speaking

    @property
    def audible(self) -> bool:
        """Something sounds, or is about to: not while it is held."""
        return self.speaking and not self.held

    @property
    def held(self) -> bool:
        return self.voice is not None and self.voice.speaker.held

    @property
    def nearly_done(self) -> bool:
        """The last second of what is spoken is on its way."""
        return self.voice is not None and self.voice.speaker.due() <= _LAST_S

    def duck(self) -> None:
        if self.voice is not None:
            self.voice.speaker.duck(self._duck_db)

    def hold(self) -> None:
        if self.voice is not None:
            self.voice.speaker.hold()

    def restore(self) -> None:
        if self.voice is not None:
            self.voice.speaker.restore()
