"""Nothing leaves: every command under a trap for look-ups, connections and files (tests/privacy/trap.py)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bench.room.sound_card import SoundCard
from pipeline.llm.discovery import PORTS
from tests.privacy.commands import CASES, ENGINES, QUESTION, TESTS, Case, leaves, takes_offline
from tests.privacy.trap import Home, Watched, empty_home, watch
from tests.serving import model_server

ALOUD = (sys.executable, "-m", "aloud")
OURS = (".config/aloud", ".local/share/aloud", ".local/state/aloud")
JACK = Path("/dev/shm") / f"jack_db-{os.getuid()}"
"""JACK's client library, which Debian's PortAudio brings, keeps a table in shared memory: docs/privacy.md."""
SOUND = ("/var/run/pulse/native", "/run/pulse/native", "/dev/shm/jack_default_")
COMMANDS = dict(leaves())


@pytest.fixture
def home() -> Iterator[Home]:
    with empty_home() as made:
        yield made


@pytest.fixture(scope="module")
def dictated() -> Iterator[Path]:
    """The state folder after a dictation: something for the history."""
    with empty_home() as made:
        command = [*ALOUD, "dictate", "--fast", "--microphone", QUESTION, "--to", "file:text.txt", *ENGINES]
        subprocess.run(
            [*command, "--llm", "skills"],
            env=made.environment(), cwd=made.given, check=True, capture_output=True,
        )  # fmt: skip
        yield made.home / ".local/state/aloud"


def check(watched: Watched, home: Home, case: Case, also: Sequence[str] = ()) -> None:
    """``also``: connections that were asked for."""
    assert watched.status in case.status, watched.err
    assert watched.seen.lookups == []
    assert unasked(watched.seen.connections, home, case, also) == []
    assert strays(watched.seen.written, home) == []
    assert strays([home.folder / path for path in home.left()], home) == []
    assert list(home.temporary.iterdir()) == []


def unasked(connections: Sequence[str], home: Home, case: Case, also: Sequence[str]) -> list[str]:
    allowed = tuple(also)
    if case.llms:
        allowed += tuple(f"127.0.0.1:{port}" for port in PORTS.values())
    if case.sound:
        allowed += (*SOUND, str(home.home / ".local/state/aloud/pulse/native"))
    return [where for where in connections if not (allowed and where.startswith(allowed))]


def strays(paths: Sequence[Path], home: Home) -> list[Path]:
    """What is neither Aloud's nor named by the person; the way to Aloud's own folders may be made."""
    ours = [home.home / name for name in OURS]
    ways = {parent for folder in ours for parent in folder.parents} - {home.home}
    places = (*ours, home.given, home.temporary, JACK)
    return [path for path in paths if path not in ways and not any(map(path.is_relative_to, places))]


def run(home: Home, names: tuple[str, ...], case: Case) -> Watched:
    arguments, environment = list(case.arguments), dict(case.environment)
    if takes_offline(COMMANDS[names]):
        arguments.append("--offline")
    else:
        environment["ALOUD_OFFLINE"] = "true"
    return watch(home, [*ALOUD, *arguments], stdin=case.stdin, more=environment)


def test_every_command_has_a_case() -> None:
    assert set(CASES) == set(COMMANDS)
    for names, cases in CASES.items():
        assert all(case.arguments[: len(names)] == names for case in cases)


@pytest.mark.parametrize(
    ("names", "case"),
    [pytest.param(names, case, id=case.typed) for names, cases in CASES.items() for case in cases],
)
def test_nothing_leaves_and_nothing_is_left(
    home: Home, dictated: Path, names: tuple[str, ...], case: Case
) -> None:
    if names[0] == "history":
        shutil.copytree(dictated, home.home / ".local/state/aloud")
    check(run(home, names, case), home, case)


def test_the_first_run_without_a_word_about_offline(home: Home) -> None:
    """On a machine without a microphone: the sample conversation."""
    case = Case((), sound=True, llms=True)
    check(watch(home, ALOUD), home, case)


PROXIES = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
ELSEWHERE: list[tuple[tuple[str, ...], dict[str, str]]] = [
    (("describe", "--speaker", "none", "https://pictures.invalid/cat.png"), {}),
    (("ask", "Hello.", "--llm", "http://mind.invalid:8080/v1#m"), {}),
    (("ask", "Hello.", "--llm", "http://mind.invalid:8080/v1#m"), PROXIES),
    (("ask", "Hello.", "--llm", "http://mind.localhost:8080/v1#m"), {}),
    (("ask", "Hello.", "--llm", "openai:gpt-5"), {}),
    (("ask", "Hello.", "--llm", "ollama:gpt-oss:120b-cloud"), {}),
    (("models", "get", "en_US-ljspeech-medium"), PROXIES),
]


@pytest.mark.parametrize(("arguments", "proxies"), ELSEWHERE)
def test_what_is_elsewhere_is_refused_before_it_is_looked_up(
    home: Home, arguments: tuple[str, ...], proxies: dict[str, str]
) -> None:
    # The LLM on this machine is looked for while the picture is opened.
    case = Case(arguments, status=(5,), llms=arguments[0] == "describe")
    more = {"OPENAI_API_KEY": "sk-of-nobody", **proxies}
    check(watch(home, [*ALOUD, *arguments, "--offline"], more=more), home, case)


@pytest.mark.parametrize("proxies", [{}, PROXIES], ids=["", "with a proxy"])
def test_the_mind_that_was_named_is_the_only_one_asked(home: Home, proxies: dict[str, str]) -> None:
    with model_server(lambda asked: "It is blue.") as model:
        case = Case(("ask", "What colour is the sky?", "--llm", model.spec))
        watched = watch(home, [*ALOUD, *case.arguments, "--offline"], more=proxies)
        address = model.spec.split("/")[2]
        assert address in watched.seen.connections
        check(watched, home, case, also=[address])
    assert "It is blue." in watched.out


def test_a_model_file_as_the_mind_is_asked_over_this_machine_alone(home: Home) -> None:
    """llama.cpp's server runs in the process itself; its port is any that is free."""
    llm = f"gguf:{TESTS / 'models' / 'llm-micro' / 'llm-micro.gguf'}"
    case = Case(("ask", "What is the capital of France?", "--llm", llm))
    check(watch(home, [*ALOUD, *case.arguments, "--offline"]), home, case, also=["127.0.0.1:"])


def test_a_sound_server_is_all_that_sound_needs(home: Home) -> None:
    names = ("XDG_RUNTIME_DIR", "PULSE_CONFIG", "ALSA_CONFIG_PATH")
    with SoundCard() as card:
        more = {name: card.env[name] for name in names}
        run_dir = Path(more["XDG_RUNTIME_DIR"])
        case = Case(("say", "Good morning.", "--tts", "espeak:en-us"), sound=True)
        watched = watch(home, [*ALOUD, *case.arguments, "--offline"], more=more)
        server = str(run_dir / "pulse" / "native")
        assert server in watched.seen.connections
        theirs = [path for path in watched.seen.written if path.is_relative_to(run_dir)]
        assert set(theirs) <= {run_dir / "pulse"}
        watched.seen.written[:] = [path for path in watched.seen.written if path not in theirs]
        check(watched, home, case, also=[server])


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/sound.ts\n#EXT-X-ENDLIST\n"
DRAWING = """<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY far SYSTEM "http://127.0.0.1:9/far">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="99" height="99">
<image xlink:href="http://127.0.0.1:9/cat.png" width="9" height="9"/><text>Near.</text></svg>"""


@pytest.mark.parametrize(
    ("name", "content", "command", "status"),
    [
        ("list.m3u8", PLAYLIST, ("transcribe",), (3,)),
        ("sound.sdp", "v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n", ("transcribe",), (3,)),
        ("drawing.svg", DRAWING, ("describe", "--speaker", "none", "--llm", "skills"), (0, 3)),
    ],
)
def test_a_file_cannot_have_anything_fetched(
    home: Home, name: str, content: str, command: tuple[str, ...], status: tuple[int, ...]
) -> None:
    (home.given / name).write_text(content)
    case = Case((*command, name), status=status)
    check(watch(home, [*ALOUD, *case.arguments, "--offline"]), home, case)


def test_a_model_that_is_not_whole_is_not_completed_from_the_hub(home: Home) -> None:
    shutil.copytree(TESTS / "models" / "whisper-micro", home.given / "model")
    (home.given / "model" / "tokenizer.json").unlink()
    case = Case(("transcribe", QUESTION, "--stt", "whisper:model"), status=(4,))
    check(watch(home, [*ALOUD, *case.arguments]), home, case)
