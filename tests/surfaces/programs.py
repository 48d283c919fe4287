"""What uses a sound card in the tests. PortAudio looks for devices once a process, so each runs in a process
of its own. ``python programs.py NAME ARGUMENT...`` runs one and prints what it found, a JSON object a line.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from typing import Any

import anyio
import numpy as np

from config.errors import DeviceError
from config.runtime.clock import Timeline
from config.settings.model import MicrophoneSettings, SpeakerSettings
from voice.audio.devices.portaudio import find, has_microphone, has_speaker, microphones, speakers, why_none
from voice.audio.input.microphone import microphone
from voice.audio.output.speaker import speaker
from voice.audio.samples import Audio, Samples
from voice.audio.speech import Speech


def melody(seconds: float, rate: int) -> Samples:
    """A rising tone, 200 to 3000 Hz, at full level from its first sample to its last."""
    time = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * (200 * time + 1400 / seconds * time**2))).astype(np.float32)


def speech(seconds: float) -> Speech:
    return Speech("", Audio(melody(seconds, 22_050), 22_050), ())


def tell(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


async def hear(source: str, path: str) -> None:
    """Until standard input ends: what the microphone hears, into ``path``."""
    heard: list[Samples] = []
    timeline = Timeline()

    async def listen() -> None:
        async with microphone(MicrophoneSettings(source=source), timeline, print) as frames:
            began = anyio.current_time()
            tell(ready=True, now=timeline.now())
            async for frame in frames:
                heard.append(frame.samples)
                lateness.append(anyio.current_time() - began - timeline.now())

    lateness: list[float] = []
    async with anyio.create_task_group() as group:
        group.start_soon(listen)
        await anyio.to_thread.run_sync(sys.stdin.read)
        group.cancel_scope.cancel()
    np.save(path, np.concatenate(heard))
    tell(lateness=lateness)


async def speak(sink: str, stop_after_s: str = "") -> None:
    async with speaker(SpeakerSettings(sink=sink)) as out:
        await anyio.sleep(0.3)
        said = speech(1.2)
        due = time.monotonic() + out.due()
        tell(speaking=out.speaking, echoes=out.echoes)
        await out.play(said)
        if stop_after_s:
            await anyio.sleep(float(stop_after_s))
            (part,) = out.stop()
        else:
            (part,) = await out.drain()
        ended, speaking, samples = time.monotonic(), out.speaking, part.samples
        await out.drain()
        tell(due=due, ended=ended, samples=samples, speaking=speaking, underruns=out.underruns)


async def overflow() -> None:
    """A reader that stalls for longer than the queue holds."""
    lost: list[float] = []
    timeline = Timeline()
    async with microphone(MicrophoneSettings(source="vmic", queue_s=0.3), timeline, lost.append) as frames:
        began = anyio.current_time()
        await anyio.sleep(1.0)
        async for _ in frames:
            tell(lost=sum(lost), stalled=anyio.current_time() - began, late=timeline.now())
            return


def tell_change(sense: Any, name: str, came: bool) -> None:
    tell(sense=sense, name=name, came=came, at=time.monotonic())


async def stall() -> None:
    """Hear until nothing comes any more, and again when it does."""
    async with microphone(MicrophoneSettings(source="vmic"), Timeline(), print, tell_change) as frames:
        tell(ready=True)
        async for _ in frames:
            pass


async def refused() -> None:
    """Hear; and try again and again to speak to a speaker that is not there."""
    async with microphone(MicrophoneSettings(source="vmic"), Timeline(), print) as frames:
        tries = 0
        async for _ in frames:
            began = time.monotonic()
            try:
                async with speaker(SpeakerSettings(sink="vspk")):
                    tell(failed="")
            except DeviceError as error:
                tell(failed=error.failed, took=time.monotonic() - began)
            tries += 1
            if tries == 10:
                return


async def outlive() -> None:
    """Hear and speak while the sound server dies and comes back; tells what went and came."""

    async def listen() -> None:
        async with microphone(MicrophoneSettings(source="vmic"), Timeline(), print, tell_change) as frames:
            async for _ in frames:
                heard.set()

    async def say() -> None:
        await heard.wait()
        async with speaker(SpeakerSettings(sink="vspk"), tell_change) as out:
            await anyio.sleep(0.3)
            tell(ready=True)
            said = speech(3)
            await out.play(said)
            (part,) = await out.drain()
            tell(sense="speech", heard=part.samples, all=len(said.audio.samples), at=time.monotonic())
            group.cancel_scope.cancel()

    heard = anyio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(listen)
        group.start_soon(say)


async def deafened() -> None:
    """Speak, while the microphone falls silent and comes back."""
    heard = anyio.Event()

    async def listen() -> None:
        async with microphone(MicrophoneSettings(source="vmic"), Timeline(), print, tell_change) as frames:
            async for _ in frames:
                heard.set()

    async with anyio.create_task_group() as group:
        group.start_soon(listen)
        await heard.wait()
        async with speaker(SpeakerSettings(sink="vspk"), tell_change) as out:
            await anyio.sleep(0.3)
            tell(ready=True)
            began, said = time.monotonic(), speech(4)
            await out.play(said)
            (part,) = await out.drain()
            tell(
                sense="speech", heard=part.samples, all=len(said.audio.samples), took=time.monotonic() - began
            )
            await anyio.to_thread.run_sync(sys.stdin.readline)
            group.cancel_scope.cancel()


def refusal(kind: Any, name: str) -> str:
    try:
        return find(kind, name).name
    except DeviceError as error:
        return str(error)


async def names() -> None:
    here = microphones()
    tell(
        microphones=[device.name for device in here],
        default=[device.name for device in speakers() if device.is_default],
        by_part=refusal("microphone", "VMI"),
        by_index=refusal("speaker", str(here[0].index)),
        unknown=refusal("microphone", "Røde"),
        ambiguous=refusal("speaker", "v"),
        why_none=why_none(),
    )


async def nothing(portaudio: str) -> None:
    if portaudio == "without":
        import ctypes.util

        ctypes.util.find_library = lambda name: None
    try:
        async with microphone(MicrophoneSettings(), Timeline(), print):
            said = ""
    except DeviceError as error:
        said = str(error)
    try:
        async with speaker(SpeakerSettings()):
            pass
    except DeviceError as error:
        said += " " + str(error)
    tell(here=[has_microphone(), has_speaker()], said=said, why_none=why_none())


if __name__ == "__main__":
    warnings.simplefilter("error")
    anyio.run(globals()[sys.argv[1]], *sys.argv[2:])
