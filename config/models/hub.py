"""Talking with the model hub: what files a repository has, and why an answer did not come.

The hub's tree API gives each file's size and checksum: ``lfs.oid``, a SHA-256, for large files, and for small
ones ``oid``, git's own SHA-1 of ``blob SIZE\\0CONTENT``. Nothing fetched is trusted beyond them.
"""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from config.errors import ModelError
from config.models.catalogue import Model, catalogue, hub, known, works_meanwhile
from config.runtime.lazy_httpx import certificates, import_httpx, make_client, through

if TYPE_CHECKING:
    import httpx

CONNECT_S = 2.5
"""Seconds until a hub that does not answer counts as out of reach."""
_PAGES = 20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class RemoteFile:
    path: str
    """In the repository."""
    size: int
    sha256: str
    """Empty for a small file, which has ``git_sha1``."""
    git_sha1: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def digest(self) -> str:
        return self.sha256 or self.git_sha1

    def is_at(self, path: Path, tick: Callable[[], None] = lambda: None) -> bool:
        """The file is there, with this size and this checksum. Calls ``tick`` after each megabyte read."""
        try:
            if path.stat().st_size != self.size:
                return False
        except OSError:
            return False
        check = (
            hashlib.sha256() if self.sha256 else hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)
        )
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                check.update(chunk)
                tick()
        return check.hexdigest() == self.digest


class HubError(ModelError):
    """The hub does not give it: out of reach, refused, something else in its place. Another source may."""


def again(model: Model) -> str:
    return f"aloud models get {model.name}"


class OutOfReachError(HubError):
    """Nobody answers: the network is away, or a wall is before it."""


def out_of_reach(model: Model, endpoint: str) -> OutOfReachError:
    where, why = urlsplit(endpoint).netloc, through(endpoint)
    if not where:
        where, why = f"“{endpoint}”", ": HF_ENDPOINT wants an address, such as https://HOST"
    return OutOfReachError(
        f"The model hub {where} cannot be reached{why}.",
        kept=works_meanwhile(),
        todo=f"Once it can: {again(model)}. Or copy the files {', '.join(model.needed)} to {model.folder}.",
    )


@contextmanager
def open_hub(endpoint: str, timeout: float) -> Iterator[httpx.Client]:
    """A client for one fetch. A token in ``HF_TOKEN`` is sent to the hub, and to no host it redirects to."""
    import_httpx()
    import httpx

    headers = {"Accept-Encoding": "identity", "User-Agent": "aloud"}
    if token := os.environ.get("HF_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    timeouts = httpx.Timeout(timeout, connect=CONNECT_S)

    def make() -> httpx.Client:
        return httpx.Client(headers=headers, timeout=timeouts, follow_redirects=True, verify=certificates())

    with make_client(make, ModelError) as client:
        yield client


def can_resolve(endpoint: str) -> bool:
    """The hub's name has an address, found within ``CONNECT_S``: the system's resolver may take far longer.

    Behind a proxy the name is the proxy's business, and True.
    """
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if parts.scheme in urllib.request.getproxies() or not host:
        return True
    found = threading.Event()
    failed = threading.Event()

    def resolve() -> None:
        try:
            socket.getaddrinfo(host, parts.port or 443)
            found.set()
        except (OSError, UnicodeError):
            pass
        failed.set()

    threading.Thread(target=resolve, daemon=True).start()
    failed.wait(CONNECT_S)
    return found.is_set()


def hub_answers(endpoint: str = "") -> bool:
    """Whether a model hub is there, and not a wall, a sign-in page or nothing. Some seconds at the most."""
    import_httpx()
    import httpx

    endpoint = (endpoint or hub()).rstrip("/")
    if not can_resolve(endpoint):
        return False
    try:
        with open_hub(endpoint, CONNECT_S) as client:
            answer = client.get(f"{endpoint}/api/models/{known('tiny.en').repo}/tree/main")
            return answer.status_code in {401, 404} or bool(answer.status_code == 200 and answer.json())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return False


def refused(model: Model, status: int) -> HubError:
    """An answer that is no file. The hub says 401 of a repository it does not have, too."""
    if status in {401, 403}:
        token = (
            "with the account whose token HF_TOKEN holds"
            if os.environ.get("HF_TOKEN")
            else "put your token in HF_TOKEN"
        )
        return HubError(
            f"The hub does not give out {model.repo} to just anyone, or does not have it (status {status}).",
            todo=f"Agree to its terms at {hub()}/{model.repo}, {token}, then: {again(model)}",
        )
    if status == 404:
        return HubError(
            f"The hub has no {model.name} in {model.repo}.",
            todo="See the models there are: aloud models list",
        )
    return HubError(
        f"The hub answered with status {status} when asked for {model.name}.",
        todo=f"Try again later: {again(model)}",
    )


def lacking(model: Model, missing: Sequence[str]) -> HubError:
    """A repository of which a file is gone, or, where a person named it, that is no model at all."""
    lacks = f"The hub's {model.repo} lacks {', '.join(missing)}"
    see = "See the models there are: aloud models list"
    if model in catalogue():
        return HubError(f"{lacks}, without which {model.name} cannot be used.", todo=f"Take another. {see}")
    return HubError(f"{lacks}: it is not a model for {model.kind}.", todo=see)


def list_files(client: httpx.Client, endpoint: str, model: Model) -> list[RemoteFile]:
    """The files to fetch, with sizes and checksums. Raises ``ModelError``."""
    import httpx

    if not model.repo:
        raise HubError(f"The hub has no {model.name}.", todo="See the models there are: aloud models list")
    if not can_resolve(endpoint):
        raise out_of_reach(model, endpoint)
    place = f"/{quote(model.place)}" if model.place else ""
    url: str | None = f"{endpoint}/api/models/{model.repo}/tree/main{place}"
    parameters: dict[str, str] | None = {"recursive": "1"}
    entries: list[Any] = []
    try:
        for _ in range(_PAGES):
            if url is None:
                break
            answer = client.get(url, params=parameters)
            if answer.status_code != 200:
                raise refused(model, answer.status_code)
            entries += answer.json()
            url, parameters = answer.links.get("next", {}).get("url"), None
        files = [file for entry in entries if (file := _read(entry, model))]
    except (httpx.TransportError, httpx.InvalidURL):
        raise out_of_reach(model, endpoint) from None
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
        raise HubError(
            f"What {urlsplit(endpoint).netloc} answered is not a list of files: it is no model hub, or a "
            "page stands in between, as the sign-in of a network does.",
            todo=f"Open it in a browser, then: {again(model)}",
        ) from None
    missing = [p for p in model.needed if not any(fnmatchcase(file.name, p) for file in files)]
    if missing:
        raise lacking(model, missing)
    return files


def _read(entry: dict[str, Any], model: Model) -> RemoteFile | None:
    """One line of the tree, when it is a file of this model's own folder that we want."""
    path = PurePosixPath(entry["path"])
    wanted = any(fnmatchcase(path.name, pattern) for pattern in model.patterns)
    if entry["type"] != "file" or not wanted or str(path.parent) != (model.place or "."):
        return None
    large = entry.get("lfs")
    size = int(large["size"] if large else entry["size"])
    return RemoteFile(str(path), size, str(large["oid"]) if large else "", "" if large else str(entry["oid"]))
