"""The yardstick's table of published engines, and the marks of a slow machine."""

from __future__ import annotations

from typing import Any

import pytest

from bench import conditions
from bench.conditions import Conditions
from bench.peers_real import CLIPS, runs_of, table


def turn(
    clip: str, heard: str, v2v: float | None = 1.0, *, over: bool = False, asked_s: float = 0.2
) -> dict[str, Any]:
    said = "please enter the number"
    return {
        "clip": clip,
        "said": said,
        "heard": [heard] if heard else [],
        "v2v": v2v,
        "spoke_over_user": over,
        "llm_req": [asked_s],
    }


def ran(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"rows": list(rows)}


def row(lines: list[str], title: str) -> str:
    (found,) = [line for line in lines if line.startswith(f"| {title} |")]
    return found


def test_the_table_puts_aloud_beside_pipecat() -> None:
    ours = ran(turn("request", "Please enter the number.", 0.5), turn("request", "", None))
    theirs = ran(turn("request", "Please enter a number.", 1.0))
    lines = list(table({"aloud": {"latency-matched": ours}, "pipecat": {"latency-matched": theirs}}))
    assert row(lines, "voice to voice, matched, request: p50") == (
        "| voice to voice, matched, request: p50 | ms | 500 | 1000 | 0.50 |"
    )
    assert row(lines, "not answered, matched") == "| not answered, matched | turns | 1 | 0 |  |"
    assert row(lines, "words wrong, matched") == "| words wrong, matched | % | 0.0 | 25.0 | 0.00 |"


def test_an_answer_to_a_part_of_a_turn_is_counted_and_has_no_time() -> None:
    over = turn("pause", "please", None, over=True)
    went_on = turn("pause", "enter the number", 0.3, asked_s=0.9)
    never_ended = turn("pause", "please", 0.3)
    whole = turn("pause", "please enter that number", 1.5)
    lines = list(table({"aloud": {"latency-default": ran(over, went_on, never_ended, whole)}}))
    assert row(lines, "not answered, default") == "| not answered, default | turns | 0 |"
    assert row(lines, "answered before the end, default").endswith("| turns | 3 |")
    assert row(lines, "voice to voice, default, pause: quickest").endswith("| 1500 |")


def test_a_run_on_a_slow_machine_is_named() -> None:
    machine = [{"kernel_s": 0.5, "python_s": 0.1, "load": 1.0}]
    runs = {"barge": {"median": 0.4, "machine": machine, "slow": True}, "idle": {"machine": machine}}
    assert list(table({"aloud": runs}))[-1].endswith("to be doubted: aloud barge")


@pytest.mark.parametrize(("after_s", "marked"), [(0.4, False), (0.45, True)])
def test_slow_is_slower_than_the_last_ones(after_s: float, marked: bool) -> None:
    before, after = (Conditions(seconds, 0.1, 0.0) for seconds in (0.34, after_s))
    assert conditions.slow(before, after, 0.34) is marked
    assert not conditions.slow(before, after, None), "there is nothing yet to compare it with"


def test_what_is_usual_is_the_median_of_the_last_ten(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(conditions, "KEPT", tmp_path / "out" / "kernels.json")
    assert conditions.usual_kernel_s() is None
    conditions._keep([9.0] * 20 + [0.3] * 9 + [0.5])
    assert conditions.usual_kernel_s() == 0.3


def test_every_clip_is_asked_in_both_modes() -> None:
    runs = dict(runs_of(["latency"], quick=True))
    assert set(runs) == {"latency-matched", "latency-default"}
    assert all(",".join(CLIPS) in arguments for arguments in runs.values())
