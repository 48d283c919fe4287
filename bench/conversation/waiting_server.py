"""``python -m bench.conversation.waiting_server`` prints its port, and answers as far as its path says.

``/API/KIND/COUNT/…``: so many events of that stream (-1: not even the headers), and then not a byte more. It
prints ``sent`` each time, and at which moment of the system's clock it saw the connection end.
"""

from __future__ import annotations

import socket
import time

from bench.conversation.wire_streams import APIS, content_type, events


def _request(connection: socket.socket) -> str:
    """The path of one whole request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    left = int(lengths[0].partition(b":")[2]) - len(body)
    while left > 0:
        left -= len(connection.recv(65_536))
    return head.split(b" ")[1].decode()


def _answer(connection: socket.socket, path: str) -> None:
    _, number, kind, count, *_ = path.split("/")
    api = APIS[int(number)]
    if int(count) >= 0:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type(api)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + b"".join(events(api, kind)[: int(count)]))


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                _answer(connection, _request(connection))
                print("sent", flush=True)
                ended = connection.recv(1) == b""
                print(time.monotonic() if ended else "more was asked", flush=True)


if __name__ == "__main__":
    main()
