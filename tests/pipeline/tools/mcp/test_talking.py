"""A talk with a server of tools: heard of, approved by a yes, called by a model after another, changed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Answering, serving
from tests.surfaces.test_read_aloud import Terminal

SMALL = Path(__file__).with_name("small_server.py")
TALK = ("talk", "--typed", "--plain", "--microphone", "none", "--speaker", "none")

Says = Callable[[dict[str, Any]], tuple[str, dict[str, Any]] | str]
"""From what a model is asked to a tool that it calls with arguments, or to its words."""


@contextmanager
def model(says: Says) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Its address, and what it was asked."""
    asked = list[dict[str, Any]]()

    class Chatting(Answering):
        def get(self) -> None:
            self.answer(200, b'{"data": [{"id": "m"}]}', Content_Type="application/json")

        def post(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body)
            said = says(body)
            delta: dict[str, Any] = {"content": said}
            if not isinstance(said, str):
                call = {"name": said[0], "arguments": json.dumps(said[1])}
                delta = {"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": call}]}
            choice = {
                "index": 0,
                "delta": delta,
                "finish_reason": "stop" if "content" in delta else "tool_calls",
            }
            events = f"data: {json.dumps({'choices': [choice]})}\n\ndata: [DONE]\n\n"
            self.answer(200, events.encode(), Content_Type="text/event-stream")

    with serving(Chatting) as url:
        yield f"{url}/v1#m", asked


def names(body: dict[str, Any]) -> list[str]:
    return [tool["function"]["name"] for tool in body.get("tools", ())]


def obeys(body: dict[str, Any]) -> tuple[str, dict[str, Any]] | str:
    """Whatever it is told to send it sends, by the server's tool if it has that."""
    last = body["messages"][-1] if "messages" in body else {"role": "", "content": ""}
    if last["role"] == "user" and "send" in last["content"] and "s_write" in names(body):
        return "s_write", {"text": "to Ann"}
    return f"It says {last['content']}" if last["role"] == "tool" else "There is nothing."


def test_tools_are_approved_and_called_after_a_yes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALOUD_HOME", str(tmp_path))
    file = tmp_path / "config" / "aloud.toml"
    file.parent.mkdir()
    file.write_text(f'[mcp.s]\ncommand = "{sys.executable}"\nargs = ["-IS", "{SMALL}", "stdio"]\n')
    file.chmod(0o600)
    with model(obeys) as (spec, asked):
        terminal = Terminal((*TALK, "--llm", spec), dict(os.environ))

        def says(line: str, answer: str) -> None:
            terminal.type(f"{line}\n".encode())
            terminal.until(f"{line}\r\nAloud: {answer}\r\n")

        terminal.until("To end: Ctrl-C\r\n")
        terminal.type(b"can you send it\n")
        terminal.until("Aloud: There is nothing\\.\r\n")
        terminal.until("Aloud: The server s offers tools that you have not approved yet\\. [^\r]*\r\n")
        says(
            "approve the tools of s", "The server s offers these tools: echo: Says it again; write; [^\r]*\\?"
        )
        says("yes", "The tools of s can be used now\\.")
        says("please send it", "[^\r]*to Ann[^\r]*\\?")
        says("no", "Then I leave it\\.[^\r]*")
        says("please send it now", "[^\r]*to Ann[^\r]*\\?")
        says("yes", "That is done\\. It says to Ann")
        says("is there nothing more", "There is nothing\\.")
        terminal.type(b"\x04")
        assert terminal.end()[0] == 0
        assert "s_write" not in names(asked[0])
        # What was approved is approved the next time, too.
        assert json.loads((tmp_path / "state/mcp/approved.json").read_text())["s"].keys() >= {"echo", "write"}
