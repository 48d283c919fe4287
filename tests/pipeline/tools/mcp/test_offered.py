"""What a model is offered of a server's tools: names, schemas, risks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.settings.mcp import McpServer
from pipeline.tools.base import ToolResult
from pipeline.tools.mcp.listing import ListedTool
from pipeline.tools.mcp.offered import name_for, offered
from pipeline.tools.mcp.schemas import usable
from pipeline.tools.schema import fault, flaw
from tests.tables import for_each

PLAIN = {"type": "object", "properties": {"a": {"type": "string"}}}
TREE = {"type": "object", "properties": {"more": {"$ref": "#/$defs/tree"}}}


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


@for_each(
    ("server", "tool", "taken", "name"),
    [
        ("time", "get_time", (), "time_get_time"),
        ("time", "get time/now", (), "time_get_time_now"),
        ("a", "b_c", ("a_b_c",), "a_b_c_662f0bbb"),
        ("x", "時間", (), "x_tool"),
        ("x", "y" * 128, (), "x_" + "y" * 53 + "_d3553357"),
        ("x", "__proto__", (), "x_proto"),
    ],
)
def test_a_name_is_one_that_every_api_takes(
    server: str, tool: str, taken: tuple[str, ...], name: str
) -> None:
    assert name_for(server, tool, taken) == name


@for_each(
    ("schema", "kept"),
    [
        ({}, {"type": "object", "properties": {}, "additionalProperties": True}),
        (PLAIN, PLAIN),
        ({**PLAIN, "$schema": "x", "title": "T", "examples": ["y"], "x-do": "z"}, PLAIN),
        ({**PLAIN, "required": ["a", "gone", 7]}, {**PLAIN, "required": ["a"]}),
        (
            {"properties": {"a": {"type": "money"}, "b": True}},
            {"type": "object", "properties": {"a": {}, "b": {}}},
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"$ref": "#/$defs/n"}},
                "$defs": {"n": {"type": "integer"}},
            },
            {"type": "object", "properties": {"a": {"type": "integer"}}},
        ),
        (
            {"type": "object", "properties": {"a": {"$ref": "https://a.b/c"}}},
            {"type": "object", "properties": {"a": {}}},
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": ["string", "null"], "default": None, "minLength": 2}},
            },
            {"type": "object", "properties": {"a": {"type": ["string", "null"], "minLength": 2}}},
        ),
        (
            {"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "nothing"}]}}},
            {"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}, {}]}}},
        ),
        (
            {"type": "object", "properties": {"a": {"enum": ["b", 1, True]}, "c": {"enum": [[]]}}},
            {"type": "object", "properties": {"a": {"enum": ["b", 1, True]}, "c": {}}},
        ),
        (deep(5), deep(5)),
        (deep(30), None),
        (
            {"$ref": "#/$defs/tree", "$defs": {"tree": TREE}},
            {"type": "object", "properties": {"more": {}}},
        ),
        ({"type": "object", "properties": {f"a{n}": {"description": "x" * 300} for n in range(100)}}, None),
    ],
)
def test_a_schema_is_one_that_every_api_takes(schema: dict[str, Any], kept: dict[str, Any] | None) -> None:
    found = usable(schema)
    assert found == kept
    if found is not None:
        assert flaw(found) == ""
        assert fault({}, found) in ("", "“a” is missing.")
        json.dumps(found)


async def nothing(tool: str, arguments: dict[str, Any]) -> ToolResult:
    raise AssertionError


@for_each(
    ("reads", "local", "claims", "risk", "reaches_out"),
    [
        (False, False, {}, "send", True),
        (False, True, {"reads_only": True, "open_world": False}, "send", False),
        (True, False, {}, "read", True),
        (True, False, {"open_world": False}, "read", True),
        (True, True, {}, "read", False),
        (True, True, {"reads_only": True, "destroys": False}, "read", False),
        (True, True, {"open_world": True}, "read", True),
        (True, True, {"reads_only": False}, "send", False),
        (True, True, {"destroys": True}, "send", False),
    ],
)
def test_a_claim_of_the_server_only_makes_it_stricter(
    reads: bool, local: bool, claims: dict[str, bool], risk: str, reaches_out: bool
) -> None:
    server = McpServer(name="s", command="x", local=local, reads=("t",) if reads else ())
    made = offered(server, ListedTool("t", "d", PLAIN, **claims), "s_t", nothing)
    assert made is not None
    assert (made.risk, made.reaches_out) == (risk, reaches_out)


def test_elsewhere_is_never_local() -> None:
    server = McpServer(name="s", url="https://a.b/c", local=True)
    made = offered(server, ListedTool("t", "", PLAIN), "s_t", nothing)
    assert made is not None
    assert made.reaches_out
    assert made.description == "t of s"


def test_a_story_is_clean_and_short(caplog: pytest.LogCaptureFixture) -> None:
    server = McpServer(name="s", command="x")
    made = offered(server, ListedTool("t", "\x1b[31mred\u202e\nline " + "w " * 3000, PLAIN), "s_t", nothing)
    assert made is not None
    assert made.description.startswith("[31mred line w w")
    assert len(made.description) == 1000
    assert offered(server, ListedTool("t", "", deep(30)), "s_t", nothing) is None
    assert "s_t is left out" in caplog.text
