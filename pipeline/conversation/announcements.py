"""What sounds between answers: timers that ring, short sounds, a word about what failed. One at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import anyio

from config.runtime.clean import CleanText, clean
from pipeline.conversation.turn import Turn
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.skills.ring.timer import Ring
from pipeline.skills.timers import Timers
from voice.audio.output.earcons import Cue, cue
from voice.tts.playback import play


class Announcer:
    """``floor``: who holds it may speak. ``tell_tool(turn, name, arguments, result)``: a timer has rung.

    ``thinking_s``: an answer that takes longer is announced by a soft sound; 0: no short sounds at all.
    """

    def __init__(
        self,
        voice: VoiceOutput | None,
        timers: Timers,
        floor: anyio.Lock,
        tell_tool: Callable[[int, CleanText, dict[str, Any], CleanText], None],
        thinking_s: float,
    ) -> None:
        self._voice = voice
        self._timers = timers
        self._floor = floor
        self._tell_tool = tell_tool
        self._thinking_s = thinking_s
        self._cues: deque[Cue] = deque(maxlen=2)
        self._cued = anyio.Event()
        self._rang = anyio.Event()
        self.ringing = False

    async def ring(self) -> None:
        """Ring each timer when it is due, after an answer under way. Runs until cancelled."""
        while True:
            timer = await self._timers.due()
            self.ringing = True
            async with self._floor:
                # Taken only now: who ends while an answer is under way leaves it to the next start.
                if ring := self._timers.ring(timer):
                    await self._announce(ring)
            self.ringing = False
            self._rang.set()
            self._rang = anyio.Event()

    async def _announce(self, ring: Ring) -> None:
        about: dict[str, Any] = {"label": ring.timer.label, "seconds": ring.timer.seconds}
        if ring.late_s:
            about["late_s"] = round(ring.late_s)
        # Imported when something rings: its tables must not delay listening.
        from pipeline.skills.timer_requests.answers import say_ring

        text = clean(say_ring(ring, ring.timer.language))
        self._tell_tool(-1, clean(ring.timer.kind), about, text)
        if self._voice is not None:
            await self._voice.ring(text)

    async def idle(self) -> None:
        """Until every timer has rung; those that are kept may be due later than this ends."""
        while self.ringing or self._timers.awaited():
            await self._rang.wait()

    async def say(self, text: str) -> None:
        """As soon as nobody speaks."""
        if self._voice is not None:
            async with self._floor:
                await play(self._voice.speaker, self._voice.tts, text, speed=self._voice.speed)
                await self._voice.speaker.drain()

    def cue(self, which: Cue) -> None:
        """A short sound, unless somebody speaks."""
        if self._thinking_s:
            self._cues.append(which)
            self._cued.set()

    async def cues(self) -> None:
        """Play each cue. Runs until cancelled."""
        while True:
            await self._cued.wait()
            self._cued = anyio.Event()
            while self._cues and self._voice is not None:
                which = self._cues.popleft()
                if not self._voice.speaker.speaking:
                    await self._voice.speaker.play(cue(which, self._voice.tts.rate))

    async def think_aloud(self, turn: Turn) -> None:
        """While nothing is heard of an answer, a soft sound now and then: it is being worked on."""
        while self._thinking_s:
            await anyio.sleep(self._thinking_s)
            if turn.done or turn.sounded or turn.interrupted:
                return
            self.cue("thinking")
