"""The voice of a surface: an engine that speaks, and where its sound goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.conversation.speech_pace import Pace, Tempo
from voice.audio.output.earcons import chime
from voice.audio.output.speaker import Speaker
from voice.tts.base import Tts
from voice.tts.playback import play


@dataclass(slots=True)
class VoiceOutput:
    """The voice of a conversation: an engine that speaks, how quickly, and where the sound goes."""

    tts: Tts
    speaker: Speaker
    pace: Pace = field(default_factory=Pace)
    tempo: Tempo = field(default_factory=Tempo)
    speed: float = 1.0
    """A factor; a change is heard from the next sentence on."""

    async def ring(self, announcement: str) -> None:
        """A chime, and what it is for."""
        await self.speaker.play(chime(self.tts.rate))
        await play(self.speaker, self.tts, announcement, speed=self.speed)
        await self.speaker.drain()
