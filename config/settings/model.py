"""Every knob, one typed model a stage; and where each value came from.

Flag over environment over file over default. A setting ``silence_ms`` of the stage ``listen`` is
``[listen] silence_ms`` in the TOML file and ``ALOUD_LISTEN__SILENCE_MS`` in the environment; the choice of
an engine has a short name too (``ALOUD_LLM``, ``ALOUD_STT``, ``ALOUD_TTS``, ``ALOUD_MICROPHONE``,
``ALOUD_SPEAKER``, ``ALOUD_LANGUAGE``, ``ALOUD_OFFLINE``).
"""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from config.errors import UsageError
from config.files.whole_file import read_bounded
from config.language.close_matches import either, perhaps
from config.runtime.secrets import may_be_key
from config.settings.key_address import is_of_another
from config.settings.paths import config_file
from config.settings.renamed import new_name, renamed


class SettingsGroup(BaseModel):
    # An index of a device is a number in TOML and a word everywhere else.
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    def replaced(self, **values: object) -> Self:
        """The same, but for these. Raises ``AttributeError`` for a setting that there is not."""
        for name in values:
            getattr(self, name)
        return self.model_copy(update=values)


class MicrophoneSettings(SettingsGroup):
    source: str = "auto"
    """Device name or index, an audio file, ``-`` for 16 kHz signed 16-bit mono on standard input."""
    queue_s: float = Field(10.0, gt=0, le=60)
    """Seconds of sound kept while something is slow; beyond it the oldest is dropped and reported."""


class ListenSettings(SettingsGroup):
    """End-pointing. Probabilities are Silero's; times follow the table in docs/architecture.md."""

    start: float = Field(0.5, ge=0, le=1)
    leave: float = Field(0.35, ge=0, le=1)
    start_ms: int = Field(200, ge=32)
    before_ms: int = Field(500, ge=0)
    preflight_ms: int = Field(32, ge=32)
    silence_ms: int = Field(600, ge=96)
    adaptive: bool = True
    """A finished sentence is waited for less than ``silence_ms``, an unfinished one more."""
    longest_s: float = Field(60.0, gt=0, le=3600)


class SttSettings(SettingsGroup):
    engine: str = "auto"
    language: str = "auto"
    hotwords: str = ""
    threads: int = Field(0, ge=0, le=256)
    """0: one less than the machine has, at least one."""


class TtsSettings(SettingsGroup):
    engine: str = "auto"
    speed: float = Field(1.0, ge=0.3, le=3.0)


class SpeakerSettings(SettingsGroup):
    sink: str = "auto"
    """Device name or index, a ``.wav`` path, ``-`` for raw 16-bit on standard output, ``none``."""
    volume: float = Field(1.0, ge=0.0, le=1.0)
    ahead_s: float = Field(3.0, gt=0, le=10)
    """The ring: how much sound is synthesised ahead of what is heard. A sentence of 8 s takes a voice
    0.8 s on an idle core, and beside other programs three times as long."""


class EchoSettings(SettingsGroup):
    """Taking what the loudspeaker plays out of what the microphone hears (``voice.audio.echo.canceller``)."""

    enabled: Literal["auto", "on", "off"] = "auto"
    """``auto``: with a sound card's microphone and loudspeaker, where ``pywebrtc_audio`` is installed."""
    noise_suppression: bool = False
    gain_control: bool = False
    settle_s: float = Field(3.0, ge=0)
    """Seconds of playback in which the room is being learned, at least."""


class InterruptSettings(SettingsGroup):
    enabled: Literal["auto", "on", "off"] = "auto"
    """``on``, ``off``, or ``auto``: off where the microphone would hear the speaker uncancelled."""
    confirm_ms: int = Field(200, ge=200)
    duck_db: float = Field(20.0, ge=0)
    tail_ms: int = Field(300, ge=0)
    """When off: how long after the last sound has left the speaker the microphone stays deaf."""


class WakeSettings(SettingsGroup):
    """Hands-free with a wake word: nothing is listened to until it was said (``voice.turns.wake.gate``)."""

    enabled: bool = False
    word: str = "okay_nabu"
    """``okay_nabu``, ``hey_jarvis``, ``hey_mycroft`` or ``alexa``."""
    follow_up_s: float = Field(8.0, ge=1, le=300)
    """Seconds after the last sound of an answer in which one may go on without the word."""


class EarconSettings(SettingsGroup):
    """Short sounds: listening, thinking, failed."""

    enabled: bool = True
    thinking_s: float = Field(2.0, ge=0.5)
    """Seconds without a word of the answer before a soft tick says that it is being worked on."""


class LlmSettings(SettingsGroup):
    engine: str = "auto"
    fallback: str = ""
    """The model that answers where ``engine`` does not; "": none."""
    fallback_after_s: float = Field(10.0, gt=0)
    """Without a first word from ``engine``; less than ``timeout_s``."""
    small: str = ""
    """The model for small work; "": the one that answers."""
    condense: Literal["auto", "off"] = "auto"
    """What no longer fits of a long conversation is condensed into a note for the model."""
    timeout_s: float = Field(30.0, gt=0)
    """Silence of the model server, before or between tokens, after which it has failed."""
    connect_s: float = Field(2.0, gt=0)
    temperature: float = Field(0.3, ge=0, le=2)
    max_tokens: int = Field(600, ge=16)
    thinking: Literal["auto", "off", "low", "high"] = "auto"
    """How long a model thinks that thinks before it speaks. ``off``: not at all; ``auto``: little where a
    person waits for it to speak, else as it does by itself.
    """
    thinking_s: float = Field(4.0, ge=0)
    """A model that has thought for so long, while a person waits for it to speak, is asked to answer at once;
    0: it is waited for.
    """
    first_word_s: float = Field(60.0, gt=0)
    """To the first word, whatever else comes: a model that reads or thinks is waited for."""
    answer_s: float = Field(300.0, gt=0)
    """All of an answer."""
    prewarm: Literal["auto", "on", "off"] = "auto"
    """Have the model's server read what the next question follows while the person still speaks. ``auto``: on
    this machine alone; ``on``: also where a request is paid for (Anthropic).
    """
    cache: Literal["short", "long"] = "short"
    """How long a server keeps what it has read, where that can be chosen: ``long`` is an hour."""
    api: Literal["auto", "chat", "responses", "messages", "gemini", "ollama"] = "auto"
    """What the server is spoken to in; ``auto``: as its maker does, and Chat Completions at an address."""
    tools: Literal["auto", "prompted", "off"] = "auto"
    """How it is given tools: ``pipeline.llm.bridges.prompted_tools``."""
    api_key_env: str = "OPENAI_API_KEY"
    """The name of the environment variable that holds the key: never the key itself."""
    instructions: str = ""
    """Your own standing instructions, added to the voice prompt."""
    history_turns: int = Field(20, ge=1)
    unload_s: int = Field(600, ge=0)
    """Of a model in this program: after so long without a question its memory is the system's again."""
    preemptive: bool = True
    """Begin to answer at the first short silence, and hold back the sound until the turn is surely over."""

    @field_validator("api_key_env")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if name and (not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or may_be_key(name)):
            raise ValueError("it takes the name of an environment variable, never the key itself")
        return name


class VisionSettings(SettingsGroup):
    engine: str = "auto"
    """Who looks at pictures: the LLM where it sees; ``rapidocr``: this machine alone, no LLM is given one."""
    detail: Literal["brief", "normal", "full"] = "normal"
    """How much is said of a picture: 20, 60 or 150 words."""
    edge_local: int = Field(1024, ge=64)
    edge_cloud: int = Field(1568, ge=64)
    edge_reading: int = Field(1800, ge=256)
    quality: int = Field(85, ge=30, le=95)
    camera: str = "0"
    """A camera's number, or a video file that is played in its place."""
    camera_on: bool = False
    """Open it at the beginning of a conversation, and keep it open."""
    look_when_asked: bool = True
    """Look through the camera, at the screen or into the clipboard when asked to in words."""
    private_addresses: bool = False
    """Fetch pictures from this machine and its network as well."""


class DictateSettings(SettingsGroup):
    """Dictation. Each stage before the LLM can be switched off alone, in the order they come."""

    commands: bool = True
    """An utterance that is a command, all of it ("scratch that"), is obeyed: ``commands.toml`` of its
    language in ``config/language``.
    """
    vocabulary: bool = True
    """Names are written as in the vocabulary file."""
    inline: bool = True
    """Commands among other words ("new line", "comma") are obeyed."""
    fillers: bool = True
    repeats: bool = True
    numbers: bool = True
    capitals: bool = True
    marks: bool = True
    style: str = "auto"
    """How it is rewritten: a file of ``config/styles``, or one's own; ``auto``: as the receiving program
    asks, or ``clean``.
    """
    rewrite_s: float = Field(60.0, gt=0)
    """The longest a model may write at one part of a text, about 400 words."""
    vocabulary_file: str = ""
    """One name a line; empty: ``vocabulary.txt`` beside the settings file."""
    to: str = "stdout"
    """``stdout``, ``file:PATH``, ``clipboard``, ``window``, ``command:PROGRAM`` or ``speak``."""
    keep: str = "30 days"
    """Texts, once delivered: ``0``, a number of takes or days, ``forever``."""
    keep_recordings: str = "0"
    """The recordings of delivered takes, likewise. One that is not delivered is kept in any case."""
    pause_s: float = Field(30.0, ge=2, le=3600)
    """With a wake word: a take ends after so long without a voice."""
    preflight_ms: int = Field(256, ge=32)
    """Silence after which all of an utterance is heard, so that its words are there when it proves over."""
    longest_s: float = Field(28.0, ge=5, le=60)
    """An endless talker is cut here, at the latest; Whisper hears 30 s at a time."""


class ShowSettings(SettingsGroup):
    """How what happens is shown in a terminal (``aloud.cli.terminal.plain``)."""

    plain: Literal["auto", "on", "off"] = "auto"
    """``on``: a plain line a turn, nothing drawn; ``auto``: with a screen reader, or without a terminal."""
    latency: bool = False
    """After each turn, where its time went."""


class LogSettings(SettingsGroup):
    """What is written down for whoever looks for a fault (``config.runtime.logs``)."""

    level: Literal["debug", "info", "warning", "error"] = "warning"
    """``debug`` holds what was said; nothing above it does."""
    json_lines: bool = False
    """An object a line."""


class Settings(SettingsGroup):
    offline: bool = False
    show: ShowSettings = ShowSettings()
    log: LogSettings = LogSettings()
    microphone: MicrophoneSettings = MicrophoneSettings()
    listen: ListenSettings = ListenSettings()
    stt: SttSettings = SttSettings()
    tts: TtsSettings = TtsSettings()
    speaker: SpeakerSettings = SpeakerSettings()
    echo: EchoSettings = EchoSettings()
    interrupt: InterruptSettings = InterruptSettings()
    wake: WakeSettings = WakeSettings()
    earcons: EarconSettings = EarconSettings()
    llm: LlmSettings = LlmSettings()
    vision: VisionSettings = VisionSettings()
    dictate: DictateSettings = DictateSettings()


SHORT_NAMES: Mapping[str, str] = {
    "llm": "llm.engine",
    "stt": "stt.engine",
    "tts": "tts.engine",
    "vision": "vision.engine",
    "microphone": "microphone.source",
    "speaker": "speaker.sink",
    "language": "stt.language",
    "offline": "offline",
    "plain": "show.plain",
    "latency": "show.latency",
    "log_level": "log.level",
}
"""The shared options of the command line and their settings."""


@dataclass(frozen=True, slots=True)
class Configuration:
    settings: Settings
    origins: Mapping[str, str]
    """``listen.silence_ms`` → ``default``, ``file PATH``, ``environment NAME`` or ``flag``."""


def flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """``{"listen": {"silence_ms": 600}}`` → ``("listen.silence_ms", 600)``."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        *stages, name = path.split(".")
        branch = tree
        for stage in stages:
            inner = branch.setdefault(stage, {})
            if not isinstance(inner, dict):
                # ``listen = 3`` in the file and a part of ``listen`` from elsewhere: let validation say it.
                break
            branch = inner
        else:
            branch[name] = value
    return tree


def _named_by(variable: str) -> str:
    """``ALOUD_LISTEN__SILENCE_MS`` → ``listen.silence_ms``; other variables: nothing."""
    return variable.removeprefix("ALOUD_").lower().replace("__", ".") if variable.startswith("ALOUD_") else ""


def _current(name: str, origin: str) -> None:
    """Raises ``UsageError`` for the name that a setting had once."""
    if new := new_name(name):
        raise renamed(name, new, origin)


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    known = dict(flatten(Settings().model_dump()))
    for variable, value in environment.items():
        name = _named_by(variable)
        path = SHORT_NAMES.get(name, name)
        if path in known:
            yield path, value, f"environment {variable}"
        elif name and _is_meant(name, known):
            raise _misnamed(name, variable, known)


def _is_meant(name: str, known: Iterable[str]) -> bool:
    """Whether a variable that names no setting was to name one; others may begin with ``ALOUD_`` too."""
    bare = {each.replace(".", "").replace("_", "") for each in known}
    return "." in name or name.replace("_", "") in bare


def _misnamed(name: str, variable: str, known: Iterable[str]) -> UsageError:
    near = [f"ALOUD_{each.upper().replace('.', '__')}" for each in known]
    alike = [each for each in near if each.replace("_", "") == variable.upper().replace("_", "")]
    todo = f"{either(alike) or perhaps(variable, near)} Take it away: unset {variable}".strip()
    return UsageError(f"There is no setting {name} (environment {variable}).", todo=todo)


def read_toml(path: Path) -> dict[str, Any]:
    """Raises ``UsageError`` when the file is not there or is not TOML."""
    try:
        tree = tomllib.loads(read_bounded(path).decode("utf-8-sig"))
        names = dict(flatten(tree))
    except FileNotFoundError:
        if path.is_symlink():
            failed = f"The settings file {path} is a link to {path.readlink()}, which is not there."
            raise UsageError(failed, todo=_anew(path)) from None
        raise UsageError(f"There is no settings file {path}.", todo="See: aloud config path") from None
    except OSError as error:
        failed = f"The settings file {path} cannot be read: {error.strerror}."
        raise UsageError(failed, todo=_anew(path)) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        failed = f"The settings file {path} is not valid TOML: it is not text in UTF-8 (at line {line})."
        raise UsageError(failed, todo=_anew(path)) from None
    except RecursionError:
        failed = f"The settings file {path} cannot be read: it is nested too deeply."
        raise UsageError(failed, todo=_anew(path)) from None
    except ValueError as error:
        why = error if isinstance(error, tomllib.TOMLDecodeError) else "a number in it is too long"
        raise UsageError(f"The settings file {path} is not valid TOML: {why}.", todo=_anew(path)) from None
    if odd := [name for name in names if not name or not name.isprintable()]:
        failed = f"There is no setting {odd[0]!a} (file {path})."
        raise UsageError(failed, todo=_anew(path))
    return tree


def _is_there(path: Path) -> bool:
    """Also where a link leads to nothing, or it may not be seen: then whoever set it is to hear of it."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return path.parent.is_symlink() and not path.parent.exists()
    except OSError:
        return True
    return True


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Configuration:
    """Merge the four layers. ``flags`` maps setting paths to values; None means "not given".

    Raises ``UsageError`` naming the setting, its origin and what it would take.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    origins = dict.fromkeys(dict(flatten(Settings().model_dump())), "default")
    config = environment.get("ALOUD_CONFIG")
    named = file or (Path(os.path.expanduser(config)) if config else None)
    path = named or config_file()
    if named or _is_there(path):
        for name, value in flatten(read_toml(path)):
            values[name], origins[name] = value, f"file {path}"
            _current(name, origins[name])
    for variable in environment:
        _current(_named_by(variable), f"environment {variable}")
    in_environment = [*_from_environment(environment)]
    _keep_key_at_home(values, origins, {name: value for name, value, _ in in_environment})
    for name, value, origin in in_environment:
        values[name], origins[name] = value, origin
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    _keep_key_at_home(values, origins, given)
    for name, value in given.items():
        values[name], origins[name] = value, "flag"
        _current(name, "flag")
    try:
        return Configuration(Settings.model_validate(_nest(values)), origins)
    except ValidationError as error:
        raise _say(error, origins) from None


def _keep_key_at_home(values: dict[str, Any], origins: dict[str, str], given: Mapping[str, Any]) -> None:
    """A key that the file names with one server is not sent to the one that a flag names."""
    if is_of_another(values, given):
        del values["llm.api_key_env"]
        origins["llm.api_key_env"] = "default"


def checked(name: str, value: Any) -> Configuration:
    """One setting alone, over the defaults. Raises ``UsageError`` naming what it would take."""
    try:
        return Configuration(Settings.model_validate(_nest({name: value})), {name: "flag"})
    except ValidationError as error:
        raise _say(error, {}) from None


def no_setting(name: str, names: Sequence[str]) -> UsageError:
    """For a name that none has."""
    return UsageError(f"There is no setting {name}.", todo=_like(name, names, "See all: aloud config show"))


def _like(name: str, names: Sequence[str], todo: str) -> str:
    """What it may have been, a group too, and what to do."""
    groups = () if "." in name else dict.fromkeys(each.split(".")[0] for each in names)
    return f"{perhaps(name, (*groups, *names))} {todo}".strip()


def _anew(path: Path) -> str:
    old = shlex.quote(str(path))
    return f"Correct it there, or put the file away and begin anew: mv {old} {old}.old"


def _say(error: ValidationError, origins: Mapping[str, str]) -> UsageError:
    """The first thing that is wrong, as a sentence."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    given = {path: origin for path, origin in origins.items() if origin != "default"}
    origin = given.get(name) or next((o for path, o in given.items() if path.startswith(f"{name}.")), "")
    came = f" ({origin})" if origin else ""
    known = dict(flatten(Settings().model_dump()))
    todo = _mended(name, origin, known if name in given else {})
    if name not in known and not origin.startswith("file"):
        todo = "See all: aloud config show"
    if first["type"] == "extra_forbidden":
        return UsageError(f"There is no setting {name}{came}.", todo=_like(name, list(known), todo))
    if first["type"] in {"model_type", "model_attributes_type"}:
        return UsageError(f"{name} is a group of settings{came}, not one setting.", todo=todo)
    return UsageError(f"The setting {name}{came} cannot be used: {_why(first)}.", todo=todo)


def _why(error: Any) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


def _mended(setting: str, origin: str, known: Mapping[str, Any]) -> str:
    """A line that makes it right where it came from; showing all would meet the same fault."""
    kind, _, where = origin.partition(" ")
    if kind == "environment":
        return f"Take it away: unset {where}"
    if kind != "file":
        return f"See what it is now: aloud config show {setting}"
    if setting not in known:
        return _anew(Path(where))
    value = known[setting]
    usual = str(value).lower() if isinstance(value, bool) else shlex.quote(str(value))
    other = "" if Path(where) == config_file() else f" --config {shlex.quote(where)}"
    return f"Set it as it usually is: aloud config set {setting} {usual}{other}"
