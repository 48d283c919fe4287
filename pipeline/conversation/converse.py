"""The turn controller: the whole assistant on one screen.

STT tells what is happening; one answer at a time goes out, in a task of its own with a scope of its own, and
closing that scope is what silences it. Transcription stands before the turn controller and is never
cancelled, so a person who goes on speaking loses no word.

===============================  ==========================  ==============================================
STT says                         meaning                     the turn controller does
===============================  ==========================  ==============================================
``SpeechStarted``                voice for 200 ms            ducks the speaker
``MinInterruptionReached``       voice that lasts (200 ms)   silences the answer: it is paused
``InterimTranscript(words)``     first words over an answer  silences it on "stop": it is paused
``PreflightTranscript(words)``   a short silence: perhaps    cancels it if they take the turn ("stop",
                                 done                        words), what was heard is kept; else soon lets it
                                                             go on; begins to answer, all audible held back
``TurnResumed``                  not done                    drops that answer; pauses one that it let go on
``FinalTranscript(words)``       the turn is over            same words as the preflight: lets its answer out;
                                                             else answers anew; "mhm" or a lone "the" over an
                                                             answer is let pass
``FalseInterruption(reason)``    a cough, a hallucination    volume back; the answer goes on at the word
                                                             during which it was ducked
``RecognitionFailed(error)``     the STT failed              volume back; says so, and listens on
===============================  ==========================  ==============================================
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Literal

import anyio
from anyio.abc import TaskGroup

from config.errors import InputError, SttError
from config.language.normalise import words_only
from config.runtime.clean import clean
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.commands import AnswerNow, Ask, Cancel, Command, InsertItem, ShowPicture
from pipeline.conversation.turn import Turn
from pipeline.events import Reason
from pipeline.intents.barge_in import Meaning, goes_on, is_quiet, meaning, takes_back
from voice.stt.events import (
    FalseInterruption,
    FinalTranscript,
    InterimTranscript,
    MinInterruptionReached,
    PreflightTranscript,
    RecognitionFailed,
    SpeechEvent,
    SpeechStarted,
    TurnResumed,
)

GOES_ON_S = 0.2
"""After a preflight that takes no turn the answer waits so long for more words: many a sentence begins with
"I'm sorry", and an answer that goes on for a tenth of a second is worse than one that waits two."""
MOST_TYPED = 100_000
"""Letters of a typed line: a book's chapter. What is longer is no turn of a talk."""


async def run_conversation(
    heard: AsyncIterator[SpeechEvent],
    assistant: Assistant,
    settled: Callable[[], bool] = lambda: True,
    typed: AsyncIterator[str] | None = None,
    *,
    piped: bool = False,
    commands: AsyncIterator[Command] | None = None,
) -> None:
    """Until the sound ends: listen, answer, be interrupted. Then until the last answer and timer are done.

    Until ``settled``, voice alone does not silence: the echo of the answer may still be in it. Words do.
    ``typed``: what is typed belongs to the same conversation. A person at a keyboard interrupts with it;
    ``piped``, by a program, each line waits until nobody speaks, and the talk lasts until the last line.
    ``commands``: what a program that holds the session wants; the talk lasts until they end, too.

    Raises ``DeviceError`` when the microphone or the speaker is lost; every other failure is spoken.
    """
    assistant.consent.answerable = True
    async with anyio.create_task_group() as room:
        room.start_soon(assistant.announcer.ring)
        room.start_soon(assistant.announcer.cues)
        room.start_soon(assistant.watch.run)
        room.start_soon(assistant.condenser.run)
        room.start_soon(assistant.begin)
        controller = TurnController(assistant, room)
        room.start_soon(assistant.leave_unanswered, controller.silent)
        if typed:
            room.start_soon(controller.read, typed, piped)
        if commands:
            room.start_soon(controller.obey, commands)
        async for item in heard:
            controller.hears(item, echoing=not settled())
        controller.listens(None)
        if typed and piped:
            await controller.all_read.wait()
        if commands:
            await controller.all_obeyed.wait()
        await controller.idle()
        room.cancel_scope.cancel()


class TurnController:
    """Holds the answer under way, if there is one, and decides what becomes of it."""

    def __init__(self, assistant: Assistant, room: TaskGroup) -> None:
        self._assistant = assistant
        self._room = room
        self._answering: Turn | None = None
        self._preemptive: Turn | None = None
        self._last: Turn | None = None  # each waits until the one before has written its account
        self._since = 0.0  # where the last voice began, in seconds
        self._voice: Literal["", "begun", "lasting"] = ""
        """What is known of a voice under way."""
        self._over_speech = False
        """The last voice began while something was spoken, and may be that."""
        self._passed: Literal["", "ducked", "held"] = ""
        """What the answer was before it was let go on: its words, so far, take no turn."""
        self._passing = anyio.CancelScope()
        """It is soon to be let go on."""
        self._silent = anyio.Event()
        self._silent.set()
        self.all_read = anyio.Event()
        """There is no more typed line."""
        self.all_obeyed = anyio.Event()
        """There is no more command."""
        self.turn = 0

    async def silent(self) -> None:
        """Until the person does not speak."""
        await self._silent.wait()

    @property
    def _open(self) -> bool:
        return self._answering is not None and not self._answering.done

    @property
    def _is_telling(self) -> bool:
        """An answer is being spoken: "mhm", or the little word that STT makes of a cough, lets it go on."""
        return self._open and self._assistant.speaking

    def _start(self, said: FinalTranscript, *, preemptive: bool = False) -> Turn:
        shown = self._assistant.image_store.waiting
        self._last = Turn(self.turn, said, after=self._last, preemptive=preemptive, shown=shown)
        self._room.start_soon(self._assistant.answer, self._last)
        return self._last

    def hears(self, item: SpeechEvent, *, echoing: bool) -> None:
        """``echoing``: mere voice may be the answer's own."""
        self.listens(item)
        match item:
            case SpeechStarted(since):
                self.person_speaks(since)
            case MinInterruptionReached():
                if not (echoing and self._assistant.speaking):
                    self.pause()
            case PreflightTranscript():
                self.preflight(item)
            case InterimTranscript(text):
                self.interim(text)
            case TurnResumed():
                self.resumed()
            case FinalTranscript():
                self.said(item)
            case FalseInterruption(reason):
                self.ignored(reason)
            case RecognitionFailed(error):
                self.missed(error)

    def listens(self, item: SpeechEvent | None) -> None:
        """Whether a person is speaking, so that lines from a pipe wait. None: the sound has ended."""
        if isinstance(item, SpeechStarted):
            self._silent = anyio.Event()
        elif item is None or isinstance(item, FinalTranscript | FalseInterruption | RecognitionFailed):
            self._silent.set()

    def person_speaks(self, since: float) -> None:
        self._passing.cancel()
        self._since, self._passed, self._voice = since, "", "begun"
        self._over_speech = self._assistant.speaking or self._assistant.announcer.ringing
        self._room.start_soon(self._assistant.warm)  # the connection is open when the words are there
        self._tell(events.SpeechStarted)
        self._assistant.duck()

    def pause(self) -> None:
        """Silence, until words tell whether somebody takes the turn."""
        self._voice = "lasting"
        if self._open:
            self._assistant.pause()

    def _give_way(self) -> None:
        """An answer that begins while somebody speaks: the voice was told of before there was one."""
        if self._voice == "lasting":
            self.pause()
        elif self._voice:
            self._assistant.duck()

    def interrupt(self, said: str = "") -> None:
        """Silence the answer now; its task writes down what was heard. ``said``: by a voice, and perhaps the
        rest of what the answer is to.
        """
        if self._answering and self._open:
            if self._answering.sounding:
                self._assistant.pause()
            early = bool(said) and self._answering.may_go_on(self._since)
            early = early and self._answering.resolved is None  # that is decided
            self._answering.interrupt(withdrawn=early and goes_on(self._answering.said.text, said))

    async def _let_go_on(self, passing: anyio.CancelScope) -> None:
        """Words that take no turn, so far: the answer goes on, and is held again if there are more."""
        with passing:
            await anyio.sleep(GOES_ON_S)
            if self._is_telling:
                self._passed = "held" if self._assistant.paused else "ducked"
                self._assistant.resume()

    def _sense(self, text: str) -> Meaning:
        """What words mean now: "yes" to what was just asked takes the turn, though the last word sounds;
        "annulla", which else is a stop, takes back what was just done.
        """
        sense = meaning(text)
        if sense == "stop" and self._answering and self._answering.effects and takes_back(text):
            return "words"
        asked = self._is_telling and self._answering and self._answering.asks
        return "words" if sense == "backchannel" and asked and self._assistant.nearly_done else sense

    def preflight(self, preflight: PreflightTranscript) -> None:
        """Take the turn if these are words; and begin to answer, in case they are all."""
        self._tell(events.PreflightTranscript, text=preflight.text)
        said = FinalTranscript(preflight.text, language=preflight.language)
        if self._preemptive and self._is_all(self._preemptive, said):
            return  # heard once more, and the same
        self._drop()
        sense = self._sense(preflight.text)
        takes = sense == "words" or (sense == "fragment" and not self._is_telling)
        if self._open and (takes or sense == "stop"):
            self.interrupt(preflight.text)
        elif self._is_telling:
            self._passing = anyio.CancelScope()
            self._room.start_soon(self._let_go_on, self._passing)
        if takes and self._assistant.preemptive:
            self._preemptive = self._start(said, preemptive=True)

    def interim(self, text: str) -> None:
        """ "Stop" silences while it is spoken, also where mere voice does not. Better STT decide: they may
        make a cough of it, or the beginning of a sentence.
        """
        if meaning(text) == "stop":
            self.pause()

    def resumed(self) -> None:
        self._tell(events.TurnResumed)
        self._drop()
        if self._passed == "held":
            self.pause()
        elif self._passed:
            self._assistant.duck()
        self._passed = ""

    def _drop(self) -> None:
        """What was begun at the last preflight."""
        self._passing.cancel()
        if self._preemptive:
            self._preemptive.drop()
            self._preemptive = None

    def ignored(self, reason: Reason) -> None:
        self._drop()
        self._voice = ""
        self._tell(events.SpeechIgnored, reason=reason)
        self._assistant.resume()

    def missed(self, error: SttError) -> None:
        """The STT failed over it: an answer under way is not lost, and the person is told."""
        self._drop()
        self._voice = ""
        self._assistant.resume()
        self._room.start_soon(self._assistant.regret, self.turn, error)

    def said(self, said: FinalTranscript, *, by_person: bool = True) -> None:
        """``by_person``: heard, or typed at the keyboard of this conversation."""
        sense, spoken = self._sense(said.text), said.source == "voice"
        takes = sense in ("words", "stop")
        if not takes and spoken and (self._is_telling or self._passed):
            return self.ignored("backchannel" if sense == "backchannel" else "noise")
        self._passing.cancel()
        if spoken and said.speech_end > self._since:  # else somebody speaks again already
            self._voice = ""
        stops = sense == "stop"
        by_person = by_person and not (spoken and self._over_speech)
        resolved = self._assistant.consent.answered(said, self.turn, by_person=by_person, stops=stops)
        stopping = stops and not resolved and (self._open or self._cut_short or is_quiet(said.text))
        self.interrupt(said.text if spoken else "")
        if not (self._answering and self._answering.sounding):
            self._assistant.resume()
        if stopping:
            self._drop()
            self._answering = self._last = Turn(self.turn, said, after=self._last)
            self._room.start_soon(self._assistant.stopped, self._answering)
        elif (preflighted := self._preemptive) and self._is_all(preflighted, said):
            self._answering, self._preemptive = preflighted, None
            preflighted.resolved = resolved
            self._assistant.confirm(preflighted, said)
        else:
            self._drop()
            self._answering = self._start(said)
            self._answering.resolved = resolved
        self._give_way()
        self._room.start_soon(self._assistant.announcer.think_aloud, self._answering)
        self.turn += 1
        return None

    def _is_all(self, preflighted: Turn, said: FinalTranscript) -> bool:
        """Whether the preflight had the same words, but for case and punctuation, and the same pictures."""
        before = preflighted.said
        same = words_only(before.text) == words_only(said.text) and before.language == said.language
        return same and preflighted.shown == self._assistant.image_store.waiting

    async def read(self, typed: AsyncIterator[str], piped: bool = False) -> None:
        """A typed line is a turn of its own, whatever is being said; ``piped``, once nobody speaks."""
        async for line in typed:
            if not (text := line.strip()):
                continue
            if piped:
                await self._quiet()
            self._type(text, by_person=not piped)
            if piped:
                await self._quiet()
        self.all_read.set()

    async def obey(self, commands: AsyncIterator[Command]) -> None:
        """What the session is told to do (``AnswerNow`` is for who listens)."""
        async for command in commands:
            match command:
                case Ask(text, typed):
                    self._type(text, by_person=typed)
                case Cancel():
                    self._drop()
                    self.interrupt()
                case InsertItem(role, text, pictures):
                    self._assistant.history.insert(role, text, pictures)
                case ShowPicture(picture):
                    self._assistant.image_store.show(picture)
                case AnswerNow():
                    pass
        self.all_obeyed.set()

    def _type(self, text: str, *, by_person: bool) -> None:
        if len(text) > MOST_TYPED:
            return self._refuse()
        typed, now = clean(text).strip(), self._assistant.now()
        said = FinalTranscript(typed, now, now, language=self._assistant.language, source="text")
        return self.said(said, by_person=by_person)

    async def _quiet(self) -> None:
        """Until the person has spoken and the last answer is told."""
        while self._open or not self._silent.is_set():
            await self._silent.wait()
            if self._answering:
                await self._answering.finished()

    def _refuse(self) -> None:
        error = InputError(f"A typed line of more than {MOST_TYPED:,} letters cannot be a turn.")
        kept = "It was left out; every other line is answered."
        self._tell(events.Failed, error=type(error).__name__, message=error.failed, kept=kept)

    async def idle(self) -> None:
        """Until the answer under way is told and every timer has rung."""
        if self._answering:
            await self._answering.finished()
        await self._assistant.announcer.idle()

    def _tell(self, event: Callable[..., events.Event], **facts: Any) -> None:
        self._assistant.notify(event(at=self._assistant.now(), turn=self.turn, **facts))

    @property
    def _cut_short(self) -> bool:
        return self._answering is not None and self._answering.interrupted
