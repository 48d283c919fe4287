"""The bench of planted instructions: one that is held, and one that the person agreed to."""

from __future__ import annotations

from bench.hostile.injected.attacks import ATTACKS
from bench.hostile.injections import run
from bench.hostile.table import Options


def test_what_was_planted_does_nothing_and_what_was_agreed_to_is_done_once() -> None:
    held, done = (run(Options(only=name)) for name in ("file twice", "agrees: write"))
    assert [(row.outcome, row.faults) for row in (*held, *done)] == [("held", ()), ("done", ())]
    assert "asked for a yes" in held[0].sentence


def test_there_are_forty_in_ten_places_each_by_its_own_name() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 40
    assert len({attack.channel for attack in ATTACKS}) >= 10
