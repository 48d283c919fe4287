"""The tables of sentences: ``tests/sentences/LANGUAGE.*toml``, each sentence with its situation and what it
must do. How they are written stands in ``tests/sentences/README.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.intents.lists import CHANGES, READS

FOLDER = Path(__file__).parents[2] / "tests" / "sentences"
HELD_BACK = FOLDER / "held_back"
"""Written without a look at the templates; the bounds do not hold for them."""
SITUATION = frozenset(
    {
        "now",
        "zone",
        "running",
        "speaking",
        "picture",
        "camera",
        "watching",
        "reading",
        "page",
        "pages",
        "lists",
        "notes",
    }
)
EFFECTS = frozenset({"sets", "cancels", "changes"})
"""Upon timers, alarms and reminders."""
LISTS = CHANGES | READS
STEERS = frozenset({"control", "backchannel", "capabilities", "reads", "looks", "zooms", "watches", "doubts"})
MUST = EFFECTS | LISTS | STEERS | {"tells", "for_llm", "refused"}
BESIDE = frozenset({"value", "without", "or_refused"})


@dataclass(frozen=True, slots=True)
class Running:
    """A timer, an alarm or a reminder."""

    kind: str = "timer"
    name: str = ""
    seconds: float = 0.0
    """How long it was set for."""
    left_s: float = 0.0
    at: str = ""
    """When it rings, on the wall; of a timer empty."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is going on while something is said."""

    now: datetime
    running: tuple[Running, ...] = ()
    """Numbered from 1, in this order."""
    speaking: bool = False
    """An answer is being told."""
    picture: bool = False
    """One was shown."""
    camera: bool = False
    watching: bool = False
    reading: bool = False
    """A text is being read, paragraph by paragraph."""
    page: int = 0
    pages: int = 0
    """Of the document at hand."""
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """By name, what is on them."""
    notes: tuple[str, ...] = ()
    """The last is the newest."""


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    language: str
    kind: str
    situation: Situation
    must: Mapping[str, Any]
    """What it must do: one or more of ``MUST``, with ``BESIDE``."""
    little: frozenset[str] = field(default_factory=frozenset)
    """Words that a name may have or lack."""
    foreign: frozenset[str] = field(default_factory=frozenset)
    """Words that are in no answer: those of another language."""


class TableError(Exception):
    """A table is not written as it must be."""


def languages() -> list[str]:
    """English first."""
    return sorted(
        {path.name.partition(".")[0] for path in FOLDER.glob("*.toml")}, key=lambda code: (code != "en", code)
    )


def sentences(language: str, folder: Path = FOLDER) -> Iterator[Sentence]:
    """Of all tables of a language. Raises ``TableError``."""
    for path in sorted(folder.glob(f"{language}.*toml")):
        yield from _of(tomllib.loads(path.read_text("utf-8")), language)


def _of(table: Mapping[str, Any], language: str) -> Iterator[Sentence]:
    usual = table["situation"]
    little, foreign = (frozenset(table.get(words, "").split()) for words in ("little", "foreign"))
    for kind in table["kind"]:
        _check(kind, SITUATION | {"name", "sentences"})
        for row in kind["sentences"]:
            _check(row, SITUATION | MUST | BESIDE | {"say"})
            must = {key: row[key] for key in row if key in MUST | BESIDE}
            if MUST.isdisjoint(must) or not row.get("say"):
                raise TableError(f"{row}: what must it do?")
            given = usual | {key: each[key] for each in (kind, row) for key in each if key in SITUATION}
            situation = _situation(given, table.get("running", {}), table.get("lists", {}))
            yield Sentence(row["say"], language, kind["name"], situation, must, little, foreign)


def _check(row: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := row.keys() - known:
        raise TableError(f"{row.get('say') or row.get('name')}: unknown {', '.join(sorted(unknown))}")


def _situation(given: Mapping[str, Any], named: Mapping[str, Any], lists: Mapping[str, Any]) -> Situation:
    running = given.get("running", [])
    listed = named[running] if isinstance(running, str) else running
    now = datetime.fromisoformat(given["now"]).replace(tzinfo=ZoneInfo(given["zone"]))
    rest = {key: given[key] for key in given if key not in ("now", "zone", "running", "lists", "notes")}
    kept = lists[given["lists"]] if "lists" in given else {}
    rest["lists"] = tuple((name, tuple(items)) for name, items in kept.items())
    rest["notes"] = tuple(given.get("notes", ()))
    return Situation(now, tuple(_running(each) for each in listed), **rest)


def _running(row: Mapping[str, Any]) -> Running:
    seconds = float(row.get("seconds", 0))
    left_s = float(row.get("left_s", seconds))
    return Running(row.get("kind", "timer"), row.get("name", ""), seconds, left_s, row.get("at", ""))
