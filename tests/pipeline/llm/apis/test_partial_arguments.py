from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.llm.apis.partial_arguments import PartialArguments


def collect(*partials: dict[str, Any]) -> PartialArguments:
    arguments = PartialArguments()
    for partial in partials:
        arguments.add(partial)
    return arguments


def test_a_text_that_goes_on_is_joined() -> None:
    found = collect(
        {"jsonPath": "$.city", "stringValue": "San ", "willContinue": True},
        {"jsonPath": "$.city", "stringValue": "Fran", "willContinue": True},
        {"jsonPath": "$.city", "stringValue": "cisco"},
        {"jsonPath": "$.days", "numberValue": 3},
        {"jsonPath": "$.rain", "boolValue": False},
        {"jsonPath": "$.wind", "nullValue": "NULL_VALUE"},
    )
    assert found.value == {"city": "San Francisco", "days": 3, "rain": False, "wind": None}
    assert not found.broken


def test_places_inside_of_one_another() -> None:
    found = collect(
        {"jsonPath": "$.to[0].name", "stringValue": "Ann"},
        {"jsonPath": "$.to[1].name", "stringValue": "Bob"},
        {"jsonPath": "$['a.b'][\"it's\"]", "stringValue": "x"},
        {"jsonPath": "$.numbers[0]", "numberValue": 1},
        {"jsonPath": "$.numbers[1]", "numberValue": 2},
        {"jsonPath": "plain", "stringValue": ""},
    )
    assert found.broken, "a path without a root or a dot is none"
    assert found.value == {
        "to": [{"name": "Ann"}, {"name": "Bob"}],
        "a.b": {"it's": "x"},
        "numbers": [1, 2],
    }


def test_a_text_said_again_takes_the_place_of_the_first() -> None:
    found = collect({"jsonPath": "$.a", "stringValue": "x"}, {"jsonPath": "$.a", "stringValue": "y"})
    assert found.value == {"a": "y"}


@pytest.mark.parametrize(
    "path", ["", "$", "$[0]", "$.a[7]", "$.a.b", "$.a[", "$.x" * 50, "$.l[999999999999]"]
)
def test_what_has_no_place_is_known(path: str) -> None:
    found = collect({"jsonPath": "$.a[0]", "stringValue": "x"}, {"jsonPath": path, "stringValue": "y"})
    assert found.broken
    assert found.value["a"] == ["x"]


PARTIAL = st.fixed_dictionaries(
    {},
    optional={
        "jsonPath": st.sampled_from(["$.a", "$.a.b", "$.a[0]", "$.a[1]", "$['b']", "$", "?"])
        | st.text(max_size=5)
        | st.integers(),
        "stringValue": st.text(max_size=3) | st.integers(),
        "numberValue": st.integers() | st.text(max_size=2),
        "willContinue": st.booleans(),
    },
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PARTIAL, max_size=6))
def test_whatever_comes_it_is_an_object(partials: list[dict[str, Any]]) -> None:
    assert isinstance(collect(*partials).value, dict)
