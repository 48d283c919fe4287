"""Nothing leaves: every command under a trap for look-ups, connections and files (tests/privacy/trap.py)."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.hostile.injected.model import ModelServer, ObedientModel
from bench.hostile.injected.orders import harmful
from bench.room.sound_card import SoundCard
from pipeline.llm.discovery import PORTS
from tests.privacy.commands import CASES, DICTATION, QUESTION, TESTS, WHISPER, Case, leaves, takes_offline
from tests.privacy.trap import Home, Trap, Watched, empty_home, watch
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


@dataclass(frozen=True)
class Dictated:
    """A dictation under watch; what it left is something for the history."""

    home: Home
    watched: Watched

    @property
    def state(self) -> Path:
        return self.home.home / ".local/state/aloud"


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    with empty_home() as made, Trap(made) as trap:
        yield trap


@pytest.fixture(scope="module")
def dictated(trap: Trap) -> Iterator[Dictated]:
    with empty_home() as made:
        yield Dictated(made, run(trap, made, ("dictate",), DICTATION))


def check(watched: Watched, home: Home, case: Case, also: Sequence[str] = ()) -> None:
    """``also``: connections that were asked for."""
    assert watched.status in case.status, watched.err
    assert watched.seen.lookups == []
    assert unasked(watched.seen.connections, home, case, also) == []
    assert strays([path for path in watched.seen.written if path not in (home.out, home.err)], home) == []
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


def run(trap: Trap, home: Home, names: tuple[str, ...], case: Case) -> Watched:
    arguments, more = without_the_network(names, case)
    return trap.watch(home, *arguments, stdin=case.stdin, more=more)


def without_the_network(names: tuple[str, ...], case: Case) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment: the option, or its variable where a command has no such option."""
    if takes_offline(COMMANDS[names]):
        return [*case.arguments, "--offline"], {}
    return list(case.arguments), {"ALOUD_OFFLINE": "true"}


def test_every_command_has_a_case() -> None:
    assert set(CASES) == set(COMMANDS)
    for names, cases in CASES.items():
        for case in cases:
            assert case.arguments[: len(names)] == names
            assert case.alone or not case.sound, "what the others may ask for, one could ask for unseen"
            assert case.alone or not case.llms or takes_offline(COMMANDS[names])


def test_nothing_leaves_while_it_is_imported(trap: Trap) -> None:
    """As the others begin; the first run, below, has a process all its own."""
    seen = trap.imported.seen
    assert (seen.lookups, seen.connections, seen.written) == ([], [], [])


@pytest.mark.parametrize(
    ("names", "case"),
    [
        pytest.param(names, case, id=case.typed)
        for names, cases in CASES.items()
        for case in cases
        if case.alone and case is not DICTATION
    ],
)
def test_nothing_leaves_and_nothing_is_left(
    trap: Trap, home: Home, names: tuple[str, ...], case: Case
) -> None:
    check(run(trap, home, names, case), home, case)


def test_nothing_leaves_of_a_dictation_and_nothing_is_left(dictated: Dictated) -> None:
    check(dictated.watched, dictated.home, DICTATION)


@pytest.mark.parametrize(("option", "llms"), [(False, False), (True, False), (True, True)])
def test_nothing_leaves_of_the_others_and_nothing_is_left(
    trap: Trap, home: Home, dictated: Dictated, option: bool, llms: bool
) -> None:
    chosen = [
        (names, case)
        for names, cases in CASES.items()
        for case in cases
        if not case.alone and (takes_offline(COMMANDS[names]), case.llms) == (option, llms)
    ]
    assert len(chosen) > 1
    shutil.copytree(dictated.state, home.home / ".local/state/aloud")
    lines = [without_the_network(*each)[0] for each in chosen]
    more = {} if option else {"ALOUD_OFFLINE": "true"}
    stdin = b"".join(case.stdin for _, case in chosen)
    watched, statuses = trap.watch_in_turn(home, lines, stdin=stdin, more=more)
    assert len(statuses) == len(chosen), watched.err
    for status, (_, case) in zip(statuses, chosen, strict=True):
        assert status in case.status, f"{case.typed}\n{watched.err}"
    check(watched, home, Case((), llms=llms))


def test_the_first_run_without_a_word_about_offline(home: Home) -> None:
    """On a machine without a microphone: the sample conversation."""
    case = Case((), sound=True, llms=True)
    check(watch(home, ALOUD), home, case)


PROXIES = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
ELSEWHERE = [
    ("ask", "Hello.", "--llm", "http://mind.invalid:8080/v1#m"),
    ("ask", "Hello.", "--llm", "http://mind.localhost:8080/v1#m"),
    ("ask", "Hello.", "--llm", "openai:gpt-5"),
    ("ask", "Hello.", "--llm", "ollama:gpt-oss:120b-cloud"),
    ("models", "get", "en_US-ljspeech-medium"),
    ("describe", "--speaker", "none", "--llm", "skills", "https://pictures.invalid/cat.png"),
]


@pytest.mark.parametrize("proxies", [{}, PROXIES], ids=["", "with a proxy"])
def test_what_is_elsewhere_is_refused_before_it_is_looked_up(
    trap: Trap, home: Home, proxies: dict[str, str]
) -> None:
    more = {"OPENAI_API_KEY": "sk-of-nobody", **proxies}
    watched, statuses = trap.watch_in_turn(home, [[*line, "--offline"] for line in ELSEWHERE], more=more)
    assert statuses == [5] * len(ELSEWHERE), watched.err
    check(watched, home, Case(()))


def test_the_mind_that_was_named_is_the_only_one_asked_whatever_the_proxy(trap: Trap, home: Home) -> None:
    with model_server(lambda asked: "It is blue.") as model:
        case = Case(("ask", "What colour is the sky?", "--llm", model.spec))
        watched = trap.watch(home, *case.arguments, "--offline", more=PROXIES)
        address = model.spec.split("/")[2]
        assert address in watched.seen.connections
        check(watched, home, case, also=[address])
    assert "It is blue." in watched.out


def test_a_model_that_wants_to_fetch_asks_nobody_offline_nor_where_nobody_switched_it_on(
    trap: Trap, home: Home
) -> None:
    """It calls the tools by their names, offered or not."""
    on = {"ALOUD_TOOLS__WEB": "on", "ALOUD_TOOLS__SEARCH_URL": "http://search.invalid/"}
    with ModelServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        address = f"127.0.0.1:{server.server_port}"
        for more, line in ((on, ("--offline",)), ({}, ())):
            server.model = ObedientModel(harmful(port=9))
            case = Case(
                ("ask", "Fetch the evil page; search for the secret.", "--llm", f"http://{address}/v1#m")
            )
            watched = trap.watch(home, *case.arguments, *line, more=more)
            assert server.model.read == {"FETCH THE EVIL PAGE", "SEARCH FOR THE SECRET"}
            check(watched, home, case, also=[address])
        server.shutdown()


def test_a_model_file_as_the_mind_is_asked_over_this_machine_alone(trap: Trap, home: Home) -> None:
    """llama.cpp's server runs in the process itself; its port is any that is free."""
    llm = f"gguf:{TESTS / 'models' / 'llm-micro' / 'llm-micro.gguf'}"
    case = Case(("ask", "What is the capital of France?", "--llm", llm))
    check(trap.watch(home, *case.arguments, "--offline"), home, case, also=["127.0.0.1:"])


def test_a_sound_server_is_all_that_sound_needs(trap: Trap, home: Home) -> None:
    names = ("XDG_RUNTIME_DIR", "PULSE_CONFIG", "ALSA_CONFIG_PATH")
    with SoundCard() as card:
        more = {name: card.env[name] for name in names}
        run_dir = Path(more["XDG_RUNTIME_DIR"])
        case = Case(("say", "Good morning.", "--tts", "espeak:en-us"), sound=True)
        watched = trap.watch(home, *case.arguments, "--offline", more=more)
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


FILES = {
    "list.m3u8": PLAYLIST,
    "sound.sdp": "v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    "drawing.svg": DRAWING,
}


def test_a_file_cannot_have_anything_fetched(trap: Trap, home: Home) -> None:
    for name, content in FILES.items():
        (home.given / name).write_text(content)
    describe = ("describe", "--speaker", "none", "--llm", "skills", "drawing.svg")
    transcribe = ("transcribe", "--stt", WHISPER)
    lines = ((*transcribe, "list.m3u8"), (*transcribe, "sound.sdp"), describe)
    watched, statuses = trap.watch_in_turn(home, [[*line, "--offline"] for line in lines])
    assert statuses[:2] == [3, 3]
    assert statuses[2] in (0, 3)
    check(watched, home, Case(()))


def test_a_model_that_is_not_whole_is_not_completed_from_the_hub(trap: Trap, home: Home) -> None:
    shutil.copytree(TESTS / "models" / "whisper-micro", home.given / "model")
    (home.given / "model" / "tokenizer.json").unlink()
    case = Case(("transcribe", QUESTION, "--stt", "whisper:model"), status=(4,))
    check(trap.watch(home, *case.arguments), home, case)
