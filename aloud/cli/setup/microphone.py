"""The microphone tried: how loud the room is, how loud a sentence, whether it was cut off, what was heard."""

from __future__ import annotations

from functools import partial

from aloud.cli.machine.sound_level import RoomLevel, SpeechLevel, room_level, speech_level
from aloud.cli.machine.sound_test import QUIET_S, record_quiet, record_sentence
from aloud.cli.setup.bars import level_bar, level_scale
from aloud.cli.setup.dialogue import Dialogue
from aloud.cli.setup.options import SENTENCE
from config.errors import AloudError
from config.settings.model import Settings
from pipeline.session.engines import choose_stt
from pipeline.session.run import run_async
from voice.audio.devices.portaudio import Device
from voice.audio.samples import HEARING_RATE, Audio, Samples
from voice.stt.base import hear
from voice.stt.context import Conversation

_LOUD_ROOM_DBFS = -45.0
_CLOSE_DB = 15.0
"""A voice that is less above the room is misheard."""
_FAINT_DBFS = -45.0
_CUT = 1e-4
_TRIES = 3


class MicrophoneStep:
    def __init__(self, settings: Settings, device: Device, language: str, dialogue: Dialogue) -> None:
        self._settings = settings
        self._device = device
        self._language = language
        self._dialogue = dialogue
        self.room: RoomLevel | None = None
        self.speech: SpeechLevel | None = None
        self._heard = ""

    def run(self) -> None:
        """What fails is told, and the rest goes on."""
        say = self._dialogue.say
        try:
            say(
                f"Microphone: {self._device.name}, {self._device.rate / 1000:g} kHz. "
                "Quiet, please, for a second."
            )
            self.room = room_level(run_async(partial(record_quiet, self._settings.microphone, QUIET_S)))
            if self.room.dead:
                say("Not a sound arrives, not even noise: is the microphone muted?")
            if self._dialogue.asks:
                self._ask_sentence(self.room)
        except AloudError as error:
            say(str(error))
            self._dialogue.step("microphone", device=self._device.name, works=False, why=error.failed)
            return
        self._tell(self.room)

    def _ask_sentence(self, room: RoomLevel) -> None:
        """Again while nothing was heard, or something is to be mended."""
        for _ in range(_TRIES):
            prompt = "Press Enter and, after “Now”, say a sentence as you would to me (s: leave it out)."
            if not self._dialogue.agree(SENTENCE, prompt, no="s"):
                return
            samples, voice = run_async(
                partial(record_sentence, self._settings.microphone, self._dialogue.now)
            )
            self.speech = speech_level(samples, room) if voice else None
            if self.speech is None:
                self._dialogue.say(
                    "No voice was heard in 12 seconds." if not voice else "That was too quiet."
                )
                continue
            self._heard = self._words(samples)
            return

    def _words(self, samples: Samples) -> str:
        stt, _ = choose_stt(self._settings.stt)
        stt.warm(self._settings.stt.language)
        return hear(stt, Audio(samples, HEARING_RATE), Conversation(asked=self._language)).text

    def _tell(self, room: RoomLevel) -> None:
        lines = [level_scale(), level_bar("room", room.noise_dbfs)]
        if self.speech:
            lines += [
                level_bar("your voice", self.speech.speech_dbfs),
                level_bar("its peaks", self.speech.peak_dbfs),
            ]
        if self.speech or not room.dead:
            self._dialogue.draw(lines, in_words(room, self.speech))
        if self.speech:
            self._dialogue.say(
                f"Heard: “{self._heard}”" if self._heard else "It was heard, and no words in it."
            )
        for advice in what_follows(room, self.speech):
            self._dialogue.say(advice)
        speech = self.speech
        self._dialogue.step(
            "microphone",
            device=self._device.name,
            rate=self._device.rate,
            works=speech is not None or not room.dead,
            noise_dbfs=round(room.noise_dbfs, 1),
            speech_dbfs=round(speech.speech_dbfs, 1) if speech else None,
            peak_dbfs=round(speech.peak_dbfs, 1) if speech else None,
            clipped=round(speech.clipped, 5) if speech else None,
            heard=self._heard or None,
        )


def in_words(room: RoomLevel, speech: SpeechLevel | None) -> str:
    told = "The room: not a sound." if room.dead else f"The room: {room.noise_dbfs:.0f} dBFS."
    if speech is None:
        return told
    return f"{told} Your voice: {speech.speech_dbfs:.0f} dBFS. Its peaks: {speech.peak_dbfs:.0f} dBFS."


def what_follows(room: RoomLevel, speech: SpeechLevel | None) -> list[str]:
    """A sentence for each thing to be mended; one that all is well where nothing is."""
    if room.dead and speech is None:
        return []
    told = []
    if room.noise_dbfs > _LOUD_ROOM_DBFS:
        told.append("The room is loud for this microphone: a headset would hear you better.")
    if speech is None:
        return told or ["The room is quiet enough."]
    if speech.clipped > _CUT:
        told.append("Your voice was cut off at its loudest: turn the microphone down, or go further away.")
    if speech.speech_dbfs - room.noise_dbfs < _CLOSE_DB:
        told.append("Your voice is hardly above the room: go nearer to the microphone.")
    elif speech.speech_dbfs < _FAINT_DBFS:
        told.append("Your voice is faint: turn the microphone up in the settings of your system.")
    above = f", {speech.speech_dbfs - room.noise_dbfs:.0f} dB above the room"
    return told or [f"You are well heard{'' if room.dead else above}, and nothing was cut off."]
