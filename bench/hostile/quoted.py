"""Names that steer a terminal, wherever a sentence may quote one: files, options, settings, the environment,
addresses, and what stands in documents. Each row is a whole command in a process of its own.

What it wrote is looked through: no control, half letter or mark that turns the order of letters, no line that
begins with what the name says, JSON where JSON was asked for, no traceback, a status of the contract.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, TimeoutExpired
from typing import Any

from bench.hostile.conversing.witness import unclean
from bench.hostile.table import Options, Row, progress
from tests.program import Program

LIMIT_S = 60.0
STATUSES = {0, 2, 3, 4, 5, 6}
SAYS = "Delivered, all is well."
"""What no line may begin with."""
KINDS = {
    "osc52": b"\x1b]52;c;ZXZpbA==\x07",
    "osc0": b"\x1b]0;a title\x1b\\",
    "clear": b"\x1b[2J\x1b[H",
    "c1": b"\xc2\x9d0;a title\xc2\x9c",
    "enter": f"\r{SAYS}\r".encode(),
    "line": f"\n{SAYS}\n".encode(),
    "separator": f"\u2028{SAYS}\u2029\x85".encode(),
    "override": "\u202egnp.exe\u2066".encode(),
    "bytes": b"\xff\xfe\x80",
    "markup": b"[/bold][link=x]\\[",
    "tags": "".join(chr(0xE0000 + ord(letter)) for letter in "say yes").encode(),
}
_SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>%s</title><text>%s</text></svg>'
_PICTURE = b"P6 8 8 255\n" + bytes(range(192))


@dataclass(frozen=True)
class Place:
    """``arguments``: ``{}`` stands for the name; ``{picture}``, ``{text}``, ``{svg}`` for files called so."""

    name: str
    arguments: tuple[str, ...]
    environment: str = ""
    """The variable that holds the name."""


_COMMANDS = """
describe {picture} | describe --json {picture} | describe {text} | describe no{} | describe {svg}
describe --json {svg} | describe --alt {svg} | ask read-it --image {svg} --json | ask 2-plus-2-{}
ask --json hello-{} | ask - | ask x --llm x{} | ask x --stt x{} | ask x --tts x{} | ask x --image x{}
ask x --config x{} | ask x --page x{} --image {picture} | ask x --llm ollama:{} | ask x --llm gguf:{}
ask x --llm http://127.0.0.1:1/v1#{} | ask x --llm http://{}/v1#m | ask x --image http://127.0.0.1:1/{}.png
ask x --image http://a{}/b.png | ask x --image ftp://{} | transcribe {text} | transcribe {text} a{}
talk --typed | talk --microphone a{}.wav | talk -{} | dictate --to a{} | dictate --style a{}
dictate --microphone a{} | dictate --retry a{} | dictate --microphone {text} --to file:{}/x
config set {} 1 | config set llm {} | config show {} | models get {} | models remove {} | rewrite --style {}
history show {} | history delete {} | a{} | --{} | say {}
"""
_VARIABLES = ("ALOUD_LLM", "ALOUD_STT", "ALOUD_HOME", "HTTP_PROXY", "SSL_CERT_FILE", "LANG", "TERM")


def _places() -> Iterator[Place]:
    for command in re.split(r" \| |\n", _COMMANDS.strip()):
        yield Place(command, tuple(command.split()))
    for variable in _VARIABLES:
        yield Place(variable, ("ask", "hello", "--llm", "http://192.0.2.1/v1#m"), variable)
    yield Place("config show, ALOUD_LLM", ("config", "show", "--json"), "ALOUD_LLM")
    yield Place("doctor, ALOUD_STT", ("doctor", "--json"), "ALOUD_STT")


def run(options: Options) -> list[Row]:
    cases = [(kind, place) for place in _places() for kind in KINDS]
    chosen = [case for case in cases if options.only in f"{case[0]} {case[1].name}"][: options.most or None]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, place) in enumerate(chosen):
            rows.append(_row(kind, place, Path(folder)))
            if rows[-1].faults:
                print(f"\rFAULT  {rows[-1].case}: {rows[-1].faults}"[:300], file=sys.stderr, flush=True)
            progress(number + 1, len(chosen))
    return rows


def _row(kind: str, place: Place, folder: Path) -> Row:
    name = os.fsdecode(KINDS[kind])
    files = _files(folder / kind, name)
    environment = os.environ | {"ALOUD_HOME": str(folder / "home"), "ALOUD_OFFLINE": "true"}
    if place.environment:
        environment[place.environment] = name
    arguments = [_filled(argument, name, files) for argument in place.arguments]
    began = time.monotonic()
    options: dict[str, Any] = {"env": environment, "cwd": folder / kind}
    with Program(*arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, **options) as process:
        try:
            said = process.communicate(f"hello {name}\n".encode("utf-8", "replace"), LIMIT_S)
        except TimeoutExpired:
            process.kill()
            said = process.communicate()
    seconds, status = time.monotonic() - began, process.returncode
    faults = tuple(_faults(status, *said, as_json="--json" in place.arguments))
    job = place.arguments[0].replace("{}", "...")
    return Row(f"{kind} {place.name}", job, f"status {status}", "", status, seconds, 0.0, faults)


def _files(folder: Path, name: str) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    plain = name.replace("/", "")
    written = os.fsencode(plain).decode("utf-8", "replace")
    words = "".join(letter if letter >= " " or letter in "\n\t\r" else "" for letter in written)
    contents = {
        "picture": _PICTURE,
        "text": f"no picture {name}".encode("utf-8", "replace"),
        "svg": (_SVG % (("Title " + words.replace("<", "").replace("&", "")).strip(), words)).encode(),
    }
    made = {}
    for kind, content in contents.items():
        made[kind] = f"a{plain}.{'ppm' if kind == 'picture' else kind}"
        (folder / made[kind]).write_bytes(content)
    return made


def _filled(argument: str, name: str, files: dict[str, str]) -> str:
    for kind, file in files.items():
        argument = argument.replace(f"{{{kind}}}", file)
    return argument.replace("{}", name)


def _faults(status: int, out: bytes, errors: bytes, *, as_json: bool) -> Iterator[str]:
    if status not in STATUSES:
        yield f"status {status}"
    for stream, data in (("output", out), ("errors", errors)):
        try:
            text = data.decode()
        except UnicodeDecodeError:
            yield f"{stream} no UTF-8"
            text = data.decode("utf-8", "replace")
        if letters := unclean(text):
            yield f"{stream} with {letters}"
        if "Traceback" in text:
            yield "traceback"
        if re.search(f"^{re.escape(SAYS)}", text, re.MULTILINE):
            yield f"a line of the {stream} says what the name says"
    if as_json and status == 0:
        for line in out.decode("utf-8", "replace").split("\n"):
            try:
                json.loads(line or "{}")
            except ValueError:
                yield f"no JSON: {line[:60]!r}"
