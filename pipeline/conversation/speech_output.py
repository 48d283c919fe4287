"""An answer on its way out: text to the screen, its spoken form to the TTS, an account of what was heard.

One plain loop carries it. ``play`` returns when the sound fits the speaker's ring: that one wait is both
back-pressure and look-ahead, so at most a ring's worth is synthesised that an interruption would waste.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING

import anyio

from config.errors import LlmError
from config.language.phrases import phrases
from config.runtime.clean import EMPTY, CleanText, clean
from pipeline.conversation.prefetch import Prefetch
from pipeline.conversation.turn import Turn
from pipeline.conversation.unheard import UnheardRemainder
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.events import Event, Notify, ReplyDelta, Speaking
from pipeline.llm.base import Delta, Opaque, ToolCall
from voice.audio.output.earcons import Cue, cue
from voice.audio.output.speaker import Played
from voice.audio.speech import Speech
from voice.tts.playback import spoken
from voice.tts.text.sentence_splitter import Sentences

if TYPE_CHECKING:
    from voice.tts.text.normalizer import Piece, Spoken


def _rest(sentences: Sentences, spoken: Spoken) -> list[Piece]:
    return [piece for chunk in sentences.flush() for piece in spoken.push(chunk)] + spoken.flush()


_PART = 1000
"""Letters that are worked on at once: of a book that comes in one piece little may be listened to."""


def _parts(text: CleanText) -> Iterator[CleanText]:
    for at in range(0, len(text) or 1, _PART):
        yield text[at : at + _PART]


CUT_OFF = frozenset({"length", "content_filter", "repeats", "leaks"})
"""Ends of an answer that are none of its own."""


async def text_as_deltas(text: str) -> AsyncIterator[Delta]:
    yield Delta(text)


class SpeechOutput:
    """Tells one answer. Without a voice it is shown only, and counts as heard when it was shown.

    A context manager: it takes the floor with its first sound, so that nobody else speaks until it is left.
    """

    def __init__(
        self,
        turn: Turn,
        voice: VoiceOutput | None,
        floor: anyio.Lock,
        notify: Notify,
        now: Callable[[], float],
    ) -> None:
        self._turn = turn
        self._voice = voice
        self._floor = floor
        self._has_floor = False
        self._notify: Callable[[Event], None] = notify
        self._now = now
        self._shown = EMPTY
        self._told: list[tuple[Piece, list[Speech] | None]] = []
        self._source: Prefetch | None = None
        self._asked_to_wait = False
        self.steered = False
        """It is no answer of its own: an earlier one again, or its rest."""
        self.reads = False
        """It is the text at the reading position."""
        self.calls: list[ToolCall] = []
        self.opaque: Opaque | None = None
        """What goes back to the LLM with its calls."""
        self.cut_off = ""
        """Set when the answer was stopped before its end: one of ``CUT_OFF``."""

    async def __aenter__(self) -> SpeechOutput:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._turn.sounding = False
        if self._voice and self._source:
            self._voice.tempo.wrote(*self._source.written)
        if self._has_floor:
            self._floor.release()

    @property
    def written(self) -> CleanText:
        """So far, as the model wrote it."""
        return self._shown

    @property
    def shown(self) -> CleanText:
        return self._shown.strip()

    async def tell(self, deltas: AsyncIterator[Delta], language: str = "en") -> None:
        """Raises what the LLM and the TTS raise; what was told so far stays in the account."""
        from voice.tts.text.normalizer import Spoken  # lazy: its patterns take a while to compile

        sentences, spoken = Sentences(), Spoken(language)
        self._source = deltas if isinstance(deltas, Prefetch) else None
        begun = False
        try:
            async for delta in deltas:
                if delta.call:
                    self.calls.append(delta.call)
                self.opaque = delta.opaque or self.opaque
                if delta.waits:
                    await self.ask_to_wait(language)
                if delta.finish:
                    self._turn.count(delta)
                if delta.finish in CUT_OFF:
                    self.cut_off = delta.finish
                text = self._apart(delta.text) if delta.text and not begun else delta.text
                begun = begun or bool(text)
                for part in _parts(text):
                    for chunk in self._show(part, sentences):
                        await self._say(spoken.push(chunk))
        except LlmError:
            await self._say(_rest(sentences, spoken))  # half a sentence is still told before the failure is
            raise
        await self._say(_rest(sentences, spoken))

    async def ask_to_wait(self, language: str, *, over: bool = False) -> None:
        """Once in an answer, and not after it has begun; ``over``: where nothing is being said."""
        if self._voice is None or self._asked_to_wait or (self._turn.sounded and not over):
            return
        self._asked_to_wait = True
        await self.remark(phrases(language).say("talking.one_moment"))

    async def remark(self, text: str) -> None:
        """An aside, unless something is being said. Who waits for the floor has it as soon as it is over, if
        nothing of the answer was told yet.
        """
        if self._voice is None or self._voice.speaker.speaking:
            return
        had_floor = self._has_floor
        await self.aside(text)
        if self._has_floor and not (had_floor or self._told):
            await self._voice.speaker.drain()
            self._floor.release()
            self._has_floor = self._turn.sounding = False

    async def sound(self, which: Cue) -> None:
        if self._voice is not None:
            await self._play(self._voice, cue(which, self._voice.tts.rate), "")

    async def go_on(self, words: str) -> None:
        """Say words that are in their spoken form already: the rest of a piece that was cut."""
        from voice.tts.text.normalizer import Piece

        if words:
            self._show(clean(f"{words} "), None)
            await self._say([Piece(f"{words} ", words)])

    async def aside(self, text: str, *, shown: bool = True) -> None:
        """Say something that is no part of the answer; ``shown``: on the screen as well."""
        if shown:
            apart = "\n" if self._shown and not self._shown.endswith("\n") else ""
            self._notify(ReplyDelta(at=self._now(), turn=self._turn.number, text=clean(f"{apart}{text}\n")))
        if self._voice is not None:
            await self._speak(self._voice, text, [], text if shown else "")

    def _apart(self, text: CleanText) -> CleanText:
        """From what was told before: most models end the words beside a call without a space."""
        runs_on = self._shown and not self._shown[-1].isspace() and not text[0].isspace()
        return clean(" ") + text if runs_on else text

    def _show(self, text: CleanText, sentences: Sentences | None) -> list[str]:
        if not text:
            return []
        self._turn.mark("first_token", self._now())
        self._shown += text
        self._turn.asks = self._shown[-_PART:].rstrip().endswith("?")
        self._turn.tell(ReplyDelta(at=self._now(), turn=self._turn.number, text=text), self._notify)
        if sentences is None:
            return []
        chunks = sentences.push(text)
        return chunks or ([] if self._told else sentences.hurry(self._covered))

    def _covered(self, clause: str) -> bool:
        """So short an answer's beginning may be spoken at once, since what follows comes in time."""
        return self._voice is not None and self._voice.tempo.covers(clause, self._voice.pace.first_s())

    async def _say(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if self._voice is None or not piece.said.strip():
                self._told.append((piece, None))
                continue
            rest: Piece | None = piece
            while rest:
                part, rest = self._voice.pace.cut(rest, self._left_s(self._voice))
                await self._say_part(self._voice, part)

    def _left_s(self, voice: VoiceOutput) -> float | None:
        """Seconds until what is being spoken has left; None: nothing is, so nothing runs out."""
        return voice.speaker.due() if self._has_floor and voice.speaker.speaking else None

    async def _say_part(self, voice: VoiceOutput, piece: Piece) -> None:
        self._turn.mark("first_clause", self._now())
        speeches: list[Speech] = []
        self._told.append((piece, speeches))
        await self._speak(voice, piece.said, speeches, piece.said)

    async def _speak(self, voice: VoiceOutput, text: str, speeches: list[Speech], announced: str) -> None:
        """``speeches`` gets each piece before it is played."""
        begun, ahead_s = self._now(), self._left_s(voice) or 0.0
        async with aclosing(spoken(voice.tts, text, ahead_s, speed=voice.speed)) as pieces:
            async for speech in pieces:
                if not speeches:
                    voice.pace.took(text, self._now() - begun, ahead_s)
                self._turn.mark("first_sound", self._now())
                speeches.append(speech)
                await self._play(voice, speech, "" if speeches[1:] else announced)

    async def _play(self, voice: VoiceOutput, speech: Speech, text: str) -> None:
        """When the turn is surely over and nobody else speaks."""
        await self._turn.opened()
        if not self._has_floor:
            await self._floor.acquire()
            self._has_floor = self._turn.sounding = True
        self._turn.sounded = True
        due = self._now() + voice.speaker.due()
        lead = speech.words[0].start / speech.audio.rate if speech.words else 0.0
        self._turn.mark("audible", due + lead)
        if text:
            self._notify(Speaking(at=due, turn=self._turn.number, text=clean(text)))
        await voice.speaker.play(speech)

    async def finish(self) -> CleanText:
        """Wait for the last word to leave the speaker; returns the whole text as it was shown."""
        await self._turn.opened()
        if self._voice is not None:
            await self._voice.speaker.drain()
        return self._shown.strip()

    def stop(self) -> tuple[CleanText, UnheardRemainder]:
        """Silence, now; what was heard (whole pieces as shown, the last word by word), and what was not."""
        if self._voice is None:
            return self.shown, UnheardRemainder(whole=self._whole)  # what is shown is heard
        played = {id(part.speech): part for part in self._voice.speaker.stop()} if self._has_floor else {}
        heard, words, number = self._what_was_heard(played)
        told = sum(len(piece.shown) for piece, _ in self._told)
        text = "".join(piece.shown for piece, _ in self._told[number:]) + self._shown[told:] + self._unread
        return clean(heard.strip()), UnheardRemainder(words, text, self._whole)

    @property
    def _whole(self) -> bool:
        return self._source is None or (self._source.complete and not self.cut_off)

    @property
    def _unread(self) -> str:
        return self._source.unread if self._source else ""

    def _what_was_heard(self, played: dict[int, Played]) -> tuple[str, str, int]:
        """What was heard; the words of its piece that were not; the number of the first piece after it."""
        heard = ""
        for number, (piece, speeches) in enumerate(self._told):
            parts = [played[id(speech)] for speech in speeches or () if id(speech) in played]
            if speeches is None or (parts and _whole(parts[-1])):
                heard += piece.shown
            elif not parts:
                return heard, "", number
            else:
                words = _words(parts)
                rest = piece.said.split()[len(words) :]
                return f"{heard.rstrip()} {' '.join(words)}", " ".join(rest), number + 1
        return heard, "", len(self._told)


def _words(parts: list[Played]) -> list[str]:
    """Those that were heard, of the pieces of a sentence."""
    words: list[str] = []
    for part in parts:
        words += part.speech.heard(part.samples).split()
        if part.samples < len(part.speech.audio.samples):
            break
    return words


def _whole(last: Played) -> bool:
    """It was the end of what was to be said, and was heard."""
    return not last.speech.more and last.samples >= len(last.speech.audio.samples)
