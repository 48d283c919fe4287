"""The real parts in a situation: timers on a clock of their own, what runs, and the skills that know them."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.intents.lists import keep
from bench.intents.table import Running, Situation
from pipeline.llm.base import ToolCall
from pipeline.skills.lists.kept import Lists
from pipeline.skills.ring.recurrence import WEEKDAYS
from pipeline.skills.skills import Skills
from pipeline.skills.timers import Timers
from pipeline.store.database import Database
from pipeline.tools.base import ToolResult
from pipeline.tools.registry import Toolbox


@dataclass(frozen=True, slots=True)
class Rings:
    """What one that runs will do."""

    kind: str
    name: str
    at: datetime
    repeat: frozenset[str] = frozenset()
    """Days of the week."""


@dataclass(slots=True)
class Clock:
    """Stands still until it is put on."""

    begun: datetime
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self.in_seconds(0.0)

    def in_seconds(self, seconds: float) -> datetime:
        """Of real time, also where summer time skips an hour."""
        return datetime.fromtimestamp(self.begun.timestamp() + self.seconds + seconds, self.begun.tzinfo)


@dataclass(slots=True)
class Parts:
    situation: Situation
    clock: Clock
    timers: Timers
    skills: Skills
    lists: Lists
    toolbox: Toolbox = field(init=False)

    def __post_init__(self) -> None:
        self.toolbox = Toolbox(lambda: self.skills.tools)

    def run(self, name: str, arguments: dict[str, Any]) -> ToolResult:
        return _done(self.toolbox.run(ToolCall("", name, arguments)))

    def risk(self, tool: str) -> str:
        return next((str(each.risk) for each in self.skills.tools if each.name == tool), "")

    def state(self) -> Mapping[int, Rings]:
        """By number."""
        return {
            timer.number: Rings(
                timer.kind,
                "" if timer.kind == "alarm" else timer.label,
                self.clock.in_seconds(self.timers.left(timer)),
                frozenset(WEEKDAYS[day] for day in timer.days),
            )
            for timer in self.timers.running()
        }


@functools.cache
def _lists() -> Lists:
    """Emptied for each sentence."""
    return Lists(Database(Path(tempfile.mkdtemp()) / "lists.db"))


def days(repeat: str) -> frozenset[str]:
    """``weekdays``, ``monday,friday`` and so on as days of the week."""
    every = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    named = {"daily": every, "weekdays": every[:5], "weekends": every[5:]}
    return frozenset(day for part in repeat.split(",") if part for day in named.get(part, (part,)))


def _done(work: Coroutine[Any, Any, ToolResult]) -> ToolResult:
    """What waits for nothing, without a loop."""
    try:
        work.send(None)
    except StopIteration as end:
        result: ToolResult = end.value
        return result
    raise RuntimeError("a tool of the skills waited")


def parts_in(situation: Situation) -> Parts:
    """With all that runs, set by the tools that set it."""
    elapsed = _elapsed(situation.running)
    first = max(elapsed, default=0.0)
    clock = Clock(Clock(situation.now).in_seconds(-first))
    timers = Timers(clock)
    lists = _lists()
    keep(lists, situation.lists, situation.notes)
    parts = Parts(situation, clock, timers, Skills(timers, clock.now, lists), lists)
    for each, ago in zip(situation.running, elapsed, strict=True):
        clock.seconds = first - ago
        result = parts.run(*_call(each))
        if result.failed:
            raise ValueError(f"{each} cannot be set: {result.text}")
    clock.seconds = first
    if [*parts.state()] and sorted(parts.state()) != [*range(1, len(situation.running) + 1)]:
        raise ValueError(f"{situation.running} are not numbered from 1")
    return parts


def _elapsed(running: tuple[Running, ...]) -> list[float]:
    """Since each was set; an alarm just before what follows."""
    elapsed = [0.0] * len(running)
    latest = 0.0
    for at in range(len(running) - 1, -1, -1):
        latest = max(latest, running[at].seconds - running[at].left_s)
        elapsed[at] = latest
        if not running[at].at and elapsed[at] != running[at].seconds - running[at].left_s:
            raise ValueError(f"{running[at]} was set after one that stands behind it")
    return elapsed


def _call(each: Running) -> tuple[str, dict[str, Any]]:
    named = {"name": each.name} if each.name else {}
    if not each.at:
        return "set_timer", {"seconds": each.seconds, "kind": each.kind} | named
    day, _, time = each.at.partition(" ")
    return "set_alarm", {"time": time, "date": day, "kind": each.kind} | named
