"""A table asked and drawn, a diff reviewed and walked, a report asked about, a message sent after a yes and
one left by silence: by voice, and the transcript of it.

    python -m bench.jobs [--stt whisper:base] [--only report]

What is said is said by the Piper voice joe, which is synthetic; it is heard by the published Whisper,
answered by a scripted model with the tools of ``aloud talk``, and told by joe. Wrong: a figure that is
missing in what was spoken, words that are not read, a message that was sent without a yes, or not with one.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.hostile.consenting.post import post_package
from bench.jobs import made
from bench.jobs.model import Plan, ScriptedModel
from bench.people.conversing import run_on
from bench.people.tasks import Answered, Asked, Person
from bench.room.voices import PERSON_DBFS, at_level
from config.settings.loading import load
from pipeline import events
from pipeline.session.audio import frames_input, speaker_output
from pipeline.session.engines import choose_tts
from pipeline.session.opened_engines import open_engines
from pipeline.session.session import Session
from voice.audio.samples import HEARING_RATE, Audio

SILENCE = "(silence)"
_SILENT_S = 36.0
"""Longer than a question waits for its yes."""
_VOICE = "piper:en_US-joe-medium"


@dataclass(frozen=True)
class Job:
    """``says``: what is said, and of each what must stand in what is spoken after it."""

    name: str
    says: Sequence[tuple[str, tuple[str, ...]]]
    plans: Sequence[Plan] = ()
    file: str = ""
    sends: Sequence[dict[str, str]] = ()
    saves: int = 0


@dataclass
class Account:
    person: Person
    shown: list[str] = field(default_factory=list)

    def told(self, event: events.Event) -> None:
        if isinstance(event, events.ConfirmationResolved):
            self.shown.append(f"{event.name}: {event.outcome}")
        if isinstance(event, events.Failed):
            self.shown.append(f"failed: {event.message}")
        self.person.told(event)


def jobs() -> list[Job]:
    sales = made.sales()
    best = max(sales.by_month, key=lambda month: sales.by_month[month])
    by_month = 'select month, sum(amount) as total from "sales" group by month order by min(rowid)'
    findings = {
        "findings": [
            {
                "severity": "high", "file": "report.py", "line": 15,
                "quote": 'subprocess.run(f"scp {path} {host}:/reports", shell=True)',
                "what": "A path with a semicolon in it runs a command of its own.",
                "suggestion": "Give the arguments as a list, without a shell.",
            },
            {
                "severity": "medium", "file": "report.py", "line": 6, "quote": "file = open(path)",
                "what": "The file is not closed any more.", "suggestion": "Use with, as before.",
            },
            {"severity": "low", "file": "report.py", "line": 99, "quote": "what is not there", "what": "No."},
        ]
    }  # fmt: skip
    spoken = [f"{total:.2f}".removesuffix(".00") for total in sales.by_city.values()]
    return [
        Job(
            "table",
            [
                ("What is the total amount by city?", tuple(spoken)),
                ("How many rows are there?", (str(len(sales.rows)),)),
                ("Please draw a chart of the months.", ("shall i",)),
                ("Yes, please.", (best,)),
                (
                    "Which month was the best one?",
                    (best, f"{sales.by_month[best]:.2f}".removesuffix(".00")),
                ),
            ],
            [
                Plan(("chart",), [("plot", {"sql": by_month, "kind": "bar", "title": "Sales by month"})]),
                Plan(
                    ("best one",),
                    [("query_table", {"sql": f"select * from ({by_month}) order by total desc limit 1"})],
                    lambda results: f"The best month was {_first_row(results[-1])}.",
                ),
            ],
            "sales.csv",
            saves=1,
        ),
        Job(
            "diff",
            [
                ("What has changed?", ("report.py",)),
                ("Review the changes.", ("2",)),
                ("Next.", ("semicolon", "15")),
                ("Next.", ("closed", "6")),
                ("What should I do about it?", ("with",)),
                ("How many findings are there?", ("2",)),
            ],
            [
                Plan(
                    ("review",),
                    [("report_findings", findings)],
                    lambda results: f"I found {len(re.findall('severity', results[-1]))} things.",
                )
            ],
            "changes.diff",
        ),
        Job(
            "report",
            [
                ("What are the headings?", ("Summary", "Money", "Building", "Outlook")),
                ("Where does it say anything about the roof?", ("fourth window",)),
                ("How much money went into books?", ("58,400",)),
                ("Read the section about the outlook.", ("Sundays",)),
            ],
            [
                Plan(
                    ("into books",),
                    [("search_document", {"words": "budget books spent"})],
                    lambda results: f"{_sentence_with('58,400', results[-1])}.",
                ),
            ],
            "report.md",
        ),
        Job(
            "messages",
            [
                ("Write to Maria that I will be late.", ("maria", "late")),
                ("Yes, send it.", ()),
                ("Write to Tom that dinner is at eight.", ("tom", "dinner")),
                (SILENCE, ()),
                ("How many minutes are in two hours?", ("120",)),
            ],
            [
                Plan(("maria",), [("send_post", {"to": "Maria", "text": "I will be late."})], _last),
                Plan(("tom",), [("send_post", {"to": "Tom", "text": "Dinner is at eight."})], _last),
            ],
            sends=[{"to": "Maria", "text": "I will be late."}],
        ),
    ]


def _last(results: Sequence[str]) -> str:
    return "All right." if results else ""


def _first_row(result: str) -> str:
    found = re.search(r'"rows": \[\[(.*?)\]', result.replace("\\u005b", "[").replace("\\u005d", "]"))
    row = json.loads(f"[{found[1]}]") if found else ["unknown"]
    return " with ".join(str(value) for value in row)


def _sentence_with(words: str, result: str) -> str:
    return next((part.strip() for part in re.split(r"[.\"\\]", result) if words in part), "I did not find it")


def converse(job: Job, stt: str, place: Path) -> tuple[list[Answered], list[str]]:
    """One conversation; engines take as long as they take."""
    voice = choose_tts(load({"tts.engine": _VOICE}, environment={}).settings)[0]
    person = Person([_asked(say, voice) for say, _ in job.says])
    account = Account(person)
    flags: dict[str, Any] = {"llm.engine": "skills", "speaker.sink": "none", "stt.language": "en"}
    flags |= {"stt.engine": stt, "tts.engine": _VOICE, "tools.save_folder": str(place / "saved")}
    settings = load(flags, environment={}).settings

    async def run() -> None:
        async with open_engines(settings) as engines:
            with_model = replace(engines, llm=ScriptedModel(job.plans))
            output = speaker_output(settings.speaker)
            files = [place / job.file] if job.file else []
            source = frames_input(person.frames())
            await Session(with_model, source, output, settings, account.told, files=files).run()

    run_on("fast", run)
    return person.account, account.shown


def _asked(say: str, voice: Any) -> Asked:
    if say == SILENCE:
        return Asked(say, np.zeros(int(_SILENT_S * HEARING_RATE), np.float32))
    speech = voice.say(say)
    return Asked(
        say, at_level(Audio(speech.audio.samples, voice.rate).at_rate(HEARING_RATE).samples, PERSON_DBFS)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--stt", default="whisper:base")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    faults = 0
    with tempfile.TemporaryDirectory() as folder, post_package(Path(folder)) as post:
        place = Path(folder)
        made.write_sales(place / "sales.csv")
        made.write_report(place / "report.md")
        shutil.copy(made.DIFF, place)
        for job in jobs():
            if given.only in job.name:
                post.SENT.clear()
                faults += _told(job, *converse(job, given.stt, place), post.SENT, place)
    print(f"\n{faults} faults")
    raise SystemExit(bool(faults))


def _told(job: Job, account: Sequence[Answered], shown: Sequence[str], sent: list[Any], place: Path) -> int:
    print(f"\n== {job.name}")
    faults = []
    for (say, wanted), each in zip(job.says, account, strict=False):
        missing = [part for part in wanted if part.lower() not in each.answer.lower()]
        faults += missing
        print(f"{'! ' if missing else '  '}{say}\n    heard: {each.heard}\n    Aloud: {each.answer}")
        if each.tool:
            print(f"    [{each.tool}]")
    faults += [say for say, _ in job.says[len(account) :]]
    if list(job.sends) != sent:
        faults.append(f"sent {sent}")
    saved = [*(place / "saved").glob("*")] if job.saves else []
    if len(saved) < job.saves:
        faults.append("nothing was saved")
    print(f"    sent: {sent}; saved: {[path.name for path in saved]}; {'; '.join(shown)}")
    for fault in faults:
        print(f"    MISSING: {fault}")
    return len(faults)


if __name__ == "__main__":
    main()
