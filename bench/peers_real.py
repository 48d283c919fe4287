"""``--engines real`` of bench/peers.py: one published Whisper, one Piper voice, people's recordings.

LiveKit Agents has no plugin that hears or speaks on this machine without a server, so it has no part in this.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jiwer
import numpy as np

from bench.wer import plain
from config.models.catalogue import find
from config.runtime.installation import typed_here

SYSTEMS = ("aloud", "pipecat")
SCENARIOS = ("latency", "barge", "idle")
CLIPS = ("question", "request", "statement", "pause", "beckett")
VOICE = "en_US-joe-medium"
MODES = ("matched", "default")
Results = dict[str, dict[str, Any]]
"""system → run → what came of it."""


def engines(whisper: str) -> dict[str, str]:
    """The environment of a run. Raises ``SystemExit`` with the line to type where a model is not here."""
    paths: dict[str, Path] = {}
    for variable, name in (("YARDSTICK_WHISPER", whisper), ("YARDSTICK_VOICE", VOICE)):
        path = find(name)
        if path is None:
            raise SystemExit(f"{name} is not on this machine. Type: {typed_here(f'aloud models get {name}')}")
        paths[variable] = path
    return {variable: str(path) for variable, path in paths.items()}


def runs_of(scenarios: Sequence[str], quick: bool) -> Iterator[tuple[str, list[str]]]:
    """(name, arguments of the harness) of every run."""
    if "latency" in scenarios:
        for mode in MODES:
            clips = ["--clips", ",".join(CLIPS), "--turns", "2" if quick else "4"]
            yield f"latency-{mode}", ["latency", "--mode", mode, *clips]
    if "barge" in scenarios:
        yield "barge", ["barge", "--turns", "4" if quick else "10"]
    if "idle" in scenarios:
        yield "idle", ["idle", "--seconds", "20" if quick else "60"]


def table(results: Results) -> Iterator[str]:
    """Markdown; the ratio is Aloud's figure by Pipecat's: below 1 Aloud is ahead."""
    systems = list(results)
    ratio = systems == list(SYSTEMS)
    yield "| " + " | ".join(["", "unit", *systems, *(["ratio"] if ratio else [])]) + " |"
    yield "|" + "-|" * (2 + len(systems) + ratio)
    for title, unit, figures in _rows(results):
        if all(value is None for value in figures):
            continue
        digits = 0 if unit in ("ms", "MB", "turns") else 1
        cells = ["-" if value is None else f"{value:.{digits}f}" for value in figures]
        if ratio:
            ours, theirs = figures
            both = ours is not None and theirs and unit != "turns"
            cells.append(f"{ours / theirs:.2f}" if both and ours is not None and theirs else "")
        yield f"| {title} | {unit} | {' | '.join(cells)} |"
    yield from _machine(results)


def _rows(results: Results) -> Iterator[tuple[str, str, list[float | None]]]:
    def each(run: str, *path: str, factor: float = 1.0) -> list[float | None]:
        return [_figure(result.get(run), path, factor) for result in results.values()]

    for mode in MODES:
        run = f"latency-{mode}"
        for clip in CLIPS:
            times = [_times_ms(result.get(run), clip) for result in results.values()]
            for name, percentile in (("p50", 50), ("p95", 95), ("quickest", 0)):
                figures = [float(np.percentile(one, percentile)) if one else None for one in times]
                yield f"voice to voice, {mode}, {clip}: {name}", "ms", figures
        for what, of in (("answered before the end", early), ("not answered", unanswered)):
            counts = [_count(result.get(run), of) for result in results.values()]
            yield f"{what}, {mode}", "turns", counts
        yield f"words wrong, {mode}", "%", [_wrong(result.get(run)) for result in results.values()]
        yield f"processor a minute, {mode}", "s", each(run, "cpu_s_per_min")
        yield f"memory, {mode}", "MB", each(run, "rss_mb")
    yield "interrupted to silent, p50", "ms", each("barge", "median", factor=1000)
    yield "interrupted to silent, p95", "ms", each("barge", "p95", factor=1000)
    yield "processor a minute, silence", "s", each("idle", "cpu_s_per_min")
    yield "memory, silence", "MB", each("idle", "rss_mb")


def _figure(value: Any, path: Sequence[str], factor: float) -> float | None:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return None if value is None else float(value) * factor


def early(row: dict[str, Any]) -> bool:
    """Whether what sounded was no answer to the whole turn: it began while the person spoke, or the model was
    asked about the rest after it had begun, or never heard the end.
    """
    if row["spoke_over_user"] or row["v2v"] is None or not row["heard"]:
        return bool(row["spoke_over_user"])
    return bool(row["llm_req"][-1] > row["v2v"]) or not _to_the_end(row["said"], row["heard"][-1])


def _to_the_end(said: str, heard: str) -> bool:
    """Its last word came through, or as many words but for one: a word may be misheard."""
    words, came = plain(said).split(), plain(heard).split()
    return words[-1] in came[-2:] or len(came) >= len(words) - 1


def unanswered(row: dict[str, Any]) -> bool:
    return row["v2v"] is None and not row["spoke_over_user"]


def _times_ms(result: dict[str, Any] | None, clip: str) -> list[float]:
    """Voice to voice of the turns whose answer was to all of it."""
    rows = [row for row in result["rows"] if row["clip"] == clip] if result else []
    return [1000 * row["v2v"] for row in rows if row["v2v"] is not None and not early(row)]


def _count(result: dict[str, Any] | None, of: Callable[[dict[str, Any]], bool]) -> float | None:
    return float(sum(of(row) for row in result["rows"])) if result else None


def _wrong(result: dict[str, Any] | None) -> float | None:
    """Percent, of what reached the model last in each turn that was answered as a whole."""
    if not result:
        return None
    pairs = [
        (plain(row["said"]), plain(row["heard"][-1]))
        for row in result["rows"]
        if row["heard"] and not early(row)
    ]
    if not pairs:
        return None
    return 100.0 * float(jiwer.wer([said for said, _ in pairs], [heard for _, heard in pairs]))


def _machine(results: Results) -> Iterator[str]:
    """What the machine was like, and which runs to doubt."""
    measured = [run for runs in results.values() for run in runs.values() if "kernels" in run]
    if not measured:
        return
    yield ""
    both = [run["kernels"][when] for run in measured for when in ("before", "after")]
    yield _range("ONNX kernel", [one["onnx_s"] for one in both], " s")
    yield _range("Python loop", [one["python_s"] for one in both], " s")
    yield _range("load", [run["load"] for run in measured], "")
    slow = [
        f"{system} {name}"
        for system, runs in results.items()
        for name, run in runs.items()
        if run.get("kernels", {}).get("marked")
    ]
    if slow:
        yield f"measured while the machine was slow, to be doubted: {', '.join(slow)}"


def _range(title: str, values: Sequence[float], unit: str) -> str:
    middle = statistics.median(values)
    return f"{title}: {min(values):.3f} to {max(values):.3f}, median {middle:.3f}{unit}  "
