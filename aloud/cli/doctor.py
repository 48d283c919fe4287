"""``aloud doctor``: sense by sense, which rung is used and why, and the one command that would improve it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import available_timezones

from aloud.cli.machine.cpu_contention import crowded
from aloud.cli.machine.preflight_cost import examine_preflights
from aloud.cli.terminal.columns import paragraph, width_of
from aloud.cli.terminal.plain import why_plain
from config.errors import AloudError, LlmError
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from config.runtime.installation import added_line, again_line, system_line, typed_here
from config.runtime.printing import print_json, print_text
from config.runtime.secrets import masked
from config.settings.loading import Configuration
from config.settings.mcp import usable
from config.settings.model import Settings, SttSettings
from config.settings.paths import config_file, models_dir
from pipeline.llm.base import Llm, Loads
from pipeline.llm.bridges.base import innermost
from pipeline.session.duplex import cancels_echo, is_device, is_loudspeaker
from pipeline.session.engines import (
    EngineChoice,
    Sense,
    better,
    capabilities_of,
    choose_llm,
    choose_stt,
    choose_tts,
    missing_packages,
    plugin_choices,
    vision_choice,
)
from pipeline.session.fallback import engine_in_use
from pipeline.session.run import run_async
from voice.audio.devices.portaudio import Device, microphones, speakers, why_none
from voice.audio.echo.canceller import has_canceller
from voice.stt.base import Stt
from voice.tts.base import Tts

_DISTRIBUTIONS = {"piper": "piper-tts", "zxingcpp": "zxing-cpp"}
"""Where a package is installed under another name than it is imported by."""


def _device_choices(settings: Settings) -> list[EngineChoice]:
    choices = []
    edges: list[tuple[Sense, list[Device], str]] = [
        ("microphone", microphones(), settings.microphone.source),
        ("speaker", speakers(), settings.speaker.sink),
    ]
    for sense, devices, chosen in edges:
        default = next((device for device in devices if device.is_default), devices[0] if devices else None)
        if chosen != "auto":
            choices.append(EngineChoice(sense, masked(chosen), "chosen"))
        elif default:
            others = f", {len(devices) - 1} more here" if len(devices) > 1 else ""
            choices.append(EngineChoice(sense, default.name, f"the default of this machine{others}"))
        else:
            improve = system_line("libportaudio2") if "PortAudio" in why_none() else ""
            choices.append(EngineChoice(sense, "none", why_none() or "there is none", improve))
    return choices


async def examine_senses(settings: Settings) -> list[EngineChoice]:
    """Choose each rung as ``talk`` would, and load it: what is listed here has really worked just now."""
    choices = _device_choices(settings)
    busy = await in_thread(crowded, settings.stt)  # before the engines take the cores, and measure anything
    choosers: list[tuple[Sense, Callable[[Settings], tuple[Stt | Tts, EngineChoice]]]] = [
        ("stt", _load_stt),
        ("tts", _load_tts),
    ]
    for sense, load in choosers:
        try:
            engine, choice = await in_thread(load, settings)
            choices.append(choice)
            if sense == "stt" and (
                preflights := await in_thread(_preflights, settings.stt, engine, busy is not None)
            ):
                choices.append(preflights)
        except AloudError as error:
            choices.append(EngineChoice(sense, "fails", error.failed, error.todo))
    try:
        llm, choice = await _load_llm(settings)
        choices += [choice, *([capabilities_of(llm)] if llm else ())]
        choices.append(vision_choice(llm, settings.vision.engine))
        if llm:
            await llm.aclose()
    except AloudError as error:
        choices.append(EngineChoice("llm", "fails", error.failed, error.todo))
    choices += await in_thread(plugin_choices)
    choices += await _servers(settings)
    return [*choices, busy] if busy else choices


async def _servers(settings: Settings) -> list[EngineChoice]:
    """Each MCP server of the settings, opened just now."""
    if not settings.mcp:
        return []
    from aloud.cli.mcp.listing import examined

    return await examined(settings)


def _load_stt(settings: Settings) -> tuple[Stt, EngineChoice]:
    """The engine itself: that a spare one does its work is no health."""
    stt, choice = choose_stt(settings.stt)
    engine_in_use(stt).warm(settings.stt.language)
    return stt, choice


def _load_tts(settings: Settings) -> tuple[Tts, EngineChoice]:
    """As ``_load_stt``."""
    tts, choice = choose_tts(settings)
    engine_in_use(tts).warm()
    return tts, choice


async def _load_llm(settings: Settings) -> tuple[Llm | None, EngineChoice]:
    """One in this program; a server is only asked what it has."""
    llm, choice = await choose_llm(settings)
    if llm and isinstance(model := innermost(llm), Loads):
        try:
            await model.load()
        except LlmError:
            await llm.aclose()
            raise
    return llm, choice


def _preflights(settings: SttSettings, stt: Stt, busy: bool) -> EngineChoice | None:
    return examine_preflights(settings, engine_in_use(stt), busy=busy)


def interruption(choices: Sequence[EngineChoice], settings: Settings) -> str:
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
_SENT = re.compile(r"\bon (\S+): (what you say.* is sent) there")
_WHERE_SILENT = ", where the first does not answer"


def _told(choices: Sequence[EngineChoice], settings: Settings) -> Iterator[tuple[str, str]]:
    """(what, a sentence) a line."""
    for choice in choices:
        yield choice.sense, f"{choice.name}: {choice.why.rstrip('.')}."
        if choice.improve:
            yield "", better(choice.improve)
    why = why_plain(sys.stdout)
    if settings.show.plain != "auto":
        yield "view", f"show.plain is {settings.show.plain}."
    elif why:
        yield "view", f"plain lines: {why}."
    if not any(choice.sense == "microphone" and choice.name == "none" for choice in choices):
        yield "interrupt", interruption(choices, settings)
    if missing := [_DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in missing_packages()]:
        yield "missing", f"{', '.join(missing)}. To bring them back: {again_line(*missing)}"
    if not available_timezones():
        yield "missing", f"Time zone data, for the time elsewhere. To add it: {added_line('tzdata')}"
    yield "settings", str(config_file())
    yield "models", str(models_dir())
    told = next((choice.why for choice in choices if choice.sense == "llm"), "")
    yield "leaves", f"What leaves this machine: {leaves(told)}."
    if hosts := [each.host for each in usable(settings.mcp, offline=settings.offline) if each.is_elsewhere]:
        yield "", f"What a tool is asked with goes to its server: {', '.join(dict.fromkeys(hosts))}."


def leaves(told: str) -> str:
    """Of what is told of the models: what goes to which other host, and when."""
    sent = [
        f"{match[2]} to {match[1]}{_WHERE_SILENT if part.startswith('where ') else ''}"
        for part in told.split("; ")
        if (match := _SENT.search(part))
    ]
    return "; ".join(sent) or "nothing"


def examine(configuration: Configuration, *, json: bool) -> None:
    settings = configuration.settings
    choices = run_async(lambda: examine_senses(settings))
    if json:
        for choice in choices:
            fields: dict[str, str] = {"sense": choice.sense, "name": choice.name, "why": choice.why}
            fields["improve"] = typed_here(choice.improve)
            print_json(fields)
        return
    width = width_of(settings.show, sys.stdout)
    for line in _told(choices, settings):
        indent, first = len(_SENSE.format("")), _SENSE.format(line[0])
        print_text(clean("\n".join(paragraph(line[1], width, indent, first))))
