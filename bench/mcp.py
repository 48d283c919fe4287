"""``python -m bench.mcp FOLDER``: real MCP servers over both ways, killed in mid-call; an answer of 50 MB.

The servers are installed once into a folder of their own, of which nothing else is used::

    npm install --prefix FOLDER @modelcontextprotocol/server-everything \\
        @modelcontextprotocol/server-filesystem @modelcontextprotocol/server-memory
    uv venv FOLDER/python && uv pip install --python FOLDER/python/bin/python mcp-server-time mcp-server-fetch

Stalls are the processor time of this thread between two looks of a task that wants to run all the time: what
other programs take of the cores is not in them.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from config.settings.mcp import McpServer
from config.settings.model import Settings
from pipeline.tools.base import ToolResult
from pipeline.tools.mcp.approvals import Approvals
from pipeline.tools.mcp.servers import Servers, open_servers

SMALL = Path(__file__).parents[1] / "tests" / "pipeline" / "tools" / "mcp" / "small_server.py"
CALLS = 50
MEGABYTES = 50


@dataclass(frozen=True)
class Real:
    """A server of a registry. ``calls``: a tool with its arguments, and what must be in the answer."""

    name: str
    package: str
    command: tuple[str, ...]
    calls: tuple[str, Mapping[str, Any], str]
    http: tuple[str, ...] = ()
    slow: tuple[str, Mapping[str, Any]] | None = None
    """A tool that takes long; without one it is stopped before it is killed."""


def real(folder: Path, data: Path) -> list[Real]:
    node, python = folder / "node_modules" / ".bin", str(folder / "python" / "bin" / "python")
    (data / "a.txt").write_text("what stands here")
    return [
        Real(
            "everything",
            "@modelcontextprotocol/server-everything",
            (str(node / "mcp-server-everything"),),
            ("get-sum", {"a": 2, "b": 3}, "5"),
            ("streamableHttp",),
            ("trigger-long-running-operation", {"duration": 20, "steps": 4}),
        ),
        Real(
            "files",
            "@modelcontextprotocol/server-filesystem",
            (str(node / "mcp-server-filesystem"), str(data)),
            ("read_text_file", {"path": str(data / "a.txt")}, "what stands here"),
        ),
        Real(
            "memory",
            "@modelcontextprotocol/server-memory",
            (str(node / "mcp-server-memory"),),
            ("read_graph", {}, "entities"),
        ),
        Real(
            "time",
            "mcp-server-time",
            (python, "-m", "mcp_server_time"),
            ("get_current_time", {"timezone": "Europe/Rome"}, "Europe/Rome"),
        ),
        Real("fetch", "mcp-server-fetch", (python, "-m", "mcp_server_fetch"), ("fetch", {"url": "x"}, "")),
    ]


def version(folder: Path, package: str) -> str:
    manifest = folder / "node_modules" / package / "package.json"
    if manifest.is_file():
        return str(json.loads(manifest.read_text())["version"])
    found = folder.glob(f"python/lib/*/site-packages/{package.replace('-', '_')}-*.dist-info")
    return next((path.name.removesuffix(".dist-info").rpartition("-")[2] for path in found), "?")


@asynccontextmanager
async def opened(server: McpServer) -> AsyncIterator[Servers]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings().replaced(mcp=(server,))
        async with open_servers(settings, Approvals(Path(folder) / "approved.json")) as servers:
            await servers.all_settled()
            [only] = servers.all
            if only.condition.state != "open":
                raise SystemExit(f"{server.name}: {only.condition.why}")
            servers.approve(only, only.tools)
            servers.offer(only)
            yield servers


async def call(servers: Servers, name: str, arguments: Mapping[str, Any]) -> ToolResult:
    [only] = servers.all
    places = {tool.name: offered for tool, offered in zip(only.tools, servers.tools, strict=True)}
    result = await places[name].run(**arguments)
    assert isinstance(result, ToolResult)
    return result


# Real servers ----------------------------------------------------------------------------------------


@dataclass
class Held:
    """A server at an address: its process, begun anew when it was killed."""

    command: tuple[str, ...]
    port: int
    process: subprocess.Popen[bytes] = field(init=False)

    def begin(self) -> None:
        env = {**os.environ, "PORT": str(self.port)}
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, env=env, stdout=quiet, stderr=quiet)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def at_an_address(server: Real) -> Iterator[Held]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    held = Held((*server.command, *server.http), port)
    held.begin()
    try:
        yield held
    finally:
        held.kill()


def children() -> set[int]:
    told = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(number) for number in told}


async def measured(server: Real, settings: McpServer, held: Held | None) -> tuple[str, ...]:
    began, before = time.monotonic(), children()
    async with opened(settings) as servers:
        opened_s = time.monotonic() - began
        name, arguments, wanted = server.calls
        took = []
        for _ in range(CALLS):
            began = time.monotonic()
            answer = (await call(servers, name, arguments)).text
            took.append(time.monotonic() - began)
            assert wanted in answer, answer
        [number] = [held.process.pid] if held else children() - before
        slow = server.slow or (name, arguments)
        fell = list[tuple[str, float]]()

        async def waits() -> None:
            said = (await call(servers, *slow)).text
            fell.append((said, time.monotonic()))

        async with anyio.create_task_group() as tasks:
            if not server.slow:
                os.kill(number, signal.SIGSTOP)
            tasks.start_soon(waits)
            await anyio.sleep(0.3)
            assert not fell, fell
            killed = time.monotonic()
            held.kill() if held else os.kill(number, signal.SIGKILL)
        if held:
            await anyio.to_thread.run_sync(held.begin)
        told_ms = (fell[0][1] - killed) * 1000
        assert "whether anything was done is not known" in fell[0][0], fell
        again = (await call(servers, name, arguments)).text
        assert wanted in again
        return (
            f"{opened_s:.1f} s",
            str(len(servers.all[0].tools)),
            f"{statistics.median(took) * 1000:.0f}",
            f"{max(took) * 1000:.0f}",
            f"{told_ms:.0f} ms",
            f"{time.monotonic() - killed:.1f} s",
        )


async def of_registries(folder: Path) -> list[tuple[str, ...]]:
    head = ("server", "way", "opened", "tools", "call ms p50", "max", "killed: told after", "next call")
    rows = [head]
    with tempfile.TemporaryDirectory() as data:
        for server in real(folder, Path(data)):
            name = f"{server.name} {version(folder, server.package)}"
            own = McpServer(name=server.name, command=server.command[0], args=server.command[1:])
            rows.append((name, "stdio", *await measured(server, own, None)))
            if server.http:
                with at_an_address(server) as held:
                    there = McpServer(name=server.name, url=f"http://127.0.0.1:{held.port}/mcp")
                    rows.append((name, "HTTP", *await measured(server, there, held)))
    return rows


# Long answers ----------------------------------------------------------------------------------------


@contextmanager
def small(way: str) -> Iterator[McpServer]:
    if way == "stdio":
        yield McpServer(name="s", command=sys.executable, args=("-IS", str(SMALL), "stdio"))
        return
    words = ["events"] if way == "HTTP events" else []
    command = [sys.executable, "-IS", str(SMALL), "http", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield McpServer(name="s", url=f"http://127.0.0.1:{process.stdout.readline().strip()}/mcp")
        finally:
            process.kill()


async def longest_stall_ms(work: Callable[[], Any]) -> tuple[float, Any]:
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await anyio.sleep(0.001)
            longest = max(longest, time.thread_time() - before)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(tick)
        done = await work()
        tasks.cancel_scope.cancel()
    return longest * 1000, done


async def of_length() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("way", "answer", "took", "letters kept", "longest stall, ms")]
    for way in ("stdio", "HTTP", "HTTP events"):
        with small(way) as server, ExitStack():
            async with opened(server) as servers:
                for said, tool, size in (
                    ("16 kB", "big", 16_000),
                    ("0.9 MB", "big", 900_000),
                    (f"{MEGABYTES} MB, number first", "big", MEGABYTES * 1_000_000),
                    (f"{MEGABYTES} MB, number last", "big_last", MEGABYTES * 1_000_000),
                ):
                    began, arguments = time.monotonic(), {"n": size}
                    stall, result = await longest_stall_ms(lambda t=tool, a=arguments: call(servers, t, a))
                    took = f"{time.monotonic() - began:.2f} s"
                    rows.append((way, said, took, str(len(result.text)), f"{stall:.1f}"))
                assert (await call(servers, "echo", {"text": "still there"})).text == "still there"
    return rows


def table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.mcp", description="Real MCP servers, and long answers."
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", help="where they are installed; none: long answers alone"
    )
    folder = parser.parse_args().folder
    gc.set_threshold(50_000, 20, 50)  # as the program has it
    if folder:
        print(table(anyio.run(of_registries, folder.resolve())), end="\n\n")
    print(table(anyio.run(of_length)))


if __name__ == "__main__":
    main()
