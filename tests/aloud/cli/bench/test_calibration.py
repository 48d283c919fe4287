"""A run is marked when the machine was slower than in the runs before, and then no bound of time counts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from aloud.cli.bench import Figure, Options, calibration, run, start
from aloud.cli.bench.calibration import Calibration, Kernels, calibrated, kernels
from config.files import measured_file
from config.settings.paths import state_dir

USUAL = Kernels(0.1, 0.3)


@pytest.mark.parametrize(
    ("before", "after", "usual", "marked"),
    [
        (USUAL, USUAL, USUAL, False),
        (USUAL, Kernels(0.129, 0.38), USUAL, False),
        (USUAL, Kernels(0.131, 0.3), USUAL, True),
        (Kernels(0.1, 0.4), USUAL, USUAL, True),
        (Kernels(9.0, 9.0), Kernels(9.0, 9.0), None, False),
    ],
)
def test_one_slow_kernel_marks_a_run(
    before: Kernels, after: Kernels, usual: Kernels | None, marked: bool
) -> None:
    made = Calibration(before, after, usual)
    assert made.marked is marked
    assert made.as_json()["marked"] is marked
    assert ("MARKED" in str(made)) is marked


def test_both_kernels_take_time() -> None:
    now = kernels()
    assert now.python_s > 0.001
    assert now.onnx_s > 0.001


@pytest.fixture
def speeds(monkeypatch: pytest.MonkeyPatch) -> list[Kernels]:
    """What the kernels will take, call by call."""
    told: list[Kernels] = []
    remaining: Iterator[Kernels] = iter(told)
    monkeypatch.setattr(calibration, "kernels", lambda: next(remaining))
    monkeypatch.setattr("aloud.cli.bench.kernels", lambda: next(remaining))
    return told


def test_the_usual_is_the_median_of_the_last_ten(speeds: list[Kernels]) -> None:
    speeds += [Kernels(seconds / 10, 2 * seconds / 10) for seconds in range(1, 15)]
    runs = [calibrated(Kernels(0.01, 0.01)) for _ in speeds]
    assert [one.median_of_last_ten is None for one in runs[:4]] == [True, True, True, False]
    last = runs[-1].median_of_last_ten
    assert last is not None
    assert (last.python_s, last.onnx_s) == pytest.approx((0.85, 1.7))  # of 0.4 to 1.3


@pytest.mark.parametrize(
    "spoilt", ["{", "[]", '{"kernels": 3}', '{"kernels": [{"python_s": "x"}, null, {}]}']
)
def test_what_was_kept_and_is_damaged_counts_as_nothing(speeds: list[Kernels], spoilt: str) -> None:
    file = measured_file.of_this_machine(state_dir() / "bench")
    file.parent.mkdir(parents=True)
    file.write_text(spoilt)
    speeds += [USUAL] * 4
    assert [calibrated(USUAL).median_of_last_ten for _ in range(4)] == [None, None, None, USUAL]


@pytest.mark.parametrize(("slow", "unit", "status"), [(3, "s", 0), (1, "s", 1), (3, "MB", 1)])
def test_a_bound_of_time_holds_for_a_run_that_is_not_marked(
    speeds: list[Kernels],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    slow: int,
    unit: str,
    status: int,
) -> None:
    now = Kernels(slow * USUAL.python_s, slow * USUAL.onnx_s)
    for json_wanted in (False, True):
        speeds += [USUAL] * 3 + [now] * 2
        for _ in range(3):
            calibrated(USUAL)
        monkeypatch.setattr(start, "measure", lambda options: [Figure("a wait", 2.0, unit, 1.0)])
        if status:
            with pytest.raises(SystemExit, match="1"):
                run("start", Options(), json=json_wanted)
        else:
            run("start", Options(), json=json_wanted)
    table, _, last = capsys.readouterr().out.strip().rpartition("\n")
    told = json.loads(last)
    assert told["figures"][0]["met"] is False
    assert told["machine"]["kernel"]["marked"] is (slow == 3)
    assert ("MARKED" in table) is (slow == 3)
    assert ("NOT MET" in table) is (status == 1)
