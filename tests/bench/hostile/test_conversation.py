"""A few of the faults that ``python -m bench.hostile conversation`` goes through, in real conversations and
commands: the person hears what failed, once, and is answered the next time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.hostile.chat import FAULTS
from bench.hostile.conversing import jobs
from bench.hostile.conversing.faults import Fault
from bench.hostile.conversing.one_loop import both_ends_here
from bench.hostile.table import Row
from tests.loaded import loaded_once
from tests.tables import for_each

BY_NAME = {fault.name: fault for fault in FAULTS}
CLOSED = "The model server at 127.0.0.1 closed the connection before it had answered."
MIDDLE = "The model server at 127.0.0.1 closed the connection in the middle of the answer. Please ask again."


def fault(name: str) -> Fault:
    """One of those that are well from the second question on."""
    return BY_NAME[name]


@pytest.fixture(scope="module", autouse=True)
def _one_loop() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, loaded_once(patch), both_ends_here():
        patch.setenv("ALOUD_LLM__API", "chat")
        yield


def told(row: Row) -> tuple[str, str]:
    assert row.faults == ()
    return row.outcome, row.sentence


@for_each(
    ("name", "outcome", "sentence"),
    [
        ("cut_126", "in part", MIDDLE),
        ("rst_0", "sorry", f"{CLOSED} Please ask again."),
        ("gzbomb_line", "sorry", "The model server at 127.0.0.1 answered with something compressed"),
        ("err_esc", "sorry", "The model server at 127.0.0.1 reported an error: "),
        (
            "ra429_inf",
            "sorry",
            "The model server at 127.0.0.1 takes no more requests for now. Ask again lat",
        ),
        ("split_surr", "answered", ""),
        ("tc_thousand_timers", "sorry", "The model m asked for more tools at once than anybody needs."),
        ("once_tc_idx_far", "answered", ""),
    ],
)
def test_a_talk_says_what_failed_and_goes_on(name: str, outcome: str, sentence: str) -> None:
    came, said = told(jobs.talk(fault(name)))
    assert (came, said[: len(sentence)]) == (outcome, sentence)
    assert bool(said) == bool(sentence)


def test_commands_say_it_with_their_status_and_keep_the_text(tmp_path: Path) -> None:
    cut = fault("rst_0")
    rows = jobs.ask(cut), jobs.rewrite(cut), jobs.dictate(cut, tmp_path)
    assert [told(row)[0] for row in rows] == ["refused", "as it was", "as said"]
    assert [row.status for row in rows] == [4, 6, 6]
    assert all(CLOSED in row.sentence for row in rows)
