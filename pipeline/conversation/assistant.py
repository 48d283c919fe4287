"""The assistant: answers one turn at a time, silences itself, and keeps what was heard of each answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

import anyio

from config.errors import AloudError, DeviceError, TtsError
from config.runtime.clean import clean
from pipeline import events
from pipeline.conversation.acting.consent import Consent
from pipeline.conversation.acting.limits import ToolLimits
from pipeline.conversation.acting.tool_use import HostNotice
from pipeline.conversation.announcements import Announcer
from pipeline.conversation.condense import Condenser
from pipeline.conversation.controls import PlaybackControls
from pipeline.conversation.event_log import TurnEvents
from pipeline.conversation.history import History
from pipeline.conversation.llm_reply import LlmResponder
from pipeline.conversation.reply import FilesToldOf, PrivacyNotice, ReplyRouter
from pipeline.conversation.speech_output import SpeechOutput
from pipeline.conversation.turn import Turn
from pipeline.conversation.unheard import UnheardRemainder
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.intents.look import ImageSources
from pipeline.llm.base import Llm, Message
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.tools.base import Tool
from pipeline.tools.registry import ToolSource
from pipeline.watching.background import BackgroundWatch
from vision.image_store import ImageStore
from voice.stt.events import FinalTranscript

_COSTLY_S = 0.136
"""An LLM elsewhere is asked at 200 ms of silence, not at 64: a request that may be dropped costs money."""
_LAST_S = 1.0
"""Of an answer: who speaks over no more than this has heard what it asks."""


class Assistant:
    """A surface differs in ``voice`` (None: text only), ``notify``, and where the frames come from.

    ``now``: seconds on the microphone's clock. ``privacy_notice`` is spoken before the first answer of an LLM
    elsewhere: it says where words and pictures go. ``thinking_s``: an answer that takes longer is announced
    by a soft sound; 0: no short sounds at all. ``image_sources``: what is looked at when the person asks for
    it. ``unheard``: nobody hears the voice; it only tells when what was said would be answered. What is typed
    is then answered in writing, which takes no speaking time. ``condensing_llm``: gives the one that
    condenses what no longer fits. ``tools``, ``tool_sources``: more that a model is offered.
    ``host_notice``: what a person is told, once, before a tool asks a host. ``files``: those that are
    open, as an LLM is told of them.
    """

    def __init__(
        self,
        *,
        llm: Llm,
        skills: OfflineLlm,
        voice: VoiceOutput | None,
        image_store: ImageStore,
        history: History,
        notify: events.Notify,
        now: Callable[[], float],
        duck_db: float = 20.0,
        preemptive: bool = True,
        privacy_notice: PrivacyNotice | None = None,
        thinking_s: float = 0.0,
        image_sources: ImageSources | None = None,
        language: str = "en",
        unheard: bool = False,
        condensing_llm: Callable[[], Awaitable[Llm]] | None = None,
        files: FilesToldOf | None = None,
        tool_limits: ToolLimits | None = None,
        host_notice: HostNotice | None = None,
        tools: Callable[[], Iterable[Tool]] = tuple,
        tool_sources: Sequence[ToolSource] = (),
    ) -> None:
        self.language = language
        """Of what is typed; a voice's is heard."""
        self.llm = llm
        self.skills = skills
        self.voice = voice
        self.image_store = image_store
        self.history = history
        self.notify = notify
        self.now = now
        self._duck_db = duck_db
        self._unheard = unheard
        self.preemptive = preemptive
        self._sounds = thinking_s > 0
        self._turns = 0
        self.condenser = Condenser(history, condensing_llm)
        self._floor = anyio.Lock()  # one speaks at a time: an answer or a timer that rings
        self._turn_events = TurnEvents(notify, now)
        self.controls = PlaybackControls(voice)
        self.announcer = Announcer(voice, skills.timers, self._floor, self._turn_events.tool, thinking_s)
        self.watch = BackgroundWatch(image_sources, llm, self.announcer.say, notify, now)
        self.consent = Consent(self._turn_events, now)
        self._responder = LlmResponder(
            llm,
            skills,
            image_store,
            self._turn_events,
            self.consent,
            tool_limits,
            host_notice,
            tools,
            tool_sources,
        )
        self.router = ReplyRouter(
            responder=self._responder,
            skills=skills,
            image_store=image_store,
            history=history,
            controls=self.controls,
            watch=self.watch,
            turn_events=self._turn_events,
            consent=self.consent,
            image_sources=image_sources,
            privacy_notice=privacy_notice,
            files=files,
        )

    # One turn ------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Before anybody speaks: an LLM in this program reads what any first question stands behind. Never
        raises.
        """
        if self.llm.spec.startswith("gguf:"):
            await self._warm()

    async def warm(self) -> None:
        """What can be made ready while the person still speaks. Never raises."""
        self.condenser.speaks()
        await self._warm()

    async def _warm(self) -> None:
        await self._responder.warm(self.history.beginning(), told=self.router.has_told)

    async def answer(self, turn: Turn) -> None:
        """Answer what was said. Failures are told and spoken; only a lost device is raised.

        Of a preflight the answer is worked out up to its first sound; then it waits to be confirmed or
        dropped.
        """
        self._turns += 1
        self.condenser.begins(turn.said.language)
        await turn.begin()
        try:
            if not turn.preemptive:
                self._commit(turn)
            with turn.scope:
                if turn.preemptive and self.llm.remote_host:
                    await anyio.sleep(_COSTLY_S)
                await self._answer(turn)
        finally:
            self._turns -= 1
            self.condenser.ends()
            self.consent.close(turn)
            if turn.is_open:
                self.router.effects.keep(turn)
                self._turn_events.done(turn)
            turn.finish()

    def confirm(self, turn: Turn, said: FinalTranscript) -> None:
        """The preflight was all: let its answer out."""
        if turn.confirm(said):
            self._commit(turn)

    def _commit(self, turn: Turn) -> None:
        """The turn is surely over: from here on it is seen, heard and remembered."""
        turn.mark("words", self.now())
        self._turn_events.said(turn)
        if turn.resolved:
            self.consent.tell(turn.resolved)
        self.image_store.take()
        turn.open(self.notify, self.now)

    async def stopped(self, turn: Turn) -> None:
        """They said "stop", and that was all: no answer."""
        await turn.begin()
        turn.mark("words", self.now())
        self._turn_events.said(turn)
        self.history.settle()
        self.controls.paused()
        self._turn_events.done(turn)
        turn.finish()

    async def _answer(self, turn: Turn) -> None:
        asked = self.router.asked(turn)
        voice = None if self._unheard and turn.said.source == "text" else self.voice
        async with SpeechOutput(turn, voice, self._floor, self.notify, self.now) as speech_output:
            failed = False
            try:
                try:
                    if not await self.router.settle(turn, asked, speech_output):
                        intent = await self.router.understood(turn, asked, speech_output)
                        asked = await self.router.looked(turn, asked, intent, speech_output)
                        await self.router.reply(turn, asked, intent.act, speech_output)
                except DeviceError:
                    raise
                except AloudError as error:
                    failed = True
                    await self._apologise(turn, speech_output, error)
                heard = await speech_output.finish()
            except anyio.get_cancelled_exc_class():
                if turn.is_open:
                    self._cut(turn, asked, speech_output)
                raise
            except DeviceError:
                self.history.answered(asked, speech_output.stop()[0], interrupted=True, turn=turn)
                raise
            if failed:
                self.consent.cut(turn)
            else:
                self.consent.read_out(turn)
            self.consent.heard(heard)
            self.history.answered(asked, heard, turn=turn)
            self.controls.answered(
                heard, UnheardRemainder(), steered=speech_output.steered, reads=speech_output.reads
            )
            self._turn_events.spoke(turn, heard, complete=not failed)

    def _cut(self, turn: Turn, asked: Message, speech_output: SpeechOutput) -> None:
        heard, rest = speech_output.stop()
        self.consent.cut(turn)
        self.consent.heard(heard)
        self.history.answered(asked, heard, interrupted=True, turn=turn)
        if turn.resolved:
            self.history.settle()  # what was decided is not decided again by more words
        self.controls.answered(
            speech_output.shown, rest, steered=speech_output.steered, reads=speech_output.reads
        )
        if turn.interrupted:
            self._turn_events.interrupted(turn, heard)
        self._turn_events.spoke(turn, heard, complete=False)

    async def _apologise(self, turn: Turn, speech_output: SpeechOutput, error: AloudError) -> None:
        """Say what failed, aloud, after what was already on its way; the conversation stays usable."""
        await turn.opened()
        self._turn_events.failed(turn.number, error, kept=error.kept)
        if self._sounds:
            await speech_output.sound("failed")
        if isinstance(error, TtsError):
            return
        await speech_output.aside(_as_heard(error), shown=False)
        if turn.untold:  # what was done is done, and the answer would have told of it
            await speech_output.aside(" ".join(dict.fromkeys(turn.untold)))

    async def regret(self, turn: int, error: AloudError) -> None:
        """A failure that belongs to no answer: told, and spoken as soon as nobody speaks."""
        self._turn_events.failed(turn, error, kept=error.kept or clean("Please say it again."))
        await self.announcer.say(_as_heard(error))

    async def leave_unanswered(self, quiet: Callable[[], Awaitable[None]]) -> None:
        """Say, when it is ``quiet``, that what nobody agreed to is left. Runs until cancelled."""
        await self.consent.expire(quiet, self._remind)

    async def _remind(self, text: str) -> None:
        self.history.insert("assistant", text)
        await self.announcer.say(text)

    # What the turn controller asks of the TTS ------------------------------------------------------------

    @property
    def speaking(self) -> bool:
        return self.voice is not None and self.voice.speaker.speaking

    @property
    def busy(self) -> bool:
        """An answer is on its way, or something sounds."""
        return self._turns > 0 or self.announcer.ringing or self.speaking

    @property
    def audible(self) -> bool:
        """Something sounds, or is about to: not while it is held."""
        return self.speaking and not self.paused

    @property
    def paused(self) -> bool:
        return self.voice is not None and self.voice.speaker.paused

    @property
    def nearly_done(self) -> bool:
        """The last second of what is spoken is on its way."""
        return self.voice is not None and self.voice.speaker.due() <= _LAST_S

    def duck(self) -> None:
        if self.voice is not None:
            self.voice.speaker.duck(self._duck_db)

    def pause(self) -> None:
        if self.voice is not None:
            self.voice.speaker.pause()

    def resume(self) -> None:
        if self.voice is not None:
            self.voice.speaker.resume()


def _as_heard(error: AloudError) -> str:
    from voice.tts.text.failures import failure_as_heard  # lazy: its patterns take a while to compile

    return failure_as_heard(error.failed)
