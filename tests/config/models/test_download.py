"""Fetching from a real server that answers as the hub does, and misbehaves on demand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.errors import ModelError, RefusedError, UsageError
from config.models import download as fetching
from config.models.catalogue import find, installed, known
from config.models.download import Progress, fetch, origin_of, say_size
from tests.hub import VOICE, WEIGHTS, Hub, model_hub

ROOT = Path(__file__).parents[3]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The only source: what the package index has stands in test_wheels."""
    monkeypatch.setattr(fetching, "_PAUSE_S", 0.01)
    monkeypatch.setattr(fetching, "wheels_of", lambda model: None)
    for name in ("HF_TOKEN", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with model_hub() as hub:
        yield hub


def parts(name: str) -> list[Path]:
    return sorted(known(name).folder.glob("*.part"))


def test_a_whisper_comes_whole(server: Hub) -> None:
    seen: list[Progress] = []
    path = fetch("tiny.en", on_progress=seen.append, endpoint=server.address)
    assert path == find("tiny.en")
    files = server.files["Systran/faster-whisper-tiny.en"]
    beside = {".lock", "LICENCE", "ORIGIN"}
    assert {p.name for p in path.iterdir()} - beside == set(files) - {"README.md"}
    assert "Copyright (c) 2022 OpenAI" in (path / "LICENCE").read_text()
    assert origin_of(known("tiny.en")) == f"{server.address[7:]}, Systran/faster-whisper-tiny.en"
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
        (404, "The hub has no tiny.en"), (401, "/Systran/faster-whisper-tiny.en, put your token in HF_TOKEN"),
        (403, "HF_TOKEN"),
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
    with pytest.raises(ModelError, match=r"lacks model\.bin, without which tiny\.en cannot be used"):
        fetch("tiny.en", endpoint=server.address)
    server.files["me/mine"] = server.files["Systran/faster-whisper-tiny.en"]
    with pytest.raises(ModelError, match=r"lacks model\.bin: it is not a model for whisper"):
        fetch("me/mine", endpoint=server.address)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://hub.invalid", "http://", "nonsense"])
def test_a_hub_out_of_reach(server: Hub, endpoint: str) -> None:
    with pytest.raises(ModelError) as caught:
        fetch("tiny.en", endpoint=endpoint)
    assert "cannot be reached" in caught.value.failed
    assert ("HF_ENDPOINT wants an address" in caught.value.failed) == (endpoint in ("http://", "nonsense"))
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
    active = [p for p in seen if p.file == "model.bin" and p.rate]
    assert active
    assert all(p.seconds_left is not None and p.seconds_left >= 0 for p in active)
    assert Progress(0, 10, 0.0, "x").seconds_left is None


_SCRIPT = """
import sys
{before}
from config.models import download as fetching
from config.errors import AloudError
from config.models.download import fetch
fetching.wheels_of = lambda model: None
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
    limit = "import resource, sys; sys.dont_write_bytecode = True; "  # a part of it would break later runs
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))"
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
    from config.files.lock import alone_in

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
