"""Fetching from a real server that answers as the hub does, and misbehaves on demand."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from config import fetch as fetching
from config.catalogue import find, installed, known
from config.errors import ModelError, RefusedError, UsageError
from config.fetch import Progress, fetch, say_size

ROOT = Path(__file__).parents[2]
WEIGHTS = bytes(range(256)) * 8192  # 2 MiB
VOICE = "en_US-lessac-medium"
PLACE = "en/en_US/lessac/medium"


class Hub(ThreadingHTTPServer):
    """Two repositories, a tree API in pages, files behind a redirect to ``/cdn/``, with ranges."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        whisper = {"config.json": b"{}", "tokenizer.json": b"{}" * 50, "vocabulary.txt": b"a\nb\n",
                   "model.bin": WEIGHTS, "README.md": b"read me"}  # fmt: skip
        voice = {f"{PLACE}/{VOICE}.onnx": WEIGHTS, f"{PLACE}/{VOICE}.onnx.json": b'{"x": 1}',
                 f"{PLACE}/MODEL_CARD": b"licence",
                 f"{PLACE}/samples/{VOICE}.onnx.json": b"not this"}  # fmt: skip
        self.files = {"Systran/faster-whisper-tiny.en": whisper, "rhasspy/piper-voices": voice}
        self.gets: Counter[str] = Counter()
        self.ranges: list[str] = []
        self.status = 0
        self.cuts = 0
        self.cut_at = 700_000
        self.knows_ranges = True
        self.flips: set[str] = set()
        self.flip_once = False
        self.says_size = 0
        self.page = 2
        self.tree = b""
        self.authorized: set[str] = set()
        self.leaked: set[str] = set()
        self.chunk_s = 0.0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """The client went away: that is what some of these tests are about."""


class _Answers(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        hub, url = self.server, urlsplit(self.path)
        if hub.status:
            self._say(hub.status, b"no")
        elif url.path.startswith("/api/models/"):
            if token := self.headers.get("Authorization"):
                hub.authorized.add(token)
            self._tree(
                url.path.removeprefix("/api/models/"), int(parse_qs(url.query).get("cursor", ["0"])[0])
            )
        elif url.path.startswith("/cdn/"):
            if token := self.headers.get("Authorization"):
                hub.leaked.add(token)
            self._file(url.path.removeprefix("/cdn/"))
        elif "/resolve/main/" in url.path:
            self.send_response(302)
            # Another host name, as the hub's storage is: a token must not follow there.
            self.send_header("Location", hub.address.replace("127.0.0.1", "localhost") + "/cdn" + url.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._say(404, b"no")

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _tree(self, path: str, cursor: int) -> None:
        hub = self.server
        repo, _, place = path.partition("/tree/main")
        place = place.strip("/")
        files = [(p, d) for p, d in hub.files.get(repo, {}).items() if p.startswith(place)]
        if not files:
            return self._say(404, b"no")
        entries: list[dict[str, object]] = [
            {"type": "directory", "path": f"{place}/samples", "size": 0, "oid": "0"}
        ]
        for name, data in files:
            oid = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            entry: dict[str, object] = {"type": "file", "path": name, "size": len(data), "oid": oid}
            if len(data) > 10_000:
                size = hub.says_size or len(data)
                entry |= {
                    "size": size,
                    "lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": size, "pointerSize": 9},
                }
            entries.append(entry)
        page = entries[cursor : cursor + hub.page]
        more = cursor + hub.page < len(entries)
        link = f'<{hub.address}/api/models/{path}?recursive=1&cursor={cursor + hub.page}>; rel="next"'
        return self._say(200, hub.tree or json.dumps(page).encode(), **({"Link": link} if more else {}))

    def _file(self, path: str) -> None:
        hub = self.server
        repo, _, name = path.partition("/resolve/main/")
        hub.gets[name] += 1
        data = hub.files[repo][name]
        if name in hub.flips:
            data = data[:-1] + b"?"
            if hub.flip_once:
                hub.flips.clear()
        start = 0
        wanted = self.headers.get("Range", "")
        if wanted:
            hub.ranges.append(wanted)
        if wanted and hub.knows_ranges:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        body = data[start:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if len(data) > 10_000 and hub.cuts:
            hub.cuts -= 1
            self.wfile.write(body[: hub.cut_at])
            self.wfile.flush()
            self.close_connection = True
            return
        for at in range(0, len(body), 1 << 16):
            self.wfile.write(body[at : at + (1 << 16)])
            time.sleep(hub.chunk_s)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(fetching, "_PAUSE_S", 0.01)
    for name in ("HF_TOKEN", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield hub
        hub.shutdown()
        thread.join()


def parts(name: str) -> list[Path]:
    return sorted(known(name).folder.glob("*.part"))


def test_a_whisper_comes_whole(server: Hub) -> None:
    seen: list[Progress] = []
    path = fetch("tiny.en", on_progress=seen.append, endpoint=server.address)
    assert path == find("tiny.en")
    files = server.files["Systran/faster-whisper-tiny.en"]
    assert {p.name for p in path.iterdir()} - {".lock"} == set(files) - {"README.md"}
    assert (path / "model.bin").read_bytes() == WEIGHTS
    total = sum(len(data) for name, data in files.items() if name != "README.md")
    assert (seen[-1].done, seen[-1].total) == (total, total)
    assert [p.done for p in seen] == sorted(p.done for p in seen)


def test_a_voice_comes_with_its_card_and_from_its_own_folder(server: Hub) -> None:
    path = fetch(f"piper:{VOICE}", endpoint=server.address + "/")
    assert path.name == f"{VOICE}.onnx"
    assert path.read_bytes() == WEIGHTS
    assert json.loads(path.with_name(path.name + ".json").read_bytes()) == {"x": 1}
    assert path.with_name("MODEL_CARD").read_bytes() == b"licence"


def test_what_is_here_and_right_is_not_fetched_again(server: Hub) -> None:
    path = fetch("tiny.en", endpoint=server.address)
    (path / "config.json").write_bytes(b"[]")
    server.gets.clear()
    fetch("tiny.en", endpoint=server.address)
    assert server.gets == {"config.json": 1}
    assert (path / "config.json").read_bytes() == b"{}"


def test_a_broken_connection_is_resumed_where_it_broke(server: Hub) -> None:
    server.cuts = 2
    path = fetch("tiny.en", endpoint=server.address)
    assert (path / "model.bin").read_bytes() == WEIGHTS
    assert server.ranges == ["bytes=700000-", "bytes=1400000-"]
    assert parts("tiny.en") == []


def test_after_three_resumes_it_says_what_is_kept_and_goes_on_when_asked(server: Hub) -> None:
    server.cuts, server.cut_at = 4, 300_000
    with pytest.raises(ModelError) as caught:
        fetch("tiny.en", endpoint=server.address)
    assert server.gets["model.bin"] == 4
    assert caught.value.kept == "1.2 MB of 2.1 MB are kept."
    assert caught.value.todo == "To go on from there: aloud models get tiny.en"
    assert find("tiny.en") is None
    assert [one.complete for one in installed()] == [False]
    fetch("tiny.en", endpoint=server.address)
    assert server.ranges[-1] == "bytes=1200000-"
    assert find("tiny.en") is not None


def test_a_server_without_ranges_starts_over(server: Hub) -> None:
    server.cuts, server.knows_ranges = 1, False
    path = fetch("tiny.en", endpoint=server.address)
    assert (path / "model.bin").read_bytes() == WEIGHTS
    assert server.gets["model.bin"] == 2


def test_a_damaged_file_is_deleted_and_said(server: Hub) -> None:
    server.flips = {"model.bin"}
    with pytest.raises(ModelError, match=r"model\.bin of tiny\.en arrived damaged.*deleted.*models get"):
        fetch("tiny.en", endpoint=server.address)
    assert parts("tiny.en") == []
    assert find("tiny.en") is None


def test_a_damaged_small_file_is_noticed_by_its_git_checksum(server: Hub) -> None:
    server.flips = {"tokenizer.json"}
    with pytest.raises(ModelError, match=r"tokenizer\.json of tiny\.en arrived damaged"):
        fetch("tiny.en", endpoint=server.address)


def test_a_bad_beginning_from_before_costs_one_more_try(server: Hub) -> None:
    server.cuts = 4
    server.cut_at = 100_000
    with pytest.raises(ModelError):
        fetch("tiny.en", endpoint=server.address)
    (part,) = parts("tiny.en")
    part.write_bytes(b"!" * 400_000)
    path = fetch("tiny.en", endpoint=server.address)
    assert (path / "model.bin").read_bytes() == WEIGHTS
    assert server.gets["model.bin"] == 6


def test_a_part_of_an_older_file_is_thrown_away(server: Hub) -> None:
    folder = known("tiny.en").folder
    folder.mkdir(parents=True)
    (folder / "model.bin.0123456789ab.part").write_bytes(b"old")
    fetch("tiny.en", endpoint=server.address)
    assert server.ranges == []
    assert parts("tiny.en") == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "The hub has no tiny.en"), (401, "HF_TOKEN"), (403, "HF_TOKEN"),
        (500, "status 500.*Try again later"),
    ],
)  # fmt: skip
def test_refusals_are_said(server: Hub, status: int, words: str) -> None:
    server.status = status
    with pytest.raises(ModelError, match=words):
        fetch("tiny.en", endpoint=server.address)


def test_a_page_in_between_is_no_hub(server: Hub) -> None:
    server.tree = b"<html>Please sign in to the hotel's network</html>"
    with pytest.raises(ModelError, match=r"not a list of files.*Open it in a browser"):
        fetch("tiny.en", endpoint=server.address)


def test_a_repository_that_is_no_model_is_refused(server: Hub) -> None:
    del server.files["Systran/faster-whisper-tiny.en"]["model.bin"]
    with pytest.raises(ModelError, match=r"lacks model\.bin"):
        fetch("tiny.en", endpoint=server.address)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://hub.invalid", "http://", "nonsense"])
def test_a_hub_out_of_reach(server: Hub, endpoint: str) -> None:
    with pytest.raises(ModelError) as caught:
        fetch("tiny.en", endpoint=endpoint)
    assert "cannot be reached" in caught.value.failed
    assert "pocketsphinx and espeak" in caught.value.kept
    assert "aloud models get tiny.en" in caught.value.todo
    assert str(known("tiny.en").folder) in caught.value.todo


def test_a_silent_server_is_given_up(server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    server.chunk_s = 1.0
    monkeypatch.setattr(fetching, "RESUMES", 1)
    with pytest.raises(ModelError, match="connection to the hub was lost"):
        fetch("tiny.en", endpoint=server.address, timeout=0.05)


def test_offline_is_respected(server: Hub) -> None:
    with pytest.raises(RefusedError, match=r"ALOUD_OFFLINE=false aloud models get tiny.en"):
        fetch("tiny.en", endpoint=server.address, offline=True)
    assert not server.gets


def test_a_name_that_is_none(server: Hub) -> None:
    with pytest.raises(UsageError, match="aloud models list"):
        fetch("tiny.fr", endpoint=server.address)


def test_the_token_goes_to_the_hub_alone(server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch("tiny.en", endpoint=server.address)
    assert server.authorized == {"Bearer hf_secret"}
    assert server.leaked == set()


def test_too_little_room_is_noticed_before(server: Hub) -> None:
    server.says_size = 10**15
    with pytest.raises(ModelError, match=r"not enough room.* GB are to come"):
        fetch("tiny.en", endpoint=server.address)
    assert not server.gets


def test_cancelling_keeps_what_came(server: Hub) -> None:
    server.chunk_s = 0.02

    def stop(progress: Progress) -> None:
        if progress.file == "model.bin" and progress.done > 300_000:
            raise TimeoutError("enough")

    with pytest.raises(TimeoutError, match="enough"):
        fetch("tiny.en", on_progress=stop, endpoint=server.address)
    (part,) = parts("tiny.en")
    kept = part.stat().st_size
    assert kept > 200_000
    server.chunk_s = 0.0
    fetch("tiny.en", endpoint=server.address)
    assert server.ranges == [f"bytes={kept}-"]


def test_progress_has_a_rate_and_a_time_left(server: Hub) -> None:
    server.chunk_s = 0.02
    seen: list[Progress] = []
    fetch("tiny.en", on_progress=seen.append, endpoint=server.address)
    under_way = [p for p in seen if p.file == "model.bin" and p.rate]
    assert under_way
    assert all(p.seconds_left is not None and p.seconds_left >= 0 for p in under_way)
    assert Progress(0, 10, 0.0, "x").seconds_left is None


_SCRIPT = """
import sys
{before}
from config.errors import AloudError
from config.fetch import fetch
try:
    print(fetch("tiny.en", endpoint=sys.argv[1]))
except AloudError as error:
    print(error)
    sys.exit(error.status)
"""


def run(server: Hub, before: str = "") -> subprocess.Popen[str]:
    script = textwrap.dedent(_SCRIPT).format(before=before)
    command = [sys.executable, "-c", script, server.address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ})


def test_a_disk_that_becomes_full_keeps_what_came_and_goes_on_later(server: Hub) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))"
    process = run(server, limit)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 4, said
    assert "The disk became full while model.bin of tiny.en was on its way." in said
    assert "1 MB of 2.1 MB are kept." in said
    assert "aloud models get tiny.en" in said
    assert [part.stat().st_size for part in parts("tiny.en")] == [1_000_000]
    path = fetch("tiny.en", endpoint=server.address)
    assert server.ranges == ["bytes=1000000-"]
    assert (path / "model.bin").read_bytes() == WEIGHTS


def test_two_processes_fetch_once(server: Hub) -> None:
    server.chunk_s = 0.01
    processes = [run(server), run(server)]
    said = [process.communicate(timeout=30)[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert said == [str(known("tiny.en").folder)] * 2
    assert server.gets["model.bin"] == 1


def test_waiting_for_the_other_process_is_said_and_can_be_given_up(server: Hub) -> None:
    from config.lock import alone_in

    def give_up(progress: Progress) -> None:
        assert progress.waiting
        raise KeyboardInterrupt

    folder = known("tiny.en").folder
    folder.mkdir(parents=True)
    with alone_in(folder, waiting=lambda: None), pytest.raises(KeyboardInterrupt):
        fetch("tiny.en", on_progress=give_up, endpoint=server.address)


def test_a_place_that_cannot_be_written(server: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ALOUD_HOME", str(tmp_path / "file"))
    with pytest.raises(ModelError, match=r"cannot be written.*ALOUD_HOME"):
        fetch("tiny.en", endpoint=server.address)


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (63_201_294, "63.2 MB"), (1_530_000_000, "1.53 GB")],
)
def test_sizes_as_said(size: int, said: str) -> None:
    assert say_size(size) == said
