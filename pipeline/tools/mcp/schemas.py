"""The schemas of a server's tools as every model's API takes them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, get_args

from config.runtime.clean import clean_line

_DEEPEST = 8
_LONGEST = 16_384
"""Letters of a schema as JSON."""
_DESCRIPTION = 300
_MOST_VALUES = 100
_TYPES = get_args(Literal["string", "number", "integer", "boolean", "array", "object", "null"])
_PLAIN = get_args(
    Literal[
        "format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "default", "const",
    ]
)  # fmt: skip
_EITHER = ("anyOf", "oneOf", "allOf")

Schema = dict[str, Any]


class _TooLargeError(Exception):
    pass


def usable(schema: Mapping[str, Any]) -> Schema | None:
    """It with what is known alone, references filled in, words cleaned; None where it is too deep or long."""
    try:
        found = _part(schema, schema, 0)
    except _TooLargeError:
        return None
    found["type"] = "object"
    if "properties" not in found:
        found["properties"] = {}
        found.setdefault("additionalProperties", True)
    return found if len(json.dumps(found)) <= _LONGEST else None


def _part(
    schema: object, whole: Mapping[str, Any], depth: int, within: frozenset[str] = frozenset()
) -> Schema:
    """``within``: the references that led here."""
    if depth > _DEEPEST:
        raise _TooLargeError
    if not isinstance(schema, Mapping):  # ``true``: anything
        return {}
    if isinstance(reference := schema.get("$ref"), str):
        meant = {} if reference in within else _meant(reference, whole)  # what holds itself: once
        more = {key: value for key, value in schema.items() if key != "$ref"}
        return _part({**meant, **more}, whole, depth + 1, within | {reference})
    found: Schema = {key: schema[key] for key in _PLAIN if _is_plain(schema.get(key))}
    if kinds := _kinds(schema.get("type")):
        found["type"] = kinds
    if isinstance(said := schema.get("description"), str):
        found["description"] = clean_line(said, _DESCRIPTION)
    values = schema.get("enum")
    if isinstance(values, list) and 0 < len(values) <= _MOST_VALUES and all(map(_is_plain, values)):
        found["enum"] = list(values)
    for word in _EITHER:
        if isinstance(parts := schema.get(word), list) and parts:
            found[word] = [_part(part, whole, depth + 1, within) for part in parts]
    if isinstance(items := schema.get("items"), Mapping):
        found["items"] = _part(items, whole, depth + 1, within)
    found |= _inside(schema, whole, depth, within)
    return found


def _inside(
    schema: Mapping[str, Any], whole: Mapping[str, Any], depth: int, within: frozenset[str]
) -> Schema:
    """What belongs to an object."""
    found: Schema = {}
    more = schema.get("additionalProperties")
    if isinstance(more, bool):
        found["additionalProperties"] = more
    elif isinstance(more, Mapping):
        found["additionalProperties"] = _part(more, whole, depth + 1, within)
    if isinstance(properties := schema.get("properties"), Mapping):
        found["properties"] = {str(k): _part(v, whole, depth + 1, within) for k, v in properties.items()}
        required = schema.get("required")
        names = required if isinstance(required, list) else []
        if known := [name for name in names if isinstance(name, str) and name in properties]:
            found["required"] = list(dict.fromkeys(known))
    return found


def _meant(reference: str, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """Within the schema itself; elsewhere nothing is fetched, and anything fits."""
    found: object = whole
    if not reference.startswith("#/"):
        return {}
    for name in reference[2:].split("/"):
        name = name.replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _kinds(kinds: object) -> str | list[str] | None:
    if isinstance(kinds, str):
        return kinds if kinds in _TYPES else None
    known = [kind for kind in kinds if kind in _TYPES] if isinstance(kinds, list) else []
    return known or None


def _is_plain(value: object) -> bool:
    return (
        value is not None
        and (not isinstance(value, str) or len(value) <= 200)
        and not isinstance(value, list | dict)
    )
