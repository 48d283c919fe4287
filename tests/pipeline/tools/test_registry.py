"""The tools of a conversation: which are offered, and that no call, however wrong, ends it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import InputError
from config.runtime.clean import clean
from pipeline.llm.base import ToolCall
from pipeline.tools.base import Tool, ToolError, ToolResult
from pipeline.tools.plugins import BrokenTool, PluginTools
from pipeline.tools.registry import LONGEST_RESULT, Toolbox

pytestmark = pytest.mark.anyio


def tool(name: str, run: Callable[..., Awaitable[Any]], **more: Any) -> Tool:
    parameters: dict[str, Any] = {"type": "object", "properties": {"n": {"type": "integer"}}}
    given: dict[str, Any] = {"risk": "read", "run": run} | more
    return Tool(name, "For a test.", parameters, **given)


async def double(n: int = 1) -> str:
    return f"{2 * n}"


async def refuse(n: int = 1) -> str:
    raise ToolError(f"{n} is too much.")


async def lack(n: int = 1) -> str:
    raise InputError("There is no room.", todo="Make some.")


async def break_down(n: int = 1) -> str:
    raise KeyError("what was said in private")


async def give_nothing(n: int = 1) -> None:
    return None


async def go_on(n: int = 1) -> ToolResult:
    return ToolResult(clean("x" * (LONGEST_RESULT + 5)), value=n)


def nothing_installed() -> PluginTools:
    return PluginTools()


def toolbox(*tools: Tool, plugins: Callable[[], PluginTools] = nothing_installed) -> Toolbox:
    return Toolbox(lambda: tools, plugins)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (ToolCall("1", "double", {"n": "two"}), '“n” must be a whole number, not "two". '),
        (ToolCall("1", "double", {"m": 2}), "There is no “m”; there is: n. The tool double was not run."),
        (ToolCall("1", "double", {}, malformed='{"n": '), 'be read ({"n": ); call again with valid JSON.'),
        (ToolCall("1", "halve", {}), "There is no tool halve. There are: double, "),
        (ToolCall("1", "refuse", {"n": 9}), "9 is too much."),
        (ToolCall("1", "lack", {}), "There is no room. Make some."),
        (ToolCall("1", "break_down", {}), "The tool break_down failed (KeyError)."),
        (ToolCall("1", "give_nothing", {}), "gave no text."),
    ],
)  # fmt: skip
async def test_what_goes_wrong_is_a_sentence_for_the_model(call: ToolCall, said: str) -> None:
    parts = (tool(part.__name__, part) for part in (double, refuse, lack, break_down, give_nothing))
    result = await toolbox(*parts).run(call)
    assert result.failed
    assert said in result.text


async def test_what_was_said_in_private_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="pipeline"):
        await toolbox(tool("break_down", break_down)).run(ToolCall("1", "break_down", {}))
    assert "break_down failed: KeyError" in caplog.text
    assert "in private" not in caplog.text


async def test_what_works_gives_its_result_and_no_more_than_a_model_takes() -> None:
    box = toolbox(tool("double", double), tool("go_on", go_on))
    assert await box.run(ToolCall("1", "double", {"n": 21})) == ToolResult(clean("42"))
    long = await box.run(ToolCall("1", "go_on", {"n": 3}))
    assert "[505 more letters are left out here; call read_more with result 1 and at 6000]" in long.text
    assert len(long.text) <= LONGEST_RESULT
    assert long.value == 3


async def test_a_plain_text_of_another_package_is_somebody_elses_words() -> None:
    """A tool that reads mail, and whose maker thought of nothing."""
    theirs = (tool("read_mail", double), tool("refuse", refuse), tool("go_on", go_on))
    box = toolbox(tool("double", double), plugins=lambda: PluginTools(theirs))
    await box.offered()
    results = [await box.run(ToolCall("1", name, {})) for name in ("double", "read_mail", "refuse", "go_on")]
    assert [result.untrusted for result in results] == [False, True, True, False]


async def test_what_sends_is_offered_where_somebody_can_agree_and_run_for_a_yes_alone() -> None:
    box = toolbox(tool("double", double), tool("post", double, risk="send"))
    assert [offered.name for offered in await box.offered()] == ["double"]
    assert [offered.name for offered in await box.offered(sends=True)] == ["double", "post"]
    result = await box.run(ToolCall("1", "post", {}))
    assert result.failed
    assert "nobody has agreed to that: it was not run" in result.text


async def test_a_tool_is_offered_when_it_is_available() -> None:
    there: list[int] = []

    def is_there() -> bool:
        return bool(there)

    def break_off() -> bool:
        raise OSError

    box = toolbox(tool("look", double, available=is_there), tool("odd", double, available=break_off))
    assert await box.offered() == ()
    there.append(1)
    assert [offered.name for offered in await box.offered()] == ["look"]


async def test_others_are_taken_in_once_and_take_no_name_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[int] = []

    def installed() -> PluginTools:
        asked.append(1)
        ours_too, theirs = tool("double", refuse), tool("triple", double)
        return PluginTools((ours_too, theirs), (BrokenTool("quad", "it is broken."),))

    box = toolbox(tool("double", double), plugins=installed)
    await box.run(ToolCall("1", "double", {}))
    assert not asked  # nothing is imported for what the program calls
    for _ in range(2):
        assert [offered.name for offered in await box.offered()] == ["double", "triple"]
    assert len(asked) == 1
    assert (await box.run(ToolCall("1", "double", {}))).text == "2"
    assert "The tool quad cannot be used: it is broken." in caplog.text
    assert "The tool double cannot be used: another tool has this name." in caplog.text


@given(
    st.text(max_size=100),
    st.dictionaries(
        st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(), st.floats()), max_size=4
    ),
    st.text(max_size=200),
)
@settings(max_examples=100, deadline=None)
def test_no_call_raises(name: str, arguments: dict[str, Any], malformed: str) -> None:
    box = toolbox(tool("double", double))
    for called in (name, "double"):
        work = box.run(ToolCall("1", called, arguments, malformed))
        with pytest.raises(StopIteration) as end:
            work.send(None)
        assert end.value.value.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "two words"}, "A tool's name is"),
        ({"name": ""}, "A tool's name is"),
        ({"risk": "danger"}, "there are: read, write, send."),
        ({"parameters": {"type": "string"}}, "are no schema of an object"),
    ],
)
async def test_what_could_never_be_offered_is_no_tool(wrong: dict[str, Any], said: str) -> None:
    right: dict[str, Any] = {"name": "n", "description": "", "risk": "read", "run": double}
    with pytest.raises(ValueError, match=said):
        Tool(**right | wrong)
