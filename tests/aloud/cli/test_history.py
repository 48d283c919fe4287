"""``aloud history``: what was dictated, found, exported, deleted for real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.runtime.clean import clean
from config.settings.paths import state_dir
from pipeline.dictation.store import Takes
from pipeline.dictation.targets.base import Receipt
from tests.aloud.cli.test_screen import on_a_terminal

Call = Callable[..., Any]


@pytest.fixture
def _takes() -> None:
    with Takes() as account:
        for raw, final in (
            ("um dear peter", "Dear Peter,"),
            ("the swordfish is late", "The swordfish is late."),
        ):
            take = account.begin("email", ["stdout"], "en", "whisper:tiny")
            account.sound(take).write_bytes(bytes(44 + 32_000))
            receipt = Receipt("stdout", clean(final))
            account.intend(take.id, "stdout", receipt)
            account.arrived(receipt)
            account.change(take.id, "delivered", raw=raw, final=final)
        account.begin("clean", ["window"], "auto", "pocketsphinx")


@pytest.mark.usefixtures("_takes")
def test_listed_shown_and_found(aloud: Call) -> None:
    lines = aloud("history", "list").out.splitlines()
    assert [line.split()[0] for line in lines] == ["3", "2", "1"]
    assert "(not heard yet)" in lines[0]
    assert aloud("history", "list", "--limit", "1").out.splitlines() == lines[:1]
    shown = aloud("history", "show", "1").out
    assert "As it was said:\num dear peter" in shown
    assert "Text:\nDear Peter," in shown
    assert "To stdout: arrived" in shown
    assert "Recording (0:01)" in shown
    (found,) = aloud("history", "search", "SWORDFISH", "is", "--json").events
    assert (found["kind"], found["id"], found["text"]) == ("take", 2, "The swordfish is late.")


@pytest.mark.usefixtures("_takes")
def test_exported_the_oldest_first(aloud: Call) -> None:
    exported = aloud("history", "export").out
    assert exported.index("Dear Peter,") < exported.index("The swordfish is late.")
    (one,) = aloud("history", "export", "2", "--format", "json").events
    assert one["deliveries"][0]["text"] == "The swordfish is late."


@pytest.mark.usefixtures("_takes")
def test_deleted_for_real(aloud: Call) -> None:
    assert aloud("history", "delete").status == 2
    assert aloud("history", "delete", "2").err == "Deleted, with what was recorded: 1 take.\n"
    assert aloud("history", "show", "2").status == 2
    assert not [
        path for path in state_dir().rglob("*") if path.is_file() and b"swordfish" in path.read_bytes()
    ]
    aloud("history", "delete", "--all")
    assert aloud("history", "list").out == ""
    assert not list((state_dir() / "takes").iterdir())


def test_timers_lists_and_notes_stand_beside_the_takes(aloud: Call) -> None:
    ask = ("ask", "--llm", "skills", "--speaker", "none")
    for said in (
        "add milk and eggs to the shopping list",
        "take a note: the swordfish is late",
        "set a tea timer for 2 hours",
    ):
        assert aloud(*ask, said).status == 0
    lines = [line.split(maxsplit=2) for line in aloud("history", "list").out.splitlines()]
    assert lines[0][2].split(maxsplit=1) == ["timer", "tea timer"]
    assert " ".join(lines[1]) == "list shopping list: milk, eggs"
    (found,) = aloud("history", "search", "Swordfish", "--json").events
    assert (found["kind"], found["text"]) == ("note", "the swordfish is late")
    assert "(note)\n\nthe swordfish is late\n" in aloud("history", "export").out
    (state_dir() / "store-damaged-20261129-101010.db").write_bytes(b"a swordfish, damaged")
    assert "Deleted: 3 of timers, lists and notes.\n" in aloud("history", "delete", "--all").err
    assert aloud("history", "list").out == ""
    files = [path for path in state_dir().rglob("*") if path.is_file()]
    assert not [path for path in files if b"swordfish" in path.read_bytes()]


def test_a_take_that_there_is_not(aloud: Call) -> None:
    for command in (("show", "7"), ("export", "7"), ("delete", "7")):
        outcome = aloud("history", *command)
        assert (outcome.status, outcome.out) == (2, "")
        assert "There is no take 7. See which there are: aloud history list" in outcome.err


def test_a_line_is_cut_where_it_is_seen_and_not_where_it_is_heard() -> None:
    words = "a text that goes on and on " * 5
    with Takes() as account:
        take = account.begin("clean", ["stdout"], "en", "pocketsphinx")
        account.change(take.id, "delivered", raw=words, final=words)
    assert on_a_terminal("history", "list").rstrip().endswith("…")
    assert words.strip() in on_a_terminal("history", "list", TERM="dumb")
