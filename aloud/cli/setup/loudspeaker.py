"""The loudspeaker tried: a sweep is played, and how loud and how late the microphone hears it is drawn."""

from __future__ import annotations

from functools import partial

from aloud.cli.machine.echo_path import EchoPath
from aloud.cli.machine.sound_level import RoomLevel, SpeechLevel
from aloud.cli.machine.sound_test import EchoMeasured, measure_echo, play_sweep
from aloud.cli.setup.bars import level_bar, level_scale, response_line, time_scale
from aloud.cli.setup.dialogue import Dialogue
from aloud.cli.setup.options import SWEEP
from config.errors import AloudError
from config.settings.model import Settings
from pipeline.session.duplex import cancels_echo, full_duplex
from pipeline.session.run import run_async
from voice.audio.devices.portaudio import Device

_LONGEST_S = 0.55
"""Of the delay with what the loudspeaker's driver holds: so far the echo canceller reaches."""
_TRIES = 3
_TOO_LOUD_DB = 6.0
"""An echo so much louder than the person hides them, whatever is taken out of it."""


class LoudspeakerStep:
    """``hears``: there is a microphone, whose room and voice were measured, as far as known."""

    def __init__(
        self,
        settings: Settings,
        device: Device,
        dialogue: Dialogue,
        *,
        hears: bool,
        room: RoomLevel | None,
        speech: SpeechLevel | None,
    ) -> None:
        self._settings = settings
        self._device = device
        self._dialogue = dialogue
        self._hears = hears
        self._room = room
        self._speech = speech

    def run(self) -> None:
        """What fails is told, and the rest goes on."""
        self._dialogue.head("The echo")
        self._dialogue.say(f"Loudspeaker: {self._device.name}, {self._device.rate / 1000:g} kHz.")
        prompt = (
            "A rising tone of a second and a half, as loud as the voice. Enter: play it; s: leave it out."
        )
        if not self._dialogue.agree(SWEEP, prompt, no="s"):
            return
        try:
            if self._hears:
                self._tell(self._measured())
            else:
                run_async(partial(play_sweep, self._settings.speaker))
                self._dialogue.step("speaker", device=self._device.name, rate=self._device.rate, works=True)
        except AloudError as error:
            self._dialogue.say(str(error))
            self._dialogue.step("speaker", device=self._device.name, works=False, why=error.failed)

    def _measured(self) -> EchoMeasured:
        """Again where something of it was lost, as beside busy programs."""
        if not self._dialogue.asks:
            self._dialogue.say("A rising tone is played.")
        for _ in range(_TRIES):
            measured = run_async(partial(measure_echo, self._settings.microphone, self._settings.speaker))
            if measured.path is None or measured.path.whole:
                break
            self._dialogue.say("Something of it was lost on the way: once more.")
        return measured

    def _tell(self, measured: EchoMeasured) -> None:
        path = measured.path
        if path:
            self._dialogue.draw(
                _drawn(path, self._room, self._speech),
                f"The echo of the voice: {path.level_dbfs:.0f} dBFS." if self._speech else "",
            )
        self._dialogue.say(what_follows(measured, self._speech, self._settings))
        self._dialogue.step(
            "speaker",
            device=self._device.name,
            rate=self._device.rate,
            works=True,
            heard=path is not None,
            echo_dbfs=round(path.level_dbfs, 1) if path else None,
            gain_db=round(path.gain_db, 1) if path else None,
            delay_s=round(path.delay_s, 3) if path else None,
            below_voice_db=round(self._speech.speech_dbfs - path.level_dbfs, 1)
            if path and self._speech
            else None,
            output_latency_s=round(measured.claimed_s, 3),
            interrupts=full_duplex(self._settings, True),
        )


def _drawn(path: EchoPath, room: RoomLevel | None, speech: SpeechLevel | None) -> list[str]:
    lines = [level_scale()]
    lines += [level_bar("room", room.noise_dbfs)] if room else []
    lines += [level_bar("your voice", speech.speech_dbfs)] if speech else []
    lines += [level_bar("its echo", path.level_dbfs)]
    lines += [f"  {'after':<12} {response_line(path.response_db)}", f"  {'':<12} {time_scale()}"]
    return lines


def what_follows(measured: EchoMeasured, speech: SpeechLevel | None, settings: Settings) -> str:
    path = measured.path
    if path is None:
        return (
            "The microphone did not hear it: you wear headphones, and can interrupt at any time; or the "
            "loudspeaker is off or turned down."
        )
    after = f"after {path.delay_s * 1000:.0f} ms"
    heard = f"Your loudspeaker is heard at {path.level_dbfs:.0f} dBFS {after}"
    louder = 0.0
    if speech:
        louder = path.level_dbfs - speech.speech_dbfs
        where = f"{-louder:.0f} dB below" if louder <= 0 else f"{louder:.0f} dB above"
        heard = f"Your loudspeaker is heard {where} your voice {after}"
    if not cancels_echo(settings, True):
        duplex = full_duplex(settings, True)
        then = (
            "wear headphones, or it hears itself"
            if duplex
            else "it listens again when it has finished speaking"
        )
        return f"{heard}, and echo cancelling is off: {then}."
    if path.delay_s + measured.claimed_s > _LONGEST_S:
        return f"{heard}, which is longer than echo cancelling reaches: wear headphones to interrupt."
    if louder > _TOO_LOUD_DB:
        return f"{heard}: turn the loudspeaker down by {louder:.0f} dB, or wear headphones, to interrupt."
    return f"{heard}: interrupting works without headphones."
