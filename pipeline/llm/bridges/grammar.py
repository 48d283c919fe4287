"""What a model that has tools may write, as a grammar (GBNF) for its server: words, and a call that fits its
tool's schema. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.llm.base import ToolSpec
from pipeline.llm.bridges.call_reader import CLOSING, OPENING

_JSON = {
    "value": 'object | array | string | number | "true" | "false" | "null"',
    "object": '"{" gap ( string ":" gap value ( "," gap string ":" gap value )* )? gap "}"',
    "array": '"[" gap ( value ( "," gap value )* )? gap "]"',
    "string": r'"\"" ( [^"\\\x00-\x1f] | "\\" ( ["\\/bfnrt] | "u" [0-9a-fA-F]{4} ) )* "\""',
    "integer": '"-"? ( "0" | [1-9] [0-9]{0,14} )',
    "number": 'integer ( "." [0-9]{1,15} )?',
    "boolean": '"true" | "false"',
    "gap": '" "?',
}
_TYPES = {name: name for name in ("string", "integer", "number", "boolean", "object", "array")} | {
    "null": '"null"'
}
_DEEPEST = 8
"""Of schemas in schemas; below, any value will do."""


def grammar_of(tools: Sequence[ToolSpec], *, words: bool = True) -> str:
    """``words``: it may answer without a call."""
    rules = _Rules()
    calls = [_call(tool, rules) for tool in tools]
    root = {
        "root": '( line "\\n" )* ( line | call )' if words else "call",
        "line": f"[ \\t]{{0,40}} ( {_no_call()} )?",
        "call": f"{_quoted(OPENING)} ( {' | '.join(calls)} ) {_quoted(CLOSING)}",
    }
    return "".join(f"{name} ::= {rule}\n" for name, rule in (root | rules.named | _JSON).items())


def schema_of(tools: Sequence[ToolSpec]) -> dict[str, Any]:
    """Of a call alone, as a JSON schema."""
    return {"anyOf": [_call_schema(tool) for tool in tools]}


class _Rules:
    def __init__(self) -> None:
        self.named: dict[str, str] = {}

    def add(self, rule: str) -> str:
        name = f"r{len(self.named)}"
        self.named[name] = rule
        return name


def _no_call() -> str:
    """What a line may have in it that does not begin with the mark: it leaves it at some letter."""
    left = [r"[^< \t\n] [^\n]*"]
    for count in range(1, len(OPENING)):
        left.append(f"{_quoted(OPENING[:count])} ( [^{OPENING[count]}\\n] [^\\n]* )?")
    return " | ".join(left)


def _call(tool: ToolSpec, rules: _Rules) -> str:
    name = _quoted(f'{{"name": {json.dumps(tool.name, ensure_ascii=False)}, "arguments": ')
    return f'{name} {_object(tool.parameters, rules, 0)} "}}"'


def _call_schema(tool: ToolSpec) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"name": {"const": tool.name}, "arguments": tool.parameters},
        "required": ["name", "arguments"],
        "additionalProperties": False,
    }


def _value(schema: object, rules: _Rules, depth: int) -> str:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return "value"
    if "const" in schema:
        return _quoted(json.dumps(schema["const"], ensure_ascii=False))
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return rules.add(" | ".join(_quoted(json.dumps(each, ensure_ascii=False)) for each in schema["enum"]))
    for several in ("anyOf", "oneOf"):
        if isinstance(schema.get(several), list) and schema[several]:
            return rules.add(" | ".join(_value(each, rules, depth + 1) for each in schema[several]))
    kind = schema.get("type")
    if isinstance(kind, list) and kind:
        return rules.add(" | ".join(_value({**schema, "type": each}, rules, depth + 1) for each in kind))
    if kind == "object" and schema.get("properties"):
        return _object(schema, rules, depth)
    if kind == "array" and "items" in schema:
        item = _value(schema["items"], rules, depth + 1)
        return rules.add(f'"[" gap ( {item} ( "," gap {item} )* )? gap "]"')
    return _TYPES.get(kind, "value") if isinstance(kind, str) else "value"


def _object(schema: Mapping[str, Any], rules: _Rules, depth: int) -> str:
    """Its properties in their order, those that are not required or not."""
    properties = schema.get("properties")
    named = list(properties.items()) if isinstance(properties, Mapping) else []
    required = schema.get("required")
    must = set(required) if isinstance(required, list) else set()
    # From the last to the first: what may follow, where something stands before it, and where nothing does.
    after, alone = '""', '""'
    for name, inner in reversed(named):
        pair = f"{_quoted(json.dumps(name, ensure_ascii=False) + ':')} gap {_value(inner, rules, depth + 1)}"
        one = f"{pair} {after}"
        next_ = f'"," gap {one}'
        after = rules.add(next_ if name in must else f"( {next_} | {after} )")
        alone = rules.add(one if name in must else f"( {one} | {alone} )")
    return rules.add(f'"{{" {alone} "}}"')


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
