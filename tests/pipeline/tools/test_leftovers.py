"""Of a result that is too long a model gets the head and the tail, and the rest when it asks for it."""

from __future__ import annotations

import time

import anyio
import pytest

from config.runtime.clean import EMPTY
from pipeline.llm.base import ToolCall
from pipeline.tools.base import Tool, ToolResult
from pipeline.tools.leftovers import LONGEST_RESULT
from pipeline.tools.plugins import PluginTools
from pipeline.tools.registry import Toolbox

pytestmark = pytest.mark.anyio


def toolbox(text: str, *, untrusted: bool = False) -> Toolbox:
    async def read() -> ToolResult:
        return ToolResult(EMPTY + text, untrusted=untrusted)  # type: ignore[arg-type]

    async def plain() -> str:
        return text

    tools = (
        Tool("read", "", risk="read", run=read),
        Tool("plain", "", risk="read", run=plain),
    )
    return Toolbox(lambda: tools, PluginTools)


async def more(box: Toolbox, result: int, at: int | None = None) -> ToolResult:
    arguments = {"result": result} | ({} if at is None else {"at": at})
    return await box.run(ToolCall("1", "read_more", arguments))


async def test_what_is_left_out_can_be_read_on_to_its_end() -> None:
    text = "".join(f"line {number}\n" for number in range(3000))
    box = toolbox(text, untrusted=True)
    assert [tool.name for tool in await box.offered()] == ["read", "plain"]
    first = await box.run(ToolCall("1", "read", {}))
    assert [tool.name for tool in await box.offered()] == ["read", "plain", "read_more"]
    assert len(first.text) <= LONGEST_RESULT
    assert first.text.startswith("line 0\n")
    assert first.text.endswith("line 2999\n")
    got, at = text[:6000], 6000
    while at < len(text):
        part = await more(box, 1, at)
        assert part.untrusted
        assert len(part.text) <= LONGEST_RESULT
        body, _, how = part.text.partition("\n[")
        got += body if how else part.text
        at = int(how.rpartition(" ")[2].rstrip("]")) if how else len(text)
    assert got == text
    assert (await more(box, 1, len(text))).failed
    assert "There are: 1." in (await more(box, 7)).text


async def test_no_more_is_kept_than_fits() -> None:
    box = toolbox("x" * 1_500_000)
    for _ in range(6):
        await box.run(ToolCall("1", "read", {}))
    assert (await more(box, 2)).failed
    last = await more(box, 6, 999_000)
    assert last.text.startswith("xxx")
    assert "of which 1000000 are kept" in (await more(box, 6, 1_000_000)).text


async def test_fifty_megabytes_hold_up_nobody() -> None:
    box, longest = toolbox("x\x07" * 25_000_000), 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await anyio.sleep(0.001)
            longest = max(longest, time.thread_time() - before)

    async with anyio.create_task_group() as group:
        group.start_soon(watch)
        await anyio.sleep(0.01)
        for name in ("read", "plain"):
            assert len((await box.run(ToolCall("1", name, {}))).text) <= LONGEST_RESULT
        group.cancel_scope.cancel()
    assert longest < 0.02
