"""A program under watch: every look-up, every connection and every file that it, its children and their C
libraries ask the system for, as ``strace`` sees them.

The environment is made from nothing: an empty home, no ``CI``, no proxy. After the program, under the same
watch, comes a probe that looks a name up, connects and writes: a trap that does not catch it proves nothing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.privacy.forked import BEGINS, PROBE

ROOT = Path(__file__).parents[2]
FORKED = Path(__file__).with_name("forked.py")

_CALLS = (
    *(
        "execve",
        "connect",
        "sendto",
        "sendmsg",
        "sendmmsg",
        "open",
        "openat",
        "openat2",
        "creat",
        "mkdir",
        "mkdirat",
    ),
    *("mknod", "mknodat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"),
    *("unlink", "unlinkat", "rmdir", "truncate", "chdir"),
)
_CALL = re.compile(r"^\d+ +(?P<call>\w+)\((?P<arguments>.*)$")
_QUOTED = re.compile(r'(?:(?:AT_FDCWD|\d+)<(?P<at>[^>]*)>, )?"(?P<path>(?:[^"\\]|\\.)*)"')
_INET = re.compile(
    r"sa_family=AF_INET6?, sin6?_port=htons\((?P<port>\d+)\).*?"
    r'(?:inet_addr\("|AF_INET6, ")(?P<address>[^"]+)"'
)
_UNIX = re.compile(r'sa_family=AF_UNIX, sun_path=@?"(?P<path>[^"]*)"')

_NAMES = ("/etc/hosts", "/etc/resolv.conf", "/etc/host.conf", "/etc/gai.conf")
"""glibc reads one of them for every name, and so does whoever resolves by himself."""
_RESOLVERS = ("nscd", "systemd/resolve", "avahi", "resolve.", "sssd")
_RESOLVER_PORTS = (53, 853, 5353, 5355)
_SHARED_MEMORY = Path("/dev/shm")
_NOT_KEPT = re.compile(r"/dev/(null|zero|full|tty|ptmx|dsp\d*|adsp|mixer|video\d+|snd/.*|pts/\d+)|/proc/.*")
"""Devices and the kernel's own: nothing is kept of what is written there."""


@dataclass
class Seen:
    """What was asked for, whether or not it was granted."""

    lookups: list[str] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    """``ADDRESS:PORT``, or the path of a socket of this machine."""
    written: list[Path] = field(default_factory=list)
    """Files and folders made, changed or removed."""


@dataclass(frozen=True)
class Watched:
    status: int
    out: str
    err: str
    seen: Seen


@dataclass(frozen=True)
class Home:
    """A home of nobody's, and folders beside it: for temporary files, and for what was asked for."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def given(self) -> Path:
        return self.folder / "given"

    @property
    def probe(self) -> Path:
        return self.home / "probe"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def err(self) -> Path:
        return self.folder / "err"

    def environment(self) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
        return {
            "HOME": str(self.home), "TMPDIR": str(self.temporary), "PATH": path, "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip

    def left(self) -> set[str]:
        """Every file and folder in the home and among the temporary files, by its path in ``folder``."""
        return {
            str(path.relative_to(self.folder))
            for part in (self.home, self.temporary)
            for path in part.rglob("*")
        }


@contextmanager
def empty_home() -> Iterator[Home]:
    # Short: a path of a socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="aloud-", ignore_cleanup_errors=True) as folder:
        home = Home(Path(folder).resolve())
        for part in (home.home, home.temporary, home.given):
            part.mkdir()
        yield home


def watch(
    home: Home, command: Sequence[str], *, stdin: bytes = b"", more: Mapping[str, str] | None = None
) -> Watched:
    """Run it to its end under the trap. ``more`` of the environment. Fails where nothing can be watched."""
    log = home.folder / "strace.log"
    then = f'"$@"; status=$?; true 2>/dev/null <"{BEGINS}"; "$PYTHON" -I -S -c "$PROBE" "$FILE"; exit $status'
    given = {"PYTHON": sys.executable, "PROBE": PROBE, "FILE": str(home.probe)}
    done = subprocess.run(
        [*_traced(log), "sh", "-c", then, "sh", *command],
        env=home.environment() | given | dict(more or {}), input=stdin, capture_output=True, cwd=home.given,
    )  # fmt: skip
    text = log.read_text("utf-8", "replace") if log.exists() else ""
    log.unlink(missing_ok=True)
    return _watched(text, home, done.returncode, done.stdout, done.stderr)


def _traced(log: Path) -> list[str]:
    """What goes before a command."""
    strace = shutil.which("strace") or pytest.fail("The trap needs strace: sudo apt-get install strace")
    calls = ",".join(f"?{call}" for call in _CALLS)  # not every processor has them all
    options = ("-f", "-y", "--seccomp-bpf", "-qq", "-s", "4096", "-e", "signal=none", "-e", f"trace={calls}")
    return [strace, *options, "-o", str(log)]


def _watched(text: str, home: Home, status: int, out: bytes, err: bytes) -> Watched:
    if BEGINS not in text:
        pytest.fail(f"strace may not watch here, so nothing is proved: {err.decode()[:400]}")
    program, after = _parted(text.splitlines(), home.probe)
    require_caught(_read(after, home), home.probe)
    said, told = out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
    return Watched(status, said, told, _read(program, home))


class Trap:
    """Commands of Aloud one after the other, each a fork of one process under the trap that has imported
    everything (``tests.program``). A context manager; ``imported`` is what that did.
    """

    def __init__(self, home: Home) -> None:
        self._log = home.folder / "strace.log"
        self._ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [*_traced(self._log), sys.executable, str(FORKED), str(theirs.fileno())],
            env=home.environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd=home.given, pass_fds=[theirs.fileno()],
        )  # fmt: skip
        theirs.close()
        self._answers, self._read = self._ours.makefile("rb"), 0
        self.imported = self._seen(home, {"probe": str(home.probe)})

    def __enter__(self) -> Trap:
        return self

    def __exit__(self, *_: object) -> None:
        self._answers.close()
        self._ours.close()
        self._process.communicate()

    def watch(
        self, home: Home, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None
    ) -> Watched:
        """``aloud`` with these arguments, as ``watch`` would."""
        return self._seen(home, _order(home, {"arguments": arguments}, stdin, more))

    def watch_in_turn(
        self,
        home: Home,
        lines: Sequence[Sequence[str]],
        *,
        stdin: bytes = b"",
        more: Mapping[str, str] | None = None,
    ) -> tuple[Watched, list[int]]:
        """Several commands in one process, and how each of them ended."""
        watched = self._seen(home, _order(home, {"arguments": (), "lines": lines}, stdin, more))
        return watched, [int(status) for status in re.findall(r"^ended (\d+)$", watched.err, re.MULTILINE)]

    def _seen(self, home: Home, order: Mapping[str, Any]) -> Watched:
        self._ours.sendall(json.dumps(order).encode() + b"\n")
        answer = self._answers.readline()
        if not answer:
            _, err = self._process.communicate()
            pytest.fail(f"strace may not watch here, so nothing is proved: {err.decode()[:400]}")
        with self._log.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        self._read += len(text)
        out, err = (path.read_bytes() if path.exists() else b"" for path in (home.out, home.err))
        return _watched(text.decode("utf-8", "replace"), home, json.loads(answer), out, err)


def _order(
    home: Home, what: Mapping[str, Any], stdin: bytes, more: Mapping[str, str] | None
) -> dict[str, Any]:
    return {
        **what,
        "environment": home.environment() | dict(more or {}),
        "folder": str(home.given),
        "stdin": stdin.decode(),
        "out": str(home.out),
        "err": str(home.err),
        "new_session": False,
        "ignored": [],
        "probe": str(home.probe),
    }


def _parted(lines: Sequence[str], probe: Path) -> tuple[list[str], list[str]]:
    """Of the program, with what its processes still did while the probe ran; and of the probe."""
    begins = next(number for number, line in enumerate(lines) if BEGINS in line)
    started = (line for line in lines[begins:] if " execve(" in line and f'"{probe}"' in line)
    number = next(started, "").partition(" ")[0]
    by_probe = [line for line in lines[begins:] if line.startswith(f"{number} ")]
    by_others = [line for line in lines[begins + 1 :] if not line.startswith(f"{number} ")]
    return [*lines[:begins], *by_others], by_probe


def require_caught(probe: Seen, file: Path) -> None:
    assert set(_NAMES) & set(probe.lookups), "the trap did not see a name looked up"
    assert "127.0.0.1:53" in probe.lookups, "the trap did not see a question to a name server"
    assert "127.0.0.1:9" in probe.connections, "the trap did not see a connection"
    assert file in probe.written, "the trap did not see a file"


def _read(lines: Sequence[str], home: Home) -> Seen:
    seen, folder = Seen(), home.given
    for line in lines:
        match = _CALL.match(line)
        if match is None:
            continue
        call, arguments = match["call"], match["arguments"]
        paths = [_path(quoted, folder) for quoted in _QUOTED.finditer(arguments)]
        if call in ("connect", "sendto", "sendmsg", "sendmmsg"):
            _note_connection(arguments, seen)
        elif call == "chdir":
            folder = paths[0]
        elif call != "execve":
            _note_file(call, arguments, paths, seen)
    return seen


def _note_connection(arguments: str, seen: Seen) -> None:
    for match in _INET.finditer(arguments):
        where = f"{match['address']}:{match['port']}"
        (seen.lookups if int(match["port"]) in _RESOLVER_PORTS else seen.connections).append(where)
    for match in _UNIX.finditer(arguments):
        asked = any(name in match["path"] for name in _RESOLVERS)
        (seen.lookups if asked else seen.connections).append(match["path"])


def _note_file(call: str, arguments: str, paths: Sequence[Path], seen: Seen) -> None:
    if call.startswith("open"):
        seen.lookups += [str(path) for path in paths if str(path) in _NAMES]
        if not re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE)", arguments):
            return
    if call.startswith("symlink"):
        paths = paths[-1:]  # what it points to is not touched
    if call == "unlink":
        # A semaphore has a name for a moment only: made, opened, removed.
        seen.written = [path for path in seen.written if path not in paths or path.parent != _SHARED_MEMORY]
        paths = [path for path in paths if path.parent != _SHARED_MEMORY]
    seen.written += [path for path in paths if not _NOT_KEPT.fullmatch(str(path))]


def _path(quoted: re.Match[str], folder: Path) -> Path:
    """strace writes what is not ASCII as octal escapes."""
    name = quoted["path"].encode("ascii", "backslashreplace").decode("unicode_escape").encode("latin-1")
    return Path(os.path.normpath(Path(quoted["at"] or folder) / os.fsdecode(name)))
