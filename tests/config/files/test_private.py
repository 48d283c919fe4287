"""What is kept of a person is nobody else's on this machine, whatever the umask says."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from config.files.private import close_to_others, open_to_others, private_file, private_folder
from tests.tables import for_each


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@for_each("umask", (0o000, 0o022, 0o077, 0o277))
def test_what_is_made_is_its_persons_alone(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        folder = private_folder(tmp_path / f"{umask:o}" / "state" / "takes")
        file = private_file(folder / "said")
    finally:
        os.umask(before)
    assert [mode(each) for each in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3
    assert mode(file) == 0o600


def test_what_was_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "said"
    file.write_text("words")
    tmp_path.chmod(0o755)
    file.chmod(0o644)
    assert (private_folder(tmp_path), private_file(file)) == (tmp_path, file)
    assert (mode(tmp_path), mode(file), file.read_text()) == (0o755, 0o644, "words")
    with pytest.raises(NotADirectoryError):
        private_folder(file / "below")
    with pytest.raises(FileExistsError):
        private_folder(file)


def test_what_others_could_read_is_closed_and_no_link_is_followed(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    (folder / "takes").mkdir(parents=True)
    elsewhere.write_text("mine too")
    (folder / "takes" / "said.wav").write_bytes(b"sound")
    (folder / "link").symlink_to(elsewhere)
    for each in (folder, folder / "takes", folder / "takes" / "said.wav", elsewhere):
        each.chmod(0o777)
    assert open_to_others(folder)
    close_to_others(folder)
    assert not open_to_others(folder)
    assert [mode(each) for each in (folder, folder / "takes", elsewhere)] == [0o700, 0o700, 0o777]
    assert not mode(folder / "takes" / "said.wav") & 0o077
    assert not open_to_others(tmp_path / "nowhere")
