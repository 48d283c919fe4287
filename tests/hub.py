"""A model hub on the loopback, which answers as the real one does and misbehaves on demand."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

WEIGHTS = bytes(range(256)) * 8192  # 2 MiB
VOICE = "en_US-lessac-medium"
PLACE = "en/en_US/lessac/medium"


class Hub(ThreadingHTTPServer):
    """Two repositories, a tree API in pages, files behind a redirect to ``/cdn/``, with ranges."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        whisper = {"config.json": b"{}", "tokenizer.json": b"{}" * 50, "vocabulary.txt": b"a\nb\n",
                   "model.bin": WEIGHTS, "README.md": b"read me"}  # fmt: skip
        voice = {f"{PLACE}/{VOICE}.onnx": WEIGHTS, f"{PLACE}/{VOICE}.onnx.json": b'{"x": 1}',
                 f"{PLACE}/MODEL_CARD": b"licence",
                 f"{PLACE}/samples/{VOICE}.onnx.json": b"not this"}  # fmt: skip
        self.files = {"Systran/faster-whisper-tiny.en": whisper, "rhasspy/piper-voices": voice}
        self.gets: Counter[str] = Counter()
        self.ranges: list[str] = []
        self.status = 0
        self.cuts = 0
        self.cut_at = 700_000
        self.knows_ranges = True
        self.flips: set[str] = set()
        self.flip_once = False
        self.says_size = 0
        self.page = 2
        self.tree = b""
        self.authorized: set[str] = set()
        self.leaked: set[str] = set()
        self.chunk_s = 0.0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """The client went away: that is what some of these tests are about."""


class _Answers(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        hub, url = self.server, urlsplit(self.path)
        if hub.status:
            self._say(hub.status, b"no")
        elif url.path.startswith("/api/models/"):
            if token := self.headers.get("Authorization"):
                hub.authorized.add(token)
            self._tree(
                url.path.removeprefix("/api/models/"), int(parse_qs(url.query).get("cursor", ["0"])[0])
            )
        elif url.path.startswith("/cdn/"):
            if token := self.headers.get("Authorization"):
                hub.leaked.add(token)
            self._file(url.path.removeprefix("/cdn/"))
        elif "/resolve/main/" in url.path:
            self.send_response(302)
            # Another host name, as the hub's storage is: a token must not follow there.
            self.send_header("Location", hub.address.replace("127.0.0.1", "localhost") + "/cdn" + url.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._say(404, b"no")

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _tree(self, path: str, cursor: int) -> None:
        hub = self.server
        repo, _, place = path.partition("/tree/main")
        place = place.strip("/")
        files = [(p, d) for p, d in hub.files.get(repo, {}).items() if p.startswith(place)]
        if not files:
            return self._say(404, b"no")
        entries: list[dict[str, object]] = [
            {"type": "directory", "path": f"{place}/samples", "size": 0, "oid": "0"}
        ]
        for name, data in files:
            oid = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            entry: dict[str, object] = {"type": "file", "path": name, "size": len(data), "oid": oid}
            if len(data) > 10_000:
                size = hub.says_size or len(data)
                entry |= {
                    "size": size,
                    "lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": size, "pointerSize": 9},
                }
            entries.append(entry)
        page = entries[cursor : cursor + hub.page]
        more = cursor + hub.page < len(entries)
        link = f'<{hub.address}/api/models/{path}?recursive=1&cursor={cursor + hub.page}>; rel="next"'
        return self._say(200, hub.tree or json.dumps(page).encode(), **({"Link": link} if more else {}))

    def _file(self, path: str) -> None:
        hub = self.server
        repo, _, name = path.partition("/resolve/main/")
        hub.gets[name] += 1
        data = hub.files[repo][name]
        if name in hub.flips:
            data = data[:-1] + b"?"
            if hub.flip_once:
                hub.flips.clear()
        start = 0
        wanted = self.headers.get("Range", "")
        if wanted:
            hub.ranges.append(wanted)
        if wanted and hub.knows_ranges:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        body = data[start:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if len(data) > 10_000 and hub.cuts:
            hub.cuts -= 1
            self.wfile.write(body[: hub.cut_at])
            self.wfile.flush()
            self.close_connection = True
            return
        for at in range(0, len(body), 1 << 16):
            self.wfile.write(body[at : at + (1 << 16)])
            time.sleep(hub.chunk_s)


@contextmanager
def model_hub() -> Iterator[Hub]:
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()
