"""What an answer consists of: what steers the talk, what is read or computed here, and else the LLM's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from config.language.phrases import phrases
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from pipeline.conversation.acting.consent import Consent, left
from pipeline.conversation.controls import ControlAction, PlaybackControls
from pipeline.conversation.effects import Effects
from pipeline.conversation.event_log import TurnEvents
from pipeline.conversation.history import Exchange, History, merge
from pipeline.conversation.llm_reply import LlmResponder
from pipeline.conversation.speech_output import SpeechOutput, text_as_deltas
from pipeline.conversation.turn import Turn
from pipeline.intents.barge_in import goes_on
from pipeline.intents.controls import control_intent
from pipeline.intents.doubt import wants_second_look
from pipeline.intents.image_references import referred
from pipeline.intents.look import CaptureIntent, ImageSources
from pipeline.intents.router import (
    Act,
    AskLlm,
    Compute,
    Document,
    Intent,
    Leaf,
    LookAgain,
    ReadAloud,
    Situation,
    Steer,
    TellCapabilities,
    Watch,
    route,
)
from pipeline.llm.base import Message
from pipeline.llm.fallback import seeing_hosts
from pipeline.llm.who_answers import who_is_asked
from pipeline.pictures.read_aloud import read_out
from pipeline.pictures.reread import second_look_here
from pipeline.pictures.second_look import agree, compared, disputed, look_anew
from pipeline.pictures.zoom import zoomed_in
from pipeline.skills.answer import SkillRequest
from pipeline.skills.capabilities import tell_capabilities
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.watching.background import BackgroundWatch
from vision.image_store import ImageStore
from vision.images.picture import Picture

PrivacyNotice = Callable[[str], str]
"""In a language: where words and pictures go. Asked for once, when it is about to be said."""

_WAITS_S, _MOST_S = 0.7, 30.0
"""Before it is said that a file is being opened, and until that is waited for no longer."""


class FilesToldOf(Protocol):
    """The open files of the conversation, as an LLM is told of them."""

    @property
    def opening(self) -> bool:
        """One was named and is not open yet."""
        ...

    async def settled(self, most_s: float) -> None:
        """Until all are open that were named, or so long."""
        ...

    def opens(self, language: str) -> str:
        """That one is being opened, as a sentence."""
        ...

    async def tell(self, question: str, language: str) -> Sequence[str]:
        """What the LLM is to know of them for a question."""
        ...


_ONWARD = "Go on exactly where you stopped. Repeat nothing of what you said."


class ReplyRouter:
    """``image_sources``: what is looked at when it is asked for. ``privacy_notice``: spoken before the first
    answer.
    """

    def __init__(
        self,
        *,
        responder: LlmResponder,
        skills: OfflineLlm,
        image_store: ImageStore,
        history: History,
        controls: PlaybackControls,
        watch: BackgroundWatch,
        turn_events: TurnEvents,
        consent: Consent,
        image_sources: ImageSources | None = None,
        privacy_notice: PrivacyNotice | None = None,
        files: FilesToldOf | None = None,
    ) -> None:
        self._responder = responder
        self._skills = skills
        self._image_store = image_store
        self._history = history
        self._controls = controls
        self._watch = watch
        self._turn_events = turn_events
        self._consent = consent
        self.image_sources = image_sources
        self._privacy_notice = privacy_notice
        self._files = files
        self._told_of: set[str] = set()
        self.effects = Effects()

    @property
    def has_told(self) -> bool:
        """Where words and pictures go, or they go nowhere."""
        return self._privacy_notice is None

    # What is asked -------------------------------------------------------------------------------

    def asked(self, turn: Turn) -> Message:
        """The words, with what they speak of in view; with those of a turn that they go on with. What was
        done for that one is taken back, once this one is surely over.
        """
        message, before = merge(turn.said.text, self._in_view(turn)), self._history.unanswered
        if before is None:
            return message
        joined, language = self._history.joined(message), turn.said.language
        text = self._skills.joined(before.asked.text, message.text, joined.text, language)
        joined = replace(joined, text=text)
        if not self._goes_on(before, message.text, joined.text, language):
            return message
        turn.joins = True
        turn.undo((*before.effects, lambda: self.effects.forget(before.number)))
        if before.heard:
            self._turn_events.withdrawn(turn, before.number, clean(before.heard), clean(joined.text))
        return joined

    def _goes_on(self, before: Exchange, text: str, joined: str, language: str) -> bool:
        """No: it steers the talk, or is a whole request to the skills which the two together are not, or
        would take back what the skills did and are not asked for again.
        """
        if control_intent(text) or (before.heard and not goes_on(before.asked.text, text)):
            return False
        if self._skills.knows(joined, language):
            return True
        done = bool(before.effects) and self._skills.knows(before.asked.text, language)
        return not (done or self._skills.knows(text, language))

    def _in_view(self, turn: Turn) -> Sequence[Picture]:
        """What was shown with this turn, and the earlier pictures that it speaks of."""
        numbers = referred(turn.said.text, self._image_store.numbers)
        if not numbers:
            return turn.shown
        in_view = {*numbers, *map(self._image_store.number, turn.shown)}
        return [picture for n in sorted(in_view) if (picture := self._image_store.get(n))]

    def intent(self, turn: Turn, asked: Message) -> Intent[SkillRequest]:
        """What is wanted of it, as things are. Nothing is set off."""
        return route(turn.said.text, turn.said.language, self._situation(turn, asked), whole=asked.text)

    async def understood(
        self, turn: Turn, asked: Message, speech_output: SpeechOutput
    ) -> Intent[SkillRequest]:
        """The same; what nobody but a file that is being opened may answer waits for it."""
        intent = self.intent(turn, asked)
        files = self._files
        if files is None or not files.opening or not isinstance(intent.act, AskLlm):
            return intent
        await files.settled(_WAITS_S)
        if files.opening:
            await turn.opened()
            await speech_output.aside(files.opens(turn.said.language))
            await files.settled(_MOST_S)
        return self.intent(turn, asked)

    def _situation(self, turn: Turn, asked: Message) -> Situation[SkillRequest]:
        language = turn.said.language
        sources, document = self.image_sources, self._image_store.document
        return Situation(
            compute=lambda text: self._skills.certain(text, language),
            leafs=self._controls.leafs,
            steers=self._controls.steers | {"undo"},
            watches=self._watch.wants,
            captures=sources is not None,
            running=sources is not None and sources.running,
            document=Document(self._image_store.page, document.pages if document else 0),
            shown=bool(turn.shown),
            pictures=bool(asked.pictures or self._history.pictures_in_play),
            doubtful=self._doubted(language) is not None,
            reading=self._controls.reading_position.is_open,
            answer=self._controls.last,
        )

    async def looked(
        self, turn: Turn, asked: Message, intent: Intent[SkillRequest], speech_output: SpeechOutput
    ) -> Message:
        """With what is to be looked at for it, and of a picture the part that it is about."""
        if isinstance(intent.act, AskLlm):
            asked = await self._with_files(asked, turn.said.language)
        if intent.capture:
            asked = await self._captured(turn, asked, intent.capture, speech_output)
        if intent.zoom:
            in_play, latest = self._history.pictures_in_play, self._image_store.latest
            asked = await zoomed_in(asked, intent.zoom, in_play, latest)
        return asked

    async def _with_files(self, asked: Message, language: str) -> Message:
        """With what the LLM is to know of open files, and was not told yet."""
        if self._files is None or self._responder.llm is self._skills:
            return asked
        told = self._history.files_told.union(asked.files)
        new = (each for each in await self._files.tell(asked.text, language) if each not in told)
        return replace(asked, files=(*asked.files, *new))

    async def _captured(
        self, turn: Turn, asked: Message, wanted: CaptureIntent, speech_output: SpeechOutput
    ) -> Message:
        """With what they asked to be looked at: taken as they stop speaking, shown when that is sure."""
        assert self.image_sources
        picture = await self.image_sources.take(wanted)
        await turn.opened()
        await self._say_where(turn, speech_output, "" if wanted.kind == "page" else wanted.kind)
        self._image_store.show(picture)
        self._image_store.take()
        beside = (other for other in asked.pictures if not (picture.page and other.page))
        return replace(asked, pictures=(*beside, picture))

    async def _say_where(self, turn: Turn, speech_output: SpeechOutput, kind: str = "") -> None:
        """Nothing is sent before it was said where it goes; of a camera or the screen, once more."""
        own = phrases(turn.said.language)
        if self._privacy_notice:
            await speech_output.aside(self._privacy_notice(own.language))
            self._privacy_notice = None  # who interrupts it hears it again
        hosts = seeing_hosts(self._responder.llm)
        if kind and hosts and kind not in self._told_of:
            self._told_of.add(kind)
            thing, where = own.name("seen_with", kind), own.listed(hosts)
            await speech_output.aside(own.say("talking.seen_by", thing=thing, where=where))

    async def settle(self, turn: Turn, asked: Message, speech_output: SpeechOutput) -> bool:
        """What was read back before this turn: done after a yes, else left, which is said. True: there is no
        more to answer.
        """
        if self._consent.waits:
            await turn.opened()  # a preflight agrees to nothing
        resolved, owed = turn.resolved, self._consent.owed
        if owed:
            await turn.opened()
            await self._tell(turn, owed, speech_output)
        if question := self._consent.question_of(turn):
            await self._tell(turn, question, speech_output)
            return True
        if resolved is None:
            return False
        if resolved.agreed:
            messages = self._messages(turn, asked)
            await self._responder.use_agreed(turn, resolved, resolved.agreed, messages, speech_output)
            return True
        if not (turn.joins and resolved.outcome == "interrupted"):  # they go on with what they asked for
            await self._tell(turn, left(resolved), speech_output)
        return resolved.outcome == "declined"

    # Who answers it ------------------------------------------------------------------------------

    async def reply(
        self, turn: Turn, asked: Message, act: Act[SkillRequest], speech_output: SpeechOutput
    ) -> None:
        """Tell the answer. Raises what the LLM, the TTS and the eyes raise."""
        if self._privacy_notice:
            await turn.opened()
            await self._say_where(turn, speech_output)
        language = turn.said.language
        match act:
            case Leaf(control):
                await self._steer(turn, self._controls.leaf(control, language), asked, speech_output)
            case Steer("undo"):
                await turn.opened()
                await self._tell(turn, self.effects.take_back(language), speech_output)
            case Steer(kind):
                await self._steer(turn, self._controls.steer(kind, language), asked, speech_output)
            case TellCapabilities():
                await self._tell(turn, self._capabilities(language), speech_output)
            case Watch(wanted):
                await turn.opened()
                await self._tell(turn, self._watch.heed(wanted, language), speech_output)
            case LookAgain():
                await self._look_again(turn, speech_output)
            case ReadAloud() if await self._read_out(turn, asked, speech_output):
                pass
            case Compute() if await self._compute(turn, asked, speech_output):
                pass
            case _:
                await self._responder.look(turn, asked)
                await self._responder.think(turn, self._messages(turn, asked), speech_output)

    def _capabilities(self, language: str) -> str:
        """What can be done here, and who is asked for the rest: no LLM knows that."""
        say, llm = phrases(language).say, self._responder.llm
        tools = (tool.name for tool in self._skills.tools)
        here = tell_capabilities(tools, language, captures=self.image_sources is not None)
        if llm is self._skills:
            return f"{here} {say('capabilities.without_llm')}"
        return f"{here} {say('capabilities.with_llm', llm=who_is_asked(llm, language))}"

    def _messages(self, turn: Turn, asked: Message) -> list[Message]:
        return self._history.messages(asked, joins=turn.joins)

    async def _tell(self, turn: Turn, text: str, speech_output: SpeechOutput) -> None:
        await speech_output.tell(text_as_deltas(text), turn.said.language)

    async def _steer(
        self, turn: Turn, action: ControlAction, asked: Message, speech_output: SpeechOutput
    ) -> None:
        """Again, onward, slower, louder: no LLM is asked, but for what it had not written yet."""
        speech_output.steered, speech_output.reads = True, action.reads
        if action.effect:
            await turn.opened()  # what changes the talk is not done from a preflight
            if told := await action.effect():
                await speech_output.aside(told)
        await speech_output.go_on(action.words)
        await self._tell(turn, action.text, speech_output)
        if action.llm_goes_on:
            so_far = f"{action.words} {action.text}".strip()
            onward = [Message("assistant", so_far), Message("user", _ONWARD)] if so_far else []
            await self._responder.think(turn, self._messages(turn, asked) + onward, speech_output)

    def _doubted(self, language: str) -> Message | None:
        """The question about a picture whose answer may be doubted, as it stood; None: nothing to look at."""
        question = self._history.last_question_of_pictures(lambda text: not wants_second_look(text))
        known = question and self._skills.knows(question.text, language)
        return None if known else question

    async def _look_again(self, turn: Turn, speech_output: SpeechOutput) -> None:
        question = self._doubted(turn.said.language)
        assert question
        if self._responder.sees:
            await self._look_anew(turn, question, speech_output)
        else:
            await self._read_anew(turn, question, speech_output)

    async def _look_anew(self, turn: Turn, question: Message, speech_output: SpeechOutput) -> None:
        """Independent answers; what they agree on is said, and what they do not is named."""
        await turn.opened()  # three requests are not made for a preflight
        say = phrases(turn.said.language).say
        await speech_output.aside(say("second_look.look_again"))
        await self._responder.look(turn, question)
        looks = await look_anew(self._responder.llm, self._history.instructions_with_pictures, question)
        if agree(looks):
            return await self._tell(
                turn, say("second_look.same_looks", count=len(looks), look=looks[0]), speech_output
            )
        await self._responder.think(turn, [compared(question.text, looks)], speech_output)
        if unsure := disputed(speech_output.shown, looks):
            await self._tell(turn, f" {say('second_look.careful', numbers=', '.join(unsure))}", speech_output)
        return None

    async def _read_anew(self, turn: Turn, question: Message, speech_output: SpeechOutput) -> None:
        """No LLM sees: what was measured is measured again, and no more than that is claimed."""
        await turn.opened()
        await speech_output.aside(phrases(turn.said.language).say("second_look.again"))
        await self._tell(
            turn, await in_thread(second_look_here, question.pictures, turn.said.language), speech_output
        )

    async def _read_out(self, turn: Turn, asked: Message, speech_output: SpeechOutput) -> bool:
        """All of the text, read here, whatever the LLM. False: an LLM that sees may read better what is
        unclear here.
        """
        pictures = asked.pictures or self._history.pictures_in_play
        readout = await read_out(pictures, turn.said.language)
        if not (readout.clear or (readout.paragraphs and not self._responder.sees)):
            return False
        await turn.opened()  # the place in the text before is not given up for a preflight
        await self._responder.look(turn, asked, stays=True)
        speech_output.reads = True
        await self._tell(turn, self._controls.reading_position.open(readout.paragraphs), speech_output)
        return True

    async def _compute(self, turn: Turn, asked: Message, speech_output: SpeechOutput) -> bool:
        """Timers, the time, sums: computed, even when a model is connected, which could only guess; and not
        from a preflight, since a timer that is set is seen and heard of.
        """
        await turn.opened()
        # Anew: what was done before it may have been taken back.
        request = self._skills.certain(asked.text, turn.said.language)
        if request is None:
            return False
        text = request.text
        if request.tool:
            result = await self._responder.use_tool(turn, request.call, speech_output, request.language)
            if result.failed and request.gives_way:
                return False
            text = turn.told = request.answer(result)
            if request.leaves_reading and not result.failed:
                self._controls.reading_position.open(())
            if read := request.read(result):
                speech_output.reads = True
                text = self._controls.reading_position.open(read, one_by_one=request.one_by_one)
            if question := self._consent.question_of(turn):
                self._consent.keep((), request.answer)
                text, turn.told = question, ""
        await speech_output.tell(text_as_deltas(text), request.language)
        return True
