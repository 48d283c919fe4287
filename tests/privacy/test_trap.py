"""The trap sees what it is for, and fails where it sees nothing."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.privacy.trap import Home, Seen, empty_home, require_caught, watch


@pytest.fixture
def home() -> Iterator[Home]:
    with empty_home() as made:
        yield made


def seen(home: Home, program: str) -> Seen:
    watched = watch(home, [sys.executable, "-I", "-S", "-c", program])
    assert watched.status == 0, watched.err
    return watched.seen


def test_a_name_looked_up_by_a_c_library_in_a_child(home: Home) -> None:
    child = "import ctypes; ctypes.CDLL(None).gethostbyname(b'localhost')"
    lookups = seen(home, f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])").lookups
    assert "/etc/hosts" in lookups


def test_connections_of_each_kind_whether_or_not_they_succeed(home: Home) -> None:
    program = """
import socket, threading
def connect(): socket.socket().connect_ex(("127.0.0.1", 9))
thread = threading.Thread(target=connect); thread.start(); thread.join()
try: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"x", ("::1", 9))
except OSError: pass
for path in ("/nowhere/sound", "\\0abstract", "/run/nscd/socket"):
    socket.socket(socket.AF_UNIX).connect_ex(path)
"""
    found = seen(home, program)
    assert {"127.0.0.1:9", "/nowhere/sound", "abstract"} <= set(found.connections)
    assert "/run/nscd/socket" in found.lookups


def test_files_however_they_are_made(home: Home) -> None:
    program = """
import os
os.mkdir("folder"); os.chdir("folder")
open("added", "a").close(); open("é", "w").close(); os.symlink("/nowhere", "link")
os.rename("added", "renamed"); os.truncate("renamed", 5); os.unlink("link")
try: open("/nowhere/at all", "w")
except OSError: pass
open("/dev/null", "w").close()
"""
    folder = home.given / "folder"
    expected = {
        folder,
        *(folder / name for name in ("added", "é", "link", "renamed")),
        Path("/nowhere/at all"),
    }
    assert set(seen(home, program).written) == expected


def test_what_goes_on_in_the_background_after_the_program_has_ended(home: Home) -> None:
    program = f"""
import os
if os.fork() == 0:
    while "the probe begins" not in open({str(home.folder / "strace.log")!r}).read(): pass
    open(os.path.expanduser("~/late"), "w").close()
"""
    assert home.home / "late" in seen(home, program).written


def test_where_nothing_can_be_watched_it_fails(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = home.folder / "strace"
    refusing.write_text("#!/bin/sh\necho 'ptrace: Operation not permitted' >&2\nexit 1\n")
    refusing.chmod(refusing.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(shutil, "which", lambda name: str(refusing))
    with pytest.raises(pytest.fail.Exception, match="nothing is proved: ptrace: Operation not permitted"):
        watch(home, ["true"])
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(pytest.fail.Exception, match="apt-get install strace"):
        watch(home, ["true"])


@pytest.mark.parametrize("missing", ["lookups", "connections", "written"])
def test_a_probe_that_is_not_seen_fails(missing: str) -> None:
    file = Path("/home/probe")
    found = Seen(["/etc/hosts", "127.0.0.1:53"], ["127.0.0.1:9"], [file])
    require_caught(found, file)
    getattr(found, missing).clear()
    with pytest.raises(AssertionError, match="the trap did not see"):
        require_caught(found, file)
