"""The options that commands share, and how they become settings."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer
from typer.core import TyperCommand

from config.errors import UsageError
from config.settings.renamed import FLAGS

if TYPE_CHECKING:
    from config.settings.loading import Configuration
    from config.settings.model import Settings

P = ParamSpec("P")

Microphone = Annotated[
    str | None,
    typer.Option(metavar="SOURCE", help="Device or index; an audio file; - for raw 16 kHz on stdin; none."),
]
Speaker = Annotated[
    str | None, typer.Option(metavar="SINK", help="Device name or index; a .wav path; - for stdout; none.")
]
Fast = Annotated[bool, typer.Option("--fast", help="A recording as fast as it can be worked on.")]
Images = Annotated[
    list[str] | None, typer.Option("--image", metavar="PATH", help="A picture to show; again and again.")
]
Files = Annotated[
    list[str] | None,
    typer.Option("--file", metavar="PATH", help="A document, a table or code to talk of; again and again."),
]
PageOption = Annotated[
    str | None, typer.Option("--page", metavar="N", help="Of a document: 3, 2-4, 5-, 1,3 or last.")
]
Clipboard = Annotated[bool, typer.Option("--clipboard", help="What was copied.")]
Screen = Annotated[
    str | None,
    typer.Option(
        "--screen", metavar="[WHAT]", help="The screen: its number; left,top,width,height; window[:TITLE]."
    ),
]
Camera = Annotated[
    str | None, typer.Option("--camera", metavar="[N]", help="A camera, or a video file in its place.")
]
Private = Annotated[
    bool, typer.Option("--allow-private-addresses", help="Fetch from this machine and its network too.")
]
LlmOption = Annotated[
    str | None,
    typer.Option(metavar="SPEC", help="skills; http://HOST:PORT/v1#MODEL; ollama:MODEL; openai:MODEL; ..."),
]
SttOption = Annotated[str | None, typer.Option(metavar="SPEC", help="whisper:NAME_OR_PATH; pocketsphinx.")]
TtsOption = Annotated[str | None, typer.Option(metavar="SPEC", help="piper:NAME_OR_PATH; espeak:VOICE.")]
VisionOption = Annotated[
    str | None, typer.Option(metavar="SPEC", help="rapidocr: no model is given a picture; auto.")
]
Language = Annotated[str | None, typer.Option(metavar="CODE", help="Language spoken: en, de, ...; auto.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Only what was asked for.")]
Plain = Annotated[
    bool, typer.Option("--plain", help="One plain line a turn, nothing drawn: for screen readers.")
]
Latency = Annotated[bool, typer.Option("--latency", help="After each turn, where its time went.")]
Offline = Annotated[bool, typer.Option("--offline", help="Nothing leaves this machine.")]
LogLevel = Annotated[
    str | None, typer.Option("--log-level", metavar="LEVEL", help="debug, info, warning or error.")
]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Another settings file.")]


class Looking(TyperCommand):
    """A command whose ``--camera`` and ``--screen`` may stand alone: the first of each is meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, with_values(args))


_VALUES = {
    "--camera": re.compile(r"\d+|.*\.(?:y4m|mp4|m4v|mkv|webm|mov|avi)", re.IGNORECASE),
    "--screen": re.compile(r"\d+|-?\d+,-?\d+,\d+,\d+|window(?::.*)?"),
}


def with_values(arguments: list[str]) -> list[str]:
    """Arguments in which each of these options has its value: ``--camera photo.jpg`` is two things."""
    out: list[str] = []
    for place, argument in enumerate(arguments):
        out.append(argument)
        if argument == "--":
            return out + arguments[place + 1 :]
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        if argument in _VALUES and not _VALUES[argument].fullmatch(following):
            out[-1] = f"{argument}="
    return out


def current(arguments: list[str]) -> list[str]:
    """The arguments as they are. Raises ``UsageError`` for an option that is called otherwise now."""
    for argument in arguments:
        if argument == "--":
            break
        if new := FLAGS.get(argument.partition("=")[0]):
            raise UsageError(
                f"{argument.partition('=')[0]} is called {new} now.", todo="See: aloud talk --help"
            )
    return arguments


Command = Callable[..., None]

_CONFIGURING = {
    "microphone": Microphone, "speaker": Speaker, "llm": LlmOption, "stt": SttOption, "tts": TtsOption,
    "vision": VisionOption, "language": Language, "plain": Plain, "latency": Latency, "offline": Offline,
    "log_level": LogLevel, "config": Config,
}  # fmt: skip
_SWITCHES = frozenset({"plain", "latency", "offline"})
_ORDER = (
    "microphone",
    "speaker",
    "",
    "llm",
    "stt",
    "tts",
    "vision",
    "language",
    "json",
    "quiet",
    "plain",
    "latency",
    "offline",
    "log_level",
    "config",
)
"""Of the options in a command's help; "" are its own."""


class Given:
    """What was given of the shared options of a command that is ``configured`` by them."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._senses = {"stt", "tts", "llm"} & set(given)
        self.config: Path | None = given.get("config")
        """``--config``: the settings file that is meant."""

    def configuration(self, more: Mapping[str, Any] | None = None) -> Configuration:
        """As ``configure`` has it."""
        return configure(more=more, **self._given)

    def settings(self, more: Mapping[str, Any] | None = None) -> Settings:
        """Looked at, all engines of it, by a command that works with one. Raises ``AloudError``."""
        configuration = self.configuration(more)
        if self._senses:
            from aloud.cli.validate import check_engines

            check_engines(configuration, self._senses)
        return configuration.settings


def configured(*names: str, **defaults: Any) -> Callable[[Callable[Concatenate[Given, P], None]], Command]:
    """A command that has these options, and those that all have, besides its own; it is given them as one.

    ``defaults``: options whose default is another than "not given".
    """

    def configured_command(command: Callable[Concatenate[Given, P], None]) -> Command:
        _, *own = inspect.signature(command, eval_str=True).parameters.values()
        shared = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=defaults.get(name, False if name in _SWITCHES else None),
                annotation=_CONFIGURING[name],
            )
            for name in (*names, *defaults, "offline", "log_level", "config")
        ]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            ours = {parameter.name: given.pop(parameter.name) for parameter in shared}
            command(Given(ours), **given)  # type: ignore[call-arg]  # typer gives what its signature asks for

        every = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + shared
        every.sort(key=lambda parameter: _ORDER.index(parameter.name if parameter.name in _ORDER else ""))
        run.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in every}
        return run

    return configured_command


def configure(
    config: Path | None = None,
    *,
    microphone: str | None = None,
    speaker: str | None = None,
    llm: str | None = None,
    stt: str | None = None,
    tts: str | None = None,
    vision: str | None = None,
    language: str | None = None,
    plain: bool = False,
    latency: bool = False,
    offline: bool = False,
    log_level: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> Configuration:
    """Flags over environment over file over defaults; logs are as it says. ``more``: settings by their paths;
    None is not given.

    Raises ``UsageError``.
    """
    from config.runtime import logs
    from config.settings.loading import SHORT_NAMES, load

    given: dict[str, Any] = {
        "microphone": microphone,
        "speaker": speaker,
        "llm": llm,
        "stt": stt,
        "tts": tts,
        "vision": vision,
        "language": language,
        "plain": "on" if plain else None,
        "latency": latency or None,
        "offline": offline or None,
        "log_level": log_level,
    }
    flags = {SHORT_NAMES[name]: value for name, value in given.items()}
    configuration = load(flags | dict(more or {}), file=config)
    logs.set_up(configuration.settings.log.level, json=configuration.settings.log.json_lines)
    return configuration
