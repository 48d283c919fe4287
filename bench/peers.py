"""Aloud beside Pipecat and LiveKit Agents, on one harness, one after the other: bench/README.md tells how.

    make bench-peers                            published engines, recordings of people: about 25 minutes
    make bench-peers ARGS="--quick"             fewer turns
    make bench-peers ARGS="--whisper base"      another Whisper than tiny.en
    make bench-peers ARGS="--engines told"      an STT that is told the words, and espeak: about 50 minutes
    make bench-peers ARGS="--systems aloud --scenarios idle barge"

The peers get environments of their own (.tools/peers-*), with the versions pinned here. Needs flite and sox,
which speak and make the inputs. The figures of each run are kept as JSON in bench/yardstick/out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aloud.cli.bench.calibration import calibrated, kernels
from bench import peers_real
from config.runtime.installation import system_line

ROOT = Path(__file__).resolve().parent.parent
YARDSTICK = ROOT / "bench" / "yardstick"
OUT = YARDSTICK / "out"
TOOLS = ROOT / ".tools"

ENVIRONMENTS = {
    "common": ["starlette==1.10.0", "uvicorn[standard]==0.54.0"],
    "pipecat": ["pipecat-ai[silero,openai,whisper,piper]==1.14.0", "espeakng-loader==0.2.4"],
    "livekit": ["livekit-agents[openai]==1.8.9", "espeakng-loader==0.2.4"],
}
SCENARIOS = ("startup", "latency", "barge", "idle", "noise", "scale")
LOCKSTEP, SPREAD = (1, 2, 4, 8, 16), (8, 16, 32)
SPREAD_S = 11.0
"""The starts of the sessions lie this far apart, first to last: about one turn with its answer."""


@dataclass(frozen=True)
class Row:
    """One line of the table: where its figure lies in the result of a run, and what is wanted of Aloud."""

    title: str
    run: str
    path: tuple[str, ...]
    unit: str = "ms"
    factor: float = 1000.0
    target: float | None = None


def _latency(mode: str, clip: str, *, median: float, p95: float) -> list[Row]:
    run = f"latency-{mode}"
    return [
        Row(f"voice to voice, {mode}, {clip}: p50", run, (clip, "v2v_median"), target=median),
        Row(f"voice to voice, {mode}, {clip}: p95", run, (clip, "v2v_p95"), target=p95),
    ]


ROWS = [
    Row("start to listening, median", "startup", ("spawn_to_ready_s",), "s", 1.0, 1.0),
    *_latency("matched", "short", median=370, p95=420),
    *_latency("matched", "beckett", median=370, p95=420),
    *_latency("default", "short", median=400, p95=400),
    *_latency("default", "beckett", median=400, p95=400),
    *_latency("default", "long", median=700, p95=700),
    Row(
        "spoke into the pause, default, long: turns", "latency-default", ("long", "spoke_over_user"), "", 1, 0
    ),
    Row("interrupted to silent, p50", "barge", ("median",), target=560),
    Row("interrupted to silent, p95", "barge", ("p95",)),
    Row("processor a minute, talking", "latency-default", ("cpu_s_per_min",), "s", 1.0, 4.0),
    Row("processor a minute, silence", "idle", ("cpu_s_per_min",), "s", 1.0, 1.2),
    Row("memory, silence", "idle", ("rss_mb",), "MB", 1.0, 120),
    Row("memory, talking", "latency-default", ("rss_mb",), "MB", 1.0, 150),
    *[Row(f"{n} at once, lockstep: p95", f"scale-lockstep-{n}", ("v2v_p95",)) for n in LOCKSTEP],
    *[Row(f"{n} at once, spread: p95", f"scale-spread-{n}", ("v2v_p95",)) for n in SPREAD],
]


# --- what is needed -------------------------------------------------------------------------------------


def fail(message: str) -> None:
    print(message, file=sys.stderr)
    raise SystemExit(1)


def python_of(environment: str) -> Path:
    return TOOLS / f"peers-{environment}" / "bin" / "python"


def bring(environment: str) -> None:
    """Make the environment unless it is there with just these packages."""
    packages = ENVIRONMENTS[environment]
    folder = TOOLS / f"peers-{environment}"
    stamp = folder / "stamp"
    if stamp.is_file() and stamp.read_text("utf-8").split("\n") == packages:
        return
    print(f"· Installing {' '.join(packages)} into {folder.relative_to(ROOT)}", file=sys.stderr)
    uv = subprocess.run(
        ["sh", "scripts/setup", "uv"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    command = uv.stdout.strip()
    subprocess.run(
        [command, "venv", "-q", "--clear", "--no-project", "--python", sys.executable, str(folder)],
        cwd=ROOT,
        check=True,
    )
    target = ["--python", str(python_of(environment))]
    subprocess.run([command, "pip", "install", "-q", *target, *packages], cwd=ROOT, check=True)
    stamp.write_text("\n".join(packages), "utf-8")


def make_inputs(maker: str, made: str) -> None:
    if (YARDSTICK / "wav" / made).is_file():
        return
    if absent := [name for name in ("flite", "sox") if shutil.which(name) is None]:
        fail(f"The inputs are made with {' and '.join(absent)}. Type: {system_line(*absent)}")
    if subprocess.run([sys.executable, maker], cwd=YARDSTICK).returncode:
        fail(f"The inputs were not made: {maker} says above why.")


@contextmanager
def model_server() -> Iterator[str]:
    """A fresh one for each run, in a process of its own; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [str(python_of("common")), "llm_stub.py", "--port", str(port)]
    with subprocess.Popen(command, cwd=YARDSTICK) as server:
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(url + "/stats", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            else:
                fail("The scripted model server did not start.")
            yield url
        finally:
            server.kill()


@dataclass(frozen=True)
class Engines:
    """What hears and speaks in the runs: a published Whisper and a voice; without ``whisper``, the oracle."""

    whisper: str = ""

    @property
    def told(self) -> str:
        if not self.whisper:
            return "told words, espeak"
        return f"Whisper {self.whisper}, voice {peers_real.VOICE}"

    @property
    def script(self) -> str:
        return "_real" if self.whisper else ""

    @property
    def paths(self) -> dict[str, str]:
        return peers_real.engines(self.whisper) if self.whisper else {}

    def file(self, system: str, name: str) -> Path:
        return OUT / f"{f'real-{self.whisper}-' if self.whisper else ''}{system}-{name}.json"


# --- runs -----------------------------------------------------------------------------------------------


def runs_of(scenarios: Sequence[str], quick: bool) -> Iterator[tuple[str, list[str]]]:
    """(name, arguments of the harness) of every run."""
    turns = ["--turns", "5", "--beckett", "3", "--long", "2"] if quick else []
    turns = turns or ["--turns", "15", "--beckett", "6", "--long", "4"]
    if "startup" in scenarios:
        yield "startup", ["startup"]
    if "latency" in scenarios:
        yield "latency-matched", ["latency", "--mode", "matched", *turns]
        yield "latency-default", ["latency", "--mode", "default", *turns]
    if "barge" in scenarios:
        yield "barge", ["barge", "--turns", "5" if quick else "12"]
    if "idle" in scenarios:
        yield "idle", ["idle", "--seconds", "20" if quick else "60"]
    if "noise" in scenarios:
        yield "noise", ["noise"]
    if "scale" in scenarios:
        for n in LOCKSTEP:
            yield f"scale-lockstep-{n}", ["scale", "--n", str(n), "--turns", "5" if n == 1 else "3"]
        for n in SPREAD:
            yield f"scale-spread-{n}", ["scale", "--n", str(n), "--turns", "2", "--stagger", str(SPREAD_S)]


def run(system: str, name: str, arguments: Sequence[str], engines: Engines) -> dict[str, Any]:
    """One run of one system; {} when it failed, which its log tells."""
    python = Path(sys.executable) if system == "aloud" else python_of(system)
    file = engines.file(system, name)
    file.unlink(missing_ok=True)
    before = kernels()
    with model_server() as url, file.with_suffix(".log").open("w") as log:
        command = [str(python), f"bench_{system}{engines.script}.py", *arguments, "--json", str(file)]
        environment = {**os.environ, **engines.paths, "YARDSTICK_LLM": url, "T_SPAWN": str(time.monotonic())}
        environment["ORT_DISABLE_TELEMETRY"] = "1"  # Pipecat brings ONNX Runtime
        try:
            subprocess.run(
                command, cwd=YARDSTICK, env=environment, stdout=log, stderr=log, check=True, timeout=900
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"  {system} {name}: {error}; see {log.name}", file=sys.stderr)
            return {}
    result: dict[str, Any] = json.loads(file.read_text("utf-8"))
    result |= {
        "load": os.getloadavg()[0],
        "engines": engines.told,
        "kernels": calibrated(before).as_json(),
    }
    file.write_text(json.dumps(result, indent=1), "utf-8")
    return result


def measure(
    systems: Sequence[str], runs: Iterable[tuple[str, list[str]]], engines: Engines, quick: bool
) -> dict[str, dict[str, Any]]:
    """system → run → result. The systems take turns, so that what else the machine does meets all alike."""
    results: dict[str, dict[str, Any]] = {system: {} for system in systems}
    for name, arguments in runs:
        for system in systems:
            print(f"· {system:>8} {name}  (load {os.getloadavg()[0]:.2f})", file=sys.stderr)
            result = run(system, name, arguments, engines)
            if name == "startup":
                again = [result, *(run(system, name, arguments, engines) for _ in range(1 if quick else 4))]
                times = [one["spawn_to_ready_s"] for one in again if one]
                result |= {"spawn_to_ready_s": statistics.median(times)} if times else {}
            results[system][name] = result
    return results


# --- the table ------------------------------------------------------------------------------------------


def figure(results: dict[str, Any], row: Row) -> float | None:
    value: Any = results.get(row.run, {})
    for key in row.path:
        value = value.get(key) if isinstance(value, dict) else None
    if value is None:
        return None
    if row.run.startswith("scale") and results[row.run]["answered"] < results[row.run]["turns"]:
        return None  # its percentiles would be those of the turns that were answered
    return float(value) * row.factor


def text(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if unit != "s" else f"{value:.2f}"


def table(results: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Markdown. The ratio is Aloud's figure by the better peer's: below 1 Aloud is ahead."""
    peers = [system for system in results if system != "aloud"]
    ratio = bool(peers) and "aloud" in results
    heads = ["", "unit", *results, *(["ratio"] if ratio else []), "wanted"]
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "-|" * len(heads)
    for row in ROWS:
        figures = {system: figure(result, row) for system, result in results.items()}
        if all(value is None for value in figures.values()):
            continue
        cells = [row.title, row.unit, *(text(value, row.unit) for value in figures.values())]
        if ratio:
            best = min((value for peer in peers if (value := figures[peer]) is not None), default=None)
            ours = figures["aloud"]
            cells.append(f"{ours / best:.2f}" if ours is not None and best else "-")
        cells.append("" if row.target is None else f"≤ {text(row.target, row.unit)}")
        yield "| " + " | ".join(cells) + " |"
    yield from _of_scale(results)
    yield from _of_noise(results)


def _of_scale(results: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The largest number at once whose p95 is under 1.5 times that of one session."""
    for kind, numbers in (("lockstep", LOCKSTEP), ("spread", SPREAD)):
        found = []
        for system, result in results.items():
            one = figure(result, Row("", "scale-lockstep-1", ("v2v_p95",)))
            if one is None:
                continue
            within = 0
            for n in numbers:
                p95 = figure(result, Row("", f"scale-{kind}-{n}", ("v2v_p95",)))
                if p95 is None or p95 >= 1.5 * one:
                    break
                within = n
            found.append(f"{system} {within}")
        if found:
            yield f"\nSessions at once with p95 under 1.5 times that of one, {kind}: {', '.join(found)}"


def _of_noise(results: dict[str, dict[str, Any]]) -> Iterator[str]:
    clips = ("pink60", "brown60", "music60", "chords60", "after60")
    for system, result in results.items():
        if noise := result.get("noise"):
            started = [noise[clip]["events_during_noise"].get("turn_start", 0) for clip in clips]
            asked = [noise[clip]["llm_requests"] for clip in clips]
            yield f"\nNoise, {system}: turns started {sum(started)}, model asked {sum(asked)}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Aloud beside its peers on one harness.")
    parser.add_argument(
        "--engines", choices=["real", "told"], default="real", help="told: the STT is told the words"
    )
    parser.add_argument("--whisper", default="tiny.en", help="the published Whisper of --engines real")
    parser.add_argument("--systems", nargs="+", choices=["aloud", "pipecat", "livekit"])
    parser.add_argument("--scenarios", nargs="+", choices=SCENARIOS)
    parser.add_argument("--quick", action="store_true", help="fewer turns")
    parser.add_argument("--table", action="store_true", help="only print the figures of the last runs")
    given = parser.parse_args()
    real = given.engines == "real"
    every, scenarios, runs = (
        (peers_real.SYSTEMS, peers_real.SCENARIOS, peers_real.runs_of)
        if real
        else (("aloud", "pipecat", "livekit"), SCENARIOS, runs_of)
    )
    for what, asked, known in (("systems", given.systems, every), ("scenarios", given.scenarios, scenarios)):
        if absent := set(asked or ()) - set(known):
            fail(f"--engines {given.engines} has no {what} {' '.join(sorted(absent))}.")
    systems = given.systems or list(every)
    engines = Engines(given.whisper) if real else Engines()
    if given.table:
        names = [name for name, _ in runs(scenarios, quick=False)]
        results = {system: _kept(system, names, engines) for system in systems}
    else:
        _ = engines.paths  # a model that is not here is told of before anything is installed
        OUT.mkdir(exist_ok=True)
        for environment in ["common", *(system for system in systems if system != "aloud")]:
            bring(environment)
        make_inputs("make_inputs.py", "manifest.json")
        if real:
            make_inputs("make_people.py", "people.json")
        chosen = list(runs(given.scenarios or scenarios, given.quick))
        results = measure(systems, chosen, engines, given.quick)
    print(f"Engines: {engines.told}\n")
    for line in peers_real.table(results) if real else table(results):
        print(line)


def _kept(system: str, names: Iterable[str], engines: Engines) -> dict[str, Any]:
    files = {name: engines.file(system, name) for name in names}
    return {name: json.loads(file.read_text("utf-8")) for name, file in files.items() if file.is_file()}


if __name__ == "__main__":
    main()
