"""The commands, and what their streams and their environment may be like."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.privacy.commands import ENGINES, QUESTION, SIGN

HEARD = "minutes"
"""A word of what is said in the recording."""


@dataclass(frozen=True)
class Job:
    name: str
    arguments: tuple[str, ...]
    stdin: bytes = b""
    takes: bool = False
    """What is said is a take."""


@dataclass(frozen=True)
class State:
    """``input``, ``output``, ``errors``: a way in ``_IN`` or ``_OUT``; empty: as ever."""

    name: str
    input: str = ""
    output: str = ""
    errors: str = ""
    environment: dict[str, str | None] = field(default_factory=dict)
    shell: str = ""
    """Typed before the command, in a shell."""
    extra: tuple[bytes, ...] = ()
    """More words of the command."""


TALK = ("talk", "--fast", "--microphone", QUESTION, "--speaker", "none", "--llm", "skills", *ENGINES)
DICTATE = ("dictate", "--fast", "--microphone", QUESTION, "--llm", "skills", *ENGINES)
PCM = Path(QUESTION).read_bytes()[44:] + bytes(64_000)
SKILLS = ("--llm", "skills")
SETUP = ("setup", "--stt", "none", "--tts", "none", "--llm", "none", "--no-test", "--offline")

JOBS = (
    Job("talk", TALK),
    Job("talk json", (*TALK, "--json")),
    Job("talk -", ("talk", "--microphone", "-", "--speaker", "none", *SKILLS, *ENGINES), PCM),
    Job("talk > -", ("talk", "--fast", "--microphone", QUESTION, "--speaker", "-", *SKILLS, *ENGINES)),
    Job("talk typed", ("talk", "--typed", "--microphone", "none", "--speaker", "none", *SKILLS),
        b"what is 12 times 11\nwhat is 3 times 3\n"),
    Job("ask", ("ask", "what is 12 times 11", *SKILLS)),
    Job("ask json", ("ask", "what is 12 times 11", "--json", *SKILLS)),
    Job("ask -", ("ask", "-", *SKILLS), b"what is 12 times 11"),
    Job("describe", ("describe", SIGN, "--speaker", "none", *SKILLS)),
    Job("describe alt", ("describe", "--alt", SIGN, "--speaker", "none", *SKILLS)),
    Job("describe -", ("describe", "-", "--speaker", "none", *SKILLS), Path(SIGN).read_bytes()),
    Job("dictate", DICTATE, takes=True),
    Job("dictate json", (*DICTATE, "--json"), takes=True),
    Job("dictate -", ("dictate", "--microphone", "-", *SKILLS, *ENGINES), PCM, takes=True),
    Job("dictate file", (*DICTATE, "--to", "file:text.txt"), takes=True),
    Job("dictate retry", ("dictate", "--retry", *SKILLS, *ENGINES)),
    Job("rewrite", ("rewrite", "--style", "clean", *SKILLS), b"um we we meet at noon"),
    Job("transcribe", ("transcribe", QUESTION, "--stt", ENGINES[1])),
    Job("transcribe -", ("transcribe", "-", "--stt", ENGINES[1]), PCM),
    Job("say", ("say", "Good morning.", "--tts", "espeak:en-us", "--speaker", "answer.wav")),
    Job("say > -", ("say", "Good morning.", "--tts", "espeak:en-us", "--speaker", "-")),
    Job("say -", ("say", "-", "--tts", "espeak:en-us", "--speaker", "answer.wav"), b"Good morning."),
    Job("doctor", ("doctor", "--offline")),
    Job("doctor json", ("doctor", "--offline", "--json")),
    Job("setup", SETUP),
    Job("setup yes", (*SETUP, "--yes")),
    Job("models list", ("models", "list")),
    Job("models get", ("models", "get", "base.en", "--offline")),
    Job("models remove", ("models", "remove", "base.en")),
    Job("config show", ("config", "show")),
    Job("config set", ("config", "set", "llm", "skills")),
    Job("config path", ("config", "path")),
    Job("history list", ("history", "list")),
    Job("history show", ("history", "show", "1")),
    Job("history search", ("history", "search", HEARD)),
    Job("history export", ("history", "export")),
    Job("history delete", ("history", "delete", "1")),
    Job("help", ("--help",)),
    Job("version", ("--version",)),
    Job("usage", ("nonsense",)),
)  # fmt: skip

STATES = (
    State("as ever"),
    *(State(f"input {way}", input=way) for way in (
        "closed", "zeros", "random", "binary", "latin", "no newline", "blank", "nuls", "bom",
        "one long line", "late", "late nonblocking", "write only", "hung up", "socket")),
    *(State(f"output {way}", output=way) for way in (
        "closed", "full", "broken", "broken after a line", "broken after 1 s", "read only", "slow",
        "nonblocking slow", "hung up", "terminal", "narrow", "low", "socket")),
    *(State(f"errors {way}", errors=way) for way in (
        "closed", "full", "broken", "read only", "nonblocking slow", "hung up", "narrow")),
    State("all closed", "closed", "closed", "closed"),
    State("all one closed socket", "socket", "socket", "socket"),
    State("all hung up", "hung up", "hung up", "hung up"),
    State("output and errors full", "", "full", "full"),
    State("output and errors closed", "", "closed", "closed"),
    State("input and output closed", "closed", "closed"),
    State("terminal, TERM=dumb", output="terminal", errors="terminal", environment={"TERM": "dumb"}),
    State("terminal, TERM unset", output="terminal", errors="terminal", environment={"TERM": None}),
    State("terminal, TERM=garbage", output="terminal", errors="terminal", environment={"TERM": "no\x1bsuch"}),
    State("LANG=C", environment={"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    State("LC_ALL unknown", environment={"LC_ALL": "xx_YY.KLINGON"}),
    *(State(f"PYTHONIOENCODING={name}", environment={"PYTHONIOENCODING": name})
      for name in ("ascii", "latin-1", "utf-16")),
    State("HOME unset", environment={"HOME": None, "ALOUD_HOME": None}),
    State("HOME a file", environment={"HOME": "/etc/passwd", "ALOUD_HOME": None}),
    State("HOME not there", environment={"HOME": "/proc/nowhere", "ALOUD_HOME": None}),
    State("ALOUD_HOME a file", environment={"ALOUD_HOME": "/etc/passwd"}),
    State("ALOUD_HOME not writable", environment={"ALOUD_HOME": "/proc/nowhere"}),
    State("ALOUD_HOME relative", environment={"ALOUD_HOME": "here"}),
    State("ALOUD_HOME spaces and newline", environment={"ALOUD_HOME": "a b\nc"}),
    State("ALOUD_HOME bytes", environment={"ALOUD_HOME": "a\udcff"}),
    State("ALOUD_HOME ~nobody9", environment={"ALOUD_HOME": "~nobody9/x"}),
    State("PATH empty", environment={"PATH": ""}),
    State("TMPDIR missing", environment={"TMPDIR": "/nowhere/at/all"}),
    State("TZ garbage", environment={"TZ": "No/Such\x07Zone"}),
    State("COLUMNS=0", environment={"COLUMNS": "0", "LINES": "0"}, output="terminal"),
    State("COLUMNS=-5", environment={"COLUMNS": "-5"}, output="terminal"),
    State("cwd deleted", shell='mkdir gone && cd gone && rmdir "$PWD"'),
    State("few files", shell="ulimit -n 20"),
    State("umask 777", shell="umask 777"),
    State("little memory", shell="ulimit -v 600000"),
    State("argv bytes", extra=(b"\xff\xfe", b"a\xf0\x28b")),
    State("argv empty", extra=(b"",)),
    State("argv 100 KB", extra=(b"word " * 20_000,)),
)  # fmt: skip
