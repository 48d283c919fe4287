"""The yardstick's table of published engines, and the marks of a slow machine."""

from __future__ import annotations

from typing import Any

from aloud.cli.bench.calibration import Calibration, Kernels
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
    usual, slow = Kernels(0.1, 0.3), Kernels(0.1, 0.5)
    kernels = {"barge": Calibration(usual, slow, usual), "idle": Calibration(usual, usual, usual)}
    runs = {name: {"median": 0.4, "load": 1.0, "kernels": k.as_json()} for name, k in kernels.items()}
    lines = list(table({"aloud": runs}))
    assert lines[-1].endswith("to be doubted: aloud barge")
    assert "ONNX kernel: 0.300 to 0.500, median 0.300 s  " in lines


def test_every_clip_is_asked_in_both_modes() -> None:
    runs = dict(runs_of(["latency"], quick=True))
    assert set(runs) == {"latency-matched", "latency-default"}
    assert all(",".join(CLIPS) in arguments for arguments in runs.values())
