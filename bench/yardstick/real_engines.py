"""The yardstick with published engines and recordings of people: what harness.py gets in place of its own.

    main(Session)      as harness.main; the clips are those of people.json, `barge` is asked its `request`
    WHISPER, VOICE     the converted Whisper's folder, the Piper voice's .onnx: from the environment, alike for all

The oracle still runs beside it and nobody asks it. Of `latency` only this is new: which clips, that what was
heard is kept, and that a turn which was answered before the person had ended has no voice to voice.
"""

import asyncio
import json
import os
import wave
from pathlib import Path

import harness
import kit
from kit import cpu, now, pct, rss_mb

WHISPER = Path(os.environ.get("YARDSTICK_WHISPER", ""))
VOICE = Path(os.environ.get("YARDSTICK_VOICE", ""))
LOADED_S = 8.0
"""The engines have loaded by then, unless the machine is busy."""
SETTLED_S = 3.5
"""Pipecat waits 3 s for the rest of a turn that it takes for unfinished."""
WAVS = Path(__file__).resolve().parent / "wav"


def manifest() -> dict:
    return json.loads((WAVS / "people.json").read_text("utf-8"))


class Recording:
    """As kit.Clip, of people.json."""

    def __init__(self, name: str) -> None:
        kept = manifest()[name]
        with wave.open(str(WAVS / kept["file"])) as file:
            self.pcm = file.readframes(file.getnframes())
        self.name, self.segments, self.seconds = name, kept["segments"], kept["seconds"]


async def sc_latency(make, given):
    """As harness.sc_latency; --turns of each clip, one clip after the other, so that all meet the same load."""
    feeder, sessions = await harness.open_sessions(make, 1, given.mode)
    session = sessions[0]
    await asyncio.sleep(LOADED_S)
    begun, spent = now(), cpu()
    clips = [name for name in given.clips.split(",") if name in manifest()] or list(manifest())
    rows = []
    for k, name in enumerate([clips[0], *(clips * given.turns)]):
        asked = harness.llm("/stats")["requests"]
        clip = Recording(name)
        t0, end, first = await harness.one_turn(feeder, session, clip)
        await settle(session, end)
        requests = harness.llm(f"/log?since={asked}")
        over = [at for at, _ in session.speaker.audible(t0) if at < end]
        rows.append(
            {
                "clip": name if k else "first",
                "said": " ".join(segment["text"] for segment in clip.segments),
                "heard": [_last_said(request) for request in requests],
                "v2v": first - end if first and not over else None,
                "spoke_over_user": bool(over),
                "requests": len(requests),
                "llm_req": [round(request["t"] - end, 3) for request in requests],
                "after_sent1": first - requests[-1]["t_sent1"]
                if first and requests and requests[-1]["t_sent1"]
                else None,
                "underruns": session.speaker.underruns(end, now()),
                "events": [(round(t - end, 3), event) for t, event in session.events if t0 < t < end + 4],
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    minutes = (now() - begun) / 60
    rss, peak, threads = rss_mb()
    out = {
        "rows": rows,
        "cpu_s_per_min": (cpu() - spent) / minutes,
        "minutes": minutes,
        "rss_mb": rss,
        "hwm_mb": peak,
        "threads": threads,
        "feeder_max_late": feeder.max_late,
        **{name: _summary([row for row in rows if row["clip"] == name]) for name in ["first", *clips]},
    }
    await harness.finish(feeder, sessions)
    return out


async def settle(session, end: float) -> None:
    """Until nothing has sounded or been asked for ``SETTLED_S``: what a turn left undone is not the next one's."""
    begun = now()
    while now() - begun < 20:
        asked = [request["t"] for request in harness.llm("/log")]
        if now() - max([end, session.speaker.last(), *asked]) > SETTLED_S:
            return
        await asyncio.sleep(0.1)


def _last_said(request) -> str:
    said = [m["content"] for m in request["messages"] if m["role"] == "user"]
    return said[-1] if said and isinstance(said[-1], str) else json.dumps(said[-1:])


def _summary(rows) -> dict:
    times = [row["v2v"] for row in rows]
    asked = [row["llm_req"][-1] for row in rows if row["llm_req"]]
    return {
        "n": len(rows),
        "answered": sum(time is not None for time in times),
        "v2v_median": pct(times, 50),
        "v2v_p95": pct(times, 95),
        "v2v_min": min([time for time in times if time is not None], default=None),
        "llm_req_median": pct(asked, 50),
        "after_sent1_median": pct([row["after_sent1"] for row in rows], 50),
        "spoke_over_user": sum(row["spoke_over_user"] for row in rows),
        "llm_requests_per_turn": sum(row["requests"] for row in rows) / max(1, len(rows)),
        "turns_with_underruns": sum(bool(row["underruns"]) for row in rows),
    }


async def sc_barge(make, given):
    """As harness.sc_barge, which fails when an answer has ended before it is interrupted: such a turn counts as
    not interrupted here.
    """
    feeder, sessions = await harness.open_sessions(make, 1, given.mode)
    session, clip = sessions[0], Recording("request")
    await asyncio.sleep(LOADED_S)
    await harness.one_turn(feeder, session, clip)
    await settle(session, now())
    rows, end = [], await _say(feeder, session, clip)
    for k in range(given.turns):
        first = await _first_sound(session, end)
        if first is None:
            rows.append({"k": k, "error": "no reply"})
            end = await _say(feeder, session, clip)
            continue
        await asyncio.sleep(max(0.0, first + given.after - now()))
        t0 = await feeder.play(session.line, clip)
        start, end = (t0 + clip.segments[0][edge] / kit.IN_RATE for edge in ("start", "end"))
        sounding = session.speaker.end > start - 0.3
        await asyncio.sleep(max(0.0, end - now()))
        silent = session.speaker.silent_after(start) if sounding else None
        rows.append({"k": k, "stop_latency": silent - start if silent else None})
        print(json.dumps(rows[-1]), flush=True)
    times = [row["stop_latency"] for row in rows if row.get("stop_latency") is not None]
    out = {"rows": rows, "n": len(rows), "interrupted": len(times), "median": pct(times, 50), "p95": pct(times, 95)}
    await harness.finish(feeder, sessions)
    return out


async def _say(feeder, session, clip) -> float:
    """Returns when the clip begins, with the moment at which its speech ends."""
    return await feeder.play(session.line, clip) + clip.segments[-1]["end"] / kit.IN_RATE


async def _first_sound(session, end: float, timeout: float = 12.0) -> float | None:
    while now() - end < timeout:
        await asyncio.sleep(0.01)
        if first := session.speaker.first_after(end):
            return first
    return None


def main(session) -> None:
    harness.sc_barge = sc_barge
    harness.sc_latency = sc_latency
    harness.Clip = Recording
    harness.main(session)
