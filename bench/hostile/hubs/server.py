"""A model hub that sends whatever bytes a case wants, and notes what it was asked and shown."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

REPO = "Systran/faster-whisper-base.en"
FILES = {
    "config.json": b'{"a": 1}',
    "tokenizer.json": b'{"b": 2}' * 40,
    "vocabulary.txt": b"a\nb\n",
    "model.bin": bytes(range(256)) * 1200,  # 300 kB
}
TREE = f"/api/models/{REPO}/tree/main"


@dataclass(frozen=True)
class Asked:
    path: str
    """With its query."""
    headers: dict[str, str]
    number: int
    """How many times this path was asked for before."""
    hub: RawHub

    @property
    def is_tree(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def name(self) -> str:
        return unquote(self.path.split("?")[0].rpartition("/")[2])

    @property
    def start(self) -> int:
        return int(self.headers.get("range", "bytes=0-").removeprefix("bytes=").rstrip("-"))


Reply = bytes | Iterable[bytes | float]
"""Bytes, and seconds to wait; the connection is closed at its end."""
Respond = Callable[[Asked], Reply]


@dataclass
class RawHub:
    respond: Respond
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    scheme: str = "http"
    host: str = "127.0.0.1"

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def shown(self) -> set[str]:
        """What it was shown of who asks."""
        return {each.headers["authorization"] for each in self.asked if "authorization" in each.headers}


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    named = {"Content-Length": str(len(body)), **{k.replace("_", "-"): v for k, v in headers.items()}}
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in named.items())
    return (head + "Connection: close\r\n\r\n").encode() + body


def entry(path: str, data: bytes) -> dict[str, object]:
    sha256 = hashlib.sha256(data).hexdigest()
    sha1 = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    large = {"lfs": {"oid": sha256, "size": len(data)}} if len(data) > 10_000 else {}
    return {"type": "file", "path": path, "size": len(data), "oid": sha1, **large}


def entries() -> list[dict[str, object]]:
    return [entry(name, data) for name, data in FILES.items()]


def tree(listed: object) -> bytes:
    return http(200, json.dumps(listed).encode(), Content_Type="application/json")


def honest(asked: Asked) -> bytes:
    """As the real one answers."""
    if asked.is_tree:
        return tree(entries())
    data = FILES.get(asked.name)
    if data is None:
        return http(404)
    if "range" in asked.headers:
        return http(
            206, data[asked.start :], Content_Range=f"bytes {asked.start}-{len(data) - 1}/{len(data)}"
        )
    return http(200, data)


@contextmanager
def raw_hub(respond: Respond, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[RawHub]:
    hub = RawHub(respond, scheme="https" if tls else "http", host=host)
    with socket.create_server((host, 0)) as listening:
        hub.port = listening.getsockname()[1]
        open_now: list[socket.socket] = []
        thread = threading.Thread(target=_accept, args=(listening, hub, tls, open_now), daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for connection in open_now:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _accept(
    listening: socket.socket, hub: RawHub, tls: ssl.SSLContext | None, open_now: list[socket.socket]
) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listening.accept()
            open_now.append(connection)
            threading.Thread(target=_serve, args=(connection, hub, tls), daemon=True).start()


def _serve(connection: socket.socket, hub: RawHub, tls: ssl.SSLContext | None) -> None:
    if tls:
        connection = tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    with contextlib.suppress(OSError, ValueError), connection:
        asked = _read(connection, hub)
        if asked is None:
            return
        reply = hub.respond(asked)
        for piece in [reply] if isinstance(reply, bytes) else reply:
            if isinstance(piece, bytes):
                connection.sendall(piece)
            else:
                time.sleep(piece)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(1)
        while connection.recv(65536):
            pass


def _read(connection: socket.socket, hub: RawHub) -> Asked | None:
    head = b""
    while b"\r\n\r\n" not in head:
        if not (more := connection.recv(65536)):
            return None
        head += more
    lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    path = lines[0].split(" ")[1]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    asked = Asked(path, headers, sum(each.path == path for each in hub.asked), hub)
    hub.asked.append(asked)
    return asked
