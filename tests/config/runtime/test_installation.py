"""Advice in the four ways in which Aloud is installed, each made for real: the lines are typed, and work."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aloud import __version__
from config.runtime.installation import system_line, typed_here
from tests.copies import Home, make_home

KINDS = ("folder", "uv", "pipx", "venv")


def source(kind: str, home: Home) -> Path:
    """What it is installed from: the folder, or a wheel that was built there."""
    return home.folder / "dist" / home.wheel if kind == "venv" else home.folder


def make_folder(home: Home) -> Path:
    home.run("sh scripts/setup run", cwd=home.folder)
    return home.folder / ".venv"


def make_uv(home: Home) -> Path:
    said = home.run("make install", cwd=home.folder)
    assert f"aloud {__version__} is installed. It is called by: {home.home}/.local/bin/aloud\n" in said
    (line,) = re.findall("open a new terminal: (.*)", said)
    assert "update-shell" in home.run(f"{line} --help")
    return home.home / ".local/share/uv/tools/aloud-assistant"


def make_pipx(home: Home) -> Path:
    home.run(f"pipx install '{home.folder}'")
    return home.home / ".local/share/pipx/venvs/aloud-assistant"


def make_venv(home: Home) -> Path:
    home.run("uv venv --quiet 'my venv' && uv pip install --quiet --python 'my venv/bin/python' pip")
    home.run(f"'my venv/bin/python' -m pip install --quiet '{source('venv', home)}'")
    return home.home / "my venv"


MAKERS: dict[str, Callable[[Home], Path]] = {
    "folder": make_folder,
    "uv": make_uv,
    "pipx": make_pipx,
    "venv": make_venv,
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("copies") / "home")


@pytest.fixture
def copy(home: Home, request: pytest.FixtureRequest) -> str:
    """The kind of the copy, which is there."""
    kind: str = request.param
    if kind not in home.copies:
        home.copies[kind] = MAKERS[kind](home)
    return kind


each = pytest.mark.parametrize("copy", KINDS, indirect=True)


def has(home: Home, kind: str, package: str) -> bool:
    listed = home.run(f"uv pip list --quiet --python '{home.python(kind)}' --format freeze")
    return f"{package}==" in listed


def take_away(home: Home, kind: str, package: str) -> None:
    home.run(f"uv pip uninstall --quiet --python '{home.python(kind)}' {package}")
    assert not has(home, kind, package)


@each
def test_it_knows_how_it_was_installed_and_from_where(home: Home, copy: str) -> None:
    assert home.asked(copy, "this_copy().kind, this_copy().source") == f"{copy} {source(copy, home)}"


@each
def test_the_command_it_names_is_its_own(home: Home, copy: str) -> None:
    named = home.asked(copy, "typed_here('See: aloud --version')").removeprefix("See: ")
    assert home.run(named) == f"aloud {__version__}\n"
    near = home.asked(copy, "typed_here('See: aloud --version')", cwd=home.copies[copy].parent)
    assert near.removeprefix("See: ").lstrip("'").startswith(home.copies[copy].name), (
        "short, for one who stands in that folder"
    )
    assert home.run(near.removeprefix("See: "), cwd=home.copies[copy].parent) == f"aloud {__version__}\n"


@pytest.mark.parametrize("copy", ["folder"], indirect=True)
def test_what_an_error_tells_to_type_works(home: Home, copy: str) -> None:
    failed = home.run(f"{home.asked(copy, 'aloud_command()')} config set no.such 1 || true")
    line = failed.strip().partition("See all: ")[2]
    assert "listen.silence_ms" in home.run(line)


@pytest.mark.parametrize("copy", ["uv", "pipx"], indirect=True)
def test_where_the_path_leads_to_it_the_word_does(home: Home, copy: str) -> None:
    script = home.home / ".local/bin/aloud"
    script.unlink(missing_ok=True)  # each of the two installers puts it there
    script.symlink_to(home.copies[copy] / "bin/aloud")
    path = f"PATH='{script.parent}':\"$PATH\""
    assert home.run(f"{path} aloud history delete || true").endswith("there are: aloud history list\n")


@pytest.mark.parametrize("copy", ["folder"], indirect=True)
def test_make_run_ends_by_saying_how_it_is_called(home: Home, copy: str, tmp_path: Path) -> None:
    python = home.python(copy)
    said = home.run("make run ARGS=--version", cwd=home.folder)
    assert said.startswith(f"aloud {__version__}\n")
    (command,) = re.findall(r"To call it from anywhere: (.*); or type once: make install", said)
    assert home.run(f"{command} --version", cwd=tmp_path) == f"aloud {__version__}\n"
    assert python.exists()
    failed = home.run("make run ARGS=nonsense || true", cwd=home.folder)
    assert failed.count("To call it from anywhere") == 1


@pytest.mark.parametrize("copy", ["folder"], indirect=True)
def test_after_ctrl_c_it_says_so_too(home: Home, copy: str, tmp_path: Path) -> None:
    home.python(copy)
    os.mkfifo(tmp_path / "typed")
    command = ["make", "run", f"ARGS=ask - <{tmp_path}/typed"]
    run = subprocess.Popen(
        command,
        cwd=home.folder,
        env=home.environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with (tmp_path / "typed").open("w") as typed:
        typed.write("x" * 200_000)  # more than a pipe holds: it reads by now
        os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate()
    assert said.count("To call it from anywhere: ") == 1
    assert "Error" not in said, "make's own words for it are the last, and no news"
    assert run.returncode == -signal.SIGINT


@each
def test_a_missing_package_comes_back(home: Home, copy: str) -> None:
    take_away(home, copy, "pocketsphinx")
    home.run(home.asked(copy, "again_line('pocketsphinx')"))
    assert has(home, copy, "pocketsphinx")
    assert has(home, copy, "aloud-assistant")
    assert home.asked(copy, "this_copy().kind") == copy


@each
def test_a_package_that_it_can_use_is_added(home: Home, copy: str) -> None:
    assert not has(home, copy, "xllamacpp")
    line = home.asked(copy, "added_line('xllamacpp')")
    assert "xllamacpp>=2026.10" in line, "with the versions that Aloud takes"
    home.run(line)
    assert has(home, copy, "xllamacpp")


@pytest.mark.parametrize("copy", KINDS[1:], indirect=True)
def test_a_missing_package_comes_back_without_the_folder_it_came_from(home: Home, copy: str) -> None:
    take_away(home, copy, "rapidfuzz")
    moved = home.folder.rename(home.home / "moved")
    try:
        assert home.asked(copy, "this_copy().kind, this_copy().source") == f"{copy} None"
        home.run(home.asked(copy, "again_line('rapidfuzz')"))
        assert has(home, copy, "rapidfuzz")
    finally:
        moved.rename(home.folder)


def test_an_environment_without_pip_is_helped_by_uv_or_by_python_itself(home: Home) -> None:
    home.copies["bare"] = home.home / "bare"
    wheel = home.folder / "dist" / home.wheel
    home.run(f"uv venv --quiet bare && uv pip install --quiet --python bare/bin/python '{wheel}'")
    line = home.asked("bare", "added_line('tzdata')")
    assert line == f"uv pip install --python {home.home}/bare/bin/python tzdata"
    home.run(line)
    assert has(home, "bare", "tzdata")
    home.home.joinpath("bin/uv").rename(home.home / "bin/away")
    try:
        line = home.asked("bare", "added_line('xllamacpp')")
        assert line.startswith(
            f"{home.home}/bare/bin/python -m ensurepip && {home.home}/bare/bin/python -m pip "
        )
    finally:
        home.home.joinpath("bin/away").rename(home.home / "bin/uv")


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apt-get", "apt-get install libportaudio2 xclip"),
        ("dnf", "dnf install portaudio xclip"),
        ("zypper", "zypper install libportaudio2 xclip"),
        ("pacman", "pacman -S portaudio xclip"),
        ("apk", "apk add portaudio xclip"),
    ],
)
def test_packages_of_the_system_are_named_as_it_names_them(
    manager: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "from your system's packages" in system_line("libportaudio2", "xclip")
    (tmp_path / manager).touch(0o755)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert system_line("libportaudio2", "xclip") == f"su -c '{line}'"
    (tmp_path / "sudo").touch(0o755)
    assert system_line("libportaudio2", "xclip") == f"sudo {line}"
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert system_line("libportaudio2", "xclip") == line


def test_only_commands_are_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("aloud")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    own = shlex.quote(str(script))
    assert typed_here("Read it aloud. See: aloud doctor.") == f"Read it aloud. See: {own} doctor."
    assert typed_here("A=b aloud ask 1 | aloud say -") == f"A=b {own} ask 1 | {own} say -"
    assert typed_here(f"Or: {own} talk") == f"Or: {own} talk"
    assert typed_here("Or hear the sample: aloud") == f"Or hear the sample: {own}"
    monkeypatch.setenv("PATH", str(script.parent))
    assert typed_here("See: aloud doctor") == "See: aloud doctor"


@pytest.mark.parametrize("copy", ["uv"], indirect=True)
def test_make_install_once_more_takes_what_the_folder_holds_by_then(home: Home, copy: str) -> None:
    """The version is said in one place, so the installed one cannot call itself another."""
    place = home.folder / "aloud" / "__init__.py"
    before = place.read_text()
    place.write_text(before.replace(__version__, "7.8.9"))
    try:
        assert "aloud 7.8.9 is installed." in home.run("make install", cwd=home.folder)
        assert home.asked(copy, "__import__('importlib.metadata').metadata.version(DISTRIBUTION)") == "7.8.9"
        (installed,) = home.copies[copy].glob("lib/python*/site-packages/aloud/__init__.py")
        assert "7.8.9" in installed.read_text()
    finally:
        place.write_text(before)


def test_the_command_is_taken_away_and_what_stays_is_said(home: Home) -> None:
    """Last, since the copy is gone afterwards."""
    if "uv" not in home.copies:
        home.copies["uv"] = make_uv(home)
    home.run(f"{home.asked('uv', 'aloud_command()')} config set listen.silence_ms 800")
    settings = home.home / ".config/aloud"
    said = home.run("make uninstall", cwd=home.folder)
    assert said.startswith("The command aloud is taken away.\n")
    assert not home.copies.pop("uv").exists()
    assert not (home.home / ".local/bin/aloud").exists()
    assert f"Your settings stay: {settings} (0.0 MB)" in said
    (line,) = re.findall("To delete them: (.*)", said)
    home.run(line)
    assert not settings.exists()
    (fetched,) = re.findall(r"What uv has fetched stays, too, .*: (.*) \(\d+ MB\)", said)
    (line,) = re.findall("To delete that: (.*)", said)
    assert Path(fetched).is_dir()
    home.run(line)
    assert not list(Path(fetched).glob("*/*"))
    assert "put no command here" in home.run("make uninstall", cwd=home.folder)
