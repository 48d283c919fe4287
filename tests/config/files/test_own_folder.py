"""Whatever others left in a folder, what is written there stays there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config.files.own_folder import OwnFolder, own_folder


def link(victim: Path, place: Path) -> None:
    place.symlink_to(victim)


def hard_link(victim: Path, place: Path) -> None:
    os.link(victim, place)


def pipe(victim: Path, place: Path) -> None:
    os.mkfifo(place)


def nowhere(victim: Path, place: Path) -> None:
    place.symlink_to(victim.with_name("made"))


def plain(victim: Path, place: Path) -> None:
    place.write_bytes(b"an older one")


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("left", [link, hard_link, pipe, nowhere, plain])
def test_what_has_the_name_gives_way_and_what_it_leads_to_is_as_it_was(
    tmp_path: Path, left: Callable[[Path, Path], None], held: bool
) -> None:
    victim, place = tmp_path / "victim", tmp_path / "own"
    victim.write_bytes(b"mine")
    place.mkdir()
    with own_folder(place) as folder:
        own = folder if held else OwnFolder(place, None)  # as on Windows
        for name in ("begun", "gone on", "written"):
            left(victim, place / name)
        going_on = b"an older one" if left is plain else b""
        assert own.size("gone on") == len(going_on)
        with own.begin("begun") as out:
            out.write(b"new")
        with own.go_on("gone on") as out:
            out.write(b"new")
        own.write("written", b"new")
        assert (place / "gone on").read_bytes() == going_on + b"new"
        assert {(place / name).read_bytes() for name in ("begun", "written")} == {b"new"}
        assert sorted(own.names()) == ["begun", "gone on", "written"]
        with own.read("begun") as file:
            assert file.read() == b"new"
    assert victim.read_bytes() == b"mine"
    assert not (tmp_path / "made").exists()


def test_a_folder_that_is_swapped_for_a_link_is_not_followed(tmp_path: Path) -> None:
    place, elsewhere = tmp_path / "own", tmp_path / "elsewhere"
    place.mkdir()
    elsewhere.mkdir()
    with own_folder(place) as folder:
        folder.check_place()
        place.rename(tmp_path / "moved")
        place.symlink_to(elsewhere)
        folder.write("a", b"new")
        with pytest.raises(OSError, match="another was put in its place"):
            folder.check_place()
    assert (tmp_path / "moved" / "a").read_bytes() == b"new"
    assert not list(elsewhere.iterdir())
    with pytest.raises(OSError, match="a link to another place"), own_folder(place):
        pass


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/passwd", "../a"])
def test_a_path_is_no_name(tmp_path: Path, name: str) -> None:
    with own_folder(tmp_path) as folder, pytest.raises(OSError, match="no name of a file"):
        folder.begin(name)
