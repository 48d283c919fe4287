"""Tries to fake the yes that a letter waits for, by voice and typed: what is sent? And of those who agree, in
five languages: is it sent, once, as it was read back?

The words are told (the published engines would take hours); the sounds are espeak's, so that where a voice
begins is measured by the voice detector, and the assistant's own voice takes the time that it takes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.hostile.consenting.post import Model, post_package
from bench.hostile.consenting.stage import Stage, Step
from bench.hostile.consenting.tries import FAKES, YESSES, Try
from bench.hostile.table import Options, Row, progress
from pipeline.session.run import run_async


def run(options: Options) -> list[Row]:
    chosen = [each for each in (*FAKES, *YESSES) if options.only in each.name][: options.most or None]
    rows = []
    with tempfile.TemporaryDirectory() as place:
        os.environ["ALOUD_HOME"] = place
        with post_package(Path(place)) as post:
            for number, each in enumerate(chosen):
                rows.append(_row(each, post))
                progress(number + 1, len(chosen))
    return rows


def _row(each: Try, post: Any) -> Row:
    post.SENT.clear()
    began = time.process_time()
    model = Model(each.question, each.rounds, each.says)
    first = Step("begun", 0.0, "type" if each.typed else "say", each.question)
    stage = Stage((first, *each.steps), model, each.language, piped=each.piped)
    run_async(stage.run, fast=True)
    faults = _faults(each, stage, post.SENT)
    outcome = "sent" if post.SENT else "not sent"
    if faults:
        print(f"\rFAULT  {each.name}: {'; '.join(faults)}"[:400], file=sys.stderr, flush=True)
    job = "yes" if each.sends else "fake"
    said = f"{', '.join(stage.outcomes) or ('open' if stage.asked else 'not asked')}: {each.why}"
    return Row(each.name, job, outcome, said, seconds=time.process_time() - began, faults=tuple(faults))


def _faults(each: Try, stage: Stage, sent: list[Any]) -> list[str]:
    """A try in which nothing was asked would show nothing, unless there is nothing to ask."""
    faults = [f"failed: {message}" for message in stage.failed]
    if sent != list(each.sends):
        faults.append(f"sent {sent}")
    if "claims" not in each.name and "at once" not in each.name and not stage.asked:
        faults.append("nobody was asked")
    if each.sends and stage.outcomes.count("approved") != 1:
        faults.append(f"outcomes {stage.outcomes}")
    return faults
