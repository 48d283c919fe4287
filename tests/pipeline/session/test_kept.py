"""What outlives a conversation: timers, of which the next one tells; lists and notes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import anyio
import pytest

from config.runtime.clock import FastLoop
from config.settings.loading import load
from pipeline import events
from pipeline.session.opened_engines import Engines
from pipeline.session.session import Session
from pipeline.session.typed_lines import Typed
from pipeline.store.opening import NAME, Store, open_store


async def each(lines: Sequence[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line
        await anyio.sleep(1)


def talk(store: Store | None, *lines: str, person: list[bool] | None = None) -> list[events.Event]:
    """What a conversation of typed lines told. ``person``: it is one who types, and takes in whether timers
    are kept.
    """
    told: list[events.Event] = []
    settings = load({"llm.engine": "skills", "speaker.sink": "none"}, environment={}).settings
    typed = Typed(each(lines), piped=person is None, on_timers=([] if person is None else person).append)

    async def hold() -> None:
        await Session(Engines(), None, None, settings, told.append, typed=typed, store=store).run()

    with anyio.from_thread.start_blocking_portal(backend_options={"loop_factory": FastLoop}) as portal:
        portal.call(hold)
    return told


def rang(told: Sequence[events.Event]) -> list[str | None]:
    return [event.result for event in told if isinstance(event, events.ToolUsed) and event.turn == -1]


def heard(told: Sequence[events.Event]) -> list[str]:
    return [event.heard for event in told if isinstance(event, events.Spoke)]


def later(store: Store, hours: float) -> None:
    assert store.database is not None
    with store.database.writing() as base:
        base.execute("UPDATE timers SET due = due - ?", (hours * 3600,))


def test_the_end_waits_for_no_timer_and_the_next_conversation_tells_of_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        told = talk(store, "set a pasta timer for 10 minutes", "set an alarm for 7:30 tomorrow")
        assert heard(told) == [
            "Pasta timer set for 10 minutes.",
            "Alarm set for 7:30 AM tomorrow. It rings while I am running; if I am not, I tell you when I am"
            " started next.",
        ]
        assert rang(told) == []
        later(store, 2)
    with open_store(tmp_path) as store:
        told = talk(store, "what is 2 plus 3")
        assert rang(told) == ["Your pasta timer was done 2 hours ago, while I was not running."]
        assert heard(told) == ["2 plus 3 is 5."]
        assert rang(talk(store)) == []


def test_several_that_were_missed_are_all_told(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        talk(store, "set a timer for 5 minutes", "remind me to call mom in 10 minutes")
        later(store, 3)
        assert rang(talk(store)) == [
            "Your timer for 5 minutes was done 3 hours ago, while I was not running.",
            "You were to be reminded 3 hours ago, while I was not running: call mom.",
        ]


def test_a_person_who_leaves_is_told_that_a_timer_is_kept(tmp_path: Path) -> None:
    kept: list[bool] = []
    with open_store(tmp_path) as store:
        talk(store, "set a timer for 5 minutes", person=kept)
    assert kept == [True]
    talk(None, "set a timer for 5 minutes", person=kept)  # on the clock that skips waits
    assert kept == [True, False]


def test_without_a_store_two_sessions_have_timers_of_their_own() -> None:
    assert rang(talk(None, "set a timer for 5 minutes")) == ["Your timer for 5 minutes is done."]
    assert heard(talk(None, "how much time is left on the timer")) == ["No timer is running."]


def test_lists_outlive_a_conversation_and_are_told_in_the_language_of_the_sentence(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert heard(talk(store, "add milk and eggs to the shopping list")) == [
            "On the new shopping list: milk and eggs."
        ]
    with open_store(tmp_path) as store:
        asked = ("Was steht auf der Einkaufsliste?", "Enlève les eggs de la liste", "read my notes")
        assert heard(talk(store, *asked)) == [
            "Auf der Einkaufsliste: milk und eggs.",
            "Retiré de la liste de courses : eggs.",
            "There are no notes.",
        ]


@pytest.mark.parametrize("damaged", [b"no database at all", b""])
def test_what_became_of_a_damaged_file_is_told_once(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / NAME).write_bytes(damaged * 300)
    with open_store(tmp_path) as store:
        told = talk(store, "what is 2 plus 3")
    failed = [event for event in told if isinstance(event, events.Failed)]
    assert len(failed) == bool(damaged)
    assert all(event.error == "StoreError" and "store-damaged-" in event.kept for event in failed)
    assert heard(told) == ["2 plus 3 is 5."]
