"""What was shown of a model is kept, for the same model alone."""

from __future__ import annotations

import dataclasses
import json
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import whole_file
from pipeline.llm import shown as kept
from pipeline.llm.capabilities import Claimed
from pipeline.llm.shown import Identity, Shown, keep_shown, shown_before

SERVER = Identity("http://127.0.0.1:8080/v1", "Chat Completions", "m", "llama.cpp b1 42")
SEES = Shown(sees=True, calls_tools=False, why={"calls_tools": "refused"}, on="2026-11-29", version="0.9")


def test_it_is_kept_for_the_same_model_of_the_same_build_alone() -> None:
    assert shown_before(SERVER) == Shown()
    keep_shown(SERVER, SEES)
    assert shown_before(SERVER) == SEES
    for other in ("address", "api", "model", "build"):
        assert shown_before(dataclasses.replace(SERVER, **{other: "another"})) == Shown()
    file = kept._file()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 4)
    models = [dataclasses.replace(SERVER, model=str(number)) for number in range(7)]
    for number, model in enumerate(models):
        keep_shown(model, dataclasses.replace(SEES, on=f"2026-11-{28 if number < 3 else 29}"))
    assert [bool(shown_before(model)) for model in models] == [False] * 3 + [True] * 4


@settings(max_examples=30, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=40),
        st.recursive(
            st.none() | st.booleans() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from([SERVER.key, "shown", "sees", "why", "on", "x"]), inner, max_size=4
                )
            ),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_a_damaged_file_is_begun_anew(content: bytes) -> None:
    file = kept._file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    assert isinstance(shown_before(SERVER).claimed, Claimed)
    keep_shown(SERVER, SEES)
    assert shown_before(SERVER) == SEES


def test_a_file_that_nobody_here_wrote_is_not_read_into_memory() -> None:
    file = kept._file()
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"shown": {SERVER.key: dataclasses.asdict(SEES)}}))
    assert shown_before(SERVER) == SEES
    file.write_text(file.read_text() + " " * whole_file.LONGEST)
    assert shown_before(SERVER) == Shown()


def test_what_was_shown_is_over_what_is_claimed() -> None:
    claimed = Claimed(sees=False, calls_tools=True, context=8192, said_by="llama.cpp")
    assert SEES.claimed.over(claimed) == Claimed(
        sees=True, calls_tools=False, context=8192, said_by="a test on 2026-11-29, llama.cpp"
    )
    assert Shown().claimed.over(claimed) == claimed
    unclear = Shown(calls_tools=True, why={"sees": "no network"}, on="2026-11-30")
    assert unclear.over(SEES) == Shown(
        sees=True, calls_tools=True, why={"sees": "no network"}, on="2026-11-30"
    )
    assert SEES.sentence == "It sees pictures, calls no tools (refused)."
    assert not Shown().sentence
