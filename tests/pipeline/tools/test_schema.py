"""Arguments against a schema: whatever a model sends, it gets a sentence or its call."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tools.schema import fault, flaw
from tests.tables import for_each

WORDS = st.sampled_from(
    ["type", "enum", "required", "properties", "items", "minimum", "maxLength", "a", "b", "x"]
)
NAMES = st.sampled_from(["object", "string", "integer", "number", "array", "boolean", "null", "a", "b"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60), NAMES, st.just(10**400)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(WORDS, st.text(max_size=5)), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.one_of(WORDS, st.text(max_size=5)), JSON, max_size=4)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "length": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
        "count": {"type": "integer", "minimum": 1},
        "kind": {"type": "string", "enum": ["timer", "alarm"]},
        "name": {"type": "string", "maxLength": 5},
        "loud": {"type": "boolean"},
        "places": {"type": "array", "maxItems": 2, "items": {"type": ["string", "null"]}},
        "who": {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]},
    },
    "required": ["length"],
}
FITTING = st.fixed_dictionaries(
    {"length": st.one_of(st.integers(1, 100), st.floats(0, 100, exclude_min=True))},
    optional={
        "count": st.integers(1),
        "kind": st.sampled_from(["timer", "alarm"]),
        "name": st.text(max_size=5),
        "loud": st.booleans(),
        "places": st.lists(st.one_of(st.none(), st.text()), max_size=2),
        "who": st.fixed_dictionaries({"age": st.integers()}),
    },
)


@given(JSON, st.one_of(OBJECTS, st.just(SCHEMA)))
@settings(max_examples=200, deadline=None)
def test_nothing_makes_it_raise_and_a_fault_is_a_sentence(value: Any, schema: dict[str, Any]) -> None:
    said = fault(value, schema, "x")
    assert said == "" or said.endswith(".")
    assert len(said) < 1000
    said.encode("utf-8")
    flaw(schema)


@given(FITTING)
@settings(max_examples=200, deadline=None)
def test_what_fits_passes(arguments: dict[str, Any]) -> None:
    assert fault(arguments, SCHEMA) == ""


@given(FITTING, st.text(min_size=1))
@settings(max_examples=100, deadline=None)
def test_a_key_that_nobody_asked_for_is_refused(arguments: dict[str, Any], key: str) -> None:
    if key not in SCHEMA["properties"]:
        assert fault(arguments | {key: 1}, SCHEMA).startswith("There is no “")


@for_each(
    ("arguments", "said"),
    [
        ({}, "“length” is missing."),
        ({"length": "five"}, '“length” must be a number, not "five".'),
        ({"length": True}, "“length” must be a number, not true."),
        ({"length": float("nan")}, "“length” must be a number, not NaN."),
        ({"length": 0}, "“length” must be more than 0, not 0."),
        ({"length": 10**400}, "“length” must be at most 100, not so large a number."),
        ({"length": 1, "count": 1.5}, "“count” must be a whole number, not 1.5."),
        ({"length": 1, "kind": "egg"}, '“kind” must be one of "timer", "alarm", not "egg".'),
        ({"length": 1, "name": "x" * 6}, "“name” must have at most 5 letters, not 6."),
        ({"length": 1, "name": "\ud800" * 4}, ""),
        ({"length": 1, "loud": "\ud800" * 99}, f'“loud” must be true or false, not "{"?" * 40}…".'),
        ({"length": 1, "places": ["a", None, "b"]}, "“places” must have at most 2 entries, not 3."),
        ({"length": 1, "places": [[]]}, "“places[0]” must be a text or null, not a list."),
        ({"length": 1, "who": {}}, "“age” is missing in “who”."),
        ({"length": 1, "who": {"age": {}}}, "“who.age” must be a whole number, not an object."),
        ({"length": 1, "who": {"age": 1, "b": 2}}, "There is no “b” in “who”; there is: age."),
    ],
)
def test_the_sentence_says_what_is_wrong(arguments: dict[str, Any], said: str) -> None:
    assert fault(arguments, SCHEMA) == said


def test_a_schema_within_itself_ends() -> None:
    nested: dict[str, Any] = {"type": "array"}
    nested["items"] = nested
    value: list[Any] = []
    for _ in range(500):
        value = [value]
    assert fault(value, nested, "x").endswith("is nested too deeply.")


@for_each(
    "schema",
    [
        None, [], {}, {"type": "string"}, {"type": "object", "properties": []},
        {"type": "object", "properties": {"a": 1}}, {"type": "object", "properties": {"a": {"type": "text"}}},
        {"type": "object", "properties": {"a": {"type": [[]]}}}, {"type": "object", "required": ["a"]},
        {"type": "object", "required": [[]]},
    ],
)  # fmt: skip
def test_what_is_no_schema_of_arguments_is_told(schema: Any) -> None:
    assert flaw(schema).endswith(".")
    assert flaw(SCHEMA) == ""
