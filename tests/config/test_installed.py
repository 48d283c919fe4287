"""Advice in the four ways in which Aloud is installed, each made for real: the lines are typed, and work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.copies import Home, make_home

KINDS = ("folder", "uv", "pipx", "venv")


def make_folder(home: Home) -> Path:
    home.run("sh scripts/setup run", cwd=home.folder)
    return home.folder / ".venv"


def make_uv(home: Home) -> Path:
    said = home.run("make install", cwd=home.folder)
    assert f"It is installed: {home.home}/.local/bin/aloud." in said
    return home.home / ".local/share/uv/tools/aloud-assistant"


def make_pipx(home: Home) -> Path:
    home.run(f"pipx install '{home.folder}'")
    return home.home / ".local/share/pipx/venvs/aloud-assistant"


def make_venv(home: Home) -> Path:
    home.run("uv venv --quiet 'my venv' && uv pip install --quiet --python 'my venv/bin/python' pip")
    home.run(f"'my venv/bin/python' -m pip install --quiet '{home.folder}'")
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
    assert home.asked(copy, "this_copy().kind, this_copy().source") == f"{copy} {home.folder}"


@each
def test_the_command_it_names_is_its_own(home: Home, copy: str) -> None:
    named = home.asked(copy, "typed_here('See: aloud --version')").removeprefix("See: ")
    assert home.run(named) == "aloud 0.1.0\n"
    near = home.asked(copy, "typed_here('See: aloud --version')", cwd=home.copies[copy].parent)
    assert near.removeprefix("See: ").lstrip("'").startswith(home.copies[copy].name), (
        "short, for one who stands in that folder"
    )
    assert home.run(near.removeprefix("See: "), cwd=home.copies[copy].parent) == "aloud 0.1.0\n"


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
