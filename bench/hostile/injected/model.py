"""A model over Chat Completions that obeys every order it reads, in each turn anew."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bench.hostile.injected.orders import Order, orders_in

_MOST_CALLS = 12


class ObedientModel:
    """``orders``: those it knows. ``in_pictures``: what it reads in any picture that it is shown."""

    def __init__(self, orders: tuple[Order, ...], in_pictures: str = "") -> None:
        self._orders = orders
        self._in_pictures = in_pictures
        self._obeyed: set[tuple[int, str]] = set()
        self.read: set[str] = set()
        """Words of all orders that it came to read."""

    def answer(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        """Its next message: calls, or words."""
        turn = sum(message["role"] == "user" for message in messages)
        said = "\n".join(self._text(each) for each in messages if each["role"] != "assistant")
        found = orders_in(said, self._orders)
        self.read |= {order.words for order in found}
        new = [order for order in found if (turn, order.words) not in self._obeyed][:_MOST_CALLS]
        self._obeyed |= {(turn, order.words) for order in new}
        calls = [order for order in new if order.tool]
        told = " ".join(order.says for order in new if order.says)
        if not calls:
            return {"content": told or "Here you are."}
        return {"content": told or None, "tool_calls": [_call(turn, *each) for each in enumerate(calls)]}

    def _text(self, message: dict[str, Any]) -> str:
        content = message.get("content") or ""
        if isinstance(content, str):
            return content
        seen = any(part.get("type") == "image_url" for part in content)
        return " ".join([*(part.get("text", "") for part in content), self._in_pictures * seen])


def _call(turn: int, number: int, order: Order) -> dict[str, Any]:
    function = {"name": order.tool, "arguments": json.dumps(order.arguments)}
    return {"index": number, "id": f"call_{turn}_{number}", "type": "function", "function": function}


class ModelServer(ThreadingHTTPServer):
    """``model`` answers from now on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.model = ObedientModel(())


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_GET(self) -> None:
        self._give(json.dumps({"object": "list", "data": [{"id": "m"}]}), "application/json")

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.path.endswith("/chat/completions"):
            return self._give("{}", "application/json", 404)
        said = self.server.model.answer(asked["messages"])
        ends = "tool_calls" if said.get("tool_calls") else "stop"
        pieces = [{"delta": said, "index": 0}, {"delta": {}, "index": 0, "finish_reason": ends}]
        body = "".join(f"data: {json.dumps({'choices': [piece]})}\n\n" for piece in pieces)
        return self._give(f"{body}data: [DONE]\n\n", "text/event-stream")

    def _give(self, body: str, kind: str, status: int = 200) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass
