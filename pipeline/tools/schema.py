"""Arguments against a JSON schema. They come from a model: anything may stand in them; nothing here raises.

Looked at are ``type``, ``enum``, ``required``, ``properties``, ``additionalProperties``, ``items`` and the
bounds of numbers, texts and lists; other words of a schema are left to the tool. A key that the schema does
not name is refused, unless ``additionalProperties`` allows it.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

Schema = Mapping[str, Any]

_DEEPEST = 20
_SHOWN = 40
"""Letters of a value that are said back."""


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


_TYPES: dict[str, tuple[str, Callable[[object], bool]]] = {
    "string": ("a text", lambda value: isinstance(value, str)),
    "number": ("a number", _is_number),
    "integer": ("a whole number", lambda value: _is_number(value) and isinstance(value, int)),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "array": ("a list", lambda value: isinstance(value, list)),
    "object": ("an object", lambda value: isinstance(value, dict)),
    "null": ("null", lambda value: value is None),
}
_NUMBERS = (
    ("minimum", operator.lt, "at least"),
    ("maximum", operator.gt, "at most"),
    ("exclusiveMinimum", operator.le, "more than"),
    ("exclusiveMaximum", operator.ge, "less than"),
)
_LENGTHS = (
    (str, "minLength", operator.lt, "at least", "letters"),
    (str, "maxLength", operator.gt, "at most", "letters"),
    (list, "minItems", operator.lt, "at least", "entries"),
    (list, "maxItems", operator.gt, "at most", "entries"),
)


def fault(value: object, schema: Schema, name: str = "", *, depth: int = 0) -> str:
    """Why ``value`` does not fit, as a sentence for a model; empty where it fits."""
    if depth > _DEEPEST:
        return f"{_quoted(name)} is nested too deeply."
    checks = (_wrong_type, _wrong_choice, _wrong_number, _wrong_length)
    found = (check(value, schema, name) for check in checks)
    return next(filter(None, found), "") or next(filter(None, _inside(value, schema, name, depth)), "")


def flaw(schema: object) -> str:
    """Why ``schema`` cannot be that of a tool's arguments; empty where it can."""
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return 'its type is not "object".'
    properties, required = schema.get("properties", {}), schema.get("required", [])
    if not isinstance(properties, Mapping) or not all(map(_is_schema, properties.values())):
        return "its properties are not schemas with names."
    if not isinstance(required, list) or not _are_names(required, properties):
        return "it requires what is none of its properties."
    return ""


def _is_schema(part: object) -> bool:
    return isinstance(part, Mapping) and _are_names(_types(part), _TYPES)


def _are_names(names: list[Any], known: Mapping[str, object]) -> bool:
    return all(isinstance(name, str) and name in known for name in names)


def _types(schema: Schema) -> list[Any]:
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]


def _wrong_type(value: object, schema: Schema, name: str) -> str:
    wanted = [_TYPES[kind] for kind in _types(schema) if isinstance(kind, str) and kind in _TYPES]
    if not wanted or any(fits(value) for _, fits in wanted):
        return ""
    return f"{_quoted(name)} must be {' or '.join(said for said, _ in wanted)}, not {_shown(value)}."


def _wrong_choice(value: object, schema: Schema, name: str) -> str:
    choices = schema.get("enum")
    if not isinstance(choices, list) or any(_same(value, choice) for choice in choices):
        return ""
    return f"{_quoted(name)} must be one of {', '.join(map(_shown, choices))}, not {_shown(value)}."


def _same(value: object, choice: object) -> bool:
    """As JSON has it, where true is not 1."""
    return value == choice and isinstance(value, bool) == isinstance(choice, bool)


def _wrong_number(value: object, schema: Schema, name: str) -> str:
    if not _is_number(value):
        return ""
    for word, beyond, said in _NUMBERS:
        bound = schema.get(word)
        if _is_number(bound) and beyond(value, bound):
            return f"{_quoted(name)} must be {said} {_shown(bound)}, not {_shown(value)}."
    return ""


def _wrong_length(value: object, schema: Schema, name: str) -> str:
    for kind, word, beyond, said, parts in _LENGTHS:
        bound = schema.get(word)
        if isinstance(value, kind) and _is_number(bound) and beyond(len(value), bound):
            return f"{_quoted(name)} must have {said} {_shown(bound)} {parts}, not {len(value)}."
    return ""


def _inside(value: object, schema: Schema, name: str, depth: int) -> Iterator[str]:
    """The faults of what a list or an object holds."""
    items = schema.get("items")
    if isinstance(value, list) and isinstance(items, Mapping):
        for at, item in enumerate(value):
            yield fault(item, items, f"{name}[{at}]", depth=depth + 1)
    if isinstance(value, dict) and isinstance(schema.get("properties", {}), Mapping):
        yield from _keys(value, schema, name)
        for key, part in schema.get("properties", {}).items():
            if key in value and isinstance(part, Mapping):
                yield fault(value[key], part, f"{name}.{key}" if name else key, depth=depth + 1)


def _keys(value: dict[Any, Any], schema: Schema, name: str) -> Iterator[str]:
    """What is missing of an object, and what nobody asked for."""
    there, where = schema.get("properties", {}), f" in {_quoted(name)}" if name else ""
    required = schema.get("required")
    for key in required if isinstance(required, list) else ():
        if isinstance(key, str) and key not in value:
            yield f"{_quoted(key)} is missing{where}."
    if schema.get("additionalProperties", False) is not False or ("properties" not in schema and name):
        return
    for key in value:
        if key not in there:
            yield f"There is no {_quoted(key)}{where}; there is: {', '.join(map(str, there)) or 'nothing'}."


def _shown(value: object) -> str:
    """A value as it can be said back, in few letters."""
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "an object"
    if isinstance(value, int) and value.bit_length() > 128:
        return "so large a number"
    if isinstance(value, str):
        value = _clipped(value)
    return json.dumps(value, ensure_ascii=False, default=lambda other: type(other).__name__)


def _quoted(name: object) -> str:
    return f"“{_clipped(str(name))}”"


def _clipped(text: str) -> str:
    """Without halves of characters, which no request could carry."""
    return text[:_SHOWN].encode("utf-8", "replace").decode("utf-8") + ("…" if len(text) > _SHOWN else "")
