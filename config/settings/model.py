"""Every knob, one typed model a stage. Where the values come from: ``config.settings.loading``."""

from __future__ import annotations

import os
import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from config.runtime.hosts import host_of
from config.runtime.secrets import holds_key, may_be_key
from config.settings.mcp import McpServer


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
    start_ms: int = Field(200, ge=32, le=5000)
    before_ms: int = Field(500, ge=0, le=5000)
    preflight_ms: int = Field(32, ge=32, le=5000)
    silence_ms: int = Field(600, ge=96, le=60_000)
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
    settle_s: float = Field(3.0, ge=0, le=600)
    """Seconds of playback in which the room is being learned, at least."""


class InterruptSettings(SettingsGroup):
    enabled: Literal["auto", "on", "off"] = "auto"
    """``on``, ``off``, or ``auto``: off where the microphone would hear the speaker uncancelled."""
    confirm_ms: int = Field(200, ge=200, le=5000)
    duck_db: float = Field(20.0, ge=0, le=100)
    tail_ms: int = Field(300, ge=0, le=10_000)
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
    thinking_s: float = Field(2.0, ge=0.5, le=3600)
    """Seconds without a word of the answer before a soft tick says that it is being worked on."""


class LlmSettings(SettingsGroup):
    engine: str = "auto"
    fallback: str = ""
    """The model that answers where ``engine`` does not; "": none."""
    fallback_after_s: float = Field(10.0, gt=0, le=3600)
    """Without a first word from ``engine``; less than ``timeout_s``."""
    small: str = ""
    """The model for small work; "": the one that answers."""
    condense: Literal["auto", "off"] = "auto"
    """What no longer fits of a long conversation is condensed into a note for the model."""
    timeout_s: float = Field(30.0, gt=0, le=3600)
    """Silence of the model server, before or between tokens, after which it has failed."""
    connect_s: float = Field(2.0, gt=0, le=600)
    temperature: float = Field(0.3, ge=0, le=2)
    max_tokens: int = Field(600, ge=16, le=1_000_000)
    thinking: Literal["auto", "off", "low", "high"] = "auto"
    """How long a model thinks that thinks before it speaks. ``off``: not at all; ``auto``: little where a
    person waits for it to speak, else as it does by itself.
    """
    thinking_s: float = Field(4.0, ge=0, le=3600)
    """A model that has thought for so long, while a person waits for it to speak, is asked to answer at once;
    0: it is waited for.
    """
    first_word_s: float = Field(60.0, gt=0, le=3600)
    """To the first word, whatever else comes: a model that reads or thinks is waited for."""
    answer_s: float = Field(300.0, gt=0, le=86_400)
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
    history_turns: int = Field(20, ge=1, le=10_000)
    tool_rounds: int = Field(8, ge=1, le=100)
    tool_s: float = Field(60.0, gt=0, le=3600)
    tools_turn_s: float = Field(180.0, gt=0, le=86_400)
    unload_s: int = Field(600, ge=0, le=10_000_000)
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
    edge_local: int = Field(1024, ge=64, le=20_000)
    edge_cloud: int = Field(1568, ge=64, le=20_000)
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
    rewrite_s: float = Field(60.0, gt=0, le=3600)
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
    preflight_ms: int = Field(256, ge=32, le=5000)
    """Silence after which all of an utterance is heard, so that its words are there when it proves over."""
    longest_s: float = Field(28.0, ge=5, le=60)
    """An endless talker is cut here, at the latest; Whisper hears 30 s at a time."""


class ToolsSettings(SettingsGroup):
    """What a model may reach of this machine and of the web when it calls a tool."""

    folders: list[str] = []
    """Whose files it may read and search; else only files that the person opened."""
    save_folder: str = ""
    """Where it may write texts; "": the folder Aloud among the person's documents."""
    web: Literal["off", "on"] = "off"
    """Fetching pages by their addresses, and searching where ``search_url`` names who does it."""
    search_url: str = ""
    """SearXNG's address, without the question: "https://searx.example.org/search"."""

    @field_validator("folders", mode="before")
    @classmethod
    def _as_in_path(cls, folders: object) -> object:
        """In the environment they stand in one text, as those of PATH do."""
        return [each for each in folders.split(os.pathsep) if each] if isinstance(folders, str) else folders

    @field_validator("folders")
    @classmethod
    def _whole(cls, folders: list[str]) -> list[str]:
        """Wherever the program is begun they are the same."""
        for folder in folders:
            if not folder.startswith("~") and not os.path.isabs(folder):
                raise ValueError("it takes folders by their whole path, as ~/Documents/work")
        return folders

    @field_validator("search_url")
    @classmethod
    def _is_asked_without_a_login(cls, url: str) -> str:
        if url and (not url.startswith(("http://", "https://")) or not host_of(url)):
            raise ValueError("it takes an address that begins with http:// or https://")
        if holds_key(url):
            raise ValueError("it takes an address without a password or a key in it")
        return url


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
    tools: ToolsSettings = ToolsSettings()
    mcp: tuple[McpServer, ...] = Field((), exclude=True)
    """Of the settings file alone, which ``config.settings.mcp`` reads: no list of settings has them."""
