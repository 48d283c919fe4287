"""``aloud mcp``: servers listed as they are, their tools approved and forgotten; and what the doctor says."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.settings.paths import config_file, state_dir

Call = Callable[..., Any]
SMALL = Path(__file__).parents[3] / "pipeline" / "tools" / "mcp" / "small_server.py"


def settings(*tables: str) -> None:
    """A server ``s`` that works, and ``tables``."""
    works = f'[mcp.s]\ncommand = "{sys.executable}"\nargs = ["-IS", "{SMALL}", "stdio"]\nreads = ["echo"]\n'
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text("\n".join((works, *tables)))
    config_file().chmod(0o600)


GONE = '[mcp.gone]\ncommand = "no-such-program"'
OFF = '[mcp.off]\ncommand = "x"\nenabled = false'
KEY = '[mcp.key]\ncommand = "x"\nenv = {A = "${NO_SUCH}"}'


def test_servers_are_listed_approved_and_forgotten(aloud: Call) -> None:
    assert aloud("mcp", "list").out.startswith("There is none. Write [mcp.NAME] into /")
    settings(GONE, OFF, KEY)
    lines = aloud("mcp", "list").out.splitlines()
    assert lines[:3] == [
        "s: 23 tools, 23 of them not approved. To read and approve them: aloud mcp approve s",
        "    echo (it only reads, not approved): Says it again.",
        "    write (it is asked about before each call, not approved): write",
    ]
    assert lines[-3:] == [
        "gone: no-such-program cannot be started: there is no such program.",
        "off: not opened: enabled is false.",
        "key: the environment variable NO_SUCH is not set. Set it: export NO_SUCH=ITS_VALUE",
    ]
    refused = aloud("mcp", "approve", "s")
    assert (refused.status, refused.out.splitlines()[0]) == (2, "echo: Says it again.")
    assert refused.err == (
        "aloud: Nobody is there to be asked. Nothing was approved. "
        "If you have read this: aloud mcp approve s --yes\n"
    )
    assert not (state_dir() / "mcp").exists()
    assert aloud("mcp", "approve", "s", "--yes").out.endswith("The tools of s are approved.\n")
    assert aloud("mcp", "approve", "s").out == "All tools of s are approved.\n"
    listed = [json.loads(line) for line in aloud("mcp", "list", "--json").out.splitlines()]
    assert [(each["name"], each["state"]) for each in listed] == [
        ("s", "open"), ("gone", "waiting"), ("off", "off"), ("key", "waiting"),
    ]  # fmt: skip
    assert all(tool["approved"] for tool in listed[0]["tools"])
    assert {tool["name"] for tool in listed[0]["tools"] if tool["risk"] == "read"} == {"echo"}
    assert aloud("mcp", "forget", "s").out == "No tool of s is approved any more.\n"
    assert "23 of them not approved" in aloud("mcp", "list").out


def test_what_cannot_be_done_is_a_sentence(aloud: Call) -> None:
    settings(GONE)
    failed = aloud("mcp", "approve", "gone", "--yes")
    assert (failed.status, failed.err) == (
        4,
        "aloud: The server gone is not there: no-such-program cannot be started: there is no such program. "
        "Nothing was approved.\n",
    )
    unknown = aloud("mcp", "forget", "gon")
    assert (unknown.status, unknown.err) == (
        2,
        "aloud: There is no MCP server gon. Is it gone? See all: aloud mcp list\n",
    )
    offline = aloud("mcp", "list", "--offline").out
    assert offline.count("not opened: it may reach what is elsewhere, and this is offline.") == 2
    change = aloud("config", "set", "mcp.s.command", "x")
    assert (change.status, "MCP servers are written by hand" in change.err) == (2, True)
    assert "mcp" not in aloud("config", "show").out
    config_file().chmod(0o666)
    assert "names programs to be started, and others may write it" in aloud("mcp", "list").err
