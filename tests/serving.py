"""Servers on the loopback, for tests: any answers of one's own, and a model with a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Answering(BaseHTTPRequestHandler):
    """What a server's ``get`` and ``post`` do is its own. Logs nothing."""

    def do_GET(self) -> None:
        self.get()

    def do_POST(self) -> None:
        self.post()

    def get(self) -> None:
        self.answer(404, b"")

    def post(self) -> None:
        self.answer(404, b"")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """All of it. ``Content_Type`` is a header's name."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(
    handler: type[BaseHTTPRequestHandler], at_end: Callable[[], object] = lambda: None
) -> Iterator[str]:
    """``http://127.0.0.1:PORT``. ``at_end``: lets go whom it keeps waiting."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            at_end()
            server.shutdown()
            thread.join()


@dataclass
class Model:
    """``says``: the answer to a chat's last message (empty where it holds pictures)."""

    says: Callable[[str], str]
    spec: str = ""
    """What ``--llm`` takes."""
    received: list[bytes] = field(default_factory=list)
    """Heads and bodies of what was posted; before the first chat it is asked what it can do."""

    @property
    def chats(self) -> list[bytes]:
        return [request for request in self.received if b'"messages"' in request]

    @property
    def asked(self) -> list[list[dict[str, Any]]]:
        """The messages of the chats."""
        return [json.loads(chat[chat.index(b'{"model"') :])["messages"] for chat in self.chats]


@contextmanager
def model_server(says: Callable[[str], str]) -> Iterator[Model]:
    """Speaks the protocol of OpenAI; each answer is one piece."""
    model = Model(says)

    class Chatting(Answering):
        def get(self) -> None:
            self.answer(
                200, b'{"object": "list", "data": [{"id": "scripted"}]}', Content_Type="application/json"
            )

        def post(self) -> None:
            head = str(self.headers).encode()
            model.received.append(head + self.rfile.read(int(self.headers["Content-Length"])))
            if not self.path.endswith("/chat/completions"):
                return self.answer(404, b"")
            asked = model.asked[-1][-1]["content"]
            said = model.says(asked if isinstance(asked, str) else "")
            piece = {"choices": [{"index": 0, "delta": {"content": said}, "finish_reason": "stop"}]}
            body = f"data: {json.dumps(piece)}\n\ndata: [DONE]\n\n".encode()
            return self.answer(200, body, Content_Type="text/event-stream")

    with serving(Chatting) as url:
        model.spec = f"{url}/v1#scripted"
        yield model
