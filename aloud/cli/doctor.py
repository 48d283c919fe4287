"""``aloud doctor``: sense by sense, which rung is used and why, and the one command that would improve it."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import available_timezones

from aloud.cli.machine.cpu_contention import crowded
from aloud.cli.machine.draft_cost import examine_drafts
from aloud.cli.terminal.columns import paragraph, width_of
from aloud.cli.terminal.plain import why_plain
from config.errors import AloudError
from config.runtime.clock import in_thread
from config.runtime.installation import added_line, again_line, system_line, typed_here
from config.settings.model import Configuration, Settings
from config.settings.paths import config_file, models_dir
from pipeline.session.duplex import cancels_echo, is_device, is_loudspeaker
from pipeline.session.engines import (
    Rung,
    Sense,
    better,
    choose_ears,
    choose_mind,
    choose_mouth,
    eyes_rung,
    missing_packages,
)
from pipeline.session.fallback import unspared
from pipeline.session.run import run_async
from pipeline.skills.timers import Timers
from voice.audio.devices.portaudio import Device, microphones, speakers, why_none
from voice.audio.echo.canceller import has_canceller
from voice.stt.base import Stt
from voice.tts.base import Tts

_DISTRIBUTIONS = {"piper": "piper-tts", "zxingcpp": "zxing-cpp"}
"""Where a package is installed under another name than it is imported by."""


def _device_rungs(settings: Settings) -> list[Rung]:
    rungs = []
    edges: list[tuple[Sense, list[Device], str]] = [
        ("microphone", microphones(), settings.microphone.source),
        ("speaker", speakers(), settings.speaker.sink),
    ]
    for sense, devices, chosen in edges:
        default = next((device for device in devices if device.is_default), devices[0] if devices else None)
        if chosen != "auto":
            rungs.append(Rung(sense, chosen, "chosen"))
        elif default:
            others = f", {len(devices) - 1} more here" if len(devices) > 1 else ""
            rungs.append(Rung(sense, default.name, f"the default of this machine{others}"))
        else:
            improve = system_line("libportaudio2") if "PortAudio" in why_none() else ""
            rungs.append(Rung(sense, "none", why_none() or "there is none", improve))
    return rungs


async def examine_senses(settings: Settings) -> list[Rung]:
    """Choose each rung as ``talk`` would, and load it: what is listed here has really worked just now."""
    rungs = _device_rungs(settings)
    busy = await in_thread(crowded, settings)  # before the engines take the cores, and measure anything
    choices: list[tuple[Sense, Callable[[Settings], tuple[Stt | Tts, Rung]]]] = [
        ("ears", _load_ears),
        ("mouth", _load_mouth),
    ]
    for sense, load in choices:
        try:
            engine, rung = await in_thread(load, settings)
            rungs.append(rung)
            if sense == "ears" and (drafts := await in_thread(_drafts, settings, engine, busy is not None)):
                rungs.append(drafts)
        except AloudError as error:
            rungs.append(Rung(sense, "fails", error.failed, error.todo))
    try:
        mind, rung = await choose_mind(settings, Timers())
        rungs += [rung, eyes_rung(mind)]
        await mind.aclose()
    except AloudError as error:
        rungs.append(Rung("mind", "fails", error.failed, error.todo))
    return [*rungs, busy] if busy else rungs


def _load_ears(settings: Settings) -> tuple[Stt, Rung]:
    """The engine itself: that a spare one does its work is no health."""
    stt, rung = choose_ears(settings)
    unspared(stt).warm(settings.ears.language)
    return stt, rung


def _load_mouth(settings: Settings) -> tuple[Tts, Rung]:
    """As ``_load_ears``."""
    tts, rung = choose_mouth(settings)
    unspared(tts).warm()
    return tts, rung


def _drafts(settings: Settings, ears: Stt, busy: bool) -> Rung | None:
    return examine_drafts(settings, unspared(ears), busy=busy)


def interruption(rungs: Sequence[Rung], settings: Settings) -> str:
    """How the assistant can be interrupted here, in one sentence."""
    echoes = is_loudspeaker(settings.speaker.sink) and is_device(settings.microphone.source)
    if settings.interrupt.enabled == "off":
        return "It listens again when it has finished speaking: interrupt.enabled is off."
    if cancels_echo(settings, echoes):
        return "You can interrupt at any time: its own voice is taken out of what the microphone hears."
    if not echoes:
        return "You can interrupt at any time."
    if settings.interrupt.enabled == "on":
        return "You can interrupt at any time; wear headphones, or it may hear itself."
    why = "echo.enabled is off" if has_canceller() else "the package pywebrtc-audio is missing"
    return typed_here(
        f"Over a loudspeaker it listens again when it has finished speaking: {why}. "
        "With headphones you can interrupt: aloud config set interrupt.enabled on"
    )


_SENSE = "{:<10}  "


def _told(rungs: Sequence[Rung], settings: Settings) -> Iterator[tuple[str, str]]:
    """(what, a sentence) a line."""
    for rung in rungs:
        yield rung.sense, f"{rung.name}: {rung.why.rstrip('.')}."
        if rung.improve:
            yield "", better(rung.improve)
    why = why_plain(sys.stdout)
    if settings.show.plain != "auto":
        yield "view", f"show.plain is {settings.show.plain}."
    elif why:
        yield "view", f"plain lines: {why}."
    if not any(rung.sense == "microphone" and rung.name == "none" for rung in rungs):
        yield "interrupt", interruption(rungs, settings)
    if missing := [_DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in missing_packages()]:
        yield "missing", f"{', '.join(missing)}. To bring them back: {again_line(*missing)}"
    if not available_timezones():
        yield "missing", f"Time zone data, for the time elsewhere. To add it: {added_line('tzdata')}"
    yield "settings", str(config_file())
    yield "models", str(models_dir())
    where = next((rung.why for rung in rungs if rung.sense == "mind"), "")
    yield "leaves", "What leaves this machine: " + (where if "sent there" in where else "nothing.")


def examine(configuration: Configuration, *, json: bool) -> None:
    settings = configuration.settings
    rungs = run_async(lambda: examine_senses(settings))
    if json:
        for rung in rungs:
            fields = {"sense": rung.sense, "name": rung.name, "why": rung.why}
            fields["improve"] = typed_here(rung.improve)
            print(json_module.dumps(fields, ensure_ascii=False))
        return
    width = width_of(settings, sys.stdout)
    for line in _told(rungs, settings):
        print("\n".join(paragraph(line[1], width, len(_SENSE.format("")), _SENSE.format(line[0]))))
